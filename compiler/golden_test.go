package compiler_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden takes every spec of testdata/*.txtar through the pipeline and compares the text of each stage with
// the file's sections: spec.nn, then diagnostics if there are any, then the stages, then the Go code.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			want, err := txtar.ParseFile(path)
			require.NoError(t, err)
			require.NotEmpty(t, want.Files)
			got := &txtar.Archive{Comment: want.Comment, Files: stages(t, want.Files[0])}
			if *update {
				require.NoError(t, os.WriteFile(path, txtar.Format(got), 0o644))
				return
			}
			require.Len(t, want.Files, len(got.Files), "run the test with -update, and read the difference")
			for i, f := range got.Files {
				assert.Equal(t, want.Files[i].Name, f.Name)
				assert.Equal(t, string(want.Files[i].Data), string(f.Data), "section %s", f.Name)
			}
		})
	}
}

// stages returns the sections of a spec's golden file.
func stages(t *testing.T, spec txtar.File) []txtar.File {
	sections := []txtar.File{spec}
	add := func(name, text string) {
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		sections = append(sections, txtar.File{Name: name, Data: []byte(text)})
	}
	options := compiler.Options{Package: "golden", Verify: true}
	list, err := compiler.Check(spec.Name, spec.Data, options)
	require.NoError(t, err)
	if len(list) > 0 {
		var text bytes.Buffer
		diag.Render(&text, spec.Data, list, false)
		add("diagnostics", text.String())
	}
	if list.HasErrors() {
		return sections
	}
	for _, stage := range compiler.Stages {
		text, _, err := compiler.Dump(spec.Name, spec.Data, stage, options)
		require.NoError(t, err)
		add(stage, text)
	}
	out, _, err := compiler.Compile(spec.Name, spec.Data, options)
	require.NoError(t, err)
	add("model_nn.go", string(out.Code))
	return sections
}

func TestModelName(t *testing.T) {
	for file, want := range map[string]string{
		"house.nn": "House", "digits-mlp.nn": "DigitsMlp", "a/b/two_heads.nn": "TwoHeads", "3d.nn": "D", "--.nn": "Model",
		"über.nn": "Ber", "-e": "E", "v2net.nn": "V2net",
	} {
		assert.Equal(t, want, compiler.ModelName(file), file)
	}
}

func TestUnknownStage(t *testing.T) {
	_, _, err := compiler.Dump("a.nn", []byte("linear 1->1"), "magic", compiler.Options{})
	assert.ErrorContains(t, err, "there are parse, check, autodiff, simplify, layout, plan")
}
