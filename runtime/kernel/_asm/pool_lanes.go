package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// overWindows is a function that goes over windows of rows × columns places, each of which has inner elements side by side.
// windows begin step places apart, rows of a plane stride places, and the first window of a line is skip places behind the one
// that would follow the last of the line before.
type overWindows struct {
	w                          width
	plane                      Register // of the first window's first place
	results                    []Register
	places                     bool // whether the places' numbers count
	place                      Register
	inner, step, stride, lines Register // in bytes: between places, windows and rows, and from a row's end to the next
}

// windowOf is some elements of a window.
type windowOf struct {
	elements
	f          *overWindows
	label      string
	next       VecVirtual // the place's number
	ones, down VecVirtual
}

// write writes the loops: body for each window and as many of its elements as a register holds.
func (f *overWindows) write(masks Mem, body func(window windowOf)) {
	f.inner = stride("inner")
	f.step, f.stride, f.lines = Load(Param("step"), GP64()), Load(Param("stride"), GP64()), GP64()
	var ones, down VecVirtual
	if f.places {
		f.place = Load(Param("place"), GP64())
		by := GP64()
		MOVQ(U32(1), by)
		ones = f.w.register()
		f.w.numbered(by, ones)
		MOVQ(f.stride, by)
		SUBQ(address("columns"), by)
		down = f.w.register()
		f.w.numbered(by, down)
	}
	MOVQ(f.stride, f.lines)
	SUBQ(address("columns"), f.lines)
	IMULQ(f.inner, f.lines)
	IMULQ(f.inner, f.step)
	walk := walk{w: f.w, label: "element", masks: masks, left: GP64(), from: GP64()}
	walk.column = walk.from
	windows, left := GP64(), Load(Param("lines"), GP64())
	Label("line")
	MOVQ(address("windows"), windows)
	Label("window")
	XORQ(walk.from, walk.from)
	MOVQ(address("inner"), walk.left)
	walk.each(1, func(e elements) {
		window := windowOf{elements: e, f: f, label: "whole", ones: ones, down: down}
		if e.mask != nil {
			window.label = "left"
		}
		if f.places {
			window.next = f.w.register()
			f.w.numbered(f.place, window.next)
		}
		body(window)
	})
	ADDQ(f.step, f.plane)
	for _, array := range f.results {
		ADDQ(f.inner, array)
	}
	if f.places {
		ADDQ(address("step"), f.place)
	}
	DECQ(windows)
	JNZ(LabelRef("window"))
	skip := GP64()
	MOVQ(address("skip"), skip)
	if f.places {
		ADDQ(skip, f.place)
	}
	IMULQ(f.inner, skip)
	ADDQ(skip, f.plane)
	DECQ(left)
	JNZ(LabelRef("line"))
	VZEROUPPER()
	RET()
}

// each writes a loop over the window's places, of whose elements some stand there.
func (o windowOf) each(body func(at Mem)) {
	rows, columns, from := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: o.f.plane, Index: o.from, Scale: 1}, from)
	MOVQ(address("rows"), rows)
	Label(o.label + "Row")
	MOVQ(address("columns"), columns)
	Label(o.label + "Column")
	body(Mem{Base: from})
	ADDQ(o.f.inner, from)
	if o.f.places {
		VPADDD(o.ones, o.next, o.next)
	}
	DECQ(columns)
	JNZ(LabelRef(o.label + "Column"))
	ADDQ(o.f.lines, from)
	if o.f.places {
		VPADDD(o.down, o.next, o.next)
	}
	DECQ(rows)
	JNZ(LabelRef(o.label + "Row"))
}

