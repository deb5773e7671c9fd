package pytorch

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/rng"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

func TestArraysOfMNIST(t *testing.T) {
	images, labels := shared.File(t, "data/mnist-10k-images-idx3-ubyte.gz"), shared.File(t, "data/mnist-10k-labels-idx1-ubyte.gz")
	plain := reading{
		inputs: []data.Port{{Name: "image", Shape: []int{1, 28, 28}}}, targets: []data.Port{classOf(10)},
		class: "ArrayData", training: dataset.Training{Data: []string{images, "target=" + labels}}, seed: 3,
	}
	otherwise, changed := plain, plain
	otherwise.flags = []string{"--valid", "0.05", "--test", "last:300", "--split-seed", "7", "--shuffle", "false", "--scale", "none"}
	q := &otherwise.training
	q.Valid, q.Test, q.Seed, q.Scale = "0.05", []string{"last:300"}, 7, "none"
	otherwise.inOrder, otherwise.init = true, true
	changed.augment = "cutout=5,shift=3,flip,brightness=0.4,rotate=20,vflip"
	changed.flags = []string{"--augment", changed.augment, "--valid", "0.97"}
	changed.training.Valid = "0.97"
	compare(t, &plain, &otherwise, &changed)
}

// arrays writes arrays as files, and returns their items of --data.
func arrays(t *testing.T, by map[string]*format.Array) map[string]string {
	t.Helper()
	items := map[string]string{}
	for name, a := range by {
		file := filepath.Join(t.TempDir(), name+".npy")
		var b bytes.Buffer
		require.NoError(t, format.WriteNPY(&b, a))
		if name == "facts" {
			var zipped bytes.Buffer
			z := gzip.NewWriter(&zipped)
			_, err := z.Write(b.Bytes())
			require.NoError(t, err)
			require.NoError(t, z.Close())
			b = zipped
		}
		require.NoError(t, os.WriteFile(file, b.Bytes(), 0o644))
		items[name] = name + "=" + file
	}
	return items
}

// Several inputs and targets, each an array of its own, some of them of other types than the model's.
func TestArraysOfSeveralInputs(t *testing.T) {
	const n = 80
	facts, photo, tags, price, kind := make([]float32, 3*n), make([]uint8, 12*n), make([]int32, 2*n), make([]uint8, n), make([]int32, n)
	draw := rng.New(1, "test")
	draw.Uniform(facts, 100)
	for i := range photo {
		photo[i] = uint8(draw.Uint64(uint64(i)))
	}
	for i := range n {
		tags[2*i], tags[2*i+1], price[i], kind[i] = int32(i%7), int32(i%5), uint8(i), int32(i%3)
	}
	items := arrays(t, map[string]*format.Array{
		"facts": {Shape: []int{n, 3}, Float: facts}, "photo": {Shape: []int{n, 1, 4, 3}, Uint8: photo}, "tags": {Shape: []int{n, 2}, Int: tags},
		"price": {Shape: []int{n}, Uint8: price}, "kind": {Shape: []int{n, 1}, Int: kind},
	})
	class := classOf(3)
	class.Name = "kind"
	class.Judged.LeftOut = data.LeavingOut(2)
	r := reading{
		inputs: []data.Port{
			{Name: "facts", Shape: []int{3}}, {Name: "tags", Shape: []int{2}, Int: true, Limit: 7},
			{Name: "photo", Shape: []int{1, 4, 3}, Judged: &data.Judged{Loss: "bce_logits", Kind: data.Flag, Link: data.Sigmoid}},
		},
		targets: []data.Port{{Name: "price", Shape: []int{1}, Judged: &data.Judged{Loss: "mse"}}, class},
		class:   "ArrayData", seed: 1,
	}
	r.training.Data = []string{items["kind"], items["facts"], items["photo"], items["tags"], items["price"]}
	r.training.ValidData = r.training.Data
	for _, item := range r.training.Data {
		r.flags = append(r.flags, "--valid-data", item)
	}
	compare(t, &r)
}

