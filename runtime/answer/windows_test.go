package answer

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/runtime/wordpiece"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// small is a vocabulary to count by hand with.
var small = strings.Fields("[PAD] [UNK] [CLS] [SEP] who saw the fox ? dog . cat hen s ##s ##een a b c d e f g h i j")

func smallWindows(t testing.TB, length, step, question, longest int) *Windows {
	t.Helper()
	tokenizer, err := wordpiece.New(small)
	require.NoError(t, err)
	w := &Windows{Tokenizer: tokenizer, Length: length, Step: step, Question: question, Longest: longest}
	require.NoError(t, w.Verify())
	return w
}

// A window is [CLS] question [SEP] piece [SEP] and padding, a new one begins every step, the last one holds the end.
func TestWindows(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 5)
	asked, err := w.Encode("Who saw the fox? The dog.", "a b c d e f g h i j")
	require.NoError(t, err)
	require.Len(t, asked.Windows, 3, "5 of the passage beside 4 of the question: 0-4, 3-7, 6-9")
	for i, want := range []struct {
		ids    []int32
		offset int
	}{
		{[]int32{2, 4, 5, 6, 7, 3, 16, 17, 18, 19, 20, 3}, 0},
		{[]int32{2, 4, 5, 6, 7, 3, 19, 20, 21, 22, 23, 3}, 3},
		{[]int32{2, 4, 5, 6, 7, 3, 22, 23, 24, 25, 3, 0}, 6},
	} {
		got := asked.Windows[i]
		assert.Equal(t, want.ids, got.IDs, "window %d", i)
		assert.Equal(t, want.offset, got.Offset)
		assert.Equal(t, 6, got.First)
		assert.Equal(t, got.IDs[6], got.Tokens[0].ID)
	}
	assert.Equal(t, []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1}, asked.Windows[0].Segment)
	assert.Equal(t, []int32{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0}, asked.Windows[2].Segment)
	assert.Equal(t, []int32{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0}, asked.Windows[2].Mask)

	asked, err = w.Encode("?", "a b c d e f g h")
	require.NoError(t, err)
	assert.Len(t, asked.Windows, 1, "a short question leaves 8")
	assert.Equal(t, []int32{2, 8, 3, 16, 17, 18, 19, 20, 21, 22, 23, 3}, asked.Windows[0].IDs)
	asked, err = w.Encode("?", "a b c d e f g h i")
	require.NoError(t, err)
	assert.Len(t, asked.Windows, 2)
	asked, err = w.Encode("xyz", "Zyx\n")
	require.NoError(t, err, "words that nobody knows are words")
	assert.Equal(t, []int32{2, 1, 3, 1, 3, 0, 0, 0, 0, 0, 0, 0}, asked.Windows[0].IDs)
}

// The usual windows of BERT, and of models of any length.
func TestUsualWindows(t *testing.T) {
	tokenizer, err := wordpiece.New(small)
	require.NoError(t, err)
	w, err := New(tokenizer, 256, 30)
	require.NoError(t, err)
	assert.Equal(t, &Windows{tokenizer, 256, 128, 64, 30}, w)
	for length := 5; length < 300; length++ {
		_, err := New(tokenizer, length, 1)
		assert.NoError(t, err, "%d", length)
	}
	_, err = New(tokenizer, 4, 1)
	assert.EqualError(t, err, "windows of 4 tokens: a question and a passage need 5 at least, and 1048576 are the most")
}

