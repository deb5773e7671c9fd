//go:build !purego

package kernel

// portably runs f without assembly.
func portably(f func()) {
	defer func(old bool) { neon = old }(neon)
	neon = false
	f()
}
