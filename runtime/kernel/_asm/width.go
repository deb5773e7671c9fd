package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	float = 4  // bytes of a float32
	panel = 16 // outputs side by side: see product.go of package kernel
)

// width is a set of vector instructions. Everything that is written from it has the same bits as every other.
type width struct {
	name     string // the suffix of its functions
	bytes    int    // of a register
	register func() VecVirtual
}

// widths are those that kernels are written for.
var widths = []width{
	{name: "AVX2", bytes: 32, register: YMM},
}

// vectors returns the number of registers that hold a panel's outputs of one term.
func (w width) vectors() int { return panel * float / w.bytes }

// lanes returns the number of elements of a register.
func (w width) lanes() int { return w.bytes / float }

// mask returns the mask of the first so many elements of a register.
func (w width) mask(masks Mem, count Register) VecVirtual {
	at, mask := GP64(), w.register()
	LEAQ(masks, at)
	NEGQ(count)
	VMOVUPS(Mem{Base: at, Index: count, Scale: float, Disp: panel * float}, mask)
	NEGQ(count)
	return mask
}

// masks is 16 words of ones before 16 of zeros: read from word 16 − n on, it selects n of 16 elements.
func masks() Mem {
	mask := GLOBL("masks", RODATA|NOPTR)
	for i := range 32 {
		v := U32(0)
		if i < 16 {
			v = 0xffffffff
		}
		DATA(i*float, v)
	}
	return mask
}
