package kernel

import (
	"fmt"
	"testing"
)

// Element-wise kernels in the first-level cache and beyond the last: with assembly, and in Go.
func BenchmarkMaps(b *testing.B) {
	for _, name := range []string{"ReLU", "ReLUGrad", "Tanh", "TanhGrad", "Sigmoid", "SigmoidGrad", "GELU", "GELUGrad", "GELUTanh", "SiLU", "Mish", "Erf", "Logarithm", "BCELogits", "Add", "MSE"} {
		for _, count := range []int{4096, 1 << 20} {
			x, y, z := draw("x", count, true), draw("y", count, true), make([]float32, count)
			run := map[string]func(){
				"ReLU": func() { ReLU(nil, z, x, 1, count) }, "ReLUGrad": func() { ReLUGrad(nil, z, x, y, 1, count) },
				"Tanh": func() { Tanh(nil, z, x, 1, count) }, "TanhGrad": func() { TanhGrad(nil, z, x, y, 1, count) },
				"Sigmoid": func() { Sigmoid(nil, z, x, 1, count) }, "SigmoidGrad": func() { SigmoidGrad(nil, z, x, y, 1, count) },
				"GELU": func() { GELU(nil, z, x, 1, count) }, "GELUGrad": func() { GELUGrad(nil, z, x, y, 1, count) },
				"GELUTanh": func() { GELUTanh(nil, z, x, 1, count) }, "SiLU": func() { SiLU(nil, z, x, 1, count) },
				"Mish": func() { Mish(nil, z, x, 1, count) }, "Erf": func() { Erf(nil, z, x, 1, count) },
				"Logarithm": func() { Logarithm(nil, z, x, 1, count) }, "BCELogits": func() { z[0] = BCELogits(nil, x, y, 1, count) },
				"Add": func() { Add(nil, z, x, y, 1, count) }, "MSE": func() { z[0] = MSE(nil, x, y, 1, count) },
			}[name]
			for form, in := range map[string]func(func()){"": func(f func()) { f() }, "/portable": portably} {
				b.Run(fmt.Sprintf("%s/%d%s", name, count, form), func(b *testing.B) {
					in(func() {
						for b.Loop() {
							run()
						}
					})
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(count), "ns/element")
				})
			}
		}
	}
}

// What follows a product comes in strips.
func BenchmarkStrips(b *testing.B) {
	const rows, stride = 64, 64
	x, z := draw("x", rows*stride, true), make([]float32, rows*stride)
	for name, m := range map[string]Map{"ReLU": MapReLU(z, x, rows, stride), "Tanh": MapTanh(z, x, rows, stride)} {
		for _, columns := range []int{5, 13, 16} {
			b.Run(fmt.Sprintf("%s/%dx%d", name, rows, columns), func(b *testing.B) {
				for b.Loop() {
					m.strip(16, rows, columns, stride)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(rows*columns), "ns/element")
			})
		}
	}
}
