package compiler_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// TestForms times small nets in both forms, written out and as calls of kernels. It checks that they learn the same and
// prints a table; plan.MostWritten is where the two meet. It takes NNC_FORMS=1, best on one core that is idle:
//
//	NNC_FORMS=1 taskset -c 1 go test ./compiler -run TestForms -v
func TestForms(t *testing.T) {
	if os.Getenv("NNC_FORMS") == "" {
		t.Skip("NNC_FORMS=1 takes the times")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	folder := t.TempDir()
	var nets, names []string
	for _, shape := range [][2]int{{2, 1}, {5, 1}, {10, 1}, {15, 1}, {20, 1}, {23, 1}, {30, 1}, {45, 1}, {3, 2}, {6, 2}, {11, 2}, {20, 2}, {3, 4}, {5, 4}, {11, 4}, {4, 8}, {8, 8}, {2, 16}, {4, 16}} {
		for _, activation := range []string{"", "; relu", "; sigmoid", "; tanh"} {
			names = append(names, fmt.Sprintf("linear %d->%d%s", shape[0], shape[1], activation))
			spec := names[len(names)-1] + "; loss mse; sgd 0.01\n"
			for form, most := range map[string]int{"Called": -1, "Written": 1 << 20} {
				model := fmt.Sprintf("%s%d", form, len(names)-1)
				out, list, err := compiler.Compile("net.nn", []byte(spec), compiler.Options{Package: "main", Model: model}.WrittenUpTo(most))
				require.NoError(t, err)
				require.Empty(t, list)
				require.NoError(t, os.WriteFile(filepath.Join(folder, strings.ToLower(model)+"_nn.go"), out.Code, 0o666))
			}
			nets = append(nets, fmt.Sprintf("\t{%q, %d, %d, NewCalled%[4]d(), NewWritten%[4]d()},\n", names[len(names)-1], shape[0], shape[1], len(names)-1))
		}
	}
	source, err := os.ReadFile("testdata/forms/main.go")
	require.NoError(t, err)
	mod := fmt.Appendf(nil, "module forms\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root)
	for name, text := range map[string][]byte{
		"go.mod": mod, "main.go": source,
		"nets.go": []byte("package main\n\nvar nets = []net{\n" + strings.Join(nets, "") + "}\n"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), text, 0o666))
	}
	run := exec.Command("go", "run", "-mod=mod", ".")
	run.Dir = folder
	table, err := run.CombinedOutput()
	require.NoError(t, err, "%s", table)
	assert.NotContains(t, string(table), "differ")
	t.Logf("\n%s", table)
}
