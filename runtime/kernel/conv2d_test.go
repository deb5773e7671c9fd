package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
)

// conv returns the geometry of a convolution with square kernels, strides and so on, of which OutH and OutW follow.
func conv(in, out, groups, height, width, kernel, stride, pad, dilation int) *Conv2D {
	g := &Conv2D{In: in, Out: out, Groups: groups, Height: height, Width: width, KernelH: kernel, KernelW: kernel,
		StrideH: stride, StrideW: stride, PadH: pad, PadW: pad, DilationH: dilation, DilationW: dilation}
	g.OutH = (height+2*pad-dilation*(kernel-1)-1)/stride + 1
	g.OutW = (width+2*pad-dilation*(kernel-1)-1)/stride + 1
	return g
}

// anyConv returns a small geometry that differs in height and width, with borders of any size.
func anyConv(r *rand.Rand) *Conv2D {
	some := func(most int) int { return 1 + r.IntN(most) }
	groups := 1
	if r.IntN(3) == 0 {
		groups = some(3)
	}
	g := &Conv2D{In: groups * some(20), Out: groups * some(20), Groups: groups, Height: some(9), Width: some(12),
		KernelH: some(4), KernelW: some(4), StrideH: some(3), StrideW: some(3), DilationH: some(3), DilationW: some(3)}
	g.PadH, g.PadW = r.IntN(1+g.DilationH*g.KernelH), r.IntN(1+g.DilationW*g.KernelW)
	g.OutH, g.OutW = some(1+(g.Height+g.PadH)/g.StrideH), some(1+(g.Width+g.PadW)/g.StrideW)
	return g
}

// images, kernels and results return the number of elements of x, w and y.
func (g *Conv2D) images(n int) int  { return n * g.Height * g.Width * g.In }
func (g *Conv2D) kernels() int      { return g.Out * g.terms() }
func (g *Conv2D) results(n int) int { return n * g.OutH * g.OutW * g.Out }
func (g *Conv2D) terms() int        { return g.KernelH * g.KernelW * g.In / g.Groups }

// weight returns where the weight of an output and a term lies.
func (g *Conv2D) weight(out, term int) int {
	each := g.Out / g.Groups
	group, out := out/each, out%each
	first := out / panel * panel
	width := min(panel, each-first)
	return (group*each+first)*g.terms() + term*width + out - first
}

// read returns the element of x that is a term at a position of a channel of y, 0 outside.
func (g *Conv2D) read(x []float32, row, i, j, out, term int) float32 {
	if at := g.meets(row, i, j, out, term); at >= 0 {
		return x[at]
	}
	return 0
}

// meets returns the number of that element, or −1 outside.
func (g *Conv2D) meets(row, i, j, out, term int) int {
	in := g.In / g.Groups
	k, l, c := term/in/g.KernelW, term/in%g.KernelW, out/(g.Out/g.Groups)*in+term%in
	y, x := i*g.StrideH-g.PadH+k*g.DilationH, j*g.StrideW-g.PadW+l*g.DilationW
	if y < 0 || y >= g.Height || x < 0 || x >= g.Width {
		return -1
	}
	return ((row*g.Height+y)*g.Width+x)*g.In + c
}

var convs = []*Conv2D{
	{In: 32, Out: 5, Groups: 1, Height: 64, Width: 64, KernelH: 4, KernelW: 1, StrideH: 1, StrideW: 1, PadH: 24, DilationH: 16, DilationW: 1, OutH: 64, OutW: 64}, // bands of all the room
	conv(1, 8, 1, 28, 28, 3, 1, 1, 1), conv(8, 16, 1, 14, 14, 3, 1, 1, 1), conv(32, 20, 1, 7, 7, 3, 1, 1, 1), conv(3, 5, 1, 9, 11, 5, 2, 2, 1),
	conv(4, 4, 4, 6, 6, 3, 1, 1, 1), conv(6, 40, 2, 8, 5, 3, 1, 2, 2), conv(70, 3, 1, 5, 5, 2, 2, 0, 1), conv(300, 2, 1, 3, 4, 1, 1, 0, 1),
	conv(16, 24, 1, 6, 6, 1, 2, 0, 1), conv(5, 7, 1, 1, 1, 1, 1, 0, 1), conv(24, 24, 24, 30, 29, 5, 1, 2, 1), conv(8, 8, 8, 70, 300, 3, 1, 1, 1), conv(5, 5, 5, 40, 41, 16, 1, 8, 1), conv(2, 18, 1, 3, 3, 3, 3, 4, 1), conv(9, 3, 3, 12, 4, 2, 3, 1, 2),
	{In: 12, Out: 10, Groups: 1, Height: 1, Width: 40, KernelH: 1, KernelW: 5, StrideH: 1, StrideW: 1, PadW: 4, DilationH: 1, DilationW: 1, OutH: 1, OutW: 40},
}

