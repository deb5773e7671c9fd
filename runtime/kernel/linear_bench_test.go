package kernel

import (
	"fmt"
	"testing"
)

// shapes are squares, the layers of small networks for a batch and for one row, and narrow ones.
var shapes = []dims{
	{64, 64, 64}, {128, 128, 128}, {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}, {2048, 2048, 2048},
	{64, 13, 64}, {64, 64, 1}, {64, 784, 128}, {64, 128, 10},
	{1, 13, 64}, {1, 64, 64}, {1, 64, 1}, {1, 784, 128}, {1, 128, 10}, {3, 64, 64}, {5, 784, 128}, {1, 100, 100},
	{1000, 40, 2}, {1000, 40, 4}, {2560, 128, 512}, {16, 1024, 50},
}

func BenchmarkLinear(b *testing.B) {
	for _, l := range linears {
		benchmark(b, "Forward"+l.name, func(s dims, x, w, y []float32) { l.forward(nil, y, x, w, nil, nil, s.n, s.in, s.out) })
		benchmark(b, "GradInput"+l.name, func(s dims, x, w, y []float32) { l.gradInput(nil, x, y, w, nil, s.n, s.in, s.out) })
		benchmark(b, "GradWeight"+l.name, func(s dims, x, w, y []float32) { l.gradWeight(nil, w, x, y, nil, s.n, 1, s.in, s.out) })
	}
	benchmark(b, "GradBias", func(s dims, x, w, y []float32) { LinearGradBias(nil, x[:s.out], y, s.n, 1, s.out) })
}

// benchmark reports floating-point operations per second, two for each multiply-add. The kernels overwrite one of the
// arrays, which keeps its values moderate: no product of subnormals or infinities is measured.
func benchmark(b *testing.B, name string, run func(s dims, x, w, y []float32)) {
	for _, s := range shapes {
		b.Run(fmt.Sprintf("%s/%dx%dx%d", name, s.n, s.in, s.out), func(b *testing.B) {
			x, w, y := draw("x", max(s.n*s.in, s.out), true), draw("w", s.in*s.out, true), draw("y", s.n*s.out, true)
			for b.Loop() {
				run(s, x, w, y)
			}
			b.ReportMetric(2*float64(s.n*s.in*s.out)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
