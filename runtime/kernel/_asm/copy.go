package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// copyRows writes a function that copies rows of any length, for registers of 256 bits alone: what a convolution gathers
// are pieces of a few registers.
func copyRows() {
	TEXT("copyRowsAVX2", NOSPLIT, "func(dst, src *float32, rows, columns, apart, stride int)")
	Pragma("noescape")
	Doc("copyRowsAVX2 copies rows of columns that begin stride elements apart, and lets those of the copy begin apart elements",
		"apart. Behind each of the copy it writes up to 7 zeros.")
	mask := masks()
	dst, src, rows, columns := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("rows"), GP64()), Load(Param("columns"), GP64())
	apart, by := stride("apart"), stride("stride")
	w := widths[0]
	left, whole, at := GP64(), GP64(), GP64()
	MOVQ(columns, left)
	ANDQ(Imm(uint64(w.lanes()-1)), left)
	last := w.mask(mask, left)
	MOVQ(columns, whole)
	SUBQ(left, whole)
	SHLQ(Imm(2), whole) // in bytes
	x := w.register()
	TESTQ(whole, whole)
	JZ(LabelRef("short"))
	next := func() {
		ADDQ(by, src)
		ADDQ(apart, dst)
		DECQ(rows)
	}

	// A few registers without anything left over, as of 8 or 16 channels, need no loop.
	TESTQ(left, left)
	JNZ(LabelRef("row"))
	for vectors := 1; vectors <= 4; vectors++ {
		label := fmt.Sprint("vectors", vectors)
		CMPQ(whole, Imm(uint64(vectors*w.bytes)))
		JNE(LabelRef("not" + label))
		Label(label)
		for v := range vectors {
			x := w.register()
			VMOVUPS(Mem{Base: src, Disp: v * w.bytes}, x)
			VMOVUPS(x, Mem{Base: dst, Disp: v * w.bytes})
		}
		next()
		JNZ(LabelRef(label))
		VZEROUPPER()
		RET()
		Label("not" + label)
	}
	Label("row")
	XORQ(at, at)
	Label("whole")
	VMOVUPS(Mem{Base: src, Index: at, Scale: 1}, x)
	VMOVUPS(x, Mem{Base: dst, Index: at, Scale: 1})
	ADDQ(Imm(uint64(w.bytes)), at)
	CMPQ(at, whole)
	JNE(LabelRef("whole"))
	TESTQ(left, left)
	JZ(LabelRef("next"))
	VMASKMOVPS(Mem{Base: src, Index: at, Scale: 1}, last, x)
	VMOVUPS(x, Mem{Base: dst, Index: at, Scale: 1})
	Label("next")
	next()
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()

	Label("short")
	VMASKMOVPS(Mem{Base: src}, last, x)
	VMOVUPS(x, Mem{Base: dst})
	next()
	JNZ(LabelRef("short"))
	VZEROUPPER()
	RET()
}
