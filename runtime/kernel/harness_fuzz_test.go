package kernel

import (
	"math"
	"testing"
)

func FuzzProducts(f *testing.F)    { fuzz(f, product, 300, 50, 40) }
func FuzzElementwise(f *testing.F) { fuzz(f, elementwise, 100, 100, 0) }
func FuzzReductions(f *testing.F)  { fuzz(f, reduction, 40, 300, 12) }
func FuzzOptimisers(f *testing.F)  { fuzz(f, optimiser, 5000, 0, 0) }
func FuzzRandom(f *testing.F)      { fuzz(f, random, 300, 300, 0) }

// fuzz runs experiments with the specimens of an area: of sizes up to most, with arrays that begin with those bits.
func fuzz(f *testing.F, of area, most ...int) {
	var members []specimen
	for _, s := range withMaps() {
		if s.area == of {
			members = append(members, s)
		}
	}
	for i := range members {
		f.Add(uint8(i), uint16(17), uint16(16), uint16(7), uint8(motley), uint64(i), []byte{0, 0, 128, 127, 1, 0, 0, 0})
	}
	var m memory
	f.Fuzz(func(t *testing.T, which uint8, n, a, b uint16, how uint8, seed uint64, bits []byte) {
		s := members[int(which)%len(members)]
		at := s.within([3]int{int(n) % (most[0] + 1), int(a) % (most[1] + 1), int(b) % (most[2] + 1)})
		e, err := newExperiment(&m, s, at, fill(how)%lastFill, seed, bits)
		if err == nil {
			err = e.all()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

// lay lets numbers have the bits of a text, as far as it goes, and returns the rest. NaNs become quiet ones.
func lay(x []float32, bits []byte) []byte {
	for i := range x {
		if len(bits) < 4 {
			return nil
		}
		x[i] = math.Float32frombits(uint32(bits[0]) | uint32(bits[1])<<8 | uint32(bits[2])<<16 | uint32(bits[3])<<24)
		if x[i] != x[i] {
			x[i] = float32(math.NaN())
		}
		bits = bits[4:]
	}
	return bits
}
