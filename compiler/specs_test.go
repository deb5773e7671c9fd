package compiler_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// tenSpecs are the specs that show what the language is.
var tenSpecs = []string{"bert-qa", "digits-cnn", "digits-mlp", "house", "resnet", "restaurant", "seed", "sentiment", "shakespeare", "two-heads"}

// The ten specs that show what the language is for compile, train for a step, predict and evaluate, as the programs behind
// `nnc train` do it.
func TestSpecs(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666))
	}
	for _, name := range tenSpecs {
		golden, err := txtar.ParseFile(filepath.Join("testdata", name+".txtar"))
		require.NoError(t, err)
		out, list, err := compiler.Compile(name+".nn", golden.Files[0].Data, compiler.Options{Package: "main", Batch: 2, Program: true, Verify: true})
		require.NoError(t, err)
		require.Empty(t, list, name)
		write(name+"_nn.go", string(out.Code))
		driver := strings.Replace(string(out.Driver), "func main() {", "func init() {", 1)
		write(name+"_main.go", strings.Replace(driver, "train.Main(", "models = append(models, ", 1))
	}
	source, err := os.ReadFile("testdata/specs/main.go")
	require.NoError(t, err)
	write("main.go", string(source))

	said, err := exec.Command(buildIn(t, folder)).CombinedOutput()
	require.NoError(t, err, "%s", said)
	assert.Equal(t, len(tenSpecs), strings.Count(string(said), "\n"), "%s", said)
	t.Logf("%s", said)
}
