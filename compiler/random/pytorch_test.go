package random

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/export/pytorch"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
)

// exact is what two computations of the same in float64 may differ by, relative to the largest element of a tensor; and of
// gradients that are near 0, of terms that are not, to a tenth of that of all. Some constants on cards are float32's: a sixth.
const exact = 1e-7

// TestPyTorchAgrees exports random models as PyTorch programs and compares what these compute in float64 with the interpreter:
// of each batch the outputs, the loss, every gradient and the running statistics, then predictions. It wants Python with
// PyTorch, and that NNC_PYTHON names it:
//
//	NNC_PYTHON=python3 NNC_MODELS=1000 go test ./compiler/random -run PyTorch -v -timeout 0
//
// The programs are kept in the folder that NNC_FOLDER names.
func TestPyTorchAgrees(t *testing.T) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("NNC_PYTHON names no Python")
	}
	count, first, statements := setting(t, "NNC_MODELS", models), setting(t, "NNC_SEED", 1), setting(t, "NNC_STATEMENTS", most)
	for from := first; from < first+count; from += chunk {
		t.Run(fmt.Sprint(from), func(t *testing.T) {
			var list []string
			for seed := from; seed < min(from+chunk, first+count); seed++ {
				list = append(list, specs(statements).Example(seed))
			}
			for i, err := range inPyTorch(t, python, list) {
				assert.NoError(t, err, "seed %d", from+i)
			}
		})
	}
}

// inPyTorch compares what some specs' programs compute. It returns an error or nil for each.
func inPyTorch(t *testing.T, python string, list []string) []error {
	errs := make([]error, len(list))
	folder := os.Getenv("NNC_FOLDER")
	if folder == "" {
		folder = t.TempDir()
	}
	wanted := make([]seen, len(list))
	for i, spec := range list {
		tried, err := newTrial(fmt.Sprintf("P%d", i), spec)
		if err == nil {
			wanted[i], err = tried.export(folder)
		}
		if err != nil {
			errs[i] = fmt.Errorf("%w\n%s", err, spec)
		}
	}
	script, err := filepath.Abs("testdata/pytorch.py")
	require.NoError(t, err)
	c := exec.Command(python, script, folder)
	message, err := c.CombinedOutput()
	require.NoError(t, err, "%s", message)
	for i, want := range wanted {
		if errs[i] != nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, fmt.Sprintf("P%d.made.json", i)))
		require.NoError(t, err)
		made := struct {
			Error string
			Seen  seen
		}{}
		require.NoError(t, json.Unmarshal(text, &made))
		if errs[i] = differences(want, made.Seen); made.Error != "" {
			errs[i] = fmt.Errorf("%s", made.Error)
		}
		if errs[i] != nil {
			errs[i] = fmt.Errorf("P%d: %w\n%s", i, errs[i], list[i])
		}
	}
	return errs
}

// batchGiven is what a program is given of a batch: where it stands in the training, what lasts before it, and its rows.
type batchGiven struct {
	Step, Row       int
	Params, Buffers seen
	Inputs, Targets [][]float64
	Weights         []float64 // of rows; nil if all count alike
	Rows            int
}

