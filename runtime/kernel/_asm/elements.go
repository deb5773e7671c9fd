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

// addTo writes sum += x.
func (w width) addTo(sum VecVirtual, x Op) { VADDPS(x, sum, sum) }

// broadcast reads a number into all elements of a register.
func (w width) broadcast(param string) VecVirtual {
	x := w.register()
	VBROADCASTSS(address(param), x)
	return x
}

// elements are as many elements of arrays as a register holds, from the same one on in each, or the first of them that
// a mask selects.
type elements struct {
	w            width
	from, column Register // in bytes, from the beginning of an array and of a row
	disp         int
	mask         Register // nil: all
	left         Register // how many the mask selects
}

// load reads the elements of an array; those that the mask leaves out are 0.
func (e elements) load(array Register) VecVirtual {
	return e.read(Mem{Base: array, Index: e.from, Scale: 1, Disp: e.disp})
}

// loadShared reads the elements of an array that has only one row, the same for all, and begins so many bytes behind.
func (e elements) loadShared(array Register, behind int) VecVirtual {
	return e.read(Mem{Base: array, Index: e.column, Scale: 1, Disp: e.disp + behind})
}

func (e elements) read(at Mem) VecVirtual {
	x := e.w.register()
	e.w.read(at, e.mask, x)
	return x
}

// store writes the elements of an array.
func (e elements) store(x VecVirtual, array Register) {
	e.put(x, Mem{Base: array, Index: e.from, Scale: 1, Disp: e.disp})
}

// put writes the elements that begin there.
func (e elements) put(x VecVirtual, at Mem) {
	if e.mask == nil {
		VMOVUPS(x, at)
	} else {
		e.w.storeLeft(x, e.left, at)
	}
}

// orZero returns x with 0 for the elements that the mask leaves out.
func (e elements) orZero(x VecVirtual) VecVirtual {
	if e.mask == nil {
		return x
	}
	z := e.w.register()
	e.w.orZero(e.mask, x, z)
	return z
}

// or returns x with those of y for the elements that the mask leaves out.
func (e elements) or(x, y VecVirtual) VecVirtual {
	if e.mask == nil {
		return x
	}
	z := e.w.register()
	e.w.choose(e.mask, x, y, z)
	return z
}

// walk goes over the elements of a row.
type walk struct {
	w            width
	label        string
	masks        Mem
	left         Register // number of elements that are left
	from, column Register // where they begin, as in elements
}

// each writes a loop over all elements: body for whole registers of them, as many at a time as unroll says, then for
// those that are left.
func (l walk) each(unroll int, body func(e elements)) {
	for n := unroll; n > 0; n /= 2 {
		again, next := l.part(n), l.part(n/2)
		Label(again)
		l.unless(n, next)
		for i := range n {
			body(l.next(i))
		}
		l.advance(n)
		JMP(LabelRef(again))
	}
	Label(l.part(0))
	TESTQ(l.left, l.left)
	JZ(LabelRef(l.label + "Done"))
	body(l.rest())
	l.skip()
	Label(l.label + "Done")
}

// lanes writes a loop over all elements for as many registers as hold 16 lanes: element i of the row belongs to lane
// i mod 16. add takes elements to the register of that number.
func (l walk) lanes(add func(e elements, register int)) {
	l.lockstep(func(all []elements, register int) {
		for i, e := range all {
			add(e, register+i)
		}
	})
}

// lockstep is lanes, but add takes as many registers of elements as there are at a time to that one and those that follow.
func (l walk) lockstep(add func(all []elements, register int)) {
	n := l.w.vectors()
	Label(l.label + "Lanes")
	l.unless(n, l.part(n))
	var all []elements
	for i := range n {
		all = append(all, l.next(i))
	}
	add(all, 0)
	l.advance(n)
	JMP(LabelRef(l.label + "Lanes"))
	for i := range n {
		Label(l.part(n - i))
		next := l.part(n - i - 1)
		if i < n-1 {
			l.unless(1, l.label+"Rest"+next)
			add([]elements{l.next(0)}, i)
			l.advance(1)
			JMP(LabelRef(next))
			Label(l.label + "Rest" + next)
		}
		TESTQ(l.left, l.left)
		JZ(LabelRef(l.label + "Done"))
		add([]elements{l.rest()}, i)
		l.skip()
		if i < n-1 {
			JMP(LabelRef(l.label + "Done"))
		}
	}
	Label(l.label + "Done")
}

// part is the label of the part that takes so many registers at a time.
func (l walk) part(registers int) string { return fmt.Sprint(l.label, registers) }

// unless jumps if fewer registers of elements are left.
func (l walk) unless(registers int, label string) {
	CMPQ(l.left, Imm(uint64(registers*l.w.lanes())))
	JL(LabelRef(label))
}

// next is the register of elements i registers from here.
func (l walk) next(i int) elements {
	return elements{w: l.w, from: l.from, column: l.column, disp: i * l.w.bytes}
}

// advance leaves elements behind.
func (l walk) advance(registers int) {
	by := U32(registers * l.w.bytes)
	ADDQ(by, l.from)
	if l.column != l.from {
		ADDQ(by, l.column)
	}
	SUBQ(Imm(uint64(registers*l.w.lanes())), l.left)
}

// rest is what is left, less than a register.
func (l walk) rest() elements {
	return elements{w: l.w, from: l.from, column: l.column, mask: l.w.mask(l.masks, l.left), left: l.left}
}

// skip leaves the rest behind.
func (l walk) skip() {
	LEAQ(Mem{Base: l.from, Index: l.left, Scale: float}, l.from)
}