// maxLanes writes what finds the largest elements of windows, and their places.
func (w width) maxLanes(masks Mem) {
	w.function("maxLanes", "func(y, at, x *float32, lines, windows, skip, rows, columns, inner, step, stride, place int, first bool)",
		"finds the largest of each of the inner elements at a place, in windows of rows × columns that are step places",
		"apart, in planes whose rows begin stride places apart; those of the next line begin skip places behind where another one",
		"would. place is that of x in its plane. at may be nil. Where these are not the",
		"windows' first rows, y and at hold what has been found in those.")
	x, y, at := Load(Param("x"), GP64()), Load(Param("y"), GP64()), Load(Param("at"), GP64())
	f := overWindows{w: w, plane: x, results: []Register{y, at}, places: true}
	f.write(masks, func(o windowOf) {
		best, place := w.register(), w.register()
		CMPB(address("first"), Imm(0))
		JE(LabelRef(o.label + "Further"))
		w.read(Mem{Base: x, Index: o.from, Scale: 1}, o.mask, best)
		VMOVAPS(o.next, place)
		JMP(LabelRef(o.label + "Begin"))
		Label(o.label + "Further")
		w.read(Mem{Base: y, Index: o.from, Scale: 1}, o.mask, best)
		CMPQ(address("at"), Imm(0))
		JE(LabelRef(o.label + "Begin"))
		w.read(Mem{Base: at, Index: o.from, Scale: 1}, o.mask, place)
		Label(o.label + "Begin")
		o.each(func(from Mem) {
			w.takeLarger(o.read(from), o.next, best, place)
		})
		o.store(best, y)
		CMPQ(address("at"), Imm(0))
		JE(LabelRef(o.label + "Found"))
		o.store(place, at)
		Label(o.label + "Found")
	})
}

// takeLarger takes x and its place where it is larger than the best, or the first NaN.
func (w width) takeLarger(x, next, best, place VecVirtual) {
	if w.opmasks {
		ordered, larger := K(), K()
		VCMPPS(numbersBoth, best, best, ordered)
		VCMPPS(notLessOrEqual, best, x, ordered, larger)
		VMOVAPS(x, larger, best)
		VMOVDQA32(next, larger, place)
		return
	}
	ordered, larger := w.register(), w.register()
	VCMPPS(notLessOrEqual, best, x, larger)
	VCMPPS(numbersBoth, best, best, ordered)
	VANDPS(ordered, larger, larger)
	VBLENDVPS(larger, x, best, best)
	VBLENDVPS(larger, next, place, place)
}

// maxLanesGrad writes what adds the gradients of windows at their places.
func (w width) maxLanesGrad(masks Mem) {
	w.function("maxLanesGrad", "func(dx, at, dy *float32, lines, windows, skip, rows, columns, inner, step, stride, place int)",
		"adds to ∂x each ∂y of such windows as maxLanes has, at its place where that is among these rows.")
	dx, dy, at := Load(Param("dx"), GP64()), Load(Param("dy"), GP64()), Load(Param("at"), GP64())
	f := overWindows{w: w, plane: dx, results: []Register{dy, at}, places: true}
	f.write(masks, func(o windowOf) {
		d, place := o.load(dy), o.load(at)
		o.each(func(to Mem) {
			sum := o.read(to)
			w.addWhere(sum, d, place, o.next)
			o.put(sum, to)
		})
	})
}

// addWhere adds x to sum where two numbers are equal.
func (w width) addWhere(sum, x, number, other VecVirtual) {
	if w.opmasks {
		equal := K()
		VPCMPEQD(number, other, equal)
		VADDPS(x, sum, equal, sum)
		return
	}
	VADDPS(w.where(x, number, other), sum, sum)
}

// meansOfLanes writes what computes the means of windows of at most a block of elements, and what adds their gradients.
func (w width) meansOfLanes(masks Mem) {
	w.function("meansOfLanes", "func(y, x *float32, lines, windows, skip, rows, columns, inner, step, stride int, by float32)",
		"computes the sum of each of the inner elements at a place, divided by a number, in such windows as maxLanes has.")
	x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
	by := w.broadcast("by")
	f := overWindows{w: w, plane: x, results: []Register{y}}
	f.write(masks, func(o windowOf) {
		sum := w.register()
		VXORPS(sum, sum, sum)
		o.each(func(from Mem) {
			w.addTo(sum, o.read(from))
		})
		o.store(w.div(sum, by), y)
	})

	w.function("meansOfLanesGrad", "func(dx, dy *float32, lines, windows, skip, rows, columns, inner, step, stride int, by float32)",
		"adds to ∂x each ∂y, divided by a number, at all places of its window.")
	dx, dy := Load(Param("dx"), GP64()), Load(Param("dy"), GP64())
	by = w.broadcast("by")
	f = overWindows{w: w, plane: dx, results: []Register{dy}}
	f.write(masks, func(o windowOf) {
		d := w.div(o.load(dy), by)
		o.each(func(to Mem) {
			o.put(w.add(o.read(to), d), to)
		})
	})
}