func someConvs() []*Conv2D {
	all, r := append([]*Conv2D{}, convs...), rand.New(rand.NewPCG(1, 2))
	for range 300 {
		all = append(all, anyConv(r))
	}
	for range 200 { // each channel by itself
		g := anyConv(r)
		channels := 1 + r.IntN(40)
		g.In, g.Out, g.Groups = channels, channels, channels
		all = append(all, g)
	}
	return all
}

func TestConvSumsInTheDocumentedOrder(t *testing.T) {
	for i, g := range someConvs() {
		n := 1 + i%3
		x, w, b := draw("x", g.images(n), true), draw("w", g.kernels(), true), draw("b", g.Out, true)
		want, got := make([]float32, g.results(n)), make([]float32, g.results(n))
		for at := range want {
			o, j, i, row := at%g.Out, at/g.Out%g.OutW, at/g.Out/g.OutW%g.OutH, at/g.Out/g.OutW/g.OutH
			want[at] = ordered(g.terms(), 1, func(k int) term { return term{g.read(x, row, i, j, o, k), w[g.weight(o, k)]} }) + b[o]
		}
		Conv(nil, got, x, w, b, nil, n, g)
		if !sameBits(t, want, got, "n=%d %+v", n, *g) {
			return
		}
		Conv(nil, got, x, w, nil, nil, n, g)
		for at := range want {
			want[at] = ordered(g.terms(), 1, func(k int) term {
				o, j, i, row := at%g.Out, at/g.Out%g.OutW, at/g.Out/g.OutW%g.OutH, at/g.Out/g.OutW/g.OutH
				return term{g.read(x, row, i, j, o, k), w[g.weight(o, k)]}
			})
		}
		if !sameBits(t, want, got, "without bias, n=%d %+v", n, *g) {
			return
		}
	}
}

// orderedOf sums products in the documented order but for those that are not there; a block of which none is there is not
// added.
func orderedOf(terms int, at func(k int) (term, bool)) (total float32) {
	var sum float32
	blocks, last := 0, -1
	join := func() {
		if blocks++; blocks == 1 {
			total = sum
		} else {
			total += sum
		}
	}
	for k := range terms {
		v, there := at(k)
		if !there {
			continue
		}
		if of := blockOf(k, 1); of != last {
			if last >= 0 {
				join()
			}
			sum, last = 0, of
		}
		sum = float32(fma(wide(v.x), wide(v.y), wide(sum)))
	}
	if last >= 0 {
		join()
	}
	return total
}

// gradientTerm returns a term of ∂x, and whether the stride meets ∂y at all there, outside of it as 0.
func (g *Conv2D) gradientTerm(dy, w []float32, at, number int) (term, bool) {
	in, out := g.In/g.Groups, g.Out/g.Groups
	c, x, y, row := at%g.In, at/g.In%g.Width, at/g.In/g.Width%g.Height, at/g.In/g.Width/g.Height
	tap, o := g.KernelH*g.KernelW-1-number/out, c/in*out+number%out
	k, l := tap/g.KernelW, tap%g.KernelW
	i, j := y+g.PadH-k*g.DilationH, x+g.PadW-l*g.DilationW
	if i%g.StrideH != 0 || j%g.StrideW != 0 {
		return term{}, false
	}
	v := term{0, w[g.weight(o, (k*g.KernelW+l)*in+c%in)]}
	if i, j = i/g.StrideH, j/g.StrideW; i >= 0 && i < g.OutH && j >= 0 && j < g.OutW {
		v.x = dy[((row*g.OutH+i)*g.OutW+j)*g.Out+o]
	}
	return v, true
}