// The target is where the answer's tokens are, if all of them are in the window.
func TestTarget(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 5)
	passage := "é é seen cats. e f g h i j" // tokens: UNK UNK s ##een cat ##s . e f g h i j, pieces of 5 from 0, 3, 6, 9
	asked, err := w.Encode("who saw the fox", passage)
	require.NoError(t, err)
	require.Len(t, asked.Windows, 4)
	type target struct{ first, last int32 }
	for _, c := range []struct {
		text string
		want []target
	}{
		{"seen", []target{{8, 9}, {0, 0}, {0, 0}, {0, 0}}},
		{"ee", []target{{9, 9}, {6, 6}, {0, 0}, {0, 0}}}, // ends inside a token
		{"cats", []target{{0, 0}, {7, 8}, {0, 0}, {0, 0}}},
		{"s. e", []target{{0, 0}, {8, 10}, {0, 0}, {0, 0}}},
		{"e f", []target{{0, 0}, {0, 0}, {7, 8}, {0, 0}}},
		{"g", []target{{0, 0}, {0, 0}, {9, 9}, {6, 6}}},
		{" i j", []target{{0, 0}, {0, 0}, {0, 0}, {8, 9}}},
		{passage, []target{{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
		{" ", []target{{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
		{"", []target{{0, 0}, {0, 0}, {0, 0}, {0, 0}}},
	} {
		start := len([]rune(passage[:strings.Index(passage, c.text)]))
		for i, want := range c.want {
			first, last := asked.Target(i, start, start+len([]rune(c.text)))
			assert.Equal(t, want, target{first, last}, "%q in window %d", c.text, i)
		}
	}
	for _, beyond := range [][2]int{{-5, -1}, {100, 200}, {9, 3}} {
		first, last := asked.Target(0, beyond[0], beyond[1])
		assert.Equal(t, target{0, 0}, target{first, last}, "%v", beyond)
	}
}

func TestMistakes(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 5)
	for _, c := range []struct{ question, passage, want string }{
		{"", "a", "the question is empty: there is no word in it"},
		{" \n\x00", "a", "the question is empty: there is no word in it"},
		{"a", "", "the passage is empty: there is no word in it that could be an answer"},
		{"a", "\t ", "the passage is empty: there is no word in it that could be an answer"},
		{"a", strings.Repeat("a ", MaxPassage/2) + "a", "the passage has more than 4194304 bytes, the most that are read: ask about a part of it"},
		{strings.Repeat("a", MaxQuestion+1), "a", "the question has 65537 bytes, and 65536 are the most"},
	} {
		_, err := w.Encode(c.question, c.passage)
		assert.EqualError(t, err, c.want)
	}
	for want, change := range map[string]func(w *Windows){
		"windows without a tokenizer":                              func(w *Windows) { w.Tokenizer = nil },
		"questions of up to 9 tokens leave nothing of 12":          func(w *Windows) { w.Question = 9 },
		"questions of up to 0 tokens":                              func(w *Windows) { w.Question = 0 },
		"a window every 6 tokens: beside a question of 4":          func(w *Windows) { w.Step = 6 },
		"a window every 0 tokens":                                  func(w *Windows) { w.Step = 0 },
		"answers of up to 0 tokens":                                func(w *Windows) { w.Longest = 0 },
		"windows of -1 tokens":                                     func(w *Windows) { w.Length = -1 },
		"windows of 2097152 tokens: a question and a passage need": func(w *Windows) { w.Length = 2 << 20 },
	} {
		changed := *w
		change(&changed)
		assert.ErrorContains(t, changed.Verify(), want)
	}
}

// Windows that overlap nearly wholly do not make more of a passage than memory holds.
func TestWindowsAreBounded(t *testing.T) {
	passage := strings.Repeat("a ", 200_000)
	w := smallWindows(t, 256, 1, 64, 30)
	_, err := w.Encode("b", passage)
	assert.EqualError(t, err, "the passage, of 200000 tokens, makes 199749 windows of 256, which are too many: ask about a part of it")
	for _, length := range []int{5, 6, 7, 12, 256, maxLength} {
		usual, err := New(w.Tokenizer, length, 30)
		require.NoError(t, err)
		longest := &Passage{Tokens: make([]wordpiece.Token, MaxPassage), windows: usual}
		assert.LessOrEqual(t, longest.count(usual.Question), maxPositions/length, "the usual windows of the longest passage, of %d", length)
	}
}

// What is stored comes back, and nothing else is taken.
func TestStored(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 5)
	text, err := json.Marshal(w)
	require.NoError(t, err)
	var back Windows
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, w.Tokenizer.Tokens(), back.Tokenizer.Tokens())
	back.Tokenizer = w.Tokenizer
	assert.Equal(t, *w, back)
	for _, wrong := range []string{
		`{}`, `[]`, `{"length":12,"step":3,"question":4,"longest":5}`,
		strings.Replace(string(text), `"step":3`, `"step":0`, 1),
		strings.Replace(string(text), `"length":12`, `"length":1000000000`, 1),
		strings.Replace(string(text), `[PAD]`, `[OAD]`, 1),
	} {
		assert.Error(t, json.Unmarshal([]byte(wrong), &Windows{}), wrong)
	}
}

// Any texts are cut into windows without a gap, each window's tokens lead back into the passage, and a target is found among
// them as the reference finds it.
func FuzzEncode(f *testing.F) {
	f.Add("who saw the fox?", "the dog. a b c d e f g h", uint8(12), uint8(3), uint8(4), uint8(4), uint8(9))
	f.Add("\x00", "é\xff\u0301 四", uint8(5), uint8(1), uint8(1), uint8(0), uint8(2))
	f.Add("who", "각 ﬁ İ seen cats", uint8(9), uint8(2), uint8(1), uint8(2), uint8(8))
	f.Fuzz(func(t *testing.T, question, passage string, length, step, cut, start, end uint8) {
		tokenizer, err := wordpiece.New(small)
		require.NoError(t, err)
		w := &Windows{Tokenizer: tokenizer, Length: int(length), Step: int(step), Question: int(cut), Longest: 3}
		if w.Verify() != nil {
			t.Skip()
		}
		asked, err := w.Encode(question, passage)
		if err != nil {
			t.Skip()
		}
		var inside []int // the tokens that have a part of the answer
		for i, token := range asked.Tokens {
			if token.RuneStart < int(end) && token.RuneEnd > int(start) && start < end {
				inside = append(inside, i)
			}
		}
		covered := 0
		for n, x := range asked.Windows {
			first, last := asked.Target(n, int(start), int(end))
			if len(inside) > 0 && x.Offset <= inside[0] && inside[len(inside)-1] < x.Offset+len(x.Tokens) {
				require.Equal(t, inside[0]-x.Offset+x.First, int(first))
				require.Equal(t, inside[len(inside)-1]-x.Offset+x.First, int(last))
			} else {
				require.Equal(t, [2]int32{}, [2]int32{first, last})
			}
			require.LessOrEqual(t, x.Offset, covered)
			covered = x.Offset + len(x.Tokens)
			require.Equal(t, asked.Tokens[x.Offset:covered], x.Tokens)
			require.Len(t, x.IDs, w.Length)
			for i, token := range x.Tokens {
				require.Equal(t, token.ID, x.IDs[x.First+i])
				require.Equal(t, [2]int32{1, 1}, [2]int32{x.Segment[x.First+i], x.Mask[x.First+i]})
				require.Less(t, token.Start, token.End)
				require.LessOrEqual(t, token.End, len(passage))
			}
		}
		require.Equal(t, len(asked.Tokens), covered)
	})
}

// A window alone is the one that stands among all.
func TestWindow(t *testing.T) {
	for _, passage := range []string{"a", "a b c d e", "a b c d e f", "a b c d e f g", "a b c d e f g h i j k l m"} {
		for _, question := range []string{"who", "who saw the fox", "who saw the fox who saw the fox"} {
			for _, step := range []int{1, 2, 3} {
				p, err := smallWindows(t, 12, step, 4, 3).Read(passage)
				require.NoError(t, err)
				asked, err := p.Ask(question)
				require.NoError(t, err)
				for i := range asked.Windows {
					window, err := p.Window(question, i)
					require.NoError(t, err)
					assert.Equal(t, asked.Windows[i], window)
				}
				last := asked.Windows[len(asked.Windows)-1]
				assert.Equal(t, len(p.Tokens), last.Offset+len(last.Tokens), "the last window has the passage's last token")
				for _, i := range []int{-1, len(asked.Windows)} {
					_, err := p.Window(question, i)
					assert.ErrorContains(t, err, "of a question that has")
				}
			}
		}
	}
	p, err := smallWindows(t, 12, 3, 4, 3).Read("a")
	require.NoError(t, err)
	_, err = p.Window(" ", 0)
	assert.ErrorContains(t, err, "the question is empty")
}
