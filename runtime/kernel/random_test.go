package kernel

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/runtime/rng"
)

var _ = also(
	masks("DropoutMask", 3, 0.5), masks("DropoutMask, of nothing", 0, 0), masks("DropoutMask, late", 1<<40+5, 0.1),
	masks("DropoutMask, of nearly all", 7, 1-0x1p-53),
	specimen{name: "Dropout", area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), rows(a)}, src: []extent{rows(a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				Dropout(p, d[0], d[1], s[0], 3, rng.New(uint64(a), "dropout1"), n, a, 0.3)
			}}
	}},
	specimen{name: "Dropout, in place", area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				Dropout(p, d[0], d[0], s[0], 3, rng.New(uint64(a), "dropout1"), n, a, 0.3)
			}}
	}},
	specimen{name: "Noise", area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)},
			run: func(p *Pool, d, _ [][]float32, n int) { Noise(p, d[0], 3, rng.New(uint64(a), "noise1"), n, a, 0.7) }}
	}},
	specimen{name: "Uniform", area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)},
			run: func(p *Pool, d, _ [][]float32, n int) { Uniform(p, d[0], rng.New(uint64(a), "u"), n*a, 0.3) }}
	}},
	specimen{name: "Normal", area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)},
			run: func(p *Pool, d, _ [][]float32, n int) { Normal(p, d[0], rng.New(uint64(a), "v"), n*a, 0.7) }}
	}},
)

func masks(name string, step uint64, probability float64) specimen {
	return specimen{name: name, area: random, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)},
			run: func(p *Pool, d, _ [][]float32, n int) {
				DropoutMask(p, d[0], step, rng.New(uint64(a), "dropout1"), n, a, probability)
			}}
	}}
}

// ramp is what a dropout drops from.
var ramp = func() []float32 {
	x := make([]float32, 1<<20)
	for i := range x {
		x[i] = float32(i) - 1000
	}
	return x
}()

// drawn is a kernel that draws, and what its numbers are by its rule.
type drawn struct {
	name string
	fill func(p *Pool, x []float32, stream rng.Stream)
	want func(x []float32, stream rng.Stream)
}

var allDrawn = []drawn{
	{"mask",
		func(p *Pool, x []float32, stream rng.Stream) { DropoutMask(p, x, 0, stream, 1, len(x), 0.3) },
		func(x []float32, stream rng.Stream) {
			for i := range x {
				if x[i] = float32(1 / 0.7); float64(stream.Block(0, uint64(i/4))[i%4]) < math.Floor(0.3*(1<<32)) {
					x[i] = 0
				}
			}
		}},
	{"dropout",
		func(p *Pool, x []float32, stream rng.Stream) {
			copy(x, ramp)
			Dropout(p, x, x, x, 0, stream, 1, len(x), 0.3)
		},
		func(x []float32, stream rng.Stream) {
			DropoutMask(nil, x, 0, stream, 1, len(x), 0.3)
			for i := range x {
				x[i] *= ramp[i]
			}
		}},
	{"uniform",
		func(p *Pool, x []float32, stream rng.Stream) { Uniform(p, x, stream, len(x), 0.3) },
		func(x []float32, stream rng.Stream) { stream.Uniform(x, 0.3) }},
	{"normal",
		func(p *Pool, x []float32, stream rng.Stream) { Normal(p, x, stream, len(x), 0.7) },
		func(x []float32, stream rng.Stream) { stream.Normal(x, 0.7) }},
	{"noise", // of the step whose blocks the stream's own numbers are from
		func(p *Pool, x []float32, stream rng.Stream) { Noise(p, x, 0, stream, 1, len(x), 0.7) },
		func(x []float32, stream rng.Stream) { stream.Normal(x, 0.7) }},
}

// A number depends on its stream and its place, never on how many there are, where they lie and who draws them.
func TestNumbersAreTheStreams(t *testing.T) {
	for _, d := range allDrawn {
		t.Run(d.name, func(t *testing.T) {
			var sizes []int
			for n := range 201 {
				sizes = append(sizes, n)
			}
			sizes = append(sizes, fillTile-1, fillTile, fillTile+1, 2*fillTile, 5*fillTile+77)
			want := make([]float32, 5*fillTile+77)
			stream := rng.New(4, d.name)
			d.want(want, stream)
			memory := make([]float32, len(want)+4)
			for _, w := range widths() {
				for _, n := range sizes {
					for _, workers := range []int{1, 3} {
						x := memory[n%4:][:n]
						w.in(func() { d.fill(pool(t, workers), x, stream) })
						if !sameBits(t, want[:n], x, "%s: %d numbers, %d workers", w.name, n, workers) {
							return
						}
					}
				}
			}
		})
	}
}

// Many words, for what happens to few of them: a normal number near 0 or far from it, at a quarter turn, or next to where
// float32s are rounded up, so that the last terms of its series count.
func TestManyNumbersAreTheStreams(t *testing.T) {
	const n = 1_000_000
	x, want := make([]float32, n), make([]float32, n)
	for _, d := range allDrawn {
		for seed := range uint64(3) {
			stream := rng.New(seed, "many")
			d.want(want, stream)
			for _, w := range widths() {
				w.in(func() { d.fill(nil, x, stream) })
				sameBits(t, want, x, "%s: %s, seed %d", w.name, d.name, seed)
			}
		}
	}
}

// What only very long arrays have: positions of blocks beyond 32 bits, and right below.
func TestMasksOfFarBlocks(t *testing.T) {
	stream := rng.New(1, "far")
	for _, step := range []uint64{0, 1, 1<<32 - 1, 1 << 32, math.MaxUint64} {
		for _, block := range []uint64{1<<32 - fillTile/4, 1 << 32, 1<<32 + fillTile/4, 7<<32 + 3*fillTile/4, math.MaxUint64 - (fillTile/4 - 1)} {
			x, want := make([]float32, fillTile), make([]float32, fillTile)
			for i := range want {
				if stream.Block(step, block+uint64(i/4))[i%4] >= 1<<31 {
					want[i] = 2
				}
			}
			for _, w := range widths() {
				assembly := false
				w.in(func() {
					f := filling{kind: asMask, z: x, threshold: 1 << 31, scale: 2}
					assembly = f.assembly(stream, step, block)
				})
				if assembly {
					sameBits(t, want, x, "%s: step %d, block %d", w.name, step, block)
				}
			}
		}
	}
}

func TestRandomNumbersAllocateNothing(t *testing.T) {
	for _, n := range []int{5, 1000, 3 * fillTile} {
		for _, d := range allDrawn {
			x, stream := make([]float32, n), rng.New(1, "x")
			for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
				assert.Zero(t, testing.AllocsPerRun(5, func() { d.fill(p, x, stream) }), "%s of %d, %s", d.name, n, name)
			}
		}
	}
}

func BenchmarkRandom(b *testing.B) {
	for _, n := range []int{4096, 1 << 20} {
		x, y, stream := make([]float32, n), make([]float32, n), rng.New(1, "x")
		measure := func(name string, f func()) {
			b.Run(fmt.Sprint(name, " ", n), func(b *testing.B) {
				b.SetBytes(int64(4 * n))
				for b.Loop() {
					f()
				}
			})
		}
		for _, w := range widths() {
			w.in(func() {
				for _, d := range allDrawn {
					measure(w.name+" "+d.name, func() { d.fill(nil, x, stream) })
				}
			})
		}
		measure("copy", func() { copy(x, y) })
	}
}