func TestConvGradientsSumInTheDocumentedOrder(t *testing.T) {
	for i, g := range someConvs() {
		n := 1 + i%3
		x, w, dy := draw("x", g.images(n), true), draw("w", g.kernels(), true), draw("dy", g.results(n), true)
		b := draw("b", g.In, true)
		want, got := make([]float32, g.images(n)), make([]float32, g.images(n))
		for at := range want {
			want[at] = orderedOf(g.KernelH*g.KernelW*g.Out/g.Groups, func(k int) (term, bool) { return g.gradientTerm(dy, w, at, k) })
		}
		ConvGradInput(nil, got, dy, w, make([]float32, len(w)), n, g)
		if !sameBits(t, want, got, "∂x of n=%d %+v", n, *g) {
			return
		}
		Deconv(nil, got, dy, w, b, make([]float32, len(w)), n, g)
		for at := range want {
			want[at] += b[at%g.In]
		}
		if !sameBits(t, want, got, "Deconv of n=%d %+v", n, *g) {
			return
		}

		want, got = make([]float32, len(w)), make([]float32, len(w))
		positions := g.OutH * g.OutW
		for o := range g.Out {
			for number := range g.terms() {
				want[g.weight(o, number)] = ordered(n*positions, positions, func(k int) term {
					row, i, j := k/positions, k%positions/g.OutW, k%g.OutW
					return term{g.read(x, row, i, j, o, number), dy[k*g.Out+o]}
				})
			}
		}
		ConvGradWeight(nil, got, x, dy, nil, n, g)
		if !sameBits(t, want, got, "∂W of n=%d %+v", n, *g) {
			return
		}
		want, got = make([]float32, g.Out), make([]float32, g.Out)
		for o := range want {
			want[o] = ordered(n*positions, positions, func(k int) term { return term{dy[k*g.Out+o], 1} })
		}
		LinearGradBias(nil, got, dy, n, g.OutH*g.OutW, g.Out)
		if !sameBits(t, want, got, "∂b of n=%d %+v", n, *g) {
			return
		}
	}
}

// sharedConvs are shared, with positions, strips and groups left over.
var sharedConvs = []*Conv2D{
	conv(8, 16, 1, 28, 28, 3, 1, 1, 1), conv(32, 70, 1, 14, 14, 3, 1, 1, 1), conv(12, 40, 2, 15, 13, 3, 2, 1, 1), conv(130, 257, 1, 4, 4, 3, 1, 1, 1),
	conv(90, 90, 90, 33, 31, 3, 1, 1, 1), conv(90, 90, 90, 53, 31, 4, 2, 2, 1),
}

func TestWorkersChangeNoBitOfConvolutions(t *testing.T) {
	const n = 5
	for _, g := range sharedConvs {
		assert.GreaterOrEqual(t, g.results(n)*g.terms(), worthSharing, "too small to be shared")
		x, w, b, dy := draw("x", g.images(n), true), draw("w", g.kernels(), true), draw("b", g.Out, true), draw("dy", g.results(n), true)
		results := func(p *Pool) [][]float32 {
			y, y2 := make([]float32, g.results(n)), make([]float32, g.results(n))
			ConvThen(p, y, x, w, b, nil, n, g, scaled(y, y, y, 2), scaled(y2, y, y, -3))
			dx, dx2, dw, scratch := make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(w)), make([]float32, len(w))
			ConvGradInputThen(p, dx, dy, w, scratch, n, g, scaled(dx, dx, x, 2), scaled(dx2, dx, x, -3))
			ConvGradWeight(p, dw, x, dy, nil, n, g)
			return [][]float32{y, y2, dx, dx2, dw, scratch}
		}
		want := results(nil)
		for _, workers := range workerCounts() {
			p := pool(t, workers)
			for i, got := range results(p) {
				sameBits(t, want[i], got, "result %d with %d workers, %+v", i, workers, *g)
			}
			if p != nil {
				assert.NotZero(t, p.crew.open.Load(), "%+v is not shared", *g)
			}
		}
	}
}

