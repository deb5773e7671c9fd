package compiler_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const module = "github.com/nnc-lang/nnc/"

// The import table: what the files of a folder, tests aside, may import besides the standard library. A folder
// of the project is named without the module's path. This table is the architecture; change it with a reason.
var mayImport = map[string][]string{
	"grammar":                 {"github.com/alecthomas/participle/v2", "grammar/diag"},
	"grammar/diag":            {},
	"compiler/ir":             {},
	"compiler/op":             {"compiler/ir"},
	"compiler/vocab":          {"grammar", "grammar/diag", "compiler/ir", "compiler/op"},
	"compiler/check":          {"grammar", "grammar/diag", "compiler/ir", "compiler/vocab"},
	"compiler/autodiff":       {"compiler/ir", "compiler/op"},
	"compiler/layout":         {"compiler/ir", "compiler/op"},
	"compiler/simplify":       {"compiler/ir", "compiler/op"},
	"compiler/plan":           {"compiler/ir"},
	"compiler/interp":         {"compiler/ir"},
	"compiler/kernelgen":      {"compiler/ir"},
	"compiler/gogen":          {"compiler/ir", "compiler/plan", "github.com/dave/jennifer/jen"},
	"compiler/export/pytorch": {"compiler/ir"},
	"compiler/export/onnx":    {"compiler/ir"},
	"compiler/export/raw":     {"compiler/export/onnx", "runtime/data", "runtime/kernel"}, // what a Codec does, as operators; the kernel's numbers for what is left out
	"compiler": {"compiler/export/pytorch", "compiler/export/onnx", "compiler/export/raw", "runtime/data", "runtime/weights", "grammar", "grammar/diag", "compiler/ir", "compiler/vocab", "compiler/check",
		"compiler/autodiff", "compiler/simplify", "compiler/layout", "compiler/plan", "compiler/gogen"},
	"runtime":                 {},
	"runtime/rng":             {},
	"runtime/rawtext":         {}, // this and the next are for a command and the program that it starts
	"runtime/numeral":         {},
	"runtime/kernel":          {"runtime/rng"},
	"runtime/weights":         {"runtime/internal/phrase"},                          // the nearest name, where a map file names no tensor
	"runtime/torch":           {"runtime/weights"},                                  // a ZIP and a pickle to tensors: no service needs it
	"runtime/nnrt":            {"runtime/kernel", "runtime/rng", "runtime/weights"}, // parameters are drawn by kernels
	"runtime/generate":        {"runtime/kernel", "runtime/rng"},                    // logits in, tokens out: knows neither text nor weights
	"runtime/augment":         {"runtime/rng"},                                      // model values in, model values out
	"runtime/modeltest":       {"runtime/nnrt", "runtime/rng"},
	"runtime/internal/phrase": {},
	"internal/shared":         {},                                                                                                      // what tests find files by that are not the project's
	"runtime/wordpiece":       {"runtime/internal/phrase"},                                                                             // texts to integers: knows no model
	"runtime/picture":         {},                                                                                                      // files to bytes: a service imports it too, and no model does without images
	"runtime/format":          {"runtime/internal/phrase", "runtime/picture", "runtime/weights"},                                       // bytes to cells and arrays: knows no model
	"runtime/answer":          {"runtime/internal/phrase", "runtime/wordpiece"},                                                        // texts in, numbers out and back: knows no model
	"runtime/data":            {"runtime/internal/phrase", "runtime/answer", "runtime/kernel", "runtime/weights", "runtime/wordpiece"}, // what a service imports
	"runtime/dataset":         {"runtime/internal/phrase", "runtime/answer", "runtime/data", "runtime/format", "runtime/kernel", "runtime/picture", "runtime/rng", "runtime/wordpiece"},
	"runtime/train": {"runtime/torch", "runtime/internal/phrase", "runtime/answer", "runtime/augment", "runtime/data", "runtime/dataset", "runtime/format", "runtime/generate", "runtime/kernel", "runtime/nnrt", "runtime/numeral",
		"runtime/rawtext", "runtime/rng", "runtime/weights"},
	"cmd/nnc": {"runtime/torch", "grammar", "compiler", "grammar/diag", "runtime", "runtime/numeral", "runtime/rawtext", "runtime/weights",
		"runtime/augment",                 // --augment is checked before a program is built
		"runtime/data", "runtime/dataset", // nnc init reads a table itself, before there is a model
		"github.com/alecthomas/kong"},
	"examples/internal/byhand":  {},
	"examples/internal/nnctest": {"github.com/stretchr/testify"}, // what the examples' tests share
	"examples/versus":           {"examples/internal/byhand", "examples/versus/worker", "runtime/kernel", "runtime/nnrt", "runtime/rng", "runtime/weights"},
	"examples/versus/worker":    {}, // the other Go libraries' program has it too
	"examples":                  {"runtime/answer", "runtime/kernel", "runtime/rng", "runtime/nnrt", "runtime/weights", "runtime/data", "runtime/dataset", "runtime/format", "runtime/modeltest", "runtime/picture", "runtime/wordpiece"},
}

func TestImportTable(t *testing.T) {
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || len(name) > 2 && (name[0] == '.' || name[0] == '_')) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		folder, err := filepath.Rel("..", filepath.Dir(file))
		require.NoError(t, err)
		folder = filepath.ToSlash(folder)
		allowed, known := mayImport[folder]
		if strings.HasPrefix(folder, "examples/") && !known {
			allowed, known = mayImport["examples"], true
		}
		if !assert.True(t, known, "%s: the import table does not name the folder %s", file, folder) {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			imported, local := strings.CutPrefix(imported, module)
			standard := !local && !strings.Contains(strings.Split(imported, "/")[0], ".")
			ok := standard || slices.ContainsFunc(allowed, func(a string) bool {
				return imported == a || strings.Contains(a, ".") && strings.HasPrefix(imported, a+"/")
			})
			assert.True(t, ok, "%s imports %s, which the import table does not allow", file, imported)
		}
		return nil
	})
	require.NoError(t, err)
}
