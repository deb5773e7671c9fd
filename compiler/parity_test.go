package compiler_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/weights"
)

const parityFolder = "testdata/parity"

// bound is how far a tensor a may be from PyTorch's b: ‖a−b‖/‖b‖, and max|a−b| in units of b's root mean square.
type bound struct{ norm, most float64 }

var (
	// afterTraining is the criterion of parity. Single elements get no bound of their own: those near 0 are
	// sums of larger numbers, and PyTorch's own float32 misses its float64 there.
	afterTraining = bound{2e-5, 1e-3}
	// beforeTraining is for the first step, where no error has been fed back yet.
	beforeTraining = bound{1e-6, 1e-5}
	// lossBound is how far the loss of each step may be, relative to it, or to smallLoss if that is larger: what is made of
	// a probability near 1 has the error of the 1. PyTorch in float32 is as far from PyTorch in float64: 1.35e-5 of a loss
	// of 0.0047 in WideAdam, where nnc is 1.34e-5 away; everywhere else both are below 4e-6.
	lossBound = 1e-5
	smallLoss = 0.01
	// unmovedBound is for gradients that are 0 but for rounding: their largest element in units of the largest of all gradients.
	unmovedBound = 1e-6
)

// TestParity trains every spec of testdata/parity as PyTorch did, from the same start on the same rows in the
// same order, and compares the way and the end; make.py there says with what. Train, the four calls, and a
// mixture of both must moreover agree to the bit.
func TestParity(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(parityFolder, "parity.json"))
	require.NoError(t, err)
	var listed netList
	require.NoError(t, json.Unmarshal(text, &listed.Nets))
	for _, n := range listed.Nets {
		n.Inputs, n.Outputs = []argument{{}}, []string{""}
		n.Targets = []argument{{Integers: strings.Contains(n.Spec, "cross_entropy")}}
	}
	want, err := weights.Read(filepath.Join(parityFolder, "parity.safetensors"))
	require.NoError(t, err)
	got := listed.train(t, filepath.Join(parityFolder, "parity.safetensors"))

	worst := deviations{}
	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareWithPyTorch(t, n, got, want, worst)
			compareForms(t, n, got)
		})
	}
	worst.log(t)
}

// deviations are the figures of each kind of tensors.
type deviations map[string]*figures

// log shows the figures, and asks that there are some of every kind.
func (d deviations) log(t *testing.T, more ...string) {
	for _, kind := range append([]string{"start", "output", "grad", "losses", "trained", "predicted"}, more...) {
		if w := d[kind]; assert.NotNil(t, w, "nothing of the kind %s was compared", kind) {
			t.Logf("%-9s %4d tensors, the worst: norm %.1e (%s), max %.1e (%s)", kind, w.tensors, w.norm, w.normAt, w.most, w.mostAt)
		}
	}
}

// figures are the largest deviations met among tensors of a kind, and where.
type figures struct {
	tensors        int
	norm, most     float64
	normAt, mostAt string
}

func (f *figures) add(norm, most float64, at string) {
	f.tensors++
	if norm > f.norm {
		f.norm, f.normAt = norm, at
	}
	if most > f.most {
		f.most, f.mostAt = most, at
	}
}

