//go:build !purego

package kernel

// The assembly of elementwise.go is written from the same cards.
//
//go:generate go run -C _asm . -file elementwise -out ../elementwise_amd64.s -stubs ../elementwise_stubs_amd64.go -pkg kernel