// export writes the program of a model and what it is given, and returns what it should make of that.
func (t *trial) export(folder string) (seen, error) {
	text := strings.Replace(t.spec, "model Named", "model "+t.name, 1)
	file, _ := grammar.Parse(t.name+".nn", []byte(text))
	graph := func(weighted bool) *ir.Graph {
		g, _ := check.File(file, check.Options{Model: t.name, RowWeights: weighted})
		return g
	}
	forward := graph(false)
	program, err := pytorch.Write(pytorch.Model{Forward: forward, Weighted: graph(true), Step: autodiff.Step(forward)})
	if err != nil {
		return nil, err
	}
	c := t.draws()
	want := seen{}
	var given []batchGiven
	before := newCourse(t, nil).lasting()
	step, batches, rows := 0, 0, 0
	for batch, data := range t.data {
		given = append(given, t.given(data, before, t.sizes[batch], step, rows))
		for name, x := range c.seen[batch] {
			if kind, _, _ := strings.Cut(name, "/"); slices.Contains([]string{"loss", "output", "grad", "buffer"}, kind) {
				want[fmt.Sprintf("%d/%s", batch, name)] = x
			}
		}
		before = c.seen[batch]
		batches, rows = batches+1, rows+t.sizes[batch]
		if batches >= t.each || t.flushed(batch) {
			step, batches, rows = step+1, 0, 0
		}
	}
	all := t.joined()
	count := 0
	for _, size := range t.sizes[:len(t.data)] {
		count += size
	}
	for name, x := range c.end {
		if strings.HasPrefix(name, "start/") && name != "start/losses" {
			want[name] = x
		}
	}
	given = append(given, t.given(all, newCourse(t, nil).lasting(), count, 0, 0))
	var inputs, targets []string
	shapes := map[string]ir.Shape{}
	for _, v := range forward.Inputs {
		inputs = append(inputs, v.Name)
		shapes[v.Name] = v.Type.Shape
	}
	for _, v := range forward.Targets {
		targets = append(targets, v.Name)
		shapes[v.Name] = v.Type.Shape
	}
	whole := map[string]bool{}
	for _, v := range slices.Concat(forward.Inputs, forward.Targets) {
		whole[v.Name] = v.Type.Kind != ir.F32
	}
	data, err := json.Marshal(map[string]any{"seed": forward.Recipe.Seed, "inputs": inputs, "targets": targets,
		"shapes": shapes, "integers": whole, "outputs": forward.Ports, "given": given})
	if err != nil {
		return nil, err
	}
	return want, firstOf(os.WriteFile(filepath.Join(folder, t.name+".py"), program, 0o666), os.WriteFile(filepath.Join(folder, t.name+".given.json"), data, 0o666))
}

// firstOf returns the first error of some.
func firstOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// given is what a program is given of a batch.
func (t *trial) given(data map[*ir.Value]ir.Tensor, before seen, rows, step, row int) batchGiven {
	g := batchGiven{Step: step, Row: row, Rows: rows, Params: seen{}, Buffers: seen{}}
	for name, x := range before {
		if param, is := strings.CutPrefix(name, "param/"); is {
			g.Params[param] = x
		} else if buffer, is := strings.CutPrefix(name, "buffer/"); is {
			g.Buffers[buffer] = x
		}
	}
	for _, v := range t.forward.Inputs {
		g.Inputs = append(g.Inputs, data[v].Data)
	}
	for _, v := range t.forward.Targets {
		if v.Name == ir.RowWeights {
			g.Weights = data[v].Data
		} else {
			g.Targets = append(g.Targets, data[v].Data)
		}
	}
	return g
}

// differences says what is not as wanted.
func differences(want, made seen) error {
	var list []string
	largest := map[string]float64{}
	for name, x := range want {
		if batch, of, _ := strings.Cut(name, "/"); strings.HasPrefix(of, "grad/") {
			for _, v := range x {
				largest[batch] = max(largest[batch], math.Abs(v))
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		x, y := want[name], made[name]
		if len(x) != len(y) {
			list = append(list, fmt.Sprintf("%s: %d elements, not %d", name, len(y), len(x)))
			continue
		}
		batch, of, _ := strings.Cut(name, "/")
		top := 1e-5 // what is less is left of terms that cancel
		for _, v := range x {
			top = max(top, math.Abs(v))
		}
		bound := exact * top
		if strings.HasPrefix(of, "grad/") {
			bound = max(bound, exact/10*largest[batch])
		}
		for i, v := range x {
			if !(math.Abs(v-y[i]) <= bound) {
				list = append(list, fmt.Sprintf("%s[%d] is %v, not %v (largest %v)", name, i, y[i], v, top))
				break
			}
		}
	}
	if len(list) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(list[:min(len(list), 8)], "\n"))
}

// Everything that the forward pass and the losses of a model can have has a rule for PyTorch: what is drawn is everything
// (TestEverythingIsDrawn).
func TestEverythingHasRulesForPyTorch(t *testing.T) {
	for seed := 1; seed <= 2*models; seed++ {
		spec := specs(most).Example(seed)
		file, list := grammar.Parse("random.nn", []byte(spec))
		require.Empty(t, list)
		for _, weighted := range []bool{false, true} {
			g, _ := check.File(file, check.Options{RowWeights: weighted})
			require.NotNil(t, g)
			for _, n := range pytorch.Without(g) {
				assert.Fail(t, "no rule", "%s of %s\n%s", n.Op.Name, n.Layer, spec)
			}
		}
	}
}