func compareWithPyTorch(t *testing.T, n *trainedNet, got, want *weights.File, worst deviations) {
	for _, b := range want.Tensors {
		owner, name, _ := strings.Cut(b.Name, "/")
		kind, _, _ := strings.Cut(name, "/")
		if owner != n.Net && owner != n.Name || slices.Contains([]string{"x", "target", "init", "rates"}, kind) {
			continue
		}
		a, ok := got.Tensor(n.Name + "/" + name)
		if !assert.True(t, ok, "the model gives no %s", name) || !assert.Len(t, a.F32, len(b.F32), name) {
			continue
		}
		if b.I64 != nil {
			assert.Equal(t, b, weights.Tensor{Name: b.Name, DType: a.DType, Shape: a.Shape, F32: a.F32, I64: a.I64}, name)
			continue
		}
		if parameter, ok := strings.CutPrefix(name, "grad/"); ok && slices.Contains(n.Unmoved, parameter) {
			assert.LessOrEqual(t, largest(a.F32), unmovedBound*n.largestGradient(want), "%s is 0 but for rounding", name)
			continue
		}
		norm, most := distance(a.F32, b.F32)
		limit := afterTraining
		switch {
		case kind == "start", kind == "output", kind == "grad" && !n.Deep:
			limit = beforeTraining
		case kind == "losses":
			norm, most = relative(a.F32, b.F32)
			limit = bound{lossBound, lossBound}
		}
		if worst[kind] == nil {
			worst[kind] = &figures{}
		}
		worst[kind].add(norm, most, n.Name+" "+name)
		if !(norm <= limit.norm && most <= limit.most) {
			t.Errorf("%s: %s is not PyTorch's: norm %.2e (at most %.0e), max %.2e (at most %.0e)",
				n.Name, name, norm, limit.norm, most, limit.most)
		}
	}
}

// compareForms compares the steps of Train with those of the four calls, and with a mixture of both.
func compareForms(t *testing.T, n *trainedNet, got *weights.File) {
	compared := 0
	for _, a := range got.Tensors {
		name, ok := strings.CutPrefix(a.Name, n.Name+"/")
		if !ok || !strings.HasPrefix(name, "trained/") && !strings.HasPrefix(name, "state/") && !strings.HasPrefix(name, "saved/") && name != "losses" && !strings.HasPrefix(name, "predicted") {
			continue
		}
		for _, form := range []string{"calls", "mixed"} {
			b, ok := got.Tensor(n.Name + "/" + form + "/" + name)
			require.True(t, ok, name)
			compared++
			assert.Equal(t, a.I64, b.I64, "%s by %s", name, form)
			for i := range a.F32 {
				if math.Float32bits(a.F32[i]) != math.Float32bits(b.F32[i]) {
					t.Errorf("%s: %s[%d] is %v by Train, but %v by %s", n.Name, name, i, a.F32[i], b.F32[i], form)
					break
				}
			}
		}
	}
	require.NotZero(t, compared)
}

// largestGradient returns the largest element of all gradients of the first step.
func (n *trainedNet) largestGradient(f *weights.File) (most float64) {
	for _, t := range f.Tensors {
		if strings.HasPrefix(t.Name, n.Net+"/grad/") {
			most = max(most, largest(t.F32))
		}
	}
	return most
}

// largest returns the largest |x|.
func largest(x []float32) (most float64) {
	for _, v := range x {
		most = max(most, math.Abs(float64(v)))
	}
	return most
}

// distance returns ‖a−b‖/‖b‖ and max|a−b|/rms(b); where b is 0 throughout, 0 if a is so too. Scores that are left out on both
// sides do not count.
func distance(a, b []float32) (norm, most float64) {
	var difference, length float64
	count := 0.0
	for i := range b {
		if a[i] == b[i] && b[i] == kernel.LeftOut {
			continue
		}
		count++
		d := float64(a[i]) - float64(b[i])
		difference += d * d
		length += float64(b[i]) * float64(b[i])
		most = max(most, math.Abs(d))
	}
	if difference == 0 {
		return 0, 0
	}
	return math.Sqrt(difference / length), most / math.Sqrt(length/count)
}

// relative returns the root mean square and the maximum of |a−b|/|b|, where a small b counts as smallLoss.
func relative(a, b []float32) (norm, most float64) {
	for i := range b {
		d := math.Abs(float64(a[i])-float64(b[i])) / max(math.Abs(float64(b[i])), smallLoss)
		norm += d * d / float64(len(b))
		most = max(most, d)
	}
	return math.Sqrt(norm), most
}
