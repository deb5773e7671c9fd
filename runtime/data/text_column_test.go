package data

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func openWords(t *testing.T, symbols ...string) *Vocabulary {
	t.Helper()
	v, err := NewVocabulary(Words, true, symbols)
	require.NoError(t, err)
	return v
}

func TestTextIsCutAndFilledUp(t *testing.T) {
	v := openWords(t, "a", "b", "c", "d")
	for _, c := range []struct {
		text           string
		cutStart, left bool
		want           []int32
		symbols        int
	}{
		{"a b", false, false, []int32{2, 3, 0}, 2},
		{"a b", false, true, []int32{0, 2, 3}, 2},
		{"a b c", false, true, []int32{2, 3, 4}, 3},
		{"A b, d", false, false, []int32{2, 3, 1}, 3},
		{"a b c d", false, false, []int32{2, 3, 4}, 3},
		{"a b c d", true, false, []int32{3, 4, 5}, 3},
		{"x a b c d", true, true, []int32{3, 4, 5}, 3},
		{" ", false, true, []int32{0, 0, 0}, 0},
		{"", false, false, []int32{0, 0, 0}, 0},
	} {
		text := &Text{Vocabulary: v, Length: 3, CutStart: c.cutStart, PadStart: c.left}
		dst := []int32{9, 9, 9}
		assert.Equal(t, c.symbols, text.Encode(dst, c.text, nil), c.text)
		assert.Equal(t, c.want, dst, c.text)
	}

	text, n := &Text{Vocabulary: v, Length: 3}, TextCount{}
	for _, s := range []string{"a x b c d", "", "b y"} {
		text.Encode(make([]int32, 3), s, &n)
	}
	assert.Equal(t, TextCount{Texts: 3, Empty: 1, Cut: 1, Symbols: 5, Unknown: 2}, n)
	assert.Equal(t, "40 % of 5 words are unknown; 1 of 3 texts longer than 3 lose their end; 1 of 3 texts without a word: all padding", n.Said(text))
}

// texts is the codec of a text that two inputs measure, and of a number.
func texts(t *testing.T, left bool) *Codec {
	t.Helper()
	columns := []Column{
		{Name: "review", Kind: KindTokens, Limit: 9, Tokens: &Text{Vocabulary: openWords(t, "good", "bad"), Length: 4, PadStart: left}},
		{Name: "stars", Kind: KindNumber, Mean: 3, Deviation: 2},
	}
	return NewCodec(ScaleStandard, Writing{}, columns, []InputColumns{
		{Name: "tokens", Columns: 1}, {Name: "n", Of: "tokens", Measures: MeasureLength}, {Name: "facts", Columns: 1}, {Name: "seen", Of: "tokens", Measures: MeasureMask},
	}, nil, nil)
}

func TestInputsMeasureAText(t *testing.T) {
	for _, left := range []bool{false, true} {
		c := texts(t, left)
		ports := c.Inputs()
		assert.Equal(t, []Port{
			{Name: "tokens", Shape: []int{4}, Int: true, Limit: 9}, {Name: "n", Shape: []int{1}, Int: true, Limit: 5},
			{Name: "facts", Shape: []int{1}}, {Name: "seen", Shape: []int{4}, Int: true, Limit: 2},
		}, ports)
		assert.NoError(t, c.FitsInputs(ports))
		ports[1].Limit = 6
		assert.Error(t, c.FitsInputs(ports))
		assert.Equal(t, []int{1, 3}, c.MeasuredBy(0))
		assert.Empty(t, c.MeasuredBy(1))

		var blocks []Block
		for _, p := range c.Inputs() {
			blocks = append(blocks, NewBlock(p, 1))
		}
		require.NoError(t, c.EncodeInputs(blocks, []string{"bad, good", "5"}))
		tokens, seen := []int32{3, 1, 2, 0}, []int32{1, 1, 1, 0}
		if left {
			tokens, seen = []int32{0, 3, 1, 2}, []int32{0, 1, 1, 1}
		}
		assert.Equal(t, tokens, blocks[0].Int)
		assert.Equal(t, []int32{3}, blocks[1].Int)
		assert.Equal(t, []float32{1}, blocks[2].Float)
		assert.Equal(t, seen, blocks[3].Int)

		require.NoError(t, c.EncodeInputsMap(blocks, map[string]string{"review": "good good bad bad good", "stars": ""}))
		assert.Equal(t, []int32{2, 2, 3, 3}, blocks[0].Int)
		assert.Equal(t, []int32{4}, blocks[1].Int)
		assert.Equal(t, []int32{1, 1, 1, 1}, blocks[3].Int)
	}
}