func TestMapsFollowConvolutions(t *testing.T) {
	for _, g := range append(sharedConvs, convs...) {
		const n = 2
		x, w, b, dy, scratch := draw("x", g.images(n), true), draw("w", g.kernels(), true), draw("b", g.Out, true), draw("dy", g.results(n), true), make([]float32, g.kernels())
		want, want2 := make([]float32, len(dy)), make([]float32, len(dy))
		Conv(nil, want, x, w, b, nil, n, g)
		Chain(nil, 1, len(dy), scaled(want, want, dy, 2), scaled(want2, want, dy, -3))
		got, got2 := make([]float32, len(dy)), make([]float32, len(dy))
		ConvThen(nil, got, x, w, b, nil, n, g, scaled(got, got, dy, 2), scaled(got2, got, dy, -3))
		sameBits(t, want, got, "%+v", *g)
		sameBits(t, want2, got2, "the second map of %+v", *g)

		want, want2, got, got2 = make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x)), make([]float32, len(x))
		ConvGradInput(nil, want, dy, w, scratch, n, g)
		Chain(nil, 1, len(x), scaled(want, want, x, 2), scaled(want2, want, x, -3))
		ConvGradInputThen(nil, got, dy, w, scratch, n, g, scaled(got, got, x, 2), scaled(got2, got, x, -3))
		sameBits(t, want, got, "∂x of %+v", *g)
		sameBits(t, want2, got2, "the second map of ∂x of %+v", *g)
	}
}

func TestConvolutionsAllocateNothing(t *testing.T) {
	const n = 8
	g := conv(8, 16, 1, 14, 14, 3, 1, 1, 1)
	x, w, y, scratch := draw("x", g.images(n), true), draw("w", g.kernels(), true), make([]float32, g.results(n)), make([]float32, g.kernels())
	for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			ConvThen(p, y, x, w, nil, nil, n, g, scaled(y, y, y, 0.5))
			ConvGradInputThen(p, x, y, w, scratch, n, g, scaled(x, x, x, 0.5))
			ConvGradWeight(p, w, x, y, nil, n, g)
		}), name)
	}
}

// convOf is a geometry of a channels and b results for the harness, of a kind.
func convOf(kind, a, b int) *Conv2D {
	switch kind {
	case 0:
		return conv(a, b, 1, 4, 5, 3, 1, 1, 1)
	case 1:
		return conv(a, b, 1, 6, 7, 2, 2, 1, 1)
	case 2:
		return conv(2*a, 2*b, 2, 3, 4, 2, 1, 2, 2)
	case 3:
		a = max(a, 1)
		return conv(a, a, a, 5, max(b, 2), 3, 1+a%2, 1, 1)
	}
	// Along one axis, of few channels and many positions.
	return &Conv2D{In: 2, Out: b, Groups: 1, Height: 1, Width: a, KernelH: 1, KernelW: 5, StrideH: 1, StrideW: 1, PadW: 2, DilationH: 1, DilationW: 1, OutH: 1, OutW: a}
}

var _ = also(convSpecimens()...)

// convKernel is a kernel of a convolution of any geometry.
type convKernel struct {
	name string
	call func(g *Conv2D) call
}

