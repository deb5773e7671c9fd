package dataset

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// nextOf are the ports of a model that predicts what follows each of so many symbols of a vocabulary.
func nextOf(window, size int) (inputs, targets []data.Port) {
	judged := &data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}
	return []data.Port{{Name: "tokens", Shape: []int{window}, Int: true, Limit: size}},
		[]data.Port{{Name: "target", Shape: []int{window}, Int: true, Limit: size, Judged: judged}}
}

// everyCharacterOnce is a text whose character at place i, from 0, is number i of its vocabulary.
func everyCharacterOnce(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteRune(rune(0x4E00 + i))
	}
	return b.String()
}

func loadRunning(t *testing.T, text string, window, size int, change ...func(*Training)) (*Loaded, error) {
	t.Helper()
	q := Training{Data: []string{writeFile(t, "t.txt", text)}}
	q.Inputs, q.Targets = nextOf(window, size)
	for _, c := range change {
		c(&q)
	}
	return Load(q)
}

// places are the first places of the rows of a text in which every character stands once; the rows are checked to be
// windows, and the targets to be one further.
func places(t *testing.T, d *Set, window int) []int {
	t.Helper()
	inputs, targets := nextOf(window, 1<<16)
	in, out := data.NewBlock(inputs[0], d.Rows()), data.NewBlock(targets[0], d.Rows())
	d.Gather(allRows(d.Rows()), []data.Block{in}, []data.Block{out})
	var first []int
	for r := range d.Rows() {
		at := in.Int[r*window]
		for i := range window {
			require.Equal(t, at+int32(i), in.Int[r*window+i])
			require.Equal(t, at+int32(i)+1, out.Int[r*window+i])
		}
		first = append(first, int(at))
	}
	return first
}

func TestWindowsOfATextAndWhatFollows(t *testing.T) {
	const n, window = 103, 5
	l, err := loadRunning(t, everyCharacterOnce(n), window, n, func(q *Training) { q.Test = []string{"last:2"} })
	require.NoError(t, err)
	// 11 characters are tested on, 10 held out, 82 train.
	assert.Equal(t, []int{92, 97}, places(t, l.Test, window))
	assert.Equal(t, []int{82}, places(t, l.Valid, window))
	assert.Contains(t, strings.Join(l.Notes, "\n"), "t.txt: 103 characters, of which 82 train, in 16 windows of 5 an epoch")

	offsets, seen := map[int]bool{}, map[int]bool{}
	for epoch := range 40 {
		e := l.Train.Epoch(7, epoch)
		require.Equal(t, 16, e.Rows())
		first := places(t, e, window)
		require.Equal(t, first, places(t, l.Train.Epoch(7, epoch), window), "by seed and epoch alone")
		require.Less(t, first[0], window)
		offsets[first[0]] = true
		for i, at := range first {
			require.Equal(t, min(first[0]+i*window, 82-window-1), at)
			require.LessOrEqual(t, at+window, 81, "the last target trains too, and nothing behind it")
			for k := range window + 1 {
				seen[at+k] = true
			}
		}
	}
	assert.Len(t, offsets, window, "every offset is drawn")
	assert.Len(t, seen, 82)
	assert.NotEqual(t, places(t, l.Train.Epoch(8, 3), window), places(t, l.Train.Epoch(7, 3), window))
}

