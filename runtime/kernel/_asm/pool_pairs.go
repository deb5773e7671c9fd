package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// pairs goes over windows of 2×2 places whose elements are whole registers.
type pairs struct {
	w            width
	x            Register // the first place of the window
	inner, below Register // in bytes: to the next place, to the one below
	at           Register // in bytes: which elements
}

// places are the addresses of a window's elements.
func (p *pairs) places(lower Register) [4]Mem {
	first := Mem{Base: p.x, Index: p.at, Scale: 1}
	LEAQ(Mem{Base: p.x, Index: p.below, Scale: 1}, lower)
	second, third, fourth := GP64(), Mem{Base: lower, Index: p.at, Scale: 1}, GP64()
	LEAQ(Mem{Base: p.x, Index: p.inner, Scale: 1}, second)
	LEAQ(Mem{Base: lower, Index: p.inner, Scale: 1}, fourth)
	return [4]Mem{first, {Base: second, Index: p.at, Scale: 1}, third, {Base: fourth, Index: p.at, Scale: 1}}
}

// write writes the loops over windows and the registers of each. numbers are those of its places.
func (p *pairs) write(results []Register, body func(at Register, places [4]Mem, numbers [4]VecVirtual)) {
	w := p.w
	p.inner, p.below, p.at = stride("inner"), Load(Param("stride"), GP64()), GP64()
	step, place, lines, windows := Load(Param("step"), GP64()), Load(Param("place"), GP64()), Load(Param("lines"), GP64()), GP64()
	one, ones, down := GP64(), w.register(), w.register()
	MOVQ(U32(1), one)
	w.numbered(one, ones)
	w.numbered(p.below, down)
	IMULQ(p.inner, p.below)
	IMULQ(p.inner, step)
	var numbers [4]VecVirtual
	for i := range numbers {
		numbers[i] = w.register()
	}
	lower := GP64()
	Label("line")
	MOVQ(address("windows"), windows)
	Label("window")
	w.numbered(place, numbers[0])
	VPADDD(ones, numbers[0], numbers[1])
	VPADDD(down, numbers[0], numbers[2])
	VPADDD(down, numbers[1], numbers[3])
	XORQ(p.at, p.at)
	all := p.places(lower)
	Label("elements")
	body(p.at, all, numbers)
	ADDQ(Imm(uint64(w.bytes)), p.at)
	CMPQ(p.at, p.inner)
	JNE(LabelRef("elements"))
	ADDQ(step, p.x)
	for _, array := range results {
		ADDQ(p.inner, array)
	}
	ADDQ(address("step"), place)
	DECQ(windows)
	JNZ(LabelRef("window"))
	skip := GP64()
	MOVQ(address("skip"), skip)
	ADDQ(skip, place)
	IMULQ(p.inner, skip)
	ADDQ(skip, p.x)
	DECQ(lines)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// numbered writes a number into every element of a register.
func (w width) numbered(x Register, to VecVirtual) {
	VMOVQ(x, to.AsX())
	VPBROADCASTD(to.AsX(), to)
}

// maxPairs writes maxLanes and maxLanesGrad for windows of 2×2, the latter for such as do not overlap.
func (w width) maxPairs() {
	w.function("maxPairs", "func(y, at, x *float32, lines, windows, skip, inner, step, stride, place int)",
		"does what maxLanes does for windows of 2×2 places of whole registers.")
	y, at := Load(Param("y"), GP64()), Load(Param("at"), GP64())
	p := pairs{w: w, x: Load(Param("x"), GP64())}
	p.write([]Register{y, at}, func(element Register, places [4]Mem, numbers [4]VecVirtual) {
		best, place := w.register(), w.register()
		VMOVUPS(places[0], best)
		VMOVAPS(numbers[0], place)
		for i := 1; i < 4; i++ {
			x := w.register()
			VMOVUPS(places[i], x)
			w.takeLarger(x, numbers[i], best, place)
		}
		VMOVUPS(best, Mem{Base: y, Index: element, Scale: 1})
		CMPQ(address("at"), Imm(0))
		JE(LabelRef("found"))
		VMOVUPS(place, Mem{Base: at, Index: element, Scale: 1})
		Label("found")
	})

	w.function("maxPairsGrad", "func(dx, at, dy *float32, lines, windows, skip, inner, step, stride, place int)",
		"writes ∂x of windows of 2×2 places of whole registers that do not overlap: ∂y at its place, else 0.")
	dy, at := Load(Param("dy"), GP64()), Load(Param("at"), GP64())
	zero := w.register()
	VXORPS(zero, zero, zero)
	p = pairs{w: w, x: Load(Param("dx"), GP64())}
	p.write([]Register{dy, at}, func(element Register, places [4]Mem, numbers [4]VecVirtual) {
		d, place := w.register(), w.register()
		VADDPS(Mem{Base: dy, Index: element, Scale: 1}, zero, d) // a sum that begins at 0 is never −0
		VMOVUPS(Mem{Base: at, Index: element, Scale: 1}, place)
		for i, to := range places {
			VMOVUPS(w.where(d, place, numbers[i]), to)
		}
	})
}

// where returns x where two numbers are equal, else 0.
func (w width) where(x, number, other VecVirtual) VecVirtual {
	z := w.register()
	if w.opmasks {
		equal := K()
		VPCMPEQD(number, other, equal)
		VMOVAPS_Z(x, equal, z)
		return z
	}
	VPCMPEQD(number, other, z)
	VANDPS(x, z, z)
	return z
}
