// Package kernel holds the numerical kernels that generated code calls: one file per kernel, in plain Go, and where it
// pays an assembly twin with the same bits, which the build tag purego leaves out. Those that work element by element
// stand in elementwise.go, which is written from the compiler's cards.
//
// What comes in are slices with at least the elements that the sizes promise, and sizes; what goes out is
// written to the destinations. Kernels trust their callers: generated code checks lengths at the door. An
// argument list reads: the pool, destinations, sources, scratch, the number of rows, constants. The package
// knows nothing of models.
//
// The bits of a result are part of a kernel's meaning, and the same for every number of rows and of workers:
//
//   - In a product (linear layers, attention, recurrence, convolutions and their gradients) each element of the result
//     has, for each block of 256 terms upwards, one accumulator that starts at 0 and to which each product is added by
//     a fused multiply-add, on every platform. Block sums are joined from the first upwards by rounded additions; what
//     a product is added to counts as the first; the bias comes after. Where a term is a position of a row, a block is
//     as many whole rows as have up to 256 positions; if one has more, 256 of its positions, the row's last block being
//     shorter. Sums down columns, as of a bias's gradient, are products with 1. A sum of no terms is 0, or what it
//     is added to.
//   - A reduction adds in blocks of 4,096 terms; in each, in 16 lanes, lane = index in the block mod 16, joined by a
//     fixed tree: see Lanes and Sum. In a maximum that is a result, a NaN wins.
//   - Everything else rounds after each operation. Products stand in an explicit conversion, float32(x*y),
//     because Go may otherwise fuse them with the addition that follows.
package kernel
