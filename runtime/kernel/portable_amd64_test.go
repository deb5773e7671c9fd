//go:build !purego

package kernel

// portably runs f without assembly.
func portably(f func()) {
	defer func(old bool) { avx2 = old }(avx2)
	avx2 = false
	f()
}
