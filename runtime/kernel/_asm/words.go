package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// What follows writes operations on integers, whose instructions differ from width to width.

// xor writes z ^= x.
func (w width) xor(x, z VecVirtual) {
	if w.opmasks {
		VPXORD(x, z, z)
	} else {
		VPXOR(x, z, z)
	}
}

// xor3 writes z ^= x ^ y.
func (w width) xor3(x, y, z VecVirtual) {
	if w.opmasks {
		VPTERNLOGD(U8(0b10010110), x, y, z)
		return
	}
	VPXOR(y, z, z)
	VPXOR(x, z, z)
}

// keep lets kept be 0 where a word is less than the least. The words and the least are lost.
func (w width) keep(words, least, kept VecVirtual) {
	if w.opmasks {
		at := K()
		VPCMPUD(Imm(5), least, words, at)
		VMOVAPS_Z(kept, at, kept)
		return
	}
	VPMAXUD(least, words, least)
	VPCMPEQD(least, words, least)
	VPAND(least, kept, kept)
}

// and writes z = x & y.
func (w width) and(x Op, y, z VecVirtual) {
	if w.opmasks {
		VPANDQ(x, y, z)
	} else {
		VPAND(x, y, z)
	}
}

// or writes z |= x.
func (w width) or(x Op, z VecVirtual) {
	if w.opmasks {
		VPORQ(x, z, z)
	} else {
		VPOR(x, z, z)
	}
}

// exchange returns x and y, exchanged where the first of 64 bits is set.
func (w width) exchange(first, x, y VecVirtual) (a, b VecVirtual) {
	a, b = w.register(), w.register()
	if w.opmasks {
		at := K()
		VPMOVQ2M(first, at)
		VBLENDMPD(y, x, at, a)
		VBLENDMPD(x, y, at, b)
		return a, b
	}
	VBLENDVPD(first, y, x, a)
	VBLENDVPD(first, x, y, b)
	return a, b
}

// halved returns float64s as float32s, in half a register.
func (w width) halved(x VecVirtual) VecVirtual {
	if w.opmasks {
		z := YMM()
		VCVTPD2PS(x, z)
		return z
	}
	z := XMM()
	VCVTPD2PSY(x, z)
	return z
}

// storeBlocks stores the four numbers of each element of 64 bits: z are the first ones, the second ones and so on, each in
// half a register.
func (t *doubles) storeBlocks(z []VecVirtual, to Mem) {
	half := func() VecVirtual {
		if t.opmasks {
			return YMM()
		}
		return XMM()
	}
	pair := func(unpack func(...Op), x, y VecVirtual) VecVirtual {
		p := half()
		unpack(y, x, p)
		return p
	}
	low := []VecVirtual{pair(VUNPCKLPS, z[0], z[1]), pair(VUNPCKLPS, z[2], z[3])}
	high := []VecVirtual{pair(VUNPCKHPS, z[0], z[1]), pair(VUNPCKHPS, z[2], z[3])}
	for i, block := range []VecVirtual{pair(VUNPCKLPD, low[0], low[1]), pair(VUNPCKHPD, low[0], low[1]),
		pair(VUNPCKLPD, high[0], high[1]), pair(VUNPCKHPD, high[0], high[1])} {
		at := func(element int) Mem { return to.Offset(16 * int(t.position(element))) }
		VMOVUPS(block.AsX(), at(i))
		if t.opmasks {
			VEXTRACTF128(Imm(1), block, at(4+i))
		}
	}
}
