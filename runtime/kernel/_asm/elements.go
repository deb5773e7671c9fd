package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// Each of these writes one rounded operation, whose result stands in a register of its own. The last operand may lie in
// memory.

func (w width) add(x, y Op) VecVirtual {
	z := w.register()
	VADDPS(y, x, z)
	return z
}

func (w width) sub(x, y Op) VecVirtual {
	z := w.register()
	VSUBPS(y, x, z)
	return z
}

func (w width) mul(x, y Op) VecVirtual {
	z := w.register()
	VMULPS(y, x, z)
	return z
}

func (w width) div(x, y Op) VecVirtual {
	z := w.register()
	VDIVPS(y, x, z)
	return z
}

func (w width) sqrt(x Op) VecVirtual {
	z := w.register()
	VSQRTPS(x, z)
	return z
}

// broadcast reads a number into all elements of a register.
func (w width) broadcast(param string) VecVirtual {
	at, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	x := w.register()
	VBROADCASTSS(at.Addr, x)
	return x
}

// lanes returns the number of elements of a register.
func (w width) lanes() int { return w.bytes / float }

// elements are as many elements of arrays as a register holds, from the same one on in each, or the first of them that
// a mask selects.
type elements struct {
	w    width
	from Register // in bytes
	disp int
	mask VecVirtual // nil: all
}

// of returns where the elements of the array lie.
func (e elements) of(array Register) Mem {
	return Mem{Base: array, Index: e.from, Scale: 1, Disp: e.disp}
}

// load reads the elements of an array; those that the mask leaves out are 0.
func (e elements) load(array Register) VecVirtual {
	x := e.w.register()
	if e.mask == nil {
		VMOVUPS(e.of(array), x)
	} else {
		VMASKMOVPS(e.of(array), e.mask, x)
	}
	return x
}

// store writes the elements of an array.
func (e elements) store(x VecVirtual, array Register) {
	if e.mask == nil {
		VMOVUPS(x, e.of(array))
	} else {
		VMASKMOVPS(x, e.mask, e.of(array))
	}
}

// each writes a loop over the elements of arrays: body for whole registers of them, as many at a time as unroll says,
// then for those that are left. It changes size.
func (w width) each(label string, size Register, masks Mem, unroll int, body func(e elements)) {
	from := GP64()
	XORQ(from, from)
	for n := unroll; n > 0; n /= 2 {
		loop, next := at(label, n), at(label, n/2)
		Label(loop)
		CMPQ(size, Imm(uint64(n*w.lanes())))
		JL(LabelRef(next))
		for i := range n {
			body(elements{w: w, from: from, disp: i * w.bytes})
		}
		ADDQ(U32(n*w.bytes), from)
		SUBQ(Imm(uint64(n*w.lanes())), size)
		JMP(LabelRef(loop))
	}
	Label(at(label, 0))
	TESTQ(size, size)
	JZ(LabelRef(label + "Done"))
	body(elements{w: w, from: from, mask: w.mask(masks, size)})
	Label(label + "Done")
}

// mask returns a register of ones in the first n elements, fewer than it has.
func (w width) mask(masks Mem, n Register) VecVirtual {
	at, m := GP64(), w.register()
	LEAQ(masks, at)
	NEGQ(n)
	VMOVUPS(Mem{Base: at, Index: n, Scale: float, Disp: 16 * float}, m)
	NEGQ(n)
	return m
}

// at is the label of the part of a loop that takes so many registers at a time.
func at(label string, registers int) string { return fmt.Sprint(label, registers) }
