//go:build !amd64 || purego

package kernel

// avx2 says that there is no assembly.
const avx2 = false
