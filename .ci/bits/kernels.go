package main

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"math"

	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/modeltest"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// calls is a hash of what kernels compute that no model calls, because the language has no word for them yet. What is
// computed is large enough for the workers to share it, and most sums have more terms than a block.
type calls struct {
	pool *kernel.Pool
	all  hash.Hash
}

// kernels returns the hash of all their results.
func kernels(workers int) (all [sha256.Size]byte) {
	c := calls{kernel.NewPool(workers), sha256.New()}
	c.convolutions()
	c.channels()
	c.pools()
	c.batched()
	c.strided()
	c.rows()
	c.functions()
	c.draws()
	c.losses()
	c.weightedLosses()
	c.rates()
	c.optimisers()
	c.finite()
	c.all.Sum(all[:0])
	return all
}

// add adds results to the hash. A processor may choose a NaN's sign and payload: all of them count as one.
func (c *calls) add(results ...[]float32) {
	var bits []byte
	for _, x := range results {
		for _, v := range x {
			if v != v {
				v = float32(math.NaN())
			}
			bits = binary.LittleEndian.AppendUint32(bits, math.Float32bits(v))
		}
	}
	c.all.Write(bits)
}

func zeros(n int) []float32 { return make([]float32, n) }

// convolutions are one with everything that a geometry can have, a plain one, and one of each channel by itself.
func (c *calls) convolutions() {
	const n = 5
	for _, g := range []*kernel.Conv2D{
		{In: 96, Out: 40, Groups: 2, Height: 15, Width: 13, KernelH: 3, KernelW: 2, StrideH: 2, StrideW: 3, PadH: 2, PadW: 1,
			DilationH: 2, DilationW: 1, OutH: 8, OutW: 5},
		{In: 8, Out: 16, Groups: 1, Height: 14, Width: 14, KernelH: 3, KernelW: 3, StrideH: 1, StrideW: 1, PadH: 1, PadW: 1,
			DilationH: 1, DilationW: 1, OutH: 14, OutW: 14},
		{In: 21, Out: 21, Groups: 21, Height: 30, Width: 29, KernelH: 3, KernelW: 5, StrideH: 1, StrideW: 2, PadH: 1, PadW: 2,
			DilationH: 1, DilationW: 1, OutH: 30, OutW: 15},
	} {
		image, result := g.Height*g.Width*g.In, g.OutH*g.OutW*g.Out
		x, dy := modeltest.Floats("x", n*image), modeltest.Floats("dy", n*result)
		w := modeltest.Floats("w", g.Out*g.KernelH*g.KernelW*g.In/g.Groups)
		bias, biasIn := modeltest.Floats("b", g.Out), modeltest.Floats("b", g.In)
		y, bent, dx, bentDX := zeros(n*result), zeros(n*result), zeros(n*image), zeros(n*image)
		dw, db, scratch := zeros(len(w)), zeros(g.Out), zeros(len(w))

		kernel.ConvThen(c.pool, y, x, w, bias, nil, n, g, kernel.MapSiLU(bent, y, n, result))
		kernel.ConvGradWeight(c.pool, dw, x, dy, nil, n, g)
		kernel.LinearGradBias(c.pool, db, dy, n, g.OutH*g.OutW, g.Out)
		c.add(y, bent, dw, db)
		kernel.ConvGradInputThen(c.pool, dx, dy, w, scratch, n, g, kernel.MapMul(bentDX, dx, x, n, image))
		c.add(dx, bentDX)
		kernel.DeconvThen(c.pool, dx, dy, w, biasIn, scratch, n, g, kernel.MapTanh(bentDX, dx, n, image))
		c.add(dx, bentDX)
	}
}