// Each change of images by itself, of channels and of none.
func TestChangesOfImages(t *testing.T) {
	const n = 60
	photo, grey := make([]uint8, 2*9*6*n), make([]float32, 5*8*n)
	draw := rng.New(2, "test")
	draw.Uniform(grey, 1)
	for i := range photo {
		photo[i] = uint8(draw.Uint64(uint64(i)))
	}
	items := arrays(t, map[string]*format.Array{"photo": {Shape: []int{n, 2, 9, 6}, Uint8: photo}, "grey": {Shape: []int{n, 5, 8}, Float: grey}})
	var all []*reading
	for _, terms := range []string{"flip", "vflip", "rotate=33", "shift=4", "brightness=0.7", "cutout=3", "cutout=4,shift=1,flip,brightness=1,rotate=180,vflip"} {
		for _, input := range []data.Port{{Name: "photo", Shape: []int{2, 9, 6}}, {Name: "grey", Shape: []int{5, 8}}} {
			input.Judged = &data.Judged{Loss: "mse"}
			all = append(all, &reading{inputs: []data.Port{input}, class: "ArrayData", seed: 5, augment: terms, flags: []string{"--augment", terms}, training: dataset.Training{Data: []string{items[input.Name]}}})
		}
	}
	compare(t, all...)
}

// textOf are the ports of a model that continues a text.
func textOf(window, symbols int) (inputs, targets []data.Port) {
	return []data.Port{{Name: "tokens", Shape: []int{window}, Int: true, Limit: symbols}}, []data.Port{classOf(symbols, window)}
}

// A text that goes on: its vocabulary, its held-out end, and the windows of each epoch.
func TestText(t *testing.T) {
	poem := shared.File(t, "data/tinyshakespeare.txt")
	plain := reading{class: "TextData", training: dataset.Training{Data: []string{poem}}, seed: 9}
	plain.inputs, plain.targets = textOf(64, 65)
	parted := plain
	parted.training.Valid, parted.training.Test = "last:20", []string{"0.25"}
	parted.flags, parted.inOrder, parted.init = []string{"--valid", "last:20", "--test", "0.25", "--shuffle", "false"}, true, true

	folder := t.TempDir()
	one, two := filepath.Join(folder, "one.txt"), filepath.Join(folder, "two.txt")
	require.NoError(t, os.WriteFile(one, []byte("\uFEFFSchöne <Welt> & \u2028\r\n🙂 \"x\\y\"\x00\x1f\t—"+strings.Repeat("abc ", 40)), 0o644))
	require.NoError(t, os.WriteFile(two, []byte("\uFEFFnoch eine Zeile\rhier "+strings.Repeat("cba", 20)), 0o644))
	several := reading{class: "TextData", training: dataset.Training{Data: []string{one, two}, ValidData: []string{two}, Test: []string{one, two}}, seed: 2}
	several.inputs, several.targets = textOf(7, 31)
	several.flags = []string{"--valid-data", two, "--test", one, "--test", two}
	octets := reading{class: "TextData", training: dataset.Training{Data: []string{one, two}}, seed: 1, flags: []string{"--tokens", "byte"}}
	octets.training.Tokens = "byte"
	octets.inputs, octets.targets = textOf(5, 256)
	compare(t, &plain, &parted, &several, &octets)

	wide := several
	wide.inputs, wide.targets = textOf(300, 31)
	other, none, long := plain, several, several
	other.flags, none.training.Data = []string{"--valid-data", one}, []string{filepath.Join(folder, "none.txt")}
	long.flags, long.inputs, long.targets = nil, []data.Port{{Name: "tokens", Shape: []int{7}, Int: true, Limit: 32}}, several.targets
	refused(t, []string{
		one + ": the text has 270 symbols, but a window takes 301", "one.txt:1: the character 'ö' is none of the 65", "none.txt: No such file",
		one + ": the text has 31 different characters, but the model takes integers of 32: write 31 in the spec",
	}, &wide, &other, &none, &long)
}

