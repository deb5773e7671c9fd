package main

import (
	"fmt"
	"slices"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// reductions writes what the kernels that reduce rows are made of. Each works on rows of columns that follow each other, and
// on at most one block of terms of each.
func (w width) reductions() {
	masks := masks()
	w.maxima(masks, false)
	w.sums(masks)
	w.differences(masks)
	w.squares(masks)
	w.dots(masks)
	n := w.numbers()
	w.exponentials(n, true, false, masks)
	w.exponentials(n, false, false, masks)
	w.divide(masks)
	w.softmaxGrad(masks, false)
	w.crossEntropyGrad(masks)
	for _, affine := range []string{"", "scale", "shift"} {
		w.normalise(affine, masks)
	}
	for _, weighted := range []bool{false, true} {
		w.normGradSums(weighted, masks)
		w.normGrad(weighted, masks)
	}
	w.columnSums(masks)
	w.normaliseColumns(masks)
	w.normaliseColumnsGrad(masks)
	w.planes(masks)
	w.scatter(masks)
}

// scores writes the same for rows that begin stride elements apart, as attention has them.
func (w width) scores() {
	masks := masks()
	w.maxima(masks, true)
	w.exponentials(w.numbers(), true, true, masks)
	w.softmaxGrad(masks, true)
}

// whichLie says of a function whether its rows lie apart, which its name says too.
func (f perRow) whichLie(apart bool) perRow {
	if f.apart = apart; apart {
		f.name += "Apart"
	}
	return f
}

// perRow is a function that goes over rows of columns: parameters that are the lanes of sums over all rows, arrays with a
// number for each row, arrays with a number for each element, arrays with a number for each column, and numbers.
type perRow struct {
	name, doc               string
	rings                   []string
	rows, elements, columns []string
	numbers                 []string
	apart                   bool // a row begins stride elements behind the one before, else behind its last element
}

// along is what the body of a perRow computes with.
type along struct {
	w     width
	walk  walk
	array map[string]Register
	c     map[string]VecVirtual // the numbers
}

// write writes the function, whose body is that for one row.
func (f perRow) write(w width, masks Mem, body func(r along)) {
	arrays := slices.Concat(f.rings, f.rows, f.elements, f.columns)
	sizes := "rows, columns"
	if f.apart {
		sizes += ", stride"
	}
	signature := fmt.Sprintf("func(%s *float32, %s int", strings.Join(arrays, ", "), sizes)
	if len(f.numbers) > 0 {
		signature += fmt.Sprintf(", %s float32", strings.Join(f.numbers, ", "))
	}
	w.function(f.name, signature+")", f.doc)
	r := along{w: w, array: map[string]Register{}, c: map[string]VecVirtual{}}
	for _, array := range arrays {
		r.array[array] = Load(Param(array), GP64())
	}
	for _, number := range f.numbers {
		r.c[number] = w.broadcast(number)
	}
	rows, columns := Load(Param("rows"), GP64()), Load(Param("columns"), GP64())
	r.walk = walk{w: w, label: "column", masks: masks, left: GP64(), from: GP64()}
	r.walk.column = r.walk.from
	if len(f.columns) > 0 {
		r.walk.column = GP64()
	}
	XORQ(r.walk.from, r.walk.from)
	var gap Register
	if f.apart {
		gap = stride("stride")
		MOVQ(columns, r.walk.left)
		SHLQ(Imm(2), r.walk.left)
		SUBQ(r.walk.left, gap)
	}
	Label("row")
	MOVQ(columns, r.walk.left)
	if len(f.columns) > 0 {
		XORQ(r.walk.column, r.walk.column)
	}
	body(r)
	for _, array := range f.rows {
		ADDQ(Imm(float), r.array[array])
	}
	if f.apart {
		ADDQ(gap, r.walk.from)
	}
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// number reads the row's number into all elements of a register.
func (r along) number(array string) VecVirtual {
	x := r.w.register()
	VBROADCASTSS(Mem{Base: r.array[array]}, x)
	return x
}

// addSum adds the sum of 16 lanes to the row's number: lane l and l + 8, then l + 4, l + 2, l + 1.
func (r along) addSum(array string, lanes []VecVirtual) {
	sum := r.w.join(lanes, func(x, y, z Op) { VADDPS(y, x, z) })
	at := Mem{Base: r.array[array]}
	VADDSS(at, sum, sum)
	VMOVSS(sum, at)
}

// join makes one number of 16 lanes: of lanes l and l + 8, then l + 4, l + 2, l + 1.
func (w width) join(lanes []VecVirtual, f func(x, y, z Op)) Register {
	eight, x, y := YMM(), XMM(), XMM()
	if len(lanes) == 1 {
		VEXTRACTF64X4(Imm(1), lanes[0], eight)
		f(lanes[0].AsY(), eight, eight)
	} else {
		f(lanes[0], lanes[1], eight)
	}
	VEXTRACTF128(Imm(1), eight, y)
	f(eight.AsX(), y, x)
	VMOVHLPS(x, x, y)
	f(x, y, x)
	VMOVSHDUP(x, y)
	f(x, y, x)
	return x
}

func (w width) maxima(masks Mem, apart bool) {
	f := perRow{name: "rowMaxima", rows: []string{"top"}, elements: []string{"x"},
		doc: "makes the row's number the maximum of itself and its elements but NaNs."}
	f.whichLie(apart).write(w, masks, func(r along) {
		lanes := make([]VecVirtual, w.vectors())
		for i := range lanes {
			lanes[i] = r.number("top")
		}
		r.walk.lanes(func(e elements, i int) {
			VMAXPS(lanes[i], e.or(e.load(r.array["x"]), lanes[i]), lanes[i]) // the second, if one is NaN
		})
		top := w.join(lanes, func(x, y, z Op) { VMAXPS(y, x, z) })
		VMOVSS(top, Mem{Base: r.array["top"]})
	})
}

func (w width) sums(masks Mem) {
	f := perRow{name: "rowSums", rows: []string{"total"}, elements: []string{"x"}, doc: "adds Σ x."}
	f.write(w, masks, func(r along) {
		lanes := w.whole().zeros()
		r.walk.lanes(func(e elements, i int) { w.addTo(lanes[i], e.load(r.array["x"])) })
		r.addSum("total", lanes)
	})
}

func (w width) differences(masks Mem) {
	f := perRow{name: "rowDifferences", rows: []string{"total", "top"}, elements: []string{"x"}, doc: "adds Σ x − top."}
	f.write(w, masks, func(r along) {
		lanes, top := w.whole().zeros(), r.number("top")
		r.walk.lanes(func(e elements, i int) { w.addTo(lanes[i], e.orZero(w.sub(e.load(r.array["x"]), top))) })
		r.addSum("total", lanes)
	})
}

func (w width) squares(masks Mem) {
	f := perRow{name: "rowSquares", rows: []string{"total", "mean"}, elements: []string{"x"}, doc: "adds Σ (x − mean)²."}
	f.write(w, masks, func(r along) {
		lanes, mean := w.whole().zeros(), r.number("mean")
		r.walk.lanes(func(e elements, i int) {
			d := w.sub(e.load(r.array["x"]), mean)
			w.addTo(lanes[i], e.orZero(w.mul(d, d)))
		})
		r.addSum("total", lanes)
	})
}

func (w width) dots(masks Mem) {
	f := perRow{name: "rowDots", rows: []string{"total"}, elements: []string{"x", "y"}, doc: "adds Σ x·y."}
	f.write(w, masks, func(r along) {
		lanes := w.whole().zeros()
		r.walk.lanes(func(e elements, i int) { w.addTo(lanes[i], w.mul(e.load(r.array["x"]), e.load(r.array["y"]))) })
		r.addSum("total", lanes)
	})
}

// exponentials writes y = eˣ⁻ᵗᵒᵖ and its sum, or the sum alone.
func (w width) exponentials(n *numbers, store, apart bool, masks Mem) {
	f := perRow{name: "rowExponentialSums", rows: []string{"total", "top"}, elements: []string{"x"}, doc: "adds Σ eˣ⁻ᵗᵒᵖ."}
	if store {
		f.name, f.elements, f.doc = "rowExponentials", []string{"y", "x"}, "computes y = eˣ⁻ᵗᵒᵖ and adds Σ y."
	}
	f.whichLie(apart).write(w, masks, func(r along) {
		lanes, top := w.whole().zeros(), r.number("top")
		r.walk.lockstep(func(all []elements, register int) {
			x := make(vectors, len(all))
			for i, e := range all {
				x[i] = w.sub(e.load(r.array["x"]), top)
			}
			exp := "Exp1"
			if apart {
				exp = "ExpShare1"
			}
			for i, y := range n.applied(exp, x) {
				y := y.(VecVirtual)
				if store {
					all[i].store(y, r.array["y"])
				}
				w.addTo(lanes[register+i], all[i].orZero(y))
			}
		})
		r.addSum("total", lanes)
	})
}

// applied writes one of the described functions of x.
func (n *numbers) applied(function string, x vectors) vectors {
	s := scope{numbers: n, count: len(x), args: []vectors{x}, values: map[string]vectors{}}
	return s.in(ir.Apply{Func: described(function), Args: []ir.Expr{ir.Arg(0)}})
}

// described returns one of the described functions.
func described(name string) *ir.Function {
	for _, f := range op.Functions() {
		if f.Name == name {
			return f
		}
	}
	panic("no function is called " + name)
}

func (w width) divide(masks Mem) {
	f := perRow{name: "divideRows", rows: []string{"total"}, elements: []string{"y"}, doc: "computes y /= total."}
	f.write(w, masks, func(r along) {
		total := r.number("total")
		r.walk.each(2, func(e elements) { e.store(w.div(e.load(r.array["y"]), total), r.array["y"]) })
	})
}

func (w width) softmaxGrad(masks Mem, apart bool) {
	f := perRow{name: "softmaxGradRows", rows: []string{"total"}, elements: []string{"dx", "y", "dy"}, doc: "computes ∂x = y·(∂y − total)."}
	f.whichLie(apart).write(w, masks, func(r along) {
		total := r.number("total")
		r.walk.each(2, func(e elements) {
			e.store(w.mul(e.load(r.array["y"]), w.sub(e.load(r.array["dy"]), total)), r.array["dx"])
		})
	})
}

func (w width) crossEntropyGrad(masks Mem) {
	f := perRow{name: "crossEntropyGradRows", rows: []string{"scale"}, elements: []string{"dx", "p"}, numbers: []string{"wrong"},
		doc: "computes ∂x = (p − wrong)·scale."}
	f.write(w, masks, func(r along) {
		scale := r.number("scale")
		r.walk.each(2, func(e elements) {
			e.store(w.mul(w.sub(e.load(r.array["p"]), r.c["wrong"]), scale), r.array["dx"])
		})
	})
}

// normalise writes y = (x − mean)·rstd, times a weight, plus a shift.
func (w width) normalise(affine string, masks Mem) {
	f := perRow{name: "normaliseRows", rows: []string{"mean", "rstd"}, elements: []string{"y", "x"}, doc: "computes y = (x − mean)·rstd."}
	switch affine {
	case "scale":
		f.name, f.doc, f.columns = "scaleRows", "computes y = (x − mean)·rstd·w.", []string{"w"}
	case "shift":
		f.name, f.doc, f.columns = "affineRows", "computes y = (x − mean)·rstd·w + b.", []string{"w", "b"}
	}
	f.write(w, masks, func(r along) {
		mean, rstd := r.number("mean"), r.number("rstd")
		r.walk.each(2, func(e elements) {
			y := w.mul(w.sub(e.load(r.array["x"]), mean), rstd)
			if affine != "" {
				y = w.mul(y, e.loadShared(r.array["w"], 0))
			}
			if affine == "shift" {
				y = w.add(y, e.loadShared(r.array["b"], 0))
			}
			e.store(y, r.array["y"])
		})
	})
}

// normGradient returns g = ∂y·w, or ∂y, and x̂ = (x − mean)·rstd.
func (r along) normGradient(e elements, weighted bool, mean, rstd VecVirtual) (g, normal VecVirtual) {
	g = e.load(r.array["dy"])
	if weighted {
		g = r.w.mul(g, e.loadShared(r.array["w"], 0))
	}
	return g, r.w.mul(r.w.sub(e.load(r.array["x"]), mean), rstd)
}

// weight adds the weight to a function's name and parameters.
func (f perRow) weight(weighted bool) perRow {
	if weighted {
		f.name, f.columns = "weighted"+strings.ToUpper(f.name[:1])+f.name[1:], []string{"w"}
	}
	return f
}

func (w width) normGradSums(weighted bool, masks Mem) {
	f := perRow{name: "normGradSumRows", rows: []string{"sum", "product", "mean", "rstd"}, elements: []string{"dy", "x"},
		doc: "adds Σ g and Σ g·x̂, where g = ∂y, or ∂y·w, and x̂ = (x − mean)·rstd."}
	f.weight(weighted).write(w, masks, func(r along) {
		sums, products, mean, rstd := w.whole().zeros(), w.whole().zeros(), r.number("mean"), r.number("rstd")
		r.walk.lanes(func(e elements, i int) {
			g, normal := r.normGradient(e, weighted, mean, rstd)
			w.addTo(sums[i], g)
			w.addTo(products[i], e.orZero(w.mul(g, normal)))
		})
		r.addSum("sum", sums)
		r.addSum("product", products)
	})
}

func (w width) normGrad(weighted bool, masks Mem) {
	f := perRow{name: "normGradRows", rows: []string{"sum", "product", "mean", "rstd"}, elements: []string{"dx", "dy", "x"},
		doc: "computes ∂x = rstd·(g − sum − x̂·product), where g = ∂y, or ∂y·w, and x̂ = (x − mean)·rstd."}
	f.weight(weighted).write(w, masks, func(r along) {
		sum, product, mean, rstd := r.number("sum"), r.number("product"), r.number("mean"), r.number("rstd")
		r.walk.each(2, func(e elements) {
			g, normal := r.normGradient(e, weighted, mean, rstd)
			e.store(w.mul(rstd, w.sub(w.sub(g, sum), w.mul(normal, product))), r.array["dx"])
		})
	})
}
