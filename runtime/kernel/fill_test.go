package kernel

import (
	"math"
	"math/rand/v2"
)

// fill says what stands in the arrays of an experiment.
type fill int

const (
	plain    fill = iota
	delicate      // sums that are halfway between two float32s, cancel, or lie below the normal numbers
	lone          // plain, and one special number in each array
	motley        // special numbers among plain ones
	wild          // any bits
	lastFill
)

func (f fill) String() string {
	return [...]string{"plain", "delicate", "one special number", "special numbers", "any bits"}[f]
}

// special are numbers that are treated in a way of their own, or by mistake are not. The NaNs are quiet: a signalling one
// may come out as it is or quiet.
var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, float32(math.Inf(1)), float32(math.Inf(-1)),
	math.Float32frombits(0x7fc00001), math.Float32frombits(0xffc12345), // NaNs of either sign
	math.SmallestNonzeroFloat32, -math.SmallestNonzeroFloat32, 0x1p-127, -0x1.8p-130, 0x1p-126, // subnormal, and the smallest normal
	math.MaxFloat32, -math.MaxFloat32, 0x1p64, -0x1p64, 88, -88, 89, -89, 104, -104, 1 << 24, 16, -9, 1e-4,
}

// period is how many numbers of an array are drawn. They come again and again behind: a prime, so that what a kernel takes
// by mistake from another row, block or tile is another number.
const period = 4093

// array draws an array for n rows. States are positive where they are ordinary, as a second moment is.
func (f fill) array(r *rand.Rand, e extent, n int) []float32 {
	x := make([]float32, e.of(n))
	if e.limit > 0 {
		for i := range ints(x) {
			ints(x)[i] = int32(r.IntN(e.limit))
			if e.ignored && r.IntN(4) == 0 {
				ints(x)[i] = Ignored
			}
		}
		return x
	}
	for i := range x[:min(period, len(x))] {
		x[i] = f.number(r)
		if e.state && f <= lone {
			x[i] = Abs(x[i])
		}
	}
	for from := period; from < len(x); from += period {
		copy(x[from:], x[:period])
	}
	if f == lone && len(x) > 0 {
		x[r.IntN(len(x))] = special[r.IntN(len(special))]
	}
	return x
}

func (f fill) number(r *rand.Rand) float32 {
	word := r.Uint64()
	choice := word >> 54
	switch f {
	case wild:
		x := math.Float32frombits(uint32(word))
		if x != x {
			x = float32(math.NaN())
		}
		return x
	case motley:
		if choice%6 == 0 {
			return special[word>>32&0xffff%uint64(len(special))]
		}
	}
	x := 0.1 + 2*float32(word&0xffffff)*0x1p-24
	if word>>31&1 == 0 {
		x = -x
	}
	if f != delicate {
		return x
	}
	quarter := float32(math.Round(float64(x * 4)))
	switch choice % 6 {
	case 0:
		return quarter
	case 1:
		return quarter * 0x1p-12
	case 2:
		return quarter * 0x1p-24
	case 3:
		return x * 0x1p-70
	case 4:
		return 0
	}
	return x
}
