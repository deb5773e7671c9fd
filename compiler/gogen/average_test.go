package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The averages predict and are saved, Forward and Params go on with what is trained; Load and Set set both, and a
// checkpoint may restore them in any order.
func TestAverages(t *testing.T) {
	source, err := File(planned(t, "input x[4]\nlinear 20; batchnorm; tanh\nrepeat 2 { linear 20; tanh }\nstem: linear 3\n"+
		"freeze \"stem.weight\"\nloss mse; adam 0.1; average decay=0.75\nbatch 5"), "main", "")
	require.NoError(t, err)
	source = append(source, `
var x, y = make([]float32, 20), make([]float32, 15)

func predicted(predict func(x, out []float32) error) []float32 {
	out := make([]float32, 15)
	must(predict(x, out))
	return out
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func values(t nnrt.Tensor) []float32 {
	v := make([]float32, t.Len())
	must(t.Get(v))
	return v
}

func saved(m *Tool) string {
	var b bytes.Buffer
	must(m.SaveTo(&b))
	return b.String()
}

func main() {
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	m, other := NewTool(), NewTool(nnrt.Seed(3))
	p := m.Predictor()
	if !slices.Equal(predicted(m.Predict), predicted(p.Predict)) {
		panic("two starts")
	}
	want := map[string][]float32{} // in float64, so that what is compared is the meaning
	for step := range 6 {
		_, err := m.Train(x, y)
		must(err)
		for _, p := range m.Params() {
			w, a := values(p.Tensor), want[p.Name]
			if step == 0 {
				a = slices.Clone(w)
			}
			for i := range a {
				a[i] = float32(0.75*float64(a[i]) + 0.25*float64(w[i]))
			}
			want[p.Name] = a
		}
	}
	moved := false
	slots := 0
	for _, s := range m.State().Slots {
		name, ok := strings.CutSuffix(s.Name, ".average")
		if !ok {
			continue
		}
		slots++
		for i, v := range values(s) {
			if d := v - want[name][i]; d > 1e-5 || d < -1e-5 {
				panic(s.Name)
			}
		}
	}
	if slots != len(m.Params())-1 {
		panic("what is frozen has an average, or something has none")
	}
	by, byAverages := predicted(m.Predict), predicted(p.Predict)
	if !slices.Equal(by, byAverages) || !slices.Equal(by, predicted(m.Predictor().Predict)) {
		panic("predictors differ")
	}

	// The file has the averages, and whoever loads it has nothing else.
	file := saved(m)
	must(other.LoadFrom(strings.NewReader(file)))
	if !slices.Equal(by, predicted(other.Predict)) || saved(other) != file {
		panic("the file predicts otherwise")
	}
	loaded, err := LoadToolPredictorFrom(strings.NewReader(file))
	must(err)
	if !slices.Equal(by, predicted(loaded.Predict)) {
		panic("a predictor of the file predicts otherwise")
	}
	for i, p := range other.Params() {
		moved = moved || !slices.Equal(values(p.Tensor), values(m.Params()[i].Tensor))
	}
	if !moved {
		panic("the averages are the parameters")
	}

	// A checkpoint goes on as if nothing had been, in whatever order it is restored.
	for _, slotsFirst := range []bool{false, true} {
		again := NewTool(nnrt.Seed(9))
		from, to := m.State(), again.State()
		params := func() {
			for i, p := range from.Params {
				must(to.Params[i].Set(values(p.Tensor)))
			}
		}
		if !slotsFirst {
			params()
		}
		for i, s := range from.Slots {
			must(to.Slots[i].Set(values(s)))
		}
		params()
		for i, b := range from.Buffers {
			if b.Integers() {
				*to.Step = *from.Step
				n := make([]int64, b.Len())
				must(b.GetInts(n))
				must(to.Buffers[i].SetInts(n))
			} else {
				must(to.Buffers[i].Set(values(b)))
			}
		}
		if saved(again) != file {
			panic("restored otherwise")
		}
		same := NewTool()
		for range 6 {
			_, err := same.Train(x, y)
			must(err)
		}
		_, err := again.Train(x, y)
		must(err)
		_, err = same.Train(x, y)
		must(err)
		if saved(again) != saved(same) {
			panic("goes on otherwise")
		}
	}

	// What is set predicts.
	for _, p := range m.Params() {
		must(p.Set(make([]float32, p.Len())))
	}
	if !slices.Equal(predicted(m.Predict), make([]float32, 15)) {
		panic("what is set does not predict")
	}
	m.Reset(3)
	if saved(m) != saved(NewTool(nnrt.Seed(3))) || !slices.Equal(predicted(m.Predict), predicted(NewTool(nnrt.Seed(3)).Predict)) {
		panic("reset is not new")
	}
	if n := testing.AllocsPerRun(5, func() { _, _ = m.Train(x, y) }); n != 0 {
		panic("a step allocates")
	}
}
`...)
	source = []byte(strings.Replace(string(source), "import (", "import (\n\t\"bytes\"\n\t\"strings\"\n\t\"testing\"", 1))
	runProgram(t, source, nil)
}
