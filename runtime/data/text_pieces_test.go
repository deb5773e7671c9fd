package data

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// letters is a vocabulary of a to j, from 4 on; padding is 3.
func letters(t *testing.T) *wordpiece.Tokenizer {
	t.Helper()
	tokenizer, err := wordpiece.New(strings.Fields("[CLS] [SEP] [UNK] [PAD] a b c d e f g h i j"))
	require.NoError(t, err)
	return tokenizer
}

const (
	classID     = 0
	separatorID = 1
	unknownID   = 2
	paddingID   = 3
)

// pieces is the codec of a text, or of a pair of texts, that three inputs measure.
func pieces(t *testing.T, length int, cutStart, pair bool) (*Codec, []Block) {
	t.Helper()
	columns := []Column{{Name: "head", Kind: KindTokens, Limit: 20, Tokens: &Text{WordPiece: letters(t), Length: length, CutStart: cutStart}}}
	if pair {
		columns = append(columns, Column{Name: "body", Kind: KindTokens, Limit: 20, Tokens: &Text{Length: length, CutStart: cutStart, Second: true}})
	}
	c := NewCodec(ScaleStandard, Writing{}, columns, []InputColumns{
		{Name: "mask", Of: "tokens", Measures: MeasureMask, Real: true}, {Name: "tokens", Columns: len(columns)},
		{Name: "n", Of: "tokens", Measures: MeasureLength}, {Name: "segment", Of: "tokens", Measures: MeasureSegment},
	}, nil, nil)
	var blocks []Block
	for _, p := range c.Inputs() {
		blocks = append(blocks, NewBlock(p, 1))
	}
	return c, blocks
}

func TestTokensOfOneText(t *testing.T) {
	for _, c := range []struct {
		text     string
		cutStart bool
		want     []int32
		n        int32
	}{
		{"a b", false, []int32{classID, 4, 5, separatorID, paddingID, paddingID}, 4},
		{"A b C d", false, []int32{classID, 4, 5, 6, 7, separatorID}, 6},
		{"a b c x e", false, []int32{classID, 4, 5, 6, unknownID, separatorID}, 6},
		{"a b c d e", true, []int32{classID, 5, 6, 7, 8, separatorID}, 6},
		{" ", true, []int32{classID, separatorID, paddingID, paddingID, paddingID, paddingID}, 2},
		{"[SEP] [CLS]", false, []int32{classID, unknownID, unknownID, unknownID, unknownID, separatorID}, 6},
	} {
		codec, blocks := pieces(t, 6, c.cutStart, false)
		blocks[3].Int[2] = 1
		require.NoError(t, codec.EncodeInputs(blocks, []string{c.text}))
		assert.Equal(t, c.want, blocks[1].Int, c.text)
		assert.Equal(t, []int32{c.n}, blocks[2].Int, c.text)
		assert.Equal(t, make([]int32, 6), blocks[3].Int, c.text)
		mask := make([]float32, 6)
		for i := range c.n {
			mask[i] = 1
		}
		assert.Equal(t, mask, blocks[0].Float, c.text)
	}
}

// A pair that is too long is cut as BERT's _truncate_seq_pair does, token by token from the longer text.
func TestTokensOfAPair(t *testing.T) {
	text := func(n int) string { return strings.Join(strings.Fields("a b c d e f g h i j")[:n], " ") }
	for _, cutStart := range []bool{false, true} {
		for length := 5; length <= 12; length++ {
			codec, blocks := pieces(t, length, cutStart, true)
			for one := range 11 {
				for two := range 11 {
					var a, b []int32
					for i := range one {
						a = append(a, int32(4+i))
					}
					for i := range two {
						b = append(b, int32(4+i))
					}
					pop := func(list []int32) []int32 {
						if cutStart {
							return list[1:]
						}
						return list[:len(list)-1]
					}
					for len(a)+len(b) > length-3 {
						if len(a) > len(b) {
							a = pop(a)
						} else {
							b = pop(b)
						}
					}
					want := append([]int32{classID}, a...)
					want = append(want, separatorID)
					first := len(want)
					want = append(append(want, b...), separatorID)
					n := len(want)
					segment, mask := make([]int32, length), make([]float32, length)
					for i := range length {
						if i >= n {
							want = append(want, paddingID)
							continue
						}
						mask[i] = 1
						if i >= first {
							segment[i] = 1
						}
					}
					require.NoError(t, codec.EncodeInputs(blocks, []string{text(one), text(two)}))
					name := fmt.Sprintf("%d and %d in %d", one, two, length)
					require.Equal(t, want, blocks[1].Int, name)
					require.Equal(t, []int32{int32(n)}, blocks[2].Int, name)
					require.Equal(t, segment, blocks[3].Int, name)
					require.Equal(t, mask, blocks[0].Float, name)
				}
			}
		}
	}
}

