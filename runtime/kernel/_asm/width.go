package main

import (
	. "github.com/mmcloughlin/avo/build"
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
	opmasks  bool   // masks stand in registers of their own, and cost nothing: see mask.go
	variable string // of package kernel: whether the processor has it. The first is looked at before assembly is called.
}

// widths are those that kernels are written for, from the narrowest on.
var widths = []width{
	{name: "AVX2", bytes: 32, register: YMM, variable: "avx2"},
	{name: "AVX512", bytes: 64, register: ZMM, opmasks: true, variable: "avx512"},
}

// vectors returns the number of registers that hold a panel's outputs of one term.
func (w width) vectors() int { return panel * float / w.bytes }

// lanes returns the number of elements of a register.
func (w width) lanes() int { return w.bytes / float }
