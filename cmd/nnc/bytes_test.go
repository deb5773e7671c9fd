package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Bytes that are no UTF-8 come back as they were, among letters that are, and a text that is stays as it stands.
func TestEscapedBytes(t *testing.T) {
	for _, s := range []string{"", "a.csv", "模型 ü.csv", "\xfc", "a\xfcb", "\xff\xfe\x80", "ü\xc3", "\xe6\xa8x", "\xed\xb3\xbc", "\uFFFD"} {
		e := escape(s)
		assert.True(t, utf8.ValidString(e), "%q", s)
		assert.Equal(t, utf8.ValidString(s), e == s, "%q", s)
		assert.Equal(t, s, unescape(e), "%q", s)
	}
	assert.Equal(t, "a\x00fcb", escape("a\xfcb"))
}

func TestEachString(t *testing.T) {
	type inner struct{ S string }
	type outer struct {
		S     string
		List  []string
		P     *string
		None  *string
		Inner inner
		N     int
		own   string
	}
	p := "p"
	v := outer{S: "s", List: []string{"a", "b"}, P: &p, Inner: inner{"i"}, N: 3, own: "own"}
	copied := v
	eachString(reflect.ValueOf(&v).Elem(), strings.ToUpper)
	assert.Equal(t, outer{S: "S", List: []string{"A", "B"}, P: v.P, Inner: inner{"I"}, N: 3, own: "own"}, v)
	assert.Equal(t, "P", *v.P)
	assert.Equal(t, outer{S: "s", List: []string{"a", "b"}, P: &p, Inner: inner{"i"}, N: 3, own: "own"}, copied)
	assert.Equal(t, "p", p)
}

// A job that is longer than systems let an argument be goes by a file, which does not stay.
func TestLongJob(t *testing.T) {
	dir := t.TempDir()
	arg, remove, err := argument("{}", dir)
	require.NoError(t, err)
	assert.Equal(t, "{}", arg)
	remove()

	text := strings.Repeat("x", maxArgument+1)
	arg, remove, err = argument(text, dir)
	require.NoError(t, err)
	path, ok := strings.CutPrefix(arg, jobFile)
	require.True(t, ok)
	assert.Equal(t, dir, filepath.Dir(path))
	assert.Less(t, len(arg), 1000)
	read, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, text, string(read))
	remove()
	assert.NoFileExists(t, path)
	_, _, err = argument(text, filepath.Join(dir, "none"))
	assert.Error(t, err)
}