func TestTextsAreStored(t *testing.T) {
	c := texts(t, true)
	text, err := c.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":3,"scale":"standard","columns":[{"name":"review","kind":"tokens","limit":9,`+
		`"tokens":{"vocabulary":{"kind":"word","open":true,"symbols":["good","bad"]},"length":4,"pad_start":true}},`+
		`{"name":"stars","kind":"number","mean":3,"deviation":2}],"inputs":[{"name":"tokens","columns":1},{"name":"n","columns":0,"of":"tokens","measures":"length"},`+
		`{"name":"facts","columns":1},{"name":"seen","columns":0,"of":"tokens","measures":"mask"}]}`, text)
	back, err := ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, c.Inputs(), back.Inputs())
	again, err := back.Text()
	require.NoError(t, err)
	assert.Equal(t, text, again)
	assert.Equal(t, []string{
		"tokens from review", "n: the length of the text of tokens", "facts from stars", "seen: the mask of the text of tokens", "numbers standardised: stars",
		"review as 4 integers: 2 words from 2 on, 1 the unknown, 0 the padding before them; `of 4` would do",
	}, back.Describe())

	for _, change := range []struct{ from, to, want string }{
		{`"limit":9`, `"limit":3`, "a vocabulary of 4 for integers below 3"},
		{`"length":4`, `"length":0`, "a text of 0 integers"},
		{`"length":4`, `"length":99999999`, "a text of 99999999 integers"},
		{`"kind":"tokens"`, `"kind":"index"`, "a vocabulary is that of a text"},
		{`"kind":"number","mean":3,"deviation":2`, `"kind":"tokens","limit":9`, "a vocabulary is that of a text"},
		{`"limit":9`, `"limit":9,"classes":["a"]`, "a text has a vocabulary and nothing else"},
		{`"kind":"word","open":true,"symbols":["good","bad"]`, `"kind":"byte"`, "a text has an open vocabulary"},
		{`"vocabulary":{"kind":"word","open":true,"symbols":["good","bad"]},`, ``, "a text has an open vocabulary"},
		{`"symbols":["good","bad"]`, `"symbols":["Good"]`, `"Good" is not one word`},
		{`"of":"tokens","measures":"length"`, `"of":"facts","measures":"length"`, `"length" of "facts" cannot be measured`},
		{`"of":"tokens","measures":"length"`, `"of":"none","measures":"length"`, `cannot be measured`},
		{`"of":"tokens","measures":"length"`, `"of":"n","measures":"length"`, `cannot be measured`},
		{`"of":"tokens","measures":"length"`, `"of":"tokens","measures":"width"`, `"width" of "tokens" cannot be measured`},
		{`"of":"tokens","measures":"length"`, `"of":"tokens"`, `input "n" of 0 columns`},
		{`"columns":0,"of":"tokens","measures":"length"`, `"columns":1,"of":"tokens","measures":"length"`, `input "n" of 1 columns`},
		{`{"name":"facts","columns":1}`, `{"name":"facts","columns":0}`, `input "facts" of 0 columns`},
		{`"inputs":[{"name":"tokens","columns":1}`, `"inputs":[{"name":"tokens","columns":2}`, `the text "review" stands alone`},
		{`"scale":"standard"`, `"scale":"standard","series":{"window":2,"horizon":1}`, "windows of texts"},
	} {
		require.Contains(t, text, change.from)
		_, err := ParseCodec([]byte(strings.Replace(text, change.from, change.to, 1)))
		assert.ErrorContains(t, err, change.want, change.to)
	}
	two := strings.Replace(`{"version":3,"scale":"none","columns":[X,X]}`, "X", `{"name":"a","kind":"tokens","limit":9,"tokens":{"vocabulary":{"kind":"byte","open":true},"length":2}}`, 2)
	_, err = ParseCodec([]byte(strings.Replace(strings.ReplaceAll(two, `"limit":9`, `"limit":300`), `"name":"a"`, `"name":"b"`, 1)))
	assert.ErrorContains(t, err, `the text "b" stands alone`)
}