// channels are the ways to channels last and to the order of convolutions' weights, and back.
func (c *calls) channels() {
	const n, channels, positions = 7, 21, 399
	x := modeltest.Floats("x", n*channels*positions)
	last, first := zeros(len(x)), zeros(len(x))
	kernel.ChannelsLast(c.pool, last, x, n, channels, positions)
	kernel.ChannelsFirst(c.pool, first, x, n, channels, positions)
	c.add(last, first)

	const out, in, window, groups = 38, 10, 6, 2
	w := modeltest.Floats("w", out*in/groups*window)
	panels, rows := zeros(len(w)), zeros(len(w))
	kernel.ToFilters(c.pool, panels, w, out, in, window, groups)
	kernel.FromFilters(c.pool, rows, w, out, in, window, groups)
	c.add(panels, rows)
}

// pools are those of images with channels last.
func (c *calls) pools() {
	const n, channels, size, pooled = 9, 21, 15 * 13, 8 * 7
	g := &kernel.Pool2D{Planes: 1, Height: 15, Width: 13, Inner: channels, KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, OutH: 8, OutW: 7}
	x, dy := modeltest.Floats("x", n*channels*size), modeltest.Floats("dy", n*channels*pooled)
	y, dx, at := zeros(len(dy)), zeros(len(x)), make([]int32, len(dy))
	kernel.MaxPool2D(c.pool, y, at, x, n, g)
	kernel.MaxPool2DGrad(c.pool, dx, at, dy, n, g)
	c.add(y, dx)
	kernel.AvgPool2D(c.pool, y, x, n, g)
	kernel.AvgPool2DGrad(c.pool, dx, dy, n, g)
	c.add(y, dx)
}

// batched are products as attention has them, and as it has them where heads share keys and values.
func (c *calls) batched() {
	const n, heads, rows, columns, terms = 3, 4, 20, 33, 300
	type product func(p *kernel.Pool, c, a, b []float32, n int, g *kernel.Batched, maps ...kernel.Map)
	for _, k := range []struct {
		run        product
		rowA, rowB int // elements of a row of A and B, as they lie
	}{
		{kernel.MatMulThen, terms, columns},
		{kernel.MatMulTurnedThen, terms, terms},
		{kernel.TurnedMatMulThen, rows, columns},
	} {
		const sizeA, sizeB, sizeC = rows * terms, terms * columns, rows * columns
		for _, share := range []struct{ b, c int }{{1, 1}, {2, 1}, {1, 2}} {
			for _, add := range []bool{false, true} {
				// Those of A lie as heads do, side by side, the others one after the other.
				g := &kernel.Batched{Heads: heads, Rows: rows, Columns: columns, Terms: terms, Add: add,
					A: kernel.Matrices{Batch: heads * sizeA, Head: k.rowA, Row: heads * k.rowA},
					B: kernel.Matrices{Batch: heads / share.b * sizeB, Head: sizeB, Row: k.rowB, Share: share.b},
					C: kernel.Matrices{Batch: heads / share.c * sizeC, Head: sizeC, Row: columns, Share: share.c},
				}
				out := modeltest.Floats("c", n*g.C.Batch)
				bent := zeros(len(out))
				k.run(c.pool, out, modeltest.Floats("a", n*g.A.Batch), modeltest.Floats("b", n*g.B.Batch), n, g,
					kernel.MapTanh(bent, out, n, g.C.Batch))
				c.add(out, bent)
			}
		}
	}
}

// strided are the products of a step of a recurrent layer.
func (c *calls) strided() {
	const n, steps, in, out = 12, 4, 280, 300
	w, b := modeltest.Floats("w", in*out), modeltest.Floats("b", out)
	for _, add := range []bool{false, true} {
		g := &kernel.Strided{In: in, Out: out, RowX: steps * in, RowY: steps * out, Add: add}
		x, dy := modeltest.Floats("x", n*steps*in), modeltest.Floats("dy", n*steps*out)
		y, dx, dw := modeltest.Floats("y", n*steps*out), modeltest.Floats("dx", n*steps*in), modeltest.Floats("dw", in*out)
		bent, bentDX := zeros(len(y)), zeros(len(dx))
		kernel.LinearStridedThen(c.pool, y[out:], x[in:], w, b, nil, n, g, kernel.MapTanh(bent[out:], y[out:], 1, len(y)-out))
		kernel.LinearStridedGradInputThen(c.pool, dx[in:], dy[out:], w, nil, n, g, kernel.MapMul(bentDX[in:], dx[in:], x[in:], 1, len(dx)-in))
		c.add(y, bent, dx, bentDX)
		g = &kernel.Strided{In: in, Out: out, RowX: in, RowY: out, BatchX: steps * in, BatchY: steps * out, Add: add}
		kernel.LinearStridedGradWeight(c.pool, dw, x, dy[out:], nil, n, steps-1, g)
		c.add(dw)
	}
}

