package dataset

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// continues reports whether a model reads a text on and on: its only input is a row of integers, and it is judged by as
// many classes, one at every position, of the same number. Its target is the text itself, one symbol further. (The rows of
// a table in windows may fit such a model too.)
func continues(inputs, targets []data.Port) bool {
	if len(inputs) != 1 || len(targets) != 1 || inputs[0].Judged != nil || targets[0].Judged == nil {
		return false
	}
	in, out := inputs[0], targets[0]
	fits := out.Limit == in.Limit || in.Size() > 1 // or else it is a mistake, which reading it tells
	return in.Int && in.Limit > 0 && len(in.Shape) == 1 && out.Judged.Kind == data.Class && out.Int && slices.Equal(in.Shape, out.Shape) && fits
}

// besideText returns an error if columns are chosen though the file is read as a text that the model continues.
func (s Select) besideText(file string, targets []data.Port) error {
	for _, f := range s.chosen() {
		if len(f.columns) > 0 {
			return usageError("%s %s chooses columns of a table, but this model continues a text, what follows each of %d symbols, and so %s is read as one: leave the flag out; or, to learn from columns, let the model give one row for them all, as with `mean` or `flatten` before the last `linear`",
				f.flag, phrase.Listed(f.columns), targets[0].Size(), file)
		}
	}
	return nil
}

// textFile is the whole text of a file.
type textFile struct {
	name    string
	text    string
	remarks []string
}

// readTexts reads the files, and checks characters where the text is one of these.
func readTexts(files []*format.File, kind data.Tokens) ([]textFile, error) {
	var texts []textFile
	for _, f := range files {
		text, err := f.Text()
		if err != nil {
			return nil, err
		}
		t := textFile{name: f.Path, text: text}
		if kind == data.Chars {
			if err := t.asCharacters(); err != nil {
				return nil, err
			}
		}
		texts = append(texts, t)
	}
	return texts, nil
}

// asCharacters leaves out a byte order mark, and takes the line ends of Windows for plain ones, so that a text has the
// same characters wherever it was checked out.
func (t *textFile) asCharacters() error {
	if !utf8.ValidString(t.text) {
		at := 0
		for i, r := range t.text {
			if r == utf8.RuneError && !strings.HasPrefix(t.text[i:], string(utf8.RuneError)) {
				at = i
				break
			}
		}
		return t.errorAt(at, fmt.Errorf("the byte <%02X>, number %d of the file, is no UTF-8: save the text as UTF-8, as iconv -f LATIN1 -t UTF-8 does, or take its bytes with --tokens byte", t.text[at], at+1))
	}
	if strings.Contains(t.text, "\r\n") {
		t.remarks = append(t.remarks, fmt.Sprintf("%s: lines end with CR LF, as on Windows: taken for LF alone", t.name))
	}
	t.text = data.Plain(t.text)
	return nil
}

// errorAt is an error about the byte at that offset.
func (t *textFile) errorAt(offset int, err error) error {
	before := t.text[:offset]
	place := format.Place{File: t.name, Line: strings.Count(before, "\n") + 1, Column: offset - strings.LastIndexByte(before, '\n')}
	return fmt.Errorf("%s: %w", place, err)
}

// runningText is a text in the integers of its vocabulary, in windows of as many as the model reads.
type runningText struct {
	name       string
	ids        ids
	vocabulary *data.Vocabulary
	window     int
	remarks    []string
}

// readRunning reads the source's text for a model. v is the vocabulary, nil where it is the text's own, of that kind.
func (s *source) readRunning(p, target data.Port, kind data.Tokens, v *data.Vocabulary) (*runningText, error) {
	if p.Limit != target.Limit {
		return nil, fmt.Errorf("%s is a text, but the model's input %s takes integers of %d and its output tells %d classes apart: what comes next is one of the same symbols, so write `linear %d` at the end; other classes come as an array, with --data %s=file.npy",
			s.texts[0].Path, p.Name, p.Limit, target.Limit, p.Limit, target.Name)
	}
	if v != nil {
		kind = v.Kind()
	}
	texts, err := readTexts(s.texts, kind)
	if err != nil {
		return nil, err
	}
	r := &runningText{name: texts[0].name, vocabulary: v, window: p.Size()}
	for _, t := range texts {
		r.remarks = append(r.remarks, t.remarks...)
	}
	if v == nil {
		if r.vocabulary, err = vocabularyOf(texts, kind, p, target); err != nil {
			return nil, err
		}
	}
	r.ids, err = encode(r.vocabulary, texts)
	return r, err
}

// vocabularyOf is the vocabulary of all symbols of the texts, as many as the model takes.
func vocabularyOf(texts []textFile, kind data.Tokens, p, target data.Port) (*data.Vocabulary, error) {
	n := data.NewSymbolCount(kind)
	for _, t := range texts {
		n.Add(t.text)
	}
	if n.Different() == 0 {
		return nil, fmt.Errorf("%s: the file is empty: there is nothing to learn from", texts[0].name)
	}
	v, err := n.Closed()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", texts[0].name, err)
	}
	if v.Size() == p.Limit {
		return v, nil
	}
	has := fmt.Sprintf("the text has %s (%s)", phrase.Counted(v.Size(), "different character"), v.List())
	advice := ""
	switch {
	case kind == data.Bytes:
		has = "a vocabulary of bytes has all 256"
	case p.Limit == 256:
		advice = "; or take the text's bytes, of which there are 256, with --tokens byte"
	}
	write := fmt.Sprintf("write `input %s of %d`, and `linear %d` at the end", p.Name+phrase.Shape(p.Shape), v.Size(), v.Size())
	if p.Constant != "" && target.Constant != "" {
		write = data.Constants(slices.Compact([]string{p.Constant, target.Constant}), v.Size())
	}
	return nil, fmt.Errorf("%s: %s, but the model's input %s takes integers of %d: %s%s", texts[0].name, has, p.Name, p.Limit, write, advice)
}

// fields are the input, and the target one symbol further.
func (r *runningText) fields(inputs, targets []data.Port) (in, out []field) {
	for _, p := range inputs {
		in = append(in, field{port: p, size: p.Size(), text: r.ids})
	}
	for _, p := range targets {
		out = append(out, field{port: p, size: p.Size(), text: r.ids, further: 1})
	}
	return in, out
}

// part is the windows of the symbols [from, to), each of which begins where the one before it ends; of its last symbol
// one is the target.
func (r *runningText) part(from, to int, inputs, targets []data.Port) *Set {
	d := &Set{windows: &windows{from: from, to: to, size: r.window}}
	d.inputs, d.targets = r.fields(inputs, targets)
	for at := from; at+r.window < to; at += r.window {
		d.rows = append(d.rows, at)
	}
	return d
}

// counted is a number of symbols: "65 characters".
func (r *runningText) counted(n int) string {
	return phrase.Counted(n, r.vocabulary.Kind().Noun())
}

// tooShort is the error for a part of n symbols that makes no window.
func (r *runningText) tooShort(what string, n int, advice string) error {
	return fmt.Errorf("%s: %s %s, but a window takes %d, the model's %d and the one that follows: %s", r.name, what, r.counted(n), r.window+1, r.window, advice)
}

// textTokens is what --tokens says of a running text.
func textTokens(flag string) (data.Tokens, error) {
	switch kind := data.Tokens(flag); kind {
	case "":
		return data.Chars, nil
	case data.Chars, data.Bytes:
		return kind, nil
	}
	return "", usageError("--tokens %s: a text that a model continues is one of characters or bytes: write char or byte", flag)
}