var convKernels = []convKernel{
	{"Conv", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.results(1))}, src: []extent{rows(g.images(1)), whole(g.kernels()), whole(g.Out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Conv(p, d[0], s[0], s[1], s[2], nil, n, g) }}
	}},
	{"ConvThen", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.results(1))}, src: []extent{rows(g.images(1)), whole(g.kernels()), rows(g.results(1))}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				ConvThen(p, d[0], s[0], s[1], nil, nil, n, g, scaled(d[0], d[0], s[2], 2))
			}}
	}},
	{"ConvGradInput", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.images(1)), whole(g.kernels())}, src: []extent{rows(g.results(1)), whole(g.kernels())}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { ConvGradInput(p, d[0], s[0], s[1], d[1], n, g) }}
	}},
	{"ConvGradInputThen", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.images(1)), whole(g.kernels())}, src: []extent{rows(g.results(1)), whole(g.kernels()), rows(g.images(1))}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				ConvGradInputThen(p, d[0], s[0], s[1], d[1], n, g, scaled(d[0], d[0], s[2], 2))
			}}
	}},
	{"Deconv", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.images(1)), whole(g.kernels())}, src: []extent{rows(g.results(1)), whole(g.kernels()), whole(g.In)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Deconv(p, d[0], s[0], s[1], s[2], d[1], n, g) }}
	}},
	{"DeconvThen", func(g *Conv2D) call {
		return call{dst: []extent{rows(g.images(1)), whole(g.kernels())}, src: []extent{rows(g.results(1)), whole(g.kernels()), whole(g.In), rows(g.images(1))}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				DeconvThen(p, d[0], s[0], s[1], s[2], d[1], n, g, scaled(d[0], d[0], s[3], 2))
			}}
	}},
	{"ConvGradWeight", func(g *Conv2D) call {
		return call{dst: []extent{whole(g.kernels())}, src: []extent{rows(g.images(1)), rows(g.results(1))},
			run: func(p *Pool, d, s [][]float32, n int) { ConvGradWeight(p, d[0], s[0], s[1], nil, n, g) }}
	}},
}

func convSpecimens() (all []specimen) {
	for kind, what := range []string{"", ", with stride", ", with groups and dilation", ", each channel by itself", ", along one axis"} {
		for _, k := range convKernels {
			all = append(all, specimen{name: k.name + what, area: product, axes: 2, rows: 70, rare: true,
				at: func(a, b int) call { return k.call(convOf(kind, a, b)) }})
		}
	}
	return all
}

// FuzzConvolutions runs geometries that no table has.
func FuzzConvolutions(f *testing.F) {
	f.Add(uint64(1), uint8(0))
	f.Add(uint64(2), uint8(3))
	var m memory
	f.Fuzz(func(t *testing.T, seed uint64, how uint8) {
		r := rand.New(rand.NewPCG(seed, 0))
		g, n := anyConv(r), 1+r.IntN(4)
		for _, s := range convKernels {
			e, err := newExperiment(&m, specimen{name: fmt.Sprintf("%s of %+v", s.name, *g), at: func(int, int) call { return s.call(g) }}, [3]int{n}, fill(how)%lastFill, seed, nil)
			if err == nil {
				err = e.all()
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkConv(b *testing.B) {
	const n = 16
	for _, g := range []*Conv2D{conv(1, 8, 1, 28, 28, 3, 1, 1, 1), conv(8, 16, 1, 28, 28, 3, 1, 1, 1), conv(32, 64, 1, 14, 14, 3, 1, 1, 1),
		conv(64, 64, 1, 56, 56, 3, 1, 1, 1), conv(128, 256, 1, 14, 14, 3, 2, 1, 1), conv(64, 256, 1, 14, 14, 1, 1, 0, 1), conv(32, 32, 32, 14, 14, 3, 1, 1, 1), conv(8, 8, 8, 28, 28, 3, 1, 1, 1), conv(64, 64, 64, 56, 56, 3, 2, 1, 1)} {
		x, w, dy := draw("x", g.images(n), true), draw("w", g.kernels(), true), draw("dy", g.results(n), true)
		y, dx, dw, scratch := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w)), make([]float32, len(w))
		for _, c := range []struct {
			name string
			run  func()
		}{
			{"forward", func() { Conv(nil, y, x, w, nil, nil, n, g) }},
			{"gradInput", func() { ConvGradInput(nil, dx, dy, w, scratch, n, g) }},
			{"gradWeight", func() { ConvGradWeight(nil, dw, x, dy, nil, n, g) }},
		} {
			b.Run(fmt.Sprintf("%s/%dx%dx%dx%d-%d,kernel=%d,stride=%d,groups=%d", c.name, n, g.Height, g.Width, g.In, g.Out, g.KernelH, g.StrideH, g.Groups), func(b *testing.B) {
				for b.Loop() {
					c.run()
				}
				b.ReportMetric(2*float64(g.results(n)*g.terms())*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