func TestTokensAreCounted(t *testing.T) {
	codec, blocks := pieces(t, 6, false, false)
	var n TextCount
	for _, text := range []string{"a x", "", "a b c d e", "a b c d"} {
		codec.EncodeText(blocks, 0, 0, text, &n)
	}
	assert.Equal(t, TextCount{Texts: 4, Empty: 1, Cut: 1, Symbols: 10, Unknown: 1}, n)
	assert.Equal(t, "10 % of 10 tokens are unknown; 1 of 4 texts longer than 4 tokens lose their end; 1 of 4 texts without a token", n.Said(codec.Column(0).Tokens))

	codec, blocks = pieces(t, 6, true, true)
	n = TextCount{}
	for _, pair := range [][2]string{{"a x", "b"}, {"", ""}, {"a b c d e", ""}, {"a", "b c x"}} {
		codec.EncodeText(blocks, 0, 0, pair[0], &n)
		codec.EncodeText(blocks, 0, 1, pair[1], &n)
	}
	assert.Equal(t, TextCount{Texts: 4, Empty: 1, Cut: 2, Symbols: 9, Unknown: 2}, n)
	assert.Equal(t, "22.2 % of 9 tokens are unknown; 2 of 4 pairs longer than 3 tokens lose the beginning of the longer text; 1 of 4 pairs without a token", n.Said(codec.Column(1).Tokens))
	assert.Equal(t, "head and body", codec.TextName(1))
}

// The second text of a pair goes behind whatever stands there, and never further than there is room.
func TestSecondTextAlone(t *testing.T) {
	codec, blocks := pieces(t, 6, false, true)
	for _, filler := range []int32{0, 1, 2, 3, 9} {
		for i := range blocks[1].Int {
			blocks[1].Int[i] = filler
		}
		codec.EncodeText(blocks, 0, 1, "a b c d e", nil)
		assert.Equal(t, []int32{classID, separatorID, 4, 5, 6, separatorID}, blocks[1].Int)
	}
}

// What programs of version 3 know nothing of is stored as version 4, so that they say so.
func TestVersionOfStoredTokens(t *testing.T) {
	const word = `{"name":"a","kind":"tokens","limit":9,"tokens":{"vocabulary":{"kind":"word","open":true,"symbols":["x"]},"length":3}}`
	const piece = `{"name":"a","kind":"tokens","limit":9,"tokens":{"wordpiece":["[CLS]","[SEP]","[UNK]","[PAD]"],"length":5}}`
	const measured = `,"inputs":[{"name":"t","columns":1},{"name":"m","columns":0,"of":"t","measures":"mask"}]`
	const target = `,"targets":[{"name":"where","loss":"cross_entropy","kind":"class","link":"softmax","count":3}]`
	for text, version := range map[string]int{
		word + `]`:            3,
		word + `]` + measured: 3,
		word + `]` + strings.Replace(measured, `"mask"`, `"mask","real":true`, 1): 4,
		word + `]` + target: 3,
		piece + `]`:         4,
		piece + `]` + strings.Replace(measured, `"mask"`, `"segment"`, 1): 4,
	} {
		c, err := ParseCodec([]byte(`{"version":4,"scale":"none","columns":[` + text + `}`))
		require.NoError(t, err, text)
		again, err := c.Text()
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(again, fmt.Sprintf(`{"version":%d,`, version)), "%s", again)
	}
	c, err := ParseCodec([]byte(`{"version":3,"scale":"none","arrays":[{"name":"x"}],"targets":[{"name":"where","loss":"span","kind":"span","link":"identity","longest":5}]}`))
	require.NoError(t, err)
	again, err := c.Text()
	require.NoError(t, err)
	assert.Contains(t, again, `{"version":4,`)
}

