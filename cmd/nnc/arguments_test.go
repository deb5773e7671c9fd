package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parsed is the command that arguments behind `nnc train` give.
func parsed(t *testing.T, args []string) (trainCommand, memory) {
	t.Helper()
	var c commands
	_, err := c.parser().Parse(append([]string{"train"}, args...))
	require.NoError(t, err, "%q", args)
	return c.Train, c.MaxMemory
}

// The arguments of a command give the same command, whatever its flags: each flag of nnc train in turn, and odd texts.
func TestArgumentsGiveTheCommand(t *testing.T) {
	if testing.Short() {
		t.Skip("parses thousands of command lines")
	}
	s := &session{elements: usualElements}
	var c commands
	texts := []string{"", "a", "-1", "--x", "a,b", "two words", "it's", "$HOME", "=", "ä"}
	for _, node := range c.parser().Model.Children {
		if node.Name != "train" {
			continue
		}
		for _, f := range node.Flags {
			values := texts
			switch f.Target.Interface().(type) {
			case *int, int, *uint64, *float64:
				values = []string{"3", "18"}
			case bool:
				values = []string{"true", "false"}
			}
			if f.Enum != "" {
				values = f.EnumSlice()
			}
			if f.Tag.Type == "metrics" {
				values = append(metricNames(), "top", "top:2")
			}
			for _, v := range values {
				if f.Tag.Sep == ',' {
					v = strings.ReplaceAll(v, ",", `\,`)
				}
				args := []string{"m.nn", "--data", "d.csv", "--" + f.Name + "=" + v}
				want, _ := parsed(t, args)
				got, _ := parsed(t, want.arguments(s))
				assertSame(t, want, got, args)
			}
		}
	}
	rate := 1e-05
	want, _ := parsed(t, []string{"odd,name.nn", "--data=x=a,b.csv", "--data", "c", "--target", `a\,b,c`, "--drop=--d", "--shuffle=false", "--last", "--save=", "--metric", "mae,top:3"})
	want.LR = &rate
	got, _ := parsed(t, want.arguments(s))
	assert.Equal(t, want, got)

	s.elements = 1 << 31
	_, most := parsed(t, want.arguments(s))
	assert.Equal(t, 1<<31, most.elements())
}

// assertSame compares two commands by what they ask of the program: a list of nothing is no list.
func assertSame(t *testing.T, want, got trainCommand, args []string) {
	t.Helper()
	wanted, err := want.job("w", false).text()
	require.NoError(t, err)
	given, err := got.job("w", false).text()
	require.NoError(t, err)
	assert.Equal(t, wanted, given, "%q", args)
	assert.Equal(t, want.Save, got.Save, "%q", args)
	assert.Equal(t, want.constFlags, got.constFlags, "%q", args)
}

// A shell that knows $'…' gives each word back as it was.
func TestShellWords(t *testing.T) {
	words := []string{"", "a", "--lr=0.1", "two words", "it's", `a"b`, `"`, "$HOME", "`x`", "a\tb\n", "\xff\x1b[31m", "ä=\\", "*", "~", "'", "#", "a\u202eb"}
	var line strings.Builder
	for _, w := range words {
		line.WriteString(" " + shellWord(w))
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip(err)
	}
	cmd := exec.Command(bash, "-c", `printf '%s\0'`+line.String())
	cmd.Env = []string{"LC_ALL=C.UTF-8"}
	out, err := cmd.Output()
	require.NoError(t, err)
	assert.Equal(t, words, strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"))
}
