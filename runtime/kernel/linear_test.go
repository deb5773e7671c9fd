package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

// term is one product in a sum.
type term struct{ x, y float32 }

// blockOf returns the number of the block that a term belongs to, of rows of that many positions: several whole
// rows of at most 256 terms together, or pieces of 256 of one long row.
func blockOf(term, positions int) int {
	row, position := term/positions, term%positions
	if positions > 256 {
		pieces := (positions + 255) / 256
		return row*pieces + position/256
	}
	return row / (256 / positions)
}

// ordered sums products in the documented order: one accumulator from 0 upwards for each block of terms, to
// which they are added fused, and whose sums are joined by rounded additions. It is the definition that every variant of the kernels has to meet.
func ordered(terms, positions int, at func(k int) term) float32 {
	var sums []float32
	for k := range terms {
		if blockOf(k, positions) == len(sums) {
			sums = append(sums, 0)
		}
		v := at(k)
		last := &sums[len(sums)-1]
		*last = float32(fma(wide(v.x), wide(v.y), wide(*last)))
	}
	if len(sums) == 0 {
		return 0
	}
	total := sums[0]
	for _, s := range sums[1:] {
		total += s
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
	return append(all, dims{17, 130, 33}, dims{64, 31, 40}, dims{3, 33, 16}, dims{2, 18, 15}, dims{5, 5, 17}, dims{4, 300, 32}, dims{2, 20, 530},
		dims{1, 7, 16}, dims{1, 300, 50}, dims{1, 5, 130}, dims{1, 513, 115}, dims{2, 40, 256})
}

// products compares one element after another with the definition, bit for bit, and with float64.
func products(t *testing.T, what string, got []float32, terms, positions int, bias func(i int) (float32, bool), at func(i, k int) term) bool {
	for i, v := range got {
		of := func(k int) term { return at(i, k) }
		want := ordered(terms, positions, of)
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

func none(int) (float32, bool) { return 0, false }

// layout gives the place in memory of element (j, k) of a matrix [out, in].
type layout func(j, k, out, in int) int

func rowByRow(j, k, _, in int) int { return j*in + k }

// inPanels is the layout of panels, the last of which is narrower: nothing is padded.
func inPanels(j, k, out, in int) int {
	first := j / panel * panel
	return first*in + k*min(panel, out-first) + j - first
}

// weights returns memory [out, in] in that layout, whose values are the same as those of m row-major.
func weights(m []float32, of layout, in, out int) []float32 {
	data := make([]float32, len(m))
	for i, v := range m {
		data[of(i/in, i%in, out, in)] = v
	}
	return data
}

// rowMajor returns the values of memory in that layout, row-major.
func rowMajor(data []float32, of layout, in, out int) []float32 {
	m := make([]float32, len(data))
	for i := range m {
		m[i] = data[of(i/in, i%in, out, in)]
	}
	return m
}

// linear is the kernels for one layout of the weights.
type linear struct {
	name       string
	layout     layout
	forward    func(p *Pool, y, x, w, b, scratch []float32, n, in, out int)
	gradInput  func(p *Pool, dx, dy, w, scratch []float32, n, in, out int)
	gradWeight func(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int)
}

var linears = []linear{
	{"", inPanels, Linear, LinearGradInput, LinearGradWeight},
	{"Rows", rowByRow, LinearRows, LinearGradInputRows, LinearGradWeightRows},
}

func TestProductsSumInTheDocumentedOrder(t *testing.T) {
	for _, s := range sizes() {
		n, in, out := s.n, s.in, s.out
		x, m, b, dy := draw("x", n*in, true), draw("w", in*out, true), draw("b", out, true), draw("dy", n*out, true)
		for _, l := range linears {
			of := fmt.Sprintf("%s n=%d in=%d out=%d", l.name, n, in, out)
			w := weights(m, l.layout, in, out)

			y := make([]float32, n*out)
			forward := func(i, k int) term { return term{x[i/out*in+k], m[i%out*in+k]} }
			l.forward(nil, y, x, w, nil, nil, n, in, out)
			ok := products(t, "Linear without bias"+of, y, in, 1, none, forward)
			l.forward(nil, y, x, w, b, nil, n, in, out)
			ok = products(t, "Linear"+of, y, in, 1, func(i int) (float32, bool) { return b[i%out], true }, forward) && ok

			dx := make([]float32, n*in)
			l.gradInput(nil, dx, dy, w, nil, n, in, out)
			ok = products(t, "LinearGradInput"+of, dx, out, 1, none, func(i, k int) term { return term{dy[i/in*out+k], m[k*in+i%in]} }) && ok

			ok = gradients(t, l, x, dy, n, 1, in, out) && ok
			if !ok {
				return
			}
		}
	}
}

// gradients compares the sums over rows and positions with the definition.
func gradients(t *testing.T, l linear, x, dy []float32, n, positions, in, out int) bool {
	of := fmt.Sprintf("%s n=%d positions=%d in=%d out=%d", l.name, n, positions, in, out)
	terms := n * positions
	dw := make([]float32, in*out)
	l.gradWeight(nil, dw, x, dy, nil, n, positions, in, out)
	ok := products(t, "LinearGradWeight"+of, rowMajor(dw, l.layout, in, out), terms, positions, none,
		func(i, k int) term { return term{x[k*in+i%in], dy[k*out+i/in]} })

	db := make([]float32, out)
	LinearGradBias(nil, db, dy, n, positions, out)
	return products(t, "LinearGradBias"+of, db, terms, positions, none, func(i, k int) term { return term{dy[k*out+i], 1} }) && ok
}

func TestBlocksOfGradientsAreWholeRows(t *testing.T) {
	for _, positions := range []int{1, 2, 3, 50, 80, 100, 127, 128, 129, 200, 255, 256, 257, 400, 512, 513} {
		for _, n := range []int{1, 2, 3, 5, 7} {
			for _, s := range []dims{{n, 1, 1}, {n, 3, 5}, {n, 5, 18}} {
				x, dy := draw("x", n*positions*s.in, true), draw("dy", n*positions*s.out, true)
				for _, l := range linears {
					if !gradients(t, l, x, dy, n, positions, s.in, s.out) {
						return
					}
				}
			}
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
	for _, l := range linears {
		l.forward(nil, y, x, w, nil, nil, 1, 512, 1)
		assert.Equal(t, []float32{1<<24 + 256}, y, l.name)
	}
}

func TestALayerWithoutInputsIsItsBias(t *testing.T) {
	for _, l := range linears {
		y := []float32{7, 7, 7, 7}
		l.forward(nil, y, nil, nil, []float32{1, 2}, nil, 2, 0, 2)
		assert.Equal(t, []float32{1, 2, 1, 2}, y, l.name)
	}
}

// Large products copy their operands where that pays: these do, with rows, columns and terms left over of everything.
func TestLargeProductsSumInTheDocumentedOrder(t *testing.T) {
	for _, s := range []dims{{533, 261, 66}, {200, 290, 141}, {141, 66, 530}, {50, 1061, 130}, {3, 530, 1050}, {2, 1050, 530}, {781, 21, 42}} {
		n, in, out := s.n, s.in, s.out
		x, m, b, dy := draw("x", n*in, true), draw("w", in*out, true), draw("b", out, true), draw("dy", n*out, true)
		for _, l := range linears {
			w := weights(m, l.layout, in, out)
			y, dx, dw := make([]float32, n*out), make([]float32, n*in), make([]float32, in*out)
			l.forward(nil, y, x, w, b, nil, n, in, out)
			l.gradInput(nil, dx, dy, w, nil, n, in, out)
			l.gradWeight(nil, dw, x, dy, nil, n, 1, in, out)
			dw = rowMajor(dw, l.layout, in, out)
			some := func(what string, got []float32, want func(i int) float32) {
				for i := 0; i < len(got); i += 1 + i%31 {
					if !assert.Equal(t, math.Float32bits(want(i)), math.Float32bits(got[i]), "%s%s of %+v: element %d", what, l.name, s, i) {
						return
					}
				}
			}
			some("Linear", y, func(i int) float32 {
				return ordered(in, 1, func(k int) term { return term{x[i/out*in+k], m[i%out*in+k]} }) + b[i%out]
			})
			some("LinearGradInput", dx, func(i int) float32 {
				return ordered(out, 1, func(k int) term { return term{dy[i/in*out+k], m[k*in+i%in]} })
			})
			some("LinearGradWeight", dw, func(i int) float32 {
				return ordered(n, 1, func(k int) term { return term{x[k*in+i%in], dy[k*out+i/in]} })
			})
		}
	}
}