// rows are products with a weight that lies row by row, without maps, and the ways there and back.
func (c *calls) rows() {
	const n, in, out = 100, 300, 20
	x, dy, w, b := modeltest.Floats("x", n*in), modeltest.Floats("dy", n*out), modeltest.Floats("w", in*out), modeltest.Floats("b", out)
	y, dx, panels, again := zeros(n*out), zeros(n*in), zeros(in*out), zeros(in*out)
	kernel.LinearRows(c.pool, y, x, w, b, nil, n, in, out)
	kernel.LinearGradInputRows(c.pool, dx, dy, w, nil, n, in, out)
	kernel.ToPanels(c.pool, panels, w, out, in)
	kernel.FromPanels(c.pool, again, panels, out, in)
	c.add(y, dx, panels, again)
}

// functions are element-wise, of numbers of every size, infinity and NaN.
func (c *calls) functions() {
	const n, size = 1000, 80
	x, y, dy := modeltest.Floats("numbers", n*size), zeros(n*size), modeltest.Floats("dy", n*size)
	patterns := rng.New(1, "patterns")
	for i := 0; i < len(x); i += 2 {
		x[i] = math.Float32frombits(uint32(patterns.Uint64(uint64(i))))
	}
	for _, f := range []func(p *kernel.Pool, y, x []float32, n, size int){kernel.Sine, kernel.Cosine, kernel.RSqrt, kernel.Erf, kernel.Logarithm, kernel.Exponential} {
		f(c.pool, y, x, n, size)
		c.add(y)
	}
	kernel.LogarithmGrad(c.pool, y, x, dy, n, size)
	c.add(y)
}

func (c *calls) draws() {
	const size = 1001
	x := zeros(size)
	kernel.Uniform(c.pool, x, rng.New(1, "uniform"), size, 0.3)
	c.add(x)
	kernel.Normal(c.pool, x, rng.New(1, "normal"), size, 0.3)
	c.add(x)
}

func (c *calls) losses() {
	const n, size, delta = 1000, 80, 0.7
	x, t, dx := modeltest.Floats("x", n*size), modeltest.Floats("t", n*size), zeros(n*size)
	c.add([]float32{kernel.MAE(c.pool, x, t, n, size), kernel.Huber(c.pool, x, t, n, size, delta)})
	kernel.MAEGrad(c.pool, dx, 1.3, x, t, n, size)
	c.add(dx)
	kernel.HuberGrad(c.pool, dx, 1.3, x, t, n, size, delta)
	c.add(dx)
}