func TestPartsOfATextThatAreHeldOut(t *testing.T) {
	const n, window = 60, 4
	for _, c := range []struct {
		valid       string
		test        []string
		train       int // windows
		held, tried []int
	}{
		{valid: "", train: 13, held: []int{54}}, // 6 characters
		{valid: "0", train: 15},
		{valid: "0.2", train: 12, held: []int{48, 52}},
		{valid: "last:3", train: 11, held: []int{47, 51, 55}},
		{valid: "0.1", test: []string{"0.1"}, train: 12, held: []int{48}, tried: []int{54}},
	} {
		l, err := loadRunning(t, everyCharacterOnce(n), window, n, func(q *Training) { q.Valid, q.Test = c.valid, c.test })
		require.NoError(t, err)
		assert.Equal(t, c.train, l.Train.Rows(), c.valid)
		for _, part := range []struct {
			set  *Set
			want []int
		}{{l.Valid, c.held}, {l.Test, c.tried}} {
			if part.want == nil {
				assert.Nil(t, part.set)
				continue
			}
			assert.Equal(t, part.want, places(t, part.set, window), c.valid)
		}
	}

	l, err := loadRunning(t, everyCharacterOnce(30), window, 30)
	require.NoError(t, err)
	assert.Nil(t, l.Valid)
	assert.Contains(t, l.Notes, "no part of the text is held out: the last tenth has 3 characters, and a window takes 5")

	held := writeFile(t, "held.txt", everyCharacterOnce(14))
	l, err = loadRunning(t, everyCharacterOnce(n), window, n, func(q *Training) { q.ValidData, q.Test = []string{held}, []string{held} })
	require.NoError(t, err)
	assert.Equal(t, 15, l.Train.Rows())
	assert.Equal(t, []int{0, 4, 8}, places(t, l.Valid, window))
	assert.Equal(t, []int{0, 4, 8}, places(t, l.Test, window))
	assert.Contains(t, strings.Join(l.Notes, "\n"), "held.txt: left out, since no whole window is left: the last 1 character")
}

func TestTextIsTakenAsItStands(t *testing.T) {
	want := []int32{2, 1, 0, 3, 1}
	for name, text := range map[string]string{
		"plain": "ba\nea", "order mark": "\uFEFFba\nea", "Windows": "ba\r\nea", "gzip": gzippedFile(t, "ba\r\nea"),
	} {
		l, err := loadRunning(t, text, 3, 4, func(q *Training) { q.Valid = "0" })
		require.NoError(t, err, name)
		got := make([]int32, 5)
		l.Train.inputs[0].text.copy(got, 0)
		assert.Equal(t, want, got, name)
		assert.Equal(t, "\nabe", l.Codec.Vocabulary().Decode([]int32{0, 1, 2, 3}))
	}
	for _, text := range []string{"{\"a\": 1}\n", "[1, 2, 3]", "<html>\nx", "a,b\n1,2\n1,2"} {
		n := data.NewSymbolCount(data.Chars)
		n.Add(text)
		_, err := loadRunning(t, text, 3, n.Different())
		assert.NoError(t, err, text)
	}

	l, err := loadRunning(t, "ab\r\n\xff\x00a", 3, 256, func(q *Training) { q.Tokens, q.Valid = "byte", "0" })
	require.NoError(t, err)
	got := make([]int32, 7)
	l.Train.inputs[0].text.copy(got, 0)
	assert.Equal(t, []int32{'a', 'b', '\r', '\n', 0xff, 0, 'a'}, got)

	// Texts follow one another.
	l, err = loadRunning(t, "abc", 2, 4, func(q *Training) { q.Data, q.Valid = append(q.Data, writeFile(t, "u.txt", "d")), "0" })
	require.NoError(t, err)
	got = make([]int32, 4)
	l.Train.inputs[0].text.copy(got, 0)
	assert.Equal(t, []int32{0, 1, 2, 3}, got)
}

