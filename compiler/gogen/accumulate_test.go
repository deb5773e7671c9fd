package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Batches that accumulate step as one of all their rows does, dropout included; what is left makes a step when Flush is
// called; a checkpoint within a step goes on as if nothing had been.
func TestBatchesAccumulate(t *testing.T) {
	const spec = "input x[4]\nlinear 21; dropout 0.3; tanh\nrepeat 2 { linear 21; dropout 0.5; tanh }\nlinear 3; dropout 0.1; linear 3\n" +
		"loss mse\nclip 0.3\nsgd 0.1 momentum=0.9\nschedule linear\n"
	source, err := File(planned(t, spec+"batch 5; accumulate 3"), "main", "")
	require.NoError(t, err)
	whole, err := File(planned(t, spec+"batch 15"), "main", "")
	require.NoError(t, err)
	body := strings.ReplaceAll(string(whole), "Tool", "Whole")
	body = strings.ReplaceAll(body, "tool", "whole")
	source = append(source, body[strings.Index(body, "// Whole is"):]...)
	source = append(source, `
var x, y = make([]float32, 60), make([]float32, 45)

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

func near(a, b []nnrt.Param) {
	for i, p := range a {
		v, w := values(p.Tensor), values(b[i].Tensor)
		for k := range v {
			if d := v[k] - w[k]; d > 1e-6 || d < -1e-6 {
				panic(fmt.Sprint(p.Name, k, v[k], w[k]))
			}
		}
	}
}

func same(a, b *Tool) {
	for i, p := range a.Params() {
		if !slices.Equal(values(p.Tensor), values(b.Params()[i].Tensor)) {
			panic(p.Name)
		}
	}
}

func batch(m *Tool, from, to int) {
	_, err := m.Train(x[4*from:4*to], y[3*from:3*to])
	must(err)
}

func byCalls(m *Tool, from, to int) {
	_, err := m.Forward(x[4*from : 4*to])
	must(err)
	_, err = m.Loss(y[3*from : 3*to])
	must(err)
	must(m.Backward())
	must(m.Step())
}

func main() {
	for i := range x {
		x[i] = float32(i%7) - 3
	}
	for i := range y {
		y[i] = float32(i % 5)
	}
	m, w := NewTool(), NewWhole()
	if _, err := m.Train(x[:20], y[:15]); err == nil || !strings.Contains(err.Error(), "SetTotalSteps") {
		panic(err)
	}
	m.SetTotalSteps(100)
	w.SetTotalSteps(100)
	for step := range 3 {
		for _, part := range [][2]int{{0, 5}, {5, 8}, {8, 13}} {
			if m.Steps() != uint64(step) {
				panic("a batch is a step")
			}
			batch(m, part[0], part[1])
		}
		_, err := w.Train(x[:4*13], y[:3*13])
		must(err)
		near(m.Params(), w.Params())
	}
	if m.Steps() != 3 {
		panic("three batches are no step")
	}

	// What is left is a step of its own, and nothing is none.
	batch(m, 0, 5)
	batch(m, 5, 7)
	must(m.Flush())
	must(m.Flush())
	_, err := w.Train(x[:28], y[:21])
	must(err)
	near(m.Params(), w.Params())
	if m.Steps() != 4 {
		panic("Flush does one step")
	}

	// The four calls count as Train does, and a batch that Flush comes before the end of is forgotten.
	a, b := NewTool(), NewTool()
	a.SetTotalSteps(100)
	b.SetTotalSteps(100)
	for k := range 8 {
		batch(a, k, k+5)
		if k%3 == 1 {
			batch(b, k, k+5)
		} else {
			byCalls(b, k, k+5)
		}
	}
	same(a, b)
	_, err = b.Forward(x[:20])
	must(err)
	must(a.Flush())
	must(b.Flush())
	same(a, b)
	if err := b.Step(); err == nil {
		panic("a batch was not forgotten")
	}

	// A checkpoint after two batches of three.
	batch(a, 0, 5)
	batch(a, 5, 9)
	from, c := a.State(), NewTool(nnrt.Seed(4))
	c.Reset(0) // masks are drawn by the seed
	to := c.State()
	for i, p := range from.Params {
		must(to.Params[i].Set(values(p.Tensor)))
	}
	for i, s := range from.Slots {
		must(to.Slots[i].Set(values(s)))
	}
	*to.Step, *to.Rate, *to.Total, *to.Batches, *to.Rows = *from.Step, *from.Rate, *from.Total, *from.Batches, *from.Rows
	if *to.Batches != 2 || *to.Rows != 9 {
		panic("the batches of the running step are no state")
	}
	batch(a, 9, 12)
	batch(c, 9, 12)
	same(a, c)

	a.Reset(0)
	fresh := NewTool()
	for _, m := range []*Tool{a, fresh} {
		m.SetTotalSteps(100)
		for k := range 3 {
			batch(m, k, k+5)
		}
	}
	same(a, fresh)
	if n := testing.AllocsPerRun(9, func() { batch(a, 0, 5) }); n != 0 {
		panic("a batch allocates")
	}
	if n := testing.AllocsPerRun(9, func() { batch(a, 0, 5); _ = a.Flush() }); n != 0 {
		panic("Flush allocates")
	}
}
`...)
	source = []byte(strings.Replace(string(source), "import (", "import (\n\t\"fmt\"\n\t\"strings\"\n\t\"testing\"", 1))
	runProgram(t, source, nil)
}
