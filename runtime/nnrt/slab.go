package nnrt

import "unsafe"

// Slab returns n zeros that start on a 64-byte boundary, a cache line and the widest vector register.
func Slab(n int) []float32 {
	const line = 64 / 4
	memory := make([]float32, n+line)
	skip := 0
	if over := uintptr(unsafe.Pointer(&memory[0])) % 64; over != 0 {
		skip = int(64-over) / 4
	}
	return memory[skip : skip+n : skip+n]
}

// Int32s returns the memory of a slab's part as integers.
func Int32s(slab []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(slab))), len(slab))
}
