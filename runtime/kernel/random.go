package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// Uniform fills x with numbers between ±bound: what the stream's Uniform does.
func Uniform(_ *Pool, x []float32, stream rng.Stream, size int, bound float32) {
	if f := (filling{kind: asUniform, z: x[:size], scale: bound}); !f.all(stream) {
		stream.Uniform(x[:size], bound)
	}
}

// Normal fills x with numbers from the normal distribution around 0: what the stream's Normal does.
func Normal(_ *Pool, x []float32, stream rng.Stream, size int, std float32) {
	if f := (filling{kind: asNormal, z: x[:size], std: float64(std)}); !f.all(stream) {
		stream.Normal(x[:size], std)
	}
}

// filling is an array and what the words of a stream's blocks become in it.
type filling struct {
	kind      kind
	z         []float32
	y, x      []float32 // of a dropout: what is multiplied by the mask z, and the products
	threshold uint32    // of a mask: words below it become 0
	scale     float32   // of a mask what others become, or the bound of a uniform distribution
	std       float64   // of a normal one
}

type kind uint8

const (
	asMask kind = iota
	asDropout
	asUniform
	asNormal
)

// fillTile is the number of elements of a tile: 7 µs of a mask, 50 µs of a normal distribution. Since it is a power of two,
// the positions of a tile's blocks have the same upper half.
const fillTile = 16_384

// all fills the array, no dropout's, from the stream's first block on, if there is assembly for it.
func (f *filling) all(stream rng.Stream) bool {
	for from := 0; from < len(f.z); from += fillTile {
		tile := *f
		tile.z = f.z[from:min(from+fillTile, len(f.z))]
		if !tile.assembly(stream, 0, uint64(from/4)) {
			return false
		}
	}
	return true
}
