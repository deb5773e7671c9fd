package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// term is one product in a sum.
type term struct{ x, y float32 }

// ordered sums products in the documented order: one accumulator from 0 upwards for each 256 terms, whose sums
// are joined by rounded additions. It is the definition that every variant of the kernels has to meet.
func ordered(terms int, at func(k int) term) float32 {
	var total float32
	for from := 0; from < terms; from += 256 {
		var s float32
		for k := from; k < min(from+256, terms); k++ {
			v := at(k)
			s += float32(v.x * v.y)
		}
		if from == 0 {
			total = s
		} else {
			total += s
		}
	}
	return total
}

// exact sums them in float64 and returns also the error that float32 may make of it.
func exact(terms int, at func(k int) term) (sum, tolerance float64) {
	size := 0.0
	for k := range terms {
		v := at(k)
		p := float64(v.x) * float64(v.y)
		sum += p
		size += math.Abs(p)
	}
	return sum, size * float64(terms+2) * 0x1p-24
}

type dims struct{ n, in, out int }

// sizes are all small ones, which leave something over of every tile, and those around whole blocks.
func sizes() []dims {
	var all []dims
	for n := 1; n <= 9; n++ {
		for in := 1; in <= 9; in++ {
			for out := 1; out <= 9; out++ {
				all = append(all, dims{n, in, out})
			}
		}
	}
	for _, long := range []int{255, 256, 257, 511, 512, 513, 600} {
		for _, a := range []int{1, 2, 3, 5} {
			for _, b := range []int{1, 4, 6} {
				all = append(all, dims{long, a, b}, dims{a, long, b}, dims{a, b, long})
			}
		}
	}
	return append(all, dims{17, 130, 33}, dims{64, 31, 40})
}

// products compares one element after another with the definition, bit for bit, and with float64.
func products(t *testing.T, what string, got []float32, terms int, bias func(i int) (float32, bool), at func(i, k int) term) bool {
	for i, v := range got {
		of := func(k int) term { return at(i, k) }
		want := ordered(terms, of)
		sum, tolerance := exact(terms, of)
		if b, ok := bias(i); ok {
			want += b
			sum += float64(b)
			tolerance += (math.Abs(sum) + math.Abs(float64(b))) * 0x1p-23
		}
		if math.Float32bits(v) != math.Float32bits(want) {
			return assert.Fail(t, fmt.Sprintf("%s: element %d is %v, in the documented order %v", what, i, v, want))
		}
		if !(math.Abs(float64(v)-sum) <= tolerance) {
			return assert.Fail(t, fmt.Sprintf("%s: element %d is %v, exactly %v ± %v", what, i, v, sum, tolerance))
		}
	}
	return true
}

func TestProductsSumInTheDocumentedOrder(t *testing.T) {
	none := func(int) (float32, bool) { return 0, false }
	for _, s := range sizes() {
		n, in, out := s.n, s.in, s.out
		x, w, b, dy := draw("x", n*in, true), draw("w", in*out, true), draw("b", out, true), draw("dy", n*out, true)
		of := fmt.Sprintf("n=%d in=%d out=%d", n, in, out)

		y := make([]float32, n*out)
		forward := func(i, k int) term { return term{x[i/out*in+k], w[k*out+i%out]} }
		Linear(nil, y, x, w, nil, nil, n, in, out)
		ok := products(t, "Linear without bias "+of, y, in, none, forward)
		Linear(nil, y, x, w, b, nil, n, in, out)
		ok = products(t, "Linear "+of, y, in, func(i int) (float32, bool) { return b[i%out], true }, forward) && ok

		dw := make([]float32, in*out)
		LinearGradWeight(nil, dw, x, dy, nil, n, in, out)
		ok = products(t, "LinearGradWeight "+of, dw, n, none, func(i, k int) term { return term{x[k*in+i/out], dy[k*out+i%out]} }) && ok

		dx := make([]float32, n*in)
		LinearGradInput(nil, dx, dy, w, nil, n, in, out)
		ok = products(t, "LinearGradInput "+of, dx, out, none, func(i, k int) term { return term{dy[i/in*out+k], w[i%in*out+k]} }) && ok

		db := make([]float32, out)
		LinearGradBias(nil, db, dy, n, out)
		ok = products(t, "LinearGradBias "+of, db, n, none, func(i, k int) term { return term{dy[k*out+i], 1} }) && ok
		if !ok {
			return
		}
	}
}

// Were the blocks not joined separately, 2²⁴ + 1 + … + 1 would stay 2²⁴.
func TestBlocksAreJoinedByRoundedAdditions(t *testing.T) {
	x, w := make([]float32, 512), make([]float32, 512)
	for k := range x {
		x[k], w[k] = 1, 1
	}
	x[0] = 1 << 24
	y := []float32{0}
	Linear(nil, y, x, w, nil, nil, 1, 512, 1)
	assert.Equal(t, []float32{1<<24 + 256}, y)
}

func TestALayerWithoutInputsIsItsBias(t *testing.T) {
	y := []float32{7, 7, 7, 7}
	Linear(nil, y, nil, nil, []float32{1, 2}, nil, 2, 0, 2)
	assert.Equal(t, []float32{1, 2, 1, 2}, y)
}

func BenchmarkLinear(b *testing.B) {
	benchmark(b, func(s dims, x, w, y []float32) { Linear(nil, y, x, w, nil, nil, s.n, s.in, s.out) })
}

func BenchmarkLinearGradWeight(b *testing.B) {
	benchmark(b, func(s dims, x, w, y []float32) { LinearGradWeight(nil, w, x, y, nil, s.n, s.in, s.out) })
}

func BenchmarkLinearGradInput(b *testing.B) {
	benchmark(b, func(s dims, x, w, y []float32) { LinearGradInput(nil, x, y, w, nil, s.n, s.in, s.out) })
}

// benchmark reports multiply-adds per second. The kernels overwrite one of the arrays, which keeps its values
// moderate: no product of subnormals or infinities is measured.
func benchmark(b *testing.B, run func(s dims, x, w, y []float32)) {
	for _, s := range []dims{{64, 784, 128}, {64, 64, 64}} {
		b.Run(fmt.Sprintf("%dx%dx%d", s.n, s.in, s.out), func(b *testing.B) {
			x, w, y := draw("x", s.n*s.in, true), draw("w", s.in*s.out, true), draw("y", s.n*s.out, true)
			for b.Loop() {
				run(s, x, w, y)
			}
			b.ReportMetric(float64(s.n*s.in*s.out)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
		})
	}
}
