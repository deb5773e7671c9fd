package main

import (
	"fmt"
	"sync"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A mask selects elements of a register: by the signs of the elements of another one, or by the bits of a register of
// masks.

// masks is 16 words of ones before 16 of zeros: read from word 16 − n on, it selects n of 16 elements. A file has it once.
var masks = sync.OnceValue(func() Mem {
	mask := GLOBL("masks", RODATA|NOPTR)
	for i := range 32 {
		v := U32(0)
		if i < 16 {
			v = 0xffffffff
		}
		DATA(i*float, v)
	}
	return mask
})

// mask returns the mask of the first so many elements of a register.
func (w width) mask(masks Mem, count Register) Register {
	if w.opmasks {
		bits, mask := GP32(), K()
		MOVL(U32(1<<w.lanes()-1), bits)
		BZHIL(count.(GPVirtual).As32(), bits, bits)
		KMOVW(bits, mask)
		return mask
	}
	at, mask := GP64(), w.register()
	LEAQ(masks, at)
	NEGQ(count)
	VMOVUPS(Mem{Base: at, Index: count, Scale: float, Disp: panel * float}, mask)
	NEGQ(count)
	return mask
}

// panelMasks returns the masks of the first so many elements of a panel.
func (w width) panelMasks(masks Mem, count Register) []Register {
	if w.opmasks {
		return []Register{w.mask(masks, count)}
	}
	at := GP64()
	LEAQ(masks, at)
	NEGQ(count)
	LEAQ(Mem{Base: at, Index: count, Scale: float, Disp: panel * float}, at)
	NEGQ(count)
	all := make([]Register, w.vectors())
	for i := range all {
		mask := w.register()
		VMOVUPS(Mem{Base: at, Disp: i * w.bytes}, mask)
		all[i] = mask
	}
	return all
}

// read reads the elements that the mask selects; those that it leaves out are 0. Without a mask it reads all.
func (w width) read(at Mem, mask Register, to VecVirtual) {
	switch {
	case mask == nil:
		VMOVUPS(at, to)
	case w.opmasks:
		VMOVUPS_Z(at, mask, to)
	default:
		VMASKMOVPS(at, mask, to)
	}
}

// orZero writes x with 0 for the elements that the mask leaves out.
func (w width) orZero(mask Register, x Op, to VecVirtual) {
	if w.opmasks {
		VMOVAPS_Z(x, mask, to)
	} else {
		VANDPS(x, mask, to)
	}
}

// choose writes those elements of x that the mask selects and the others of y. x may lie in memory.
func (w width) choose(mask Register, x, y Op, to VecVirtual) {
	if w.opmasks {
		VBLENDMPS(x, y, mask, to)
	} else {
		VBLENDVPS(mask, x, y, to)
	}
}

// compare returns the mask of the elements of x for which the predicate holds. y may lie in memory.
func (w width) compare(predicate, x, y Op) Register {
	var mask Register = K()
	if !w.opmasks {
		mask = w.register()
	}
	VCMPPS(predicate, y, x, mask)
	return mask
}

// storeLeft writes the first left elements of a register, in pieces of 16, 8, 4, 2 and 1. A store with a mask takes four
// times as long on some processors, and on others what is read next waits for it if it lies where nothing was stored.
func (w width) storeLeft(from VecVirtual, left Register, to Mem) {
	number, at := stores, GP64()
	stores++
	label := func(piece int) string { return fmt.Sprintf("left%dpiece%d", number, piece) }
	done := label(0)
	LEAQ(to, at)
	whole := w.lanes()
	TESTQ(U32(whole), left)
	JZ(LabelRef(label(whole / 2)))
	VMOVUPS(from, Mem{Base: at})
	JMP(LabelRef(done))
	for n := whole / 2; n >= 4; n /= 2 {
		Label(label(n))
		half, low := XMM(), from.AsX()
		if n == 8 {
			half, low = YMM(), from.AsY()
		}
		VMOVAPS(low, half)
		TESTQ(U32(n), left)
		JZ(LabelRef(label(n / 2)))
		VMOVUPS(half, Mem{Base: at})
		ADDQ(Imm(uint64(n*float)), at)
		if n == 8 {
			VEXTRACTF64X4(Imm(1), from, half)
		} else {
			VEXTRACTF128(Imm(1), from, half)
		}
		from = half
	}
	Label(label(2))
	TESTQ(U32(2), left)
	JZ(LabelRef(label(1)))
	VMOVLPS(from, Mem{Base: at})
	ADDQ(Imm(2*float), at)
	VMOVHLPS(from, from, from)
	Label(label(1))
	TESTQ(U32(1), left)
	JZ(LabelRef(done))
	VMOVSS(from, Mem{Base: at})
	Label(done)
}

// stores numbers the labels of stores in pieces.
var stores int