// answering are the ports of a model that answers questions.
func answering(length, symbols int) (inputs, targets []data.Port) {
	return []data.Port{{Name: "tokens", Shape: []int{length}, Int: true, Limit: symbols}, {Name: "segment", Shape: []int{length}, Int: true, Limit: 2}, {Name: "mask", Shape: []int{length}}},
		[]data.Port{{Name: "target", Shape: []int{2}, Int: true, Limit: length, Judged: &data.Judged{Loss: "span", Kind: data.Span, Longest: 30, Mask: "mask"}}}
}

// Questions about passages in two languages: their tokens, windows and spans, and whole articles held out.
func TestQuestions(t *testing.T) {
	tokenizer := "wordpiece:" + shared.File(t, "data/minilm/vocab.txt")
	english, chinese := shared.File(t, "data/xquad.en.json"), shared.File(t, "data/xquad.zh.json")
	plain := reading{class: "QuestionData", training: dataset.Training{Data: []string{english}}, seed: 4, flags: []string{"--tokenizer", tokenizer}}
	plain.training.Tokenizer = tokenizer
	plain.inputs, plain.targets = answering(256, 30522)
	short := plain
	short.training.Data, short.training.Valid, short.training.Test, short.training.Seed = []string{chinese}, "last:8", []string{"0.2"}, 11
	short.inputs, short.targets = answering(64, 40000)
	short.flags, short.init, short.inOrder = []string{"--valid", "last:8", "--test", "0.2", "--split-seed", "11", "--shuffle", "false"}, true, true
	held := plain
	held.inputs, held.targets = answering(384, 30522)
	held.training.ValidData, held.flags = []string{chinese}, append([]string{"--valid-data", chinese}, plain.flags...)
	compare(t, &plain, &short, &held)
}

// What becomes of every character, alone and among others, is the same, of those that this Python knows.
func TestTokensOfAllCharacters(t *testing.T) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("needs a Python with PyTorch, whose name NNC_PYTHON gives")
	}
	vocabulary := []string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "##yz"}
	var lines []string
	for c := rune(0); c < 0x1fa00; c++ {
		if c >= 0xd800 && c < 0xe000 || c == '\n' {
			continue
		}
		vocabulary = append(vocabulary, string(c), "##"+string(c))
		lines = append(lines, "a"+string(c)+"xy "+string(c)+string(c))
	}
	lines = append(lines, strings.Repeat("x", 100)+" "+strings.Repeat("yz", 51)+" e\u0301\u0301x", "[CLS] ##x don't 3.14", "")
	tokenizer, err := wordpiece.New(vocabulary)
	require.NoError(t, err)
	folder := t.TempDir()
	file, text := filepath.Join(folder, "vocab.txt"), filepath.Join(folder, "text.txt")
	vocabulary[slices.Index(vocabulary, "\r")] = "[return]" // a file divides lines there
	vocabulary[slices.Index(vocabulary, "\ufeff")] = "[mark]"
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(vocabulary, "\n")+"\n"), 0o644))
	require.NoError(t, os.WriteFile(text, []byte(strings.Join(lines, "\n")), 0o644))
	got := theirs(t, python, []*reading{{class: "WordPiece", flags: []string{"wordpiece:" + file, text}}}, nil)[0]
	require.Empty(t, got.Error)
	require.Len(t, got.Tokens, len(lines))
	known := 0
	for i, line := range lines {
		if got.Tokens[i] == nil {
			continue
		}
		known++
		want := [][3]int{}
		for _, token := range tokenizer.Encode(nil, line) {
			want = append(want, [3]int{int(token.ID), token.RuneStart, token.RuneEnd})
		}
		require.Equal(t, want, got.Tokens[i], "%q", line)
	}
	assert.Greater(t, known, 80000)
}

