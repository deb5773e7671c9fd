package main

import (
	"bytes"
	"io"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/train"
)

// The job that this command writes is the one that the program reads, field by field.
func TestJobIsTheOneThatTheProgramReads(t *testing.T) {
	type field struct {
		name, json string
		kind       reflect.Type
	}
	// Parts of a structure are its own fields, in JSON as in Go; flags have more tags.
	fields := func(job reflect.Type) (list []field) {
		for _, f := range reflect.VisibleFields(job) {
			if !f.Anonymous {
				list = append(list, field{f.Name, f.Tag.Get("json"), f.Type})
			}
		}
		return list
	}
	ours := fields(reflect.TypeFor[job]())
	require.ElementsMatch(t, fields(reflect.TypeFor[train.Job]()), ours)

	three, seed, no, rate := 3, uint64(1<<64-1), false, 0.1
	j := job{
		Command: "train", Data: []string{"x=a \"b\".npy", "\xff\xc3\xbc\xe4\xb8.csv"}, columnFlags: columnFlags{Target: []string{"y"}, Features: []string{"a"}, Drop: []string{"b"}, ID: []string{"c"}},
		writingFlags: writingFlags{Sep: ";", NoHeader: true, Decimal: ",", Thousands: ".", Missing: []string{"-"}, Unseen: "error"},
		targetFlags:  targetFlags{SkipMissingTarget: true},
		kindFlags:    kindFlags{Number: []string{"n"}, Text: []string{"t"}, Index: []string{"i"}, MissingIndicator: true}, textFlags: textFlags{Tokens: "byte", Tokenizer: "wordpiece:v.txt", Truncate: "start"}, imageFlags: imageFlags{SkipUnreadable: true}, Augment: "flip", Scale: "none", Window: 3, Horizon: 3,
		Epochs: &three, Steps: &three, Seed: &seed, Shuffle: &no, Valid: "last:3", ValidData: []string{"v"},
		Batch: &three, LR: &rate, Test: []string{"t"}, SplitSeed: &seed, Folds: 3, Sweep: true, Patience: &three, Last: true, Balance: true, ClassWeights: "balanced", Group: "g", Weight: "w", KeepEarlier: true, Metrics: []string{"mae"},
		Init: "i", InitOnly: []string{"s*"}, Map: "m", Rescale: true, Save: "\xfcs", Weights: "w", Obstacle: "o", Limits: map[string]string{"x": "v"}, Out: "o", Proba: true, Keep: []string{"k"}, Thresholds: []string{"y=0.3"}, Importance: 3, Quiet: true, JSON: true, Terminal: true, Progress: "line", Width: 90, Color: true,
		generationFlags: generationFlags{Prompt: "\xffp", PromptFile: "f", Length: 3, Temperature: 0.5, TopK: 3, TopP: 0.5, Stop: []string{"s"}, NoEcho: true},
		askingFlags:     askingFlags{Question: "\xffq", Passage: "p", Best: 3},
		workersFlag:     workersFlag{Workers: &three},
	}
	text, err := j.text()
	require.NoError(t, err)
	read, err := train.ReadJob(strings.NewReader(text))
	require.NoError(t, err)
	for _, f := range ours {
		value := reflect.ValueOf(j).FieldByName(f.name)
		assert.False(t, value.IsZero(), f.name)
		assert.Equal(t, value.Interface(), reflect.ValueOf(read).FieldByName(f.name).Interface(), f.name)
	}
	assert.Equal(t, "\xff\xc3\xbc\xe4\xb8.csv", j.Data[1], "the job itself stays as it is")
	assert.True(t, utf8.ValidString(text))
}

// The program's module is nnc's own, and needs the same Go.
func TestModuleIsTheProjects(t *testing.T) {
	text, err := os.ReadFile("../../go.mod")
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^module `+regexp.QuoteMeta(modulePath)+`$`, string(text))
	assert.Regexp(t, `(?m)^go `+regexp.QuoteMeta(goLine)+`(\.0)?$`, string(text))
}

// The stages that a flag offers are the compiler's.
func TestStagesAreTheCompilers(t *testing.T) {
	field, ok := reflect.TypeFor[dumpCommand]().FieldByName("After")
	require.True(t, ok)
	assert.Equal(t, strings.Join(compiler.Stages, ", "), field.Tag.Get("enum"))
}

// A program's key depends on all that it is made of.
func TestKey(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		code, driver, version string
	}{{"a", "b", "go1.24"}, {"b", "a", "go1.24"}, {"ab", "", "go1.24"}, {"a", "b", "go1.25"}} {
		k, err := key(&compiler.Output{Code: []byte(c.code), Driver: []byte(c.driver)}, toolchain{version: c.version})
		require.NoError(t, err)
		assert.Regexp(t, `^[0-9a-f]{32}$`, k)
		assert.False(t, seen[k])
		seen[k] = true
	}
}

func TestPackageName(t *testing.T) {
	for folder, want := range map[string]string{
		"price": "price", "House-Price": "houseprice", "3d": "nn3d", "type": "nntype", "main": "nnmain", "init": "nninit",
		"documentation": "nndocumentation", "": "model", "/": "model", "..": "model", "模型": "model", "a_test": "atest", "x模9": "x9", "_": "model",
	} {
		assert.Equal(t, want, packageName(folder), folder)
		assert.True(t, validPackage(packageName(folder)), folder)
	}
}

// Names that differ in the first letter's case only are too close; methods, blanks and init are nobody's.
func TestNamespace(t *testing.T) {
	n := namespace{}
	a, b := owner{"House", "a.nn"}, owner{"house", "b.nn"}
	_, _, clash := n.claim(a, []byte("package p\ntype House struct{}\nfunc (House) Train() {}\nvar _, houseLimit = 1, 2\nfunc init() {}"))
	assert.False(t, clash)
	_, _, clash = n.claim(a, []byte("package p\nfunc TestHouse() {}\nfunc house() {}"))
	assert.False(t, clash, "one model's own files")
	for code, name := range map[string]string{
		"package p\ntype house int":             "house",
		"package p\nconst x, HouseLimit = 1, 2": "HouseLimit",
		"package p\nfunc testHouse() {}":        "testHouse",
		"package p\nfunc Train() {}":            "",
		"package p\nfunc init() {}\nvar _ = 1":  "",
		"no Go":                                 "",
		"":                                      "",
	} {
		got, before, clash := n.claim(b, []byte(code))
		assert.Equal(t, name != "", clash, code)
		assert.Equal(t, name, got, code)
		if clash {
			assert.Equal(t, a, before)
		}
	}
}

func TestColor(t *testing.T) {
	assert.False(t, colored(&bytes.Buffer{}))
	f, err := os.Open(os.DevNull) // the one character device that every machine has
	require.NoError(t, err)
	defer f.Close()
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	was := colored(io.Writer(f))
	t.Setenv("NO_COLOR", "1")
	assert.False(t, colored(f))
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	assert.False(t, colored(f))
	if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		assert.True(t, was)
	}
	for value, want := range map[string]int{"": 0, "x": 0, "-3": 0, "132": 132} {
		t.Setenv("COLUMNS", value)
		assert.Equal(t, want, columns(), value)
	}
}