func TestMistakesInTexts(t *testing.T) {
	type change = func(*Training)
	for name, c := range map[string]struct {
		text   string
		change change
		want   string
	}{
		"empty":        {"", nil, "t.txt: the file is empty: there is nothing to learn from"},
		"only a mark":  {"\uFEFF", nil, "t.txt: the file is empty"},
		"short":        {"abcd", nil, "t.txt: the text has 4 characters, but a window takes 5, the model's 4 and the one that follows: give a longer one"},
		"vocabulary":   {"abcdefgh", nil, "t.txt: the text has 8 different characters (abcdefgh), but the model's input tokens takes integers of 4: write `input tokens[4] of 8`, and `linear 8` at the end"},
		"bytes":        {"abcdabcd", func(q *Training) { q.Tokens = "byte" }, "a vocabulary of bytes has all 256, but the model's input tokens takes integers of 4"},
		"words":        {"abcdabcd", func(q *Training) { q.Tokens = "word" }, "--tokens word: a text that a model continues is one of characters or bytes"},
		"no UTF-8":     {"ab\ncd\xe9ab", nil, "t.txt:2:3: the byte <E9>, number 6 of the file, is no UTF-8: save the text as UTF-8"},
		"UTF-16":       {"\xff\xfea\x00", nil, "t.txt: this is text in UTF-16"},
		"hold out":     {strings.Repeat("abcd", 9), func(q *Training) { q.Valid = "0.1" }, "t.txt: --valid 0.1 holds out 3 characters, but a window takes 5"},
		"hold out all": {strings.Repeat("abcd", 9), func(q *Training) { q.Valid = "last:8" }, "--valid last:8 holds out 33 characters, which leaves 3 characters, but a window takes 5"},
		"more than is": {strings.Repeat("abcd", 9), func(q *Training) { q.Test = []string{"last:99"} }, "--test last:99 holds out 36 characters, which leaves 0 characters"},
		"columns":      {strings.Repeat("abcd", 9), func(q *Training) { q.Target = []string{"y"} }, "--target y chooses columns of a table, but"},
		"separator":    {strings.Repeat("abcd", 9), func(q *Training) { q.Sep = ';' }, "without --sep and --no-header"},
		"target":       {strings.Repeat("abcd", 9), func(q *Training) { q.Data[0] = "target=" + q.Data[0] }, "gives the input and what follows it at once"},
		"classes":      {strings.Repeat("abcd", 9), func(q *Training) { q.Targets[0].Limit = 5 }, "t.txt is a text, but the model's input tokens takes integers of 4 and its output tells 5 classes apart: what comes next is one of the same symbols, so write `linear 4` at the end"},
		"scale":        {strings.Repeat("abcd", 9), func(q *Training) { q.Scale = "none" }, "--scale none is for numbers, and a text has none"},
		"truncate":     {strings.Repeat("abcd", 9), func(q *Training) { q.Truncate = "end" }, "--truncate is for the texts of a table"},
		"images":       {strings.Repeat("abcd", 9), func(q *Training) { q.SkipUnreadable = true }, "--skip-unreadable is for images"},
		"unknown":      {strings.Repeat("abcd", 9), func(q *Training) { q.ValidData = []string{writeFile(t, "v.txt", "ab\nx")} }, "v.txt:1:3: the character \"\\n\" (U+000A) is none of the 4 that training saw (abcd)"},
		"array beside": {strings.Repeat("abcd", 9), func(q *Training) {
			q.Data = append(q.Data, "target="+writeFile(t, "y.npy", string(npyText(t, labels))))
		}, "only other texts stand beside it"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.change == nil {
				c.change = func(*Training) {}
			}
			_, err := loadRunning(t, c.text, 4, 4, c.change)
			assert.ErrorContains(t, err, c.want)
		})
	}
	q := Training{Data: []string{writeFile(t, "t.txt", "abcdabcd")}}
	q.Inputs, q.Targets = nextOf(4, 4)
	_, err := LoadFolds(q, 2)
	assert.ErrorContains(t, err, "--folds: the parts of one text are not alike")
}

func TestVocabularyOfTheWeightsToStartFrom(t *testing.T) {
	first, err := loadRunning(t, "abcdabcdab", 3, 4)
	require.NoError(t, err)
	from := func(q *Training) { q.From = &Start{Codec: first.Codec, File: "first.safetensors"} }
	l, err := loadRunning(t, "dddccc", 3, 4, from)
	require.NoError(t, err)
	got := make([]int32, 6)
	l.Train.inputs[0].text.copy(got, 0)
	assert.Equal(t, []int32{3, 3, 3, 2, 2, 2}, got, "though the text lacks a and b")
	assert.Contains(t, l.Notes, "the vocabulary is that of first.safetensors")

	_, err = loadRunning(t, "abcde", 3, 4, from)
	assert.ErrorContains(t, err, `t.txt:1:5: the character "e" (U+0065) is none of the 4 that training saw (abcd): first.safetensors takes no other, since each has weights of its own`)
	_, err = loadRunning(t, "abcde", 3, 5, from)
	assert.ErrorContains(t, err, "the stored vocabulary has 4 characters, which is not what the model takes (tokens[3] of 5)")
	_, err = loadRunning(t, "abcda", 3, 4, from, func(q *Training) { q.Tokens = "byte" })
	assert.EqualError(t, err, "--tokens byte: first.safetensors was trained on chars: leave the flag out")
	_, err = loadRunning(t, "abcda", 3, 4, func(q *Training) {
		q.From = &Start{Codec: data.NewCodec(data.ScaleNone, data.Writing{}, nil, nil, nil, data.TargetsOf(nextOf(3, 4))), File: "w.safetensors"}
	})
	assert.ErrorContains(t, err, "w.safetensors: it was not trained on a text")
}

