package modeltest

import (
	"io"
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// subject is a linear layer written by hand, with mean squared error and SGD, on four rows: y = x·W + b, with
// x [4, 3], W [3, 3] in PyTorch's order and b [3]. Its gate starts at 0 and scales the result by 1 + gate.
type subject struct {
	x, target              []float32
	w, b, gate, dw, db, dg []float32
	y, plain, dy           []float32
	sink                   []float32 // keeps what a faulty step allocates
}

func newSubject() *subject {
	return &subject{
		x: Floats("x", 4*3), target: Floats("target", 4*3),
		w: Floats("w", 3*3), b: Floats("b", 3), gate: make([]float32, 1),
		dw: make([]float32, 3*3), db: make([]float32, 3), dg: make([]float32, 1),
		y: make([]float32, 4*3), plain: make([]float32, 4*3), dy: make([]float32, 4*3),
	}
}

func (s *subject) forward() {
	for r := range 4 {
		for j := range 3 {
			sum := s.b[j]
			for k := range 3 {
				sum += s.x[r*3+k] * s.w[j*3+k]
			}
			s.plain[r*3+j] = sum
			s.y[r*3+j] = sum * (1 + s.gate[0])
		}
	}
}

func (s *subject) loss() (float32, error) {
	s.forward()
	sum := float32(0)
	for i, v := range s.y {
		s.dy[i] = (v - s.target[i]) * (2.0 / 12)
		sum += (v - s.target[i]) * (v - s.target[i])
	}
	return sum / 12, nil
}

func (s *subject) back() error {
	clear(s.dw)
	clear(s.db)
	clear(s.dg)
	for r := range 4 {
		for j := range 3 {
			s.dg[0] += s.dy[r*3+j] * s.plain[r*3+j]
			d := s.dy[r*3+j] * (1 + s.gate[0])
			s.db[j] += d
			for k := range 3 {
				s.dw[j*3+k] += d * s.x[r*3+k]
			}
		}
	}
	return nil
}

func (s *subject) train() (float32, error) {
	loss, _ := s.loss()
	_ = s.back()
	for i, g := range s.dw {
		s.w[i] -= 0.01 * g
	}
	for i, g := range s.db {
		s.b[i] -= 0.01 * g
	}
	return loss, nil
}

func (s *subject) predict() error {
	s.forward()
	return nil
}

func (s *subject) model() Model {
	params := []nnrt.Param{
		nnrt.NewParam("w", s.w, s.dw, nnrt.RowMajor, 3, 3),
		nnrt.NewParam("b", s.b, s.db, nnrt.RowMajor, 3),
		nnrt.NewParam("gate", s.gate, s.dg, nnrt.RowMajor, 1),
	}
	return Model{
		Params: params, Loss: s.loss, Back: s.back, Train: s.train, Predict: s.predict,
		SaveTo: func(w io.Writer) error { return nnrt.SaveTo("Model.SaveTo", w, nil, params, nil) },
		Load: func(r io.Reader) error {
			return nnrt.LoadFrom("Model.LoadFrom", r, new(map[string]string), params, nil)
		},
	}
}

func TestARightModelPasses(t *testing.T) {
	for name, check := range map[string]func(*testing.T, Model){"Gradients": Gradients, "NoAllocation": NoAllocation, "RoundTrip": RoundTrip} {
		t.Run(name, func(t *testing.T) { check(t, newSubject().model()) })
	}
}

// after lets Backward be followed by a fault.
func after(fault func(s *subject)) func(s *subject, m *Model) {
	return func(s *subject, m *Model) {
		m.Back = func() error {
			err := s.back()
			fault(s)
			return err
		}
	}
}

func scale(x []float32, by float32) {
	for i := range x {
		x[i] *= by
	}
}

// loaded lets Load be followed by a fault.
func loaded(fault func(s *subject)) func(s *subject, m *Model) {
	return func(s *subject, m *Model) {
		load := m.Load
		m.Load = func(r io.Reader) error {
			err := load(r)
			fault(s)
			return err
		}
	}
}

var faults = []struct {
	name   string
	check  func(*testing.T, Model)
	change func(s *subject, m *Model)
	says   string
}{
	{"sign", Gradients, after(func(s *subject) { scale(s.dw, -1) }), `w\[0, 0\]: backward computes the gradient .*, differences of the loss give`},
	{"a tenth too large", Gradients, after(func(s *subject) { scale(s.dw, 1.1) }), `w\[\d, \d\]: backward computes`},
	{"a tenth too small", Gradients, after(func(s *subject) { scale(s.db, 0.9) }), `b\[\d\]: backward computes`},
	{"transposed", Gradients, after(func(s *subject) {
		g := s.dw
		g[1], g[3], g[2], g[6], g[5], g[7] = g[3], g[1], g[6], g[2], g[7], g[5]
	}), `w\[0, 1\]: backward computes`},
	{"absent", Gradients, after(func(s *subject) { clear(s.db) }), `b\[0\]: backward computes the gradient 0,`},
	{"one element dropped", Gradients, after(func(s *subject) { s.db[1] = 0 }), `b\[1\]: backward computes the gradient 0,`},
	{"not a number", Gradients, after(func(s *subject) { s.db[1] = float32(math.NaN()) }), `b\[1\]: backward computes the gradient NaN`},
	{"of the last parameter", Gradients, after(func(s *subject) { scale(s.dg, 1.1) }), `gate\[0\]: backward computes`},
	{"no gradient", Gradients, func(s *subject, m *Model) { m.Params[1] = nnrt.NewParam("b", s.b, nil, nnrt.RowMajor, 3) }, `b has no gradient`},
	{"a frozen parameter that a step changes", FrozenStay, func(_ *subject, m *Model) { m.Frozen = []string{"w"} }, `w is frozen`},
	{"failing loss", Gradients, func(_ *subject, m *Model) { m.Loss = func() (float32, error) { return 0, io.ErrUnexpectedEOF } }, `unexpected EOF`},
	{"failing backward", Gradients, func(_ *subject, m *Model) { m.Back = func() error { return io.ErrUnexpectedEOF } }, `unexpected EOF`},
	{"loss is not a number", Gradients, func(s *subject, m *Model) {
		m.Loss = func() (float32, error) { _, err := s.loss(); return float32(math.NaN()), err }
	}, `the loss is NaN`},

	{"allocating step", NoAllocation, func(s *subject, m *Model) {
		m.Train = func() (float32, error) { s.sink = make([]float32, 100); return s.train() }
	}, `a step allocates 1 times`},
	{"allocating prediction", NoAllocation, func(s *subject, m *Model) {
		m.Predict = func() error { s.sink = make([]float32, 100); return s.predict() }
	}, `a prediction allocates 1 times`},
	{"failing step", NoAllocation, func(_ *subject, m *Model) { m.Train = func() (float32, error) { return 0, io.ErrUnexpectedEOF } }, `unexpected EOF`},
	{"failing prediction", NoAllocation, func(_ *subject, m *Model) { m.Predict = func() error { return io.ErrUnexpectedEOF } }, `unexpected EOF`},

	{"a lost bit", RoundTrip, loaded(func(s *subject) { s.w[4] = math.Float32frombits(math.Float32bits(s.w[4]) ^ 1) }), `w\[4\] was .* and came back as`},
	{"zeros lost", RoundTrip, func(s *subject, m *Model) {
		part := m.Params[:2]
		m.SaveTo = func(w io.Writer) error { return nnrt.SaveTo("Model.SaveTo", w, nil, part, nil) }
		m.Load = func(r io.Reader) error { return nnrt.LoadFrom("Model.LoadFrom", r, new(map[string]string), part, nil) }
	}, `gate\[0\] was 0 and came back as`},
	{"state lost", RoundTrip, func(s *subject, m *Model) {
		m.Params, m.State = m.Params[:2], []nnrt.Tensor{m.Params[2].Tensor}
		part := m.Params
		m.SaveTo = func(w io.Writer) error { return nnrt.SaveTo("Model.SaveTo", w, nil, part, nil) }
		m.Load = func(r io.Reader) error { return nnrt.LoadFrom("Model.LoadFrom", r, new(map[string]string), part, nil) }
	}, `gate\[0\] was 0 and came back as`},
	{"a counter lost", RoundTrip, func(s *subject, m *Model) {
		m.State = []nnrt.Tensor{nnrt.NewIntTensor("steps", []int64{7})}
	}, `steps\[0\] was 7 and came back as 8`},
	{"two swapped", RoundTrip, loaded(func(s *subject) { s.b[0], s.b[2] = s.b[2], s.b[0] }), `b\[0\] was`},
	{"failing save", RoundTrip, func(_ *subject, m *Model) { m.SaveTo = func(io.Writer) error { return io.ErrUnexpectedEOF } }, `unexpected EOF`},
	{"wrong last position", walks(walker{fault: 4}), func(*subject, *Model) {}, `score 1 at position 4 is .* computed position by position`},
	{"allocating first position", walks(walker{alloc: true}), func(*subject, *Model) {}, `5 positions allocate 1 times`},
	{"allocating last position", walks(walker{fault: 4, alloc: true}), func(*subject, *Model) {}, `5 positions allocate 1 times`},
	{"nothing saved", RoundTrip, func(_ *subject, m *Model) { m.SaveTo = func(io.Writer) error { return nil } }, `.`},
}

const inChild = "NNC_MODELTEST_FAULTS"

// TestFaulty is what the child process of TestWrongModelsFail runs: it must fail in every subtest.
func TestFaulty(t *testing.T) {
	if os.Getenv(inChild) == "" {
		t.Skip("run by TestWrongModelsFail")
	}
	for _, f := range faults {
		t.Run(strings.ReplaceAll(f.name, " ", "_"), func(t *testing.T) {
			s := newSubject()
			m := s.model()
			f.change(s, &m)
			f.check(t, m)
		})
	}
}

func TestWrongModelsFail(t *testing.T) {
	executable, err := os.Executable()
	require.NoError(t, err)
	child := exec.Command(executable, "-test.run=^TestFaulty$")
	child.Env = append(os.Environ(), inChild+"=1")
	out, err := child.CombinedOutput()
	require.Error(t, err)
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			_, report, found := strings.Cut(string(out), "--- FAIL: TestFaulty/"+strings.ReplaceAll(f.name, " ", "_")+" ")
			if !found {
				t.Fatalf("%s goes unnoticed:\n%s", f.name, out)
			}
			report, _, _ = strings.Cut(report, "--- FAIL")
			assert.Regexp(t, regexp.MustCompile(f.says), report)
		})
	}
}

func TestMadeUpData(t *testing.T) {
	x := Floats("x", 10_000)
	sum, square := 0.0, 0.0
	for _, v := range x {
		sum += float64(v)
		square += float64(v) * float64(v)
	}
	assert.InDelta(t, 0, sum/10_000, 0.05)
	assert.InDelta(t, 1, square/10_000, 0.05)
	assert.Equal(t, x[:5], Floats("x", 5))
	assert.NotEqual(t, x[:5], Floats("y", 5))

	counts := [7]int{}
	for _, c := range Classes("c", 7000, 7) {
		counts[c]++
	}
	for class, n := range counts {
		assert.InDelta(t, 1000, n, 150, "class %d", class)
	}
	assert.Equal(t, []int32{0, 0}, Classes("c", 2, 1))
}
