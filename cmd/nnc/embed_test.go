package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What nnc embeds is what Go embeds: each case is judged by the go command too.
func TestEmbeddedIsWhatGoEmbeds(t *testing.T) {
	for _, c := range []struct {
		name string
		why  string // "": it is embedded
	}{
		{"w.st", ""}, {"größe 模型.st", ""}, {"_w.st", ""}, {".hidden/.w.st", ""}, {"testdata/w.st", ""}, {"_off/w.st", ""}, {"a!#$%&()+,-=@^{}~.st", ""},
		{"other/w.st", "other is one, for it has a go.mod"},
		{"other/deep/w.st", "other is one"},
		{"sub/.git/w.st", "files of a folder named .git are not embedded by Go"},
		{"it's.st", `such as '\''; rename `},
		{"a*b/w.st", "such as '*'; rename 'a*b'"},
		{"w–2.st", "such as '–'"}, {"w\u00a0.st", `such as '\u00a0'`}, {"w😀.st", "such as '😀'"}, {"w².st", "such as '²'"},
		{"a\tb.st", `such as '\t'`}, {"w.st.", "end with a dot"}, {"d./w.st", "end with a dot"}, {"aux.st", "the name aux, which Windows"},
		{"Com1/w.st", "the name Com1, which Windows"}, {"w\xff.st", "such as '\ufffd'"},
	} {
		dir := t.TempDir()
		put := func(name, text string) error {
			path := filepath.Join(dir, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				return err
			}
			return os.WriteFile(path, []byte(text), 0o666)
		}
		require.NoError(t, put("go.mod", "module m\n\ngo 1.24\n"))
		require.NoError(t, put("other/go.mod", "module other\n\ngo 1.24\n"))
		if put(c.name, "weights") != nil {
			continue // this system has no such names
		}
		name, err := embedded(filepath.Join(dir, filepath.FromSlash(c.name)), dir)
		if c.why == "" {
			require.NoError(t, err, c.name)
			assert.Equal(t, c.name, name)
		} else {
			require.ErrorContains(t, err, c.why, c.name)
		}
		require.NoError(t, put("m.go", "package m\n\nimport _ \"embed\"\n\n//go:embed \""+c.name+"\"\nvar content string\n"))
		list := exec.Command("go", "list", ".")
		list.Dir = dir
		said, err := list.CombinedOutput()
		assert.Equal(t, c.why == "", err == nil, "%s: %s", c.name, said)
	}
}

// Files that Go would embed in part of the cases only, and are not in any.
func TestNotEmbedded(t *testing.T) {
	dir := t.TempDir()
	for name, why := range map[string]string{"vendor/w.st": "a folder named vendor", "w[1].st": "brackets in a name"} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, nil, 0o666))
		_, err := embedded(path, dir)
		assert.ErrorContains(t, err, why)
	}
}