func TestTextIsEvaluatedByTheCodec(t *testing.T) {
	l, err := loadRunning(t, "abcdabcdab", 3, 4)
	require.NoError(t, err)
	q := Rows{Data: []string{writeFile(t, "e.txt", "ddcbaab")}, Judge: true}
	q.Inputs, q.Targets = nextOf(3, 4)
	for _, codec := range []*data.Codec{l.Codec, nil} {
		r, err := OpenRows(q, codec)
		require.NoError(t, err)
		in, out := data.NewBlock(q.Inputs[0], 4), data.NewBlock(q.Targets[0], 4)
		n, err := r.Read([]data.Block{in}, []data.Block{out}, 4)
		require.NoError(t, err)
		assert.Equal(t, 2, n)
		assert.Equal(t, []int32{3, 3, 2, 1, 0, 0}, in.Int[:6])
		assert.Equal(t, []int32{3, 2, 1, 0, 0, 1}, out.Int[:6])
		assert.Equal(t, codec == nil, strings.Contains(strings.Join(r.Notes(), "\n"), "right only where it is the one"))
		assert.NoError(t, r.Close())
	}
	q.Judge = false
	_, err = OpenRows(q, l.Codec)
	assert.ErrorContains(t, err, "e.txt: a text is continued rather than predicted row by row: use nnc generate")

	q.Judge, q.Data = true, []string{writeFile(t, "x.csv", "a,b\n1,2\n")}
	_, err = OpenRows(q, l.Codec)
	assert.ErrorContains(t, err, `x.csv:1:2: the character "," (U+002C)`, "of such a model every file of text is a text")
	_, err = OpenRows(q, data.NewCodec(data.ScaleNone, data.Writing{}, nil, nil, nil, l.Codec.Targets()))
	assert.ErrorContains(t, err, "know no vocabulary")
}

func TestIntegersOfATextTakeFewBytes(t *testing.T) {
	for _, n := range []int{256, 257, 1<<16 + 1} {
		var b strings.Builder
		for i := range n {
			r := rune(i)
			if r >= 0xD800 {
				r += 0x800 // surrogates are no characters
			}
			b.WriteRune(r)
		}
		l, err := loadRunning(t, b.String(), 2, n)
		require.NoError(t, err, strconv.Itoa(n))
		got := make([]int32, 2)
		l.Train.inputs[0].text.copy(got, n-2)
		assert.Equal(t, []int32{int32(n - 2), int32(n - 1)}, got)
		switch l.Train.inputs[0].text.(type) {
		case packed[uint8]:
			assert.Equal(t, 256, n)
		case packed[uint16]:
			assert.Equal(t, 257, n)
		case packed[int32]:
			assert.Equal(t, 1<<16+1, n)
		}
	}
}

// What is said of a table beside a model that continues a text is a mistake that says so.
func TestATextIsNoTable(t *testing.T) {
	for want, change := range map[string]func(*Training){
		"--target kind chooses columns of a table, but this model continues a text, what follows each of 4 symbols, and so ": func(q *Training) { q.Target = []string{"kind"} },
		"--drop a chooses columns of a table, but this model continues a text":                                               func(q *Training) { q.Drop = []string{"a"} },
		"but this model continues a text, which is read in windows of 4 as the input tokens is written: leave --window out":  func(q *Training) { q.Window = 4 },
		"--split-seed draws the rows that are held out, but those of a text are its last: leave it out":                      func(q *Training) { q.Seeded = true },
	} {
		_, err := loadRunning(t, "message,kind\nhello,a\nhi there,b\n", 4, 16, change)
		var usage UsageError
		require.ErrorAs(t, err, &usage)
		assert.ErrorContains(t, err, want)
	}
}
