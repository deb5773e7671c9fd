package kernel

import (
	"fmt"
	"testing"
)

// Kernels that go over whole arrays, next to a copy: what the memory allows. The bytes are those of the arrays that a
// kernel reads and writes, each once.
func BenchmarkWholeArrays(b *testing.B) {
	const n, channels, side = 64, 16, 28
	const inner, size = side * side, channels * side * side
	x, y, dy := draw("x", n*size, true), make([]float32, n*size), draw("dy", n*size, true)
	w, shift, mean, rstd := draw("w", channels, true), draw("b", channels, true), make([]float32, channels), draw("rstd", channels, false)
	runMean, runVar, count := make([]float32, channels), draw("variance", channels, false), []int64{0}
	g := Pool2D{Planes: channels, Height: side, Width: side, Inner: 1, KernelH: 2, KernelW: 2, StrideH: 2, StrideW: 2, OutH: side / 2, OutW: side / 2}
	overlap := Pool2D{Planes: channels, Height: side, Width: side, Inner: 1, KernelH: 3, KernelW: 3, StrideH: 2, StrideW: 2, PadH: 1, PadW: 1, OutH: side / 2, OutW: side / 2}
	at := make([]int32, n*size/4)
	const rows, dim = 2048, 392 // n·size elements
	ids := make([]int32, rows)
	for i := range ids {
		ids[i] = int32(i * 7919 % 1000)
	}
	means, rstds := draw("means", rows, true), draw("rstds", rows, false)
	dw, db := make([]float32, 1000*dim), make([]float32, dim)
	targets := make([]int32, rows)
	for _, k := range []struct {
		name   string
		arrays float64
		f      func(p *Pool)
	}{
		{"copy", 2, func(p *Pool) { copy(y, x) }},
		{"BatchNorm", 2, func(p *Pool) {
			BatchNorm(p, y, mean, rstd, runMean, runVar, count, x, w, shift, n, 1, channels, inner, 1e-5, 0.1)
		}},
		{"BatchNorm7", 2, func(p *Pool) {
			BatchNorm(p, y, mean, rstd, runMean, runVar, count, x, w, shift, n*16, 1, channels, inner/16, 1e-5, 0.1)
		}},
		{"BatchNormLast", 2, func(p *Pool) {
			BatchNorm(p, y, mean, rstd, runMean, runVar, count, x, w, shift, n, inner, channels, 1, 1e-5, 0.1)
		}},
		{"BatchNormPredict", 2, func(p *Pool) {
			BatchNormPredict(p, y, x, w, shift, runMean, runVar, n, 1, channels, inner, 1e-5)
		}},
		{"BatchNormGrad", 3, func(p *Pool) {
			BatchNormGrad(p, y, mean, runMean, x, w, shift, rstd, dy, n, 1, channels, inner)
		}},
		{"MaxPool2x2", 1.5, func(p *Pool) { MaxPool2D(p, y, at, x, n, &g) }},
		{"MaxPool2x2Grad", 1.5, func(p *Pool) { MaxPool2DGrad(p, y, at, dy, n, &g) }},
		{"MaxPool3x3", 1.5, func(p *Pool) { MaxPool2D(p, y, at, x, n, &overlap) }},
		{"MaxPool3x3Grad", 1.5, func(p *Pool) { MaxPool2DGrad(p, y, at, dy, n, &overlap) }},
		{"Embedding", 2, func(p *Pool) { Embedding(p, y, dw, ids, rows, dim) }},
		{"EmbeddingGrad", 1.5, func(p *Pool) { EmbeddingGrad(p, dw, dy, ids, rows, 1000, dim) }},
		{"LayerNorm", 2, func(p *Pool) { LayerNorm(p, y, means, rstds, x, dw, db, rows, dim, 1e-5) }},
		{"LayerNormGrad", 3, func(p *Pool) { LayerNormGrad(p, y, x, db, means, rstds, dy, rows, dim) }},
		{"LayerNormGradAffine", 2, func(p *Pool) { LayerNormGradAffine(p, dw, db, x, means, rstds, dy, rows, 1, dim) }},
		{"LinearGradBias", 1, func(p *Pool) { LinearGradBias(p, db, dy, rows, 1, dim) }},
		{"CrossEntropy", 2, func(p *Pool) { CrossEntropy(p, y, x, targets, rows, dim, 0) }},
		{"CrossEntropyGrad", 2, func(p *Pool) { CrossEntropyGrad(p, y, 1, x, targets, rows, dim, 0) }},
		{"MSE", 2, func(p *Pool) { MSE(p, x, dy, n, size) }},
		{"ClipScale", 1, func(p *Pool) { ClipScale(p, [][]float32{x}, 1) }},
	} {
		for _, workers := range []int{1, 2} {
			p := pool(b, workers)
			b.Run(fmt.Sprintf("%s/%d", k.name, workers), func(b *testing.B) {
				b.SetBytes(int64(k.arrays * 4 * n * size))
				for b.Loop() {
					k.f(p)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(n*size), "ns/element")
			})
		}
	}
}