func TestVocabulariesOfTokensAreStored(t *testing.T) {
	c, _ := pieces(t, 6, true, true)
	text, err := c.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":4,"scale":"standard","columns":[{"name":"head","kind":"tokens","limit":20,"tokens":{"wordpiece":`+
		`["[CLS]","[SEP]","[UNK]","[PAD]","a","b","c","d","e","f","g","h","i","j"],"length":6,"cut_start":true}},`+
		`{"name":"body","kind":"tokens","limit":20,"tokens":{"length":6,"second":true,"cut_start":true}}],`+
		`"inputs":[{"name":"mask","columns":0,"of":"tokens","measures":"mask","real":true},{"name":"tokens","columns":2},`+
		`{"name":"n","columns":0,"of":"tokens","measures":"length"},{"name":"segment","columns":0,"of":"tokens","measures":"segment"}]}`, text)
	back, err := ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, []Port{
		{Name: "mask", Shape: []int{6}}, {Name: "tokens", Shape: []int{6}, Int: true, Limit: 20},
		{Name: "n", Shape: []int{1}, Int: true, Limit: 7}, {Name: "segment", Shape: []int{6}, Int: true, Limit: 2},
	}, back.Inputs())
	assert.NoError(t, back.FitsInputs(c.Inputs()))
	again, err := back.Text()
	require.NoError(t, err)
	assert.Equal(t, text, again)
	assert.Equal(t, 14, back.WordPiece(1).Size())
	assert.Equal(t, []string{
		"mask: the mask of the text of tokens", "tokens from head, body", "n: the length of the text of tokens", "segment: the segment of the text of tokens",
		"head as 6 integers: [CLS], the tokens of a WordPiece vocabulary of 14, [SEP], and padding behind them", "body behind it: [CLS] first [SEP] second [SEP]",
	}, back.Describe())
	blocks := make([]Block, 4)
	for i, p := range back.Inputs() {
		blocks[i] = NewBlock(p, 1)
	}
	require.NoError(t, back.EncodeInputsMap(blocks, map[string]string{"head": "a", "body": "b"}))
	assert.Equal(t, []int32{classID, 4, separatorID, 5, separatorID, paddingID}, blocks[1].Int)

	const body = `,{"name":"body","kind":"tokens","limit":20,"tokens":{"length":6,"second":true,"cut_start":true}}`
	for _, change := range []struct{ from, to, want string }{
		{`"limit":20`, `"limit":13`, "a vocabulary of 14 for integers below 13"},
		{`"length":6`, `"length":4`, "tokens of a text in 4 integers"},
		{`"[SEP]",`, ``, "there is no [SEP]"},
		{`"cut_start":true`, `"pad_start":true`, "the tokens of a text have one vocabulary, and padding behind them"},
		{`"length":6,"second"`, `"vocabulary":{"kind":"byte","open":true},"length":6,"second"`, "have one vocabulary"},
		{`"length":6,"second"`, `"length":7,"second"`, `the text "head" stands alone`},
		{`"length":6,"second":true`, `"wordpiece":["[CLS]","[SEP]","[UNK]","[PAD]"],"length":6,"second":true`, "the second text of a pair has the vocabulary of the first"},
		{`"length":6,"second":true`, `"wordpiece":["[CLS]","[SEP]","[UNK]","[PAD]"],"length":6`, `the text "head" stands alone`},
		{body, ``, `input "tokens" of 2 columns`},
		{`"measures":"length"`, `"measures":"length","real":true`, "cannot be measured"},
		{`"limit":20,"tokens":{"wordpiece"`, `"limit":20,"tokens":{"second":true,"wordpiece"`, "the second text of a pair has the vocabulary of the first"},
	} {
		require.Contains(t, text, change.from)
		_, err := ParseCodec([]byte(strings.Replace(text, change.from, change.to, 1)))
		assert.ErrorContains(t, err, change.want, change.to)
	}
	alone := `{"version":3,"scale":"standard","columns":[` + body[1:] + `]}`
	_, err = ParseCodec([]byte(alone))
	assert.ErrorContains(t, err, `the text "body" stands alone`)
	words := `{"version":3,"scale":"none","columns":[{"name":"a","kind":"tokens","limit":9,"tokens":{"vocabulary":{"kind":"word","open":true,"symbols":["x"]},"length":2}}],` +
		`"inputs":[{"name":"t","columns":1},{"name":"s","columns":0,"of":"t","measures":"segment"}]}`
	_, err = ParseCodec([]byte(words))
	assert.ErrorContains(t, err, `"segment" of "t" cannot be measured`)
}
