//go:build (!amd64 && !arm64) || purego

package kernel

// widths are the ways to compute that there are here: Go alone.
func widths() []way { return []way{{"no assembly", portably}} }

// portably runs f without assembly.
func portably(f func()) { f() }
