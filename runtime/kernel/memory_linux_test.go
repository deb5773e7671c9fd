package kernel

import (
	"syscall"
	"unsafe"
)

// guarded says that memory of mapped lies between pages that fault.
const guarded = true

// mapped returns memory for at least so many floats, whole pages, with a page before and one behind that nobody may
// touch. It is never given back.
func mapped(floats int) []float32 {
	page := syscall.Getpagesize()
	size := max(1, (4*floats+page-1)/page) * page
	all, err := syscall.Mmap(-1, 0, size+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err == nil {
		err = syscall.Mprotect(all[:page], syscall.PROT_NONE)
	}
	if err == nil {
		err = syscall.Mprotect(all[page+size:], syscall.PROT_NONE)
	}
	if err != nil {
		panic(err)
	}
	return unsafe.Slice((*float32)(unsafe.Pointer(&all[page])), size/4)
}
