package compiler_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// between replaces what stands between two lines of a text.
func between(t *testing.T, text, from, to, replacement string) string {
	t.Helper()
	before, rest, found := strings.Cut(text, from+"\n")
	require.True(t, found, "no line %s", from)
	_, after, found := strings.Cut(rest, to+"\n")
	require.True(t, found, "no line %s", to)
	return before + from + "\n" + replacement + to + "\n" + after
}

// The reference in docs/language.md is what the words declare.
func TestReferenceIsCurrent(t *testing.T) {
	const file = "../docs/language.md"
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	want := between(t, string(text), "<!-- words -->", "<!-- /words -->", "\n"+compiler.Reference()+"\n")
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	assert.Equal(t, want, string(text), "run the test with -update")
}

func TestFindWords(t *testing.T) {
	both, err := compiler.FindWords("mae")
	require.NoError(t, err)
	require.Len(t, both, 2)
	assert.Equal(t, "loss", both[0].Kind)
	assert.Equal(t, "metric", both[1].Kind)
	for name, message := range map[string]string{
		"linaer": "did you mean `linear`?",
		"memory": "does not have the setting `memory` yet",
		"xyzzyq": "`nnc words` lists all",
	} {
		_, err := compiler.FindWords(name)
		assert.ErrorContains(t, err, message)
	}
}

// What must be written is there in a usage, with a value: whoever copies it has a statement.
func TestUsagesHaveValues(t *testing.T) {
	optional := regexp.MustCompile(`\[[^\]]*\]`)
	for _, w := range compiler.Words() {
		assert.NotRegexp(t, `=( |$)`, strings.ReplaceAll(optional.ReplaceAllString(w.Usage, ""), "const name = expression", ""), w.Name)
	}
	list, err := compiler.Check("a.nn", []byte("linear 10->1; loss mse; adam\nearly_stopping 5"), compiler.Options{})
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Contains(t, list[0].Help, "it is called `stop` here: write `stop patience=10 [")
}

// What editors complete is declared: ranges, defaults, choices.
func TestWordsSayWhatTheyTake(t *testing.T) {
	args := map[string]compiler.Arg{}
	for _, w := range compiler.Words() {
		for _, a := range w.Args {
			args[w.Kind+" "+w.Name+" "+a.Name] = a
		}
	}
	assert.Equal(t, "a number, at least 0 and below 1", args["optimiser sgd momentum"].Type)
	assert.Equal(t, "0.001", args["optimiser adam lr"].Default)
	assert.True(t, args["optimiser sgd nesterov"].Flag)
	assert.Contains(t, args["structure init scheme"].Choices, "kaiming_normal")
	assert.True(t, args["layer add name"].Many)
	assert.Equal(t, "true", args["layer linear bias"].Default)
}
