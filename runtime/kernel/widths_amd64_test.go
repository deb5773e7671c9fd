//go:build !purego

package kernel

// widths are the ways to compute that there are here: each width of registers, or Go alone.
func widths() []way {
	switch {
	case avx512:
		return []way{{"AVX2", narrowly}, {"AVX-512", func(f func()) { f() }}}
	case avx2:
		return []way{{"AVX2", func(f func()) { f() }}}
	}
	return []way{{"no assembly", func(f func()) { f() }}}
}

// portably runs f without assembly.
func portably(f func()) {
	defer func(old bool) { avx2 = old }(avx2)
	avx2 = false
	f()
}

// narrowly runs f with registers of 256 bits.
func narrowly(f func()) {
	defer func(old bool) { avx512 = old }(avx512)
	avx512 = false
	f()
}
