// Package kernel holds the numerical kernels that generated code calls: one file per kernel, in plain Go.
//
// What comes in are slices with at least the elements that the sizes promise, and sizes; what goes out is
// written to the destinations. Kernels trust their callers: generated code checks lengths at the door. An
// argument list reads: the pool, destinations, sources, scratch, the number of rows, constants. The package
// knows nothing of models.
//
// The bits of a result are part of a kernel's meaning, and the same for every number of rows and of workers:
//
//   - In a product (linear layers and their gradients) each element of the result has one accumulator that
//     starts at 0 and runs over the terms upwards; blocks of 256 terms are joined by one rounded addition;
//     the bias comes after.
//   - A reduction adds in 16 lanes, lane = index mod 16, and joins the lanes by a fixed tree: see Lanes.
//   - Everything else rounds after each operation. Products stand in an explicit conversion, float32(x*y),
//     because Go may otherwise fuse them with the addition that follows.
package kernel

// Pool is the set of workers that a model's kernels share. A nil pool is one core, the caller's, which is
// the only kind at present.
type Pool struct{}

// Lanes is the running sum of a reduction: element i is added to lane i mod 16.
type Lanes [16]float32

// Sum joins the lanes: l with l+8, then with l+4, l+2, l+1.
func (s *Lanes) Sum() float32 {
	for half := 8; half > 0; half /= 2 {
		for l := range half {
			s[l] += s[l+half]
		}
	}
	return s[0]
}
