package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// Uniform fills x with numbers between ±bound: what the stream's Uniform does.
func Uniform(_ *Pool, x []float32, stream rng.Stream, size int, bound float32) {
	x = x[:size]
	f := filling{kind: asUniform, scale: bound}
	if !f.fillAll(x, stream) {
		stream.Uniform(x, bound)
	}
}

// Normal fills x with numbers from the normal distribution around 0: what the stream's Normal does.
func Normal(_ *Pool, x []float32, stream rng.Stream, size int, std float32) {
	x = x[:size]
	f := filling{kind: asNormal, std: float64(std)}
	if !f.fillAll(x, stream) {
		stream.Normal(x, std)
	}
}

// filling says what the words of a stream's blocks become.
type filling struct {
	kind      kind
	threshold uint32  // of a mask: words below it become 0
	scale     float32 // of a mask what others become, or the bound of a uniform distribution
	std       float64 // of a normal one
}

type kind uint8

const (
	asMask kind = iota
	asUniform
	asNormal
)

// fillTile is the number of elements of a tile: 7 µs of a mask, 50 µs of a normal distribution. Since it is a power of two,
// the positions of a tile's blocks have the same upper half.
const fillTile = 16_384

// fillAll fills z with numbers from a stream's blocks, from the first one on, if there is assembly for it.
func (f *filling) fillAll(z []float32, stream rng.Stream) bool {
	for from := 0; from < len(z); from += fillTile {
		if !f.fill(z[from:min(from+fillTile, len(z))], stream, 0, uint64(from/4)) {
			return false
		}
	}
	return true
}
