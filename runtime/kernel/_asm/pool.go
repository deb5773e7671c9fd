package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// maxPools writes what finds the largest elements of windows that lie side by side: of so many at once, one or two columns
// apart.
func maxPools() {
	for _, step := range []int{1, 2} {
		places := GLOBL(fmt.Sprint("windows", step), RODATA|NOPTR)
		for i := range 8 {
			DATA(i*float, U32(i*step))
		}
		maxPool{windows: 8, step: step, places: places, register: YMM}.write()
		maxPool{windows: 4, step: step, places: places, register: XMM}.write()
	}
}

// maxPool is such a function.
type maxPool struct {
	windows, step int // at once; columns from one to the next
	places        Mem // 0, step, 2·step, …
	register      func() VecVirtual
}

// largest are the largest elements of windows so far, their places in the plane, and that of the element that comes.
type largest struct{ best, place, next VecVirtual }

func (f maxPool) write() {
	name := fmt.Sprintf("maxPool%dBy%dAVX2", f.windows, f.step)
	TEXT(name, NOSPLIT, "func(y, at, x *float32, lines, windows, apart, outputs, rows, columns, stride, place int)")
	Pragma("noescape")
	Doc(name+fmt.Sprintf(" finds the largest elements of windows of rows × columns that are %d columns apart, at least %d of them,", f.step, f.windows),
		"in planes whose rows begin stride elements apart; those of the next line begin apart elements further on, and outputs in y and at.",
		"place is that of x in its plane. at may be nil.")
	y, at, x, place, bytes := Load(Param("y"), GP64()), Load(Param("at"), GP64()), Load(Param("x"), GP64()), Load(Param("place"), GP64()), stride("stride")
	lines, ones, gap := Load(Param("lines"), GP64()), f.register(), f.register()
	one, between := GP64(), Load(Param("stride"), GP64())
	MOVQ(U32(1), one)
	f.broadcast(one, ones)
	SUBQ(address("columns"), between)
	f.broadcast(between, gap)

	window := GP64()
	Label("line")
	XORQ(window, window)
	Label("windows")
	from, first := GP64(), GP64()
	LEAQ(Mem{Base: x, Index: window, Scale: uint8(f.step * float)}, from)
	LEAQ(Mem{Base: place, Index: window, Scale: uint8(f.step)}, first)
	l := largest{f.register(), f.register(), f.register()}
	f.broadcast(first, l.next)
	VPADDD(f.places, l.next, l.next)
	VMOVAPS(l.next, l.place)
	rows := GP64()
	MOVQ(address("rows"), rows)
	f.first(from, l.best)
	Label("row")
	f.row(from, l, ones)
	VPADDD(gap, l.next, l.next)
	ADDQ(bytes, from)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VMOVUPS(l.best, Mem{Base: y, Index: window, Scale: float})
	CMPQ(address("at"), Imm(0))
	JE(LabelRef("found"))
	VMOVUPS(l.place, Mem{Base: at, Index: window, Scale: float})
	Label("found")
	left := GP64()
	MOVQ(address("windows"), left)
	SUBQ(Imm(uint64(f.windows)), left)
	CMPQ(window, left)
	JE(LabelRef("next"))
	ADDQ(Imm(uint64(f.windows)), window)
	CMPQ(window, left)
	JLE(LabelRef("windows"))
	MOVQ(left, window) // the last ones overlap those before
	JMP(LabelRef("windows"))

	Label("next")
	by := GP64()
	MOVQ(address("apart"), by)
	ADDQ(by, place)
	LEAQ(Mem{Base: x, Index: by, Scale: float}, x)
	MOVQ(address("outputs"), by)
	LEAQ(Mem{Base: y, Index: by, Scale: float}, y)
	LEAQ(Mem{Base: at, Index: by, Scale: float}, at)
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

func (f maxPool) broadcast(x Register, to VecVirtual) {
	VMOVQ(x, to.AsX())
	VPBROADCASTD(to.AsX(), to)
}

// first reads the first element of each window.
func (f maxPool) first(from Register, to VecVirtual) {
	if f.step == 1 {
		VMOVUPS(Mem{Base: from}, to)
		return
	}
	x, y := f.pairs(Mem{Base: from})
	VSHUFPS(even, y, x, to)
}

// Which elements VSHUFPS takes of pairs.
var even, odd = Imm(0x88), Imm(0xdd)

// pairs reads two elements for each window, so that VSHUFPS brings every other one into its place.
func (f maxPool) pairs(from Mem) (x, y VecVirtual) {
	x, y = f.register(), f.register()
	VMOVUPS(from, x.AsX())
	VMOVUPS(from.Offset(4*float), y.AsX())
	if f.windows == 8 {
		VINSERTF128(Imm(1), from.Offset(8*float), x, x)
		VINSERTF128(Imm(1), from.Offset(12*float), y, y)
	}
	return x, y
}

// row compares the elements of a row of each window. With a step of 2 an element is read together with the one before it:
// what lies behind the last window's may not be read.
func (f maxPool) row(from Register, l largest, ones VecVirtual) {
	at, columns := GP64(), GP64()
	MOVQ(from, at)
	MOVQ(address("columns"), columns)
	if f.step == 2 {
		x, y := f.pairs(Mem{Base: from})
		z := f.register()
		VSHUFPS(even, y, x, z)
		f.compare(z, l, ones)
		VSHUFPS(odd, y, x, z)
		f.compare(z, l, ones)
		SUBQ(Imm(2), columns)
		JZ(LabelRef("compared"))
		ADDQ(Imm(float), at)
	}
	Label("column")
	x := f.register()
	if f.step == 1 {
		VMOVUPS(Mem{Base: at}, x)
	} else {
		a, b := f.pairs(Mem{Base: at})
		VSHUFPS(odd, b, a, x)
	}
	f.compare(x, l, ones)
	ADDQ(Imm(float), at)
	DECQ(columns)
	JNZ(LabelRef("column"))
	if f.step == 2 {
		Label("compared")
	}
}

// compare takes x where it is larger, or the first NaN.
func (f maxPool) compare(x VecVirtual, l largest, ones VecVirtual) {
	larger, ordered := f.register(), f.register()
	VCMPPS(notLessOrEqual, l.best, x, larger)
	VCMPPS(numbersBoth, l.best, l.best, ordered)
	VANDPS(ordered, larger, larger)
	VBLENDVPS(larger, x, l.best, l.best)
	VBLENDVPS(larger, l.next, l.place, l.place)
	VPADDD(ones, l.next, l.next)
}

// Predicates of VCMPPS: the first holds for a NaN, too.
var notLessOrEqual, numbersBoth = Imm(0x16), Imm(0x07)
