//go:build !amd64 || purego

package kernel

// portably runs f without assembly.
func portably(f func()) { f() }
