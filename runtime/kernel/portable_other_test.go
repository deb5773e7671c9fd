//go:build (!amd64 && !arm64) || purego

package kernel

// portably runs f without assembly.
func portably(f func()) { f() }
