package kernel

// fma returns x·y + z, rounded once: all three are values of float32, and so is the result. Loops have it written
// out, since it is too long for the compiler to do so.
func fma(x, y, z wide) wide {
	s := x*y + z
	if doubtful(s) {
		s = toOdd(s, x*y, z)
	}
	return wide(float32(s))
}
