package kernel

import "math"

// LeftOut is the score of positions that take no part, which stands for −∞.
const LeftOut = -math.MaxFloat32

// NotZero computes the mask of integers: 1 where c is not 0, else 0.
func NotZero(p *Pool, y []float32, c []int32, n, size int) {
	y = y[:n*size]
	for i, v := range c[:n*size] {
		y[i] = 0
		if v != 0 {
			y[i] = 1
		}
	}
}

// FirstPositions computes the mask of lengths: the first length[r] elements of row r of y [n, size] are 1, the others 0.
func FirstPositions(p *Pool, y []float32, length []int32, n, size int) {
	for r, count := range length[:n] {
		row := y[r*size:][:size]
		for i := range row[:count] {
			row[i] = 1
		}
		clear(row[count:])
	}
}

// MaskedFill copies x to y at the positions that take part, which mask [n, size] says; the others are filled with a number: x and
// y [n, size, inner].
func MaskedFill(p *Pool, y, x, mask []float32, n, size, inner int, fill float32) {
	for t, m := range mask[:n*size] {
		to := y[t*inner:][:inner]
		if m != 0 {
			copy(to, x[t*inner:])
			continue
		}
		for i := range to {
			to[i] = fill
		}
	}
}
