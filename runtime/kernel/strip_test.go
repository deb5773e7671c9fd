package kernel

import (
	"fmt"
	"math"
	"testing"
)

// Assembly and portable code agree to the bit, over every number of columns, every remainder of rows, and strides
// that leave gaps.
func TestAssemblyComputesWhatPortableCodeDoes(t *testing.T) {
	if !(&strip{rows: 1, columns: 1, terms: 1, rowA: 1, termA: 1}).assembly([]float32{0}, []float32{0}, []float32{0}, nil) {
		t.Skip("no assembly here")
	}
	for columns := 1; columns <= panel; columns++ {
		for _, rows := range []int{1, 2, 3, 4, 5, 6, 7, 9, 11, 13, 600} {
			for _, terms := range []int{1, 2, 3, 17, 256} {
				if rows == 600 && terms > 3 {
					continue
				}
				for _, first := range []bool{true, false} {
					for _, s := range []strip{
						{rows: rows, columns: columns, terms: terms, rowA: terms, termA: 1, termB: columns, rowC: columns},
						{rows: rows, columns: columns, terms: terms, rowA: 1, termA: rows, termB: panel, rowC: columns},
						{rows: rows, columns: columns, terms: terms, rowA: terms + 3, termA: 1, termB: columns + 5, rowC: columns + 2},
					} {
						s.first = first
						a := awkward("a", (rows-1)*s.rowA+(terms-1)*s.termA+1)
						b := awkward("b", (terms-1)*s.termB+columns)
						c := draw("c", (rows-1)*s.rowC+columns, true)
						want := append([]float32{}, c...)
						s.portable(want, a, b)
						for _, w := range widths() {
							got := append([]float32{}, c...)
							w.in(func() { s.assembly(got, a, b, nil) })
							if !sameBits(t, want, got, "%s, %+v", w.name, s) {
								return
							}
						}
					}
				}
			}
		}
	}
}

// awkward returns numbers whose sums are often halfway between two float32s, cancel, or lie below the normal ones.
func awkward(name string, n int) []float32 {
	x := draw(name, n, true)
	for i := range x {
		switch i % 7 {
		case 0:
			x[i] = float32(math.Round(float64(x[i] * 4)))
		case 1:
			x[i] = float32(math.Round(float64(x[i]*4))) * 0x1p-12
		case 2:
			x[i] *= 0x1p-70
		case 3:
			x[i] = 0
		case 4:
			x[i] = float32(math.Round(float64(x[i]*4))) * 0x1p-24
		}
	}
	return x
}

func BenchmarkStrip(b *testing.B) {
	for _, rows := range []int{1, 2, 4, 6, 64} {
		for _, columns := range []int{panel, 10} {
			s := strip{rows: rows, columns: columns, terms: block, rowA: block, termA: 1, termB: columns, rowC: columns, first: true}
			x, w, y := draw("x", rows*block, true), draw("w", block*columns, true), make([]float32, rows*columns)
			for name, run := range map[string]func(){
				"run":      func() { s.run(y, x, w, nil) },
				"portable": func() { s.portable(y, x, w) },
			} {
				b.Run(fmt.Sprintf("%s/%dx%d", name, rows, columns), func(b *testing.B) {
					for b.Loop() {
						run()
					}
					b.ReportMetric(float64(rows*columns*block)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GMAC/s")
				})
			}
		}
	}
}
