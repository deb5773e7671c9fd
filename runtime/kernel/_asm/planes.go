package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// planes writes what computes with planes of a channel: see planes.go of package kernel.
func (w width) planes(masks Mem) {
	places := w.places()
	sums := perRow{name: "planeSums", rings: []string{"sum"}, elements: []string{"x"}, apart: true, doc: "adds Σ x."}
	sums.write(w, masks, func(r along) {
		lanes := r.ring("sum")
		r.walk.lanes(func(e elements, i int) { w.addTo(lanes[i], e.load(r.array["x"])) })
		r.turn("sum", lanes, places)
	})
	squares := perRow{name: "planeSquares", rings: []string{"sum"}, elements: []string{"x"}, numbers: []string{"mean"}, apart: true,
		doc: "adds Σ (x − mean)²."}
	squares.write(w, masks, func(r along) {
		lanes := r.ring("sum")
		r.walk.lanes(func(e elements, i int) {
			d := w.sub(e.load(r.array["x"]), r.c["mean"])
			w.addTo(lanes[i], e.orZero(w.mul(d, d)))
		})
		r.turn("sum", lanes, places)
	})
	gradSums := perRow{name: "planeGradSums", rings: []string{"sum", "product"}, elements: []string{"dy", "x"}, numbers: []string{"mean", "rstd"},
		apart: true, doc: "adds Σ ∂y and Σ ∂y·(x − mean)·rstd."}
	gradSums.write(w, masks, func(r along) {
		sums, products := r.ring("sum"), r.ring("product")
		r.walk.lanes(func(e elements, i int) {
			g, normal := r.normGradient(e, false, r.c["mean"], r.c["rstd"])
			w.addTo(sums[i], g)
			w.addTo(products[i], e.orZero(w.mul(g, normal)))
		})
		r.turn("sum", sums, places)
		r.turn("product", products, places)
	})
	normalise := perRow{name: "normalisePlanes", elements: []string{"y", "x"}, numbers: []string{"mean", "scale", "shift"}, apart: true,
		doc: "computes y = (x − mean)·scale + shift."}
	normalise.write(w, masks, func(r along) {
		r.walk.each(2, func(e elements) {
			normal := w.mul(w.sub(e.load(r.array["x"]), r.c["mean"]), r.c["scale"])
			e.store(w.add(normal, r.c["shift"]), r.array["y"])
		})
	})
	grad := perRow{name: "normalisePlanesGrad", elements: []string{"dx", "dy", "x"}, numbers: []string{"mean", "rstd", "scale", "d", "e"},
		apart: true, doc: "computes ∂x = scale·(∂y − d − (x − mean)·rstd·e)."}
	grad.write(w, masks, func(r along) {
		r.walk.each(2, func(e elements) {
			g, normal := r.normGradient(e, false, r.c["mean"], r.c["rstd"])
			e.store(w.mul(r.c["scale"], w.sub(w.sub(g, r.c["d"]), w.mul(normal, r.c["e"]))), r.array["dx"])
		})
	})
}

// ring reads the lanes of a sum, the first of which is that of the row's first element.
func (r along) ring(array string) []VecVirtual {
	l := r.w.whole()
	lanes := l.zeros()
	for v, x := range lanes {
		l.load(v, Mem{Base: r.array[array]}, x)
	}
	return lanes
}

// turn writes the lanes so that the first is that of the element behind the row.
func (r along) turn(array string, lanes []VecVirtual, numbered Mem) {
	l, label := r.w.whole(), array+"Turned"
	by := GP64()
	MOVQ(address("columns"), by)
	ANDQ(Imm(panel-1), by)
	JZ(LabelRef(label))
	places := r.w.register()
	VMOVD(by.As32(), places.AsX())
	VPBROADCASTD(places.AsX(), places)
	VPADDD(numbered, places, places) // whence each lane comes, but for whole turns
	if len(lanes) == 1 {
		VPERMPS(lanes[0], places, lanes[0])
	} else {
		second := r.w.register() // the sign says that it comes from the second register
		VPSLLD(Imm(28), places, second)
		for _, x := range lanes {
			VPERMPS(x, places, x)
		}
		first := r.w.register()
		VBLENDVPS(second, lanes[1], lanes[0], first)
		VBLENDVPS(second, lanes[0], lanes[1], lanes[1])
		VMOVAPS(first, lanes[0])
	}
	Label(label)
	for v, x := range lanes {
		l.store(v, x, Mem{Base: r.array[array]})
	}
}

// places are the numbers of the lanes of a register.
func (w width) places() Mem {
	places := GLOBL("places"+w.name, RODATA|NOPTR)
	for i := range w.lanes() {
		DATA(i*float, U32(i))
	}
	return places
}
