package compiler_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// The editors' files are what the words declare.
func TestEditorsAreCurrent(t *testing.T) {
	textmate, err := compiler.TextMate()
	require.NoError(t, err)
	for path, want := range map[string]string{
		"../editors/vscode/syntaxes/nnc.tmLanguage.json": string(textmate),
		"../editors/vim/syntax/nnc.vim":                  compiler.Vim(),
	} {
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
			continue
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, want, string(got), "run the test with -update")
	}
}

// What the grammar finds in lines, in the order of its patterns: the first that matches at a place wins there.
func TestTextMateFinds(t *testing.T) {
	text, err := compiler.TextMate()
	require.NoError(t, err)
	var grammar struct {
		Patterns []struct {
			Name, Match string
			Captures    map[string]struct{ Name string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &grammar))
	scopes := func(line string) map[string]string {
		found := map[string]string{}
		for _, p := range grammar.Patterns {
			re := regexp.MustCompile(p.Match)
			for _, m := range re.FindAllStringSubmatch(line, -1) {
				if p.Name != "" && found[m[0]] == "" {
					found[m[0]] = p.Name
				}
				for i, c := range p.Captures {
					if word := m[i[0]-'0']; found[word] == "" {
						found[word] = c.Name
					}
				}
			}
		}
		return found
	}
	line := scopes(`stem: linear 784->128 bias=false; relu // why`)
	assert.Equal(t, "entity.name.function.nnc", line["linear"])
	assert.Equal(t, "entity.name.function.nnc", line["relu"])
	assert.Equal(t, "entity.name.label.nnc", line["stem:"])
	assert.Equal(t, "variable.parameter.nnc", line["bias"])
	assert.Equal(t, "constant.language.nnc", line["false"])
	assert.Equal(t, "constant.numeric.nnc", line["784"])
	assert.Equal(t, "comment.line.double-slash.nnc", line["// why"])
	line = scopes(`loss cross_entropy kind weight=0.5`)
	assert.Equal(t, "keyword.control.nnc", line["loss"])
	assert.Equal(t, "support.function.nnc", line["cross_entropy"])
	line = scopes(`repeat 2 { Layer 3e-5 }; sgd 0.1 nesterov; freeze "a*"`)
	assert.Equal(t, "entity.name.type.nnc", line["Layer"])
	assert.Equal(t, "constant.numeric.nnc", line["3e-5"])
	assert.Equal(t, "constant.language.nnc", line["nesterov"])
	assert.Equal(t, "keyword.other.nnc", line["sgd"])
	assert.Equal(t, `string.quoted.double.nnc`, line[`"a*"`])
}

// Vim, where it is installed, finds nothing wrong with the syntax file, and sees a layer as one.
func TestVimReadsItsSyntax(t *testing.T) {
	vim, err := exec.LookPath("vim")
	if err != nil {
		t.Skip("vim is not installed")
	}
	dir := t.TempDir()
	spec, out := filepath.Join(dir, "a.nn"), filepath.Join(dir, "out")
	require.NoError(t, os.WriteFile(spec, []byte("stem: linear 3\n"), 0o644))
	root, err := filepath.Abs("../editors/vim")
	require.NoError(t, err)
	cmd := exec.Command(vim, "-es", "-u", "NONE", "-N", "--cmd", "set rtp^="+root, "-c", "filetype plugin on", "-c", "syntax on", "-c", "edit "+spec,
		"-c", "redir! > "+out, "-c", `echo synIDattr(synID(1, 8, 1), "name")`, "-c", "redir END", "-c", "qa!")
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", text)
	got, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "nncLayer", strings.TrimSpace(string(got)))
}
