//go:build !purego

package kernel

// widths are the ways to compute that there are here: one width of registers.
func widths() []way { return []way{{"NEON", func(f func()) { f() }}} }

// portably runs f without assembly.
func portably(f func()) {
	defer func(old bool) { neon = old }(neon)
	neon = false
	f()
}