// What a user gets wrong ends the program with a sentence that says where.
func TestRefusedData(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return file
	}
	items := arrays(t, map[string]*format.Array{
		"x": {Shape: []int{3, 2}, Float: []float32{1, 2, 3, float32(math.Inf(1)), 5, 6}}, "y": {Shape: []int{2}, Int: []int32{0, 1}}, "target": {Shape: []int{3}, Int: []int32{0, -100, 4}},
		"picture": {Shape: []int{1, 4, 4, 3}, Uint8: make([]uint8, 48)}, "good": {Shape: []int{3, 2}, Float: make([]float32, 6)}, "flat": {Shape: []int{3, 1}, Float: make([]float32, 3)},
	})
	at := func(name string) string { return strings.TrimPrefix(items[name], name+"=") }
	inputs, targets := []data.Port{{Name: "x", Shape: []int{2}}}, []data.Port{classOf(4)}
	var want []string
	var all []*reading
	bad := func(message string, r reading, files ...string) {
		r.training.Data = files
		if r.class == "" {
			r.class, r.inputs, r.targets = "ArrayData", inputs, targets
		}
		want, all = append(want, message), append(all, &r)
	}
	bad("row 2 of x: inf is not a finite number (the element [1, 1], counted from 0)", reading{}, items["x"], items["target"])
	bad("row 3 of target: 4 is out of range [0, 4)", reading{}, "x="+at("good"), items["target"])
	bad("has 2 rows, but "+at("good")+" has 3", reading{}, "x="+at("good"), "target="+at("y"))
	bad("no data for target: bind a file with --data target=file", reading{}, at("good"))
	bad("both give x", reading{}, at("good"), items["x"])
	bad("takes integers, but the array is float32: store it as int32", reading{}, at("good"), "target="+at("flat"))
	bad("images are not read here", reading{}, folder)
	bad("this is no array", reading{}, write("table.csv", "a,b\n1,2\n"))
	bad("the model has no input or target z", reading{}, "z="+at("y"))
	bad("takes 4 bytes, there are 3", reading{}, write("short.idx", "\x00\x00\x08\x01\x00\x00\x00\x04abc"), items["target"])
	bad("short.npy: ", reading{}, write("short.npy", "\x93NUMPY\x01\x00"))
	bad("gzip file is not whole", reading{}, write("cut.gz", "\x1f\x8b\x08\x00\x00"))
	bad("none of its arrays", reading{}, write("empty.npz", "PK\x05\x06"+strings.Repeat("\x00", 18)))
	images := reading{class: "ArrayData", inputs: []data.Port{{Name: "image", Shape: []int{3, 4, 4}}}, flags: []string{"--augment", "shift=4"}}
	bad("the channels come first, as array.transpose(0, 3, 1, 2) puts them", images, at("picture"))
	images.inputs = []data.Port{{Name: "image", Shape: []int{4, 4, 3}}}
	bad("--augment shift=4: images of 4 × 3 pixels allow 2 at most", images, at("picture"))
	images.flags = []string{"--augment", "flop"}
	bad("'flop' is none of flip", images, at("picture"))

	vocabulary := write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\nb\n")
	ask := reading{class: "QuestionData", flags: []string{"--tokenizer", "wordpiece:" + vocabulary}}
	ask.inputs, ask.targets = answering(16, 6)
	squad := func(passage, question, rest string) string {
		return write(fmt.Sprintf("q%d.json", len(all)), fmt.Sprintf(`{"data": [{"paragraphs": [{"context": %q, "qas": [{"id": "1", "question": %q%s}]}]}]}`, passage, question, rest))
	}
	bad("q.json: there is no 'data'", ask, write("q.json", "{}"))
	bad("1:2: ", ask, write("half.json", "{"))
	bad("the answer 'b' is not at its answer_start, 0, in the passage", ask, squad("a b", "a", `, "answers": [{"text": "b", "answer_start": 0}]`))
	bad("article 1, paragraph 1, question 1: it has no answers", ask, squad("a b", "a", ""))
	bad("the question is empty", ask, squad("a b", "\u200b", `, "is_impossible": true`))
	bad("the passage is empty", ask, squad("\u200b", "a", `, "is_impossible": true`))
	ask.flags = nil
	bad("which integer is which part of a word?", ask, squad("a b", "a", `, "is_impossible": true`))
	ask.flags = []string{"--tokenizer", "wordpiece:" + write("few.txt", "[PAD]\na\n")}
	bad("few.txt: there is no [UNK], [CLS], [SEP]", ask, squad("a b", "a", `, "is_impossible": true`))
	refused(t, want, all...)
}