func (c *calls) weightedLosses() {
	const n, size, delta = 1000, 80, 0.7
	x, t, dx := modeltest.Floats("x", n*size), modeltest.Floats("t", n*size), zeros(n*size)
	w, u := zeros(n), zeros(n*size)
	for i, k := range modeltest.Classes("weights", n, 7) {
		w[i] = float32(k) / 3
	}
	whole := kernel.RowShares(c.pool, u, w, n, size)
	c.add(u, []float32{
		whole, kernel.WeightedMSE(c.pool, x, t, u, n, size), kernel.WeightedMAE(c.pool, x, t, u, n, size),
		kernel.WeightedHuber(c.pool, x, t, u, n, size, delta), kernel.WeightedBCELogits(c.pool, x, t, u, n, size),
		kernel.WeightedSmoothL1(c.pool, x, t, u, n, size, delta), kernel.WeightedHinge(c.pool, x, t, u, n, size),
		kernel.WeightedPoisson(c.pool, x, t, u, n, size), kernel.WeightedBCE(c.pool, x, t, u, n, size),
		kernel.WeightedKL(c.pool, x, t, u, n, size, size),
	})
	kernel.WeightedKLGrad(c.pool, dx, 1.3, x, t, u, n, size, size)
	c.add(dx)
	loss, total := kernel.WeightedCosineLoss(c.pool, x, t, w, n, 4, size/4)
	kernel.WeightedCosineLossGrad(c.pool, dx, 1.3, x, t, w, n, 4, size/4)
	c.add([]float32{loss, total}, dx)
	kernel.WeightedSmoothL1Grad(c.pool, dx, 1.3, x, t, u, n, size, delta)
	c.add(dx)
	kernel.WeightedHingeGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)
	kernel.WeightedPoissonGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)
	kernel.WeightedBCEGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)
	kernel.WeightedMSEGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)
	kernel.WeightedMAEGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)
	kernel.WeightedHuberGrad(c.pool, dx, 1.3, x, t, u, n, size, delta)
	c.add(dx)
	kernel.WeightedBCELogitsGrad(c.pool, dx, 1.3, x, t, u, n, size)
	c.add(dx)

	const positions, classes = 4, size / 4
	which := modeltest.Classes("classes", n*positions, classes)
	for i := 0; i < len(which); i += 5 {
		which[i] = kernel.Ignored
	}
	probabilities := zeros(n * size)
	loss, total = kernel.WeightedCrossEntropy(c.pool, probabilities, x, which, w, n, positions, classes, 0.1)
	kernel.WeightedCrossEntropyGrad(c.pool, dx, 1.3, probabilities, which, w, n, positions, classes, 0.1)
	c.add([]float32{loss, total}, probabilities, dx)

	ends := modeltest.Classes("ends", n*2, size/2)
	ends[3] = kernel.Ignored
	loss, start, starts, end, counted := kernel.WeightedSpan(c.pool, probabilities, x, ends, w, n, size/2)
	kernel.WeightedSpanGrad(c.pool, dx, 1.3, probabilities, ends, w, n, size/2)
	c.add([]float32{loss, start, starts, end, counted}, probabilities, dx)
}

// finite says what has infinities and what has only numbers whose squares have.
func (c *calls) finite() {
	x := zeros(5000)
	for _, v := range []float32{0, math.MaxFloat32, float32(math.Inf(-1))} {
		if x[4000] = v; kernel.Finite(c.pool, x) {
			c.add([]float32{v})
		}
	}
}

// rates are the learning rates of schedules, whole courses of those that no model has.
func (c *calls) rates() {
	var all []byte
	add := func(rate float64) { all = binary.LittleEndian.AppendUint64(all, math.Float64bits(rate)) }
	var p kernel.Plateau
	rate := 0.1
	for s := range uint64(200) {
		add(kernel.ConstantRate(0.1, s, 30))
		add(kernel.StepRate(0.1, s, 30, 20, 0.3))
		add(kernel.StepRateByEpoch(0.1, s, 13, 30, 2, 0.3))
		add(kernel.MultistepRate(0.1, s, 30, 0.7, 10, 50, 90))
		add(kernel.MultistepRateByEpoch(0.1, s, 13, 30, 0.7, 1, 5, 9))
		add(kernel.ExponentialRate(0.1, s, 30, 0.97))
		add(kernel.ExponentialRateByEpoch(0.1, s, 13, 30, 0.9))
		add(kernel.OneCycleRate(0.1, s, 190, 0.3, 25, 1e4))
		rate = p.Next(rate, 1/float64(1+s%7), 0.7, 3, 1e-4, 2, 1e-3)
		add(rate)
	}
	c.all.Write(all)
}
