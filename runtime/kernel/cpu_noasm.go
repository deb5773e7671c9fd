//go:build !amd64 || purego

package kernel

// avx2 says that there is no such assembly.
const avx2 = false
