package kernel

import "testing"

// Every kernel at every width, with arrays that fit in the second-level cache.
func BenchmarkKernels(b *testing.B) {
	for _, s := range specimens {
		at := s.within([...][3]int{{1 << 14}, {64, 256}, {64, 256, 64}}[s.axes])
		n, c := at[0], s.at(at[1], at[2])
		d, src := arrays("dst", c.dst, n, false), arrays("src", c.src, n, false)
		bytes := 0
		for _, x := range append(append([]extent{}, c.dst...), c.src...) {
			bytes += 4 * x.of(n)
		}
		for _, w := range widths() {
			b.Run(s.name+"/"+w.name, func(b *testing.B) {
				b.SetBytes(int64(bytes))
				w.in(func() {
					for b.Loop() {
						c.run(nil, d, src, n)
					}
				})
			})
		}
	}
}
