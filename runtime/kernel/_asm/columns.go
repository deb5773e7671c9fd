package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// columnSums writes what adds up the columns of a block of rows, or of four at once.
func (w width) columnSums(masks Mem) {
	sums := perColumn{name: "columnSums", elements: []string{"x"}, doc: "adds up x."}
	sums.writeFours(w, masks, func(d down, v int) VecVirtual { return d.element("x", v) })
	squares := perColumn{name: "columnSquares", columns: []string{"mean"}, elements: []string{"x"}, doc: "adds up (x − mean)²."}
	squares.writeBoth(w, masks, func(d down, v int) VecVirtual {
		e := w.sub(d.element("x", v), d.column["mean"][v])
		return w.mul(e, e)
	})
	products := perColumn{name: "columnProducts", columns: []string{"mean", "rstd"}, elements: []string{"dy", "x"}, doc: "adds up ∂y·(x − mean)·rstd."}
	products.writeBoth(w, masks, func(d down, v int) VecVirtual {
		normal := w.mul(w.sub(d.element("x", v), d.column["mean"][v]), d.column["rstd"][v])
		return w.mul(d.element("dy", v), normal)
	})
	affine := perColumn{name: "columnProductsOfRows", rows: []string{"mean", "rstd"}, elements: []string{"dy", "x"},
		doc: "adds up ∂y·(x − mean)·rstd, where each row has its own mean and rstd."}
	affine.write(w, masks, func(d down, v int) VecVirtual {
		normal := w.mul(w.sub(d.element("x", v), d.row["mean"]), d.row["rstd"])
		return w.mul(d.element("dy", v), normal)
	})
}

// perColumn is a function that adds up a term for each element of the columns of one block of rows, which begin stride
// elements apart: parameters that are arrays with a number for each column, for each row, for each element.
type perColumn struct {
	name, doc               string
	columns, rows, elements []string
}

// down is what a term is computed from.
type down struct {
	lanes
	column map[string][]VecVirtual // the columns' numbers, by register
	row    map[string]VecVirtual   // the row's number
	array  map[string]Register     // where the row's elements begin
	apart  quad                    // of blocks that are added up at once: how far apart they are
	block  int                     // which of them
}

// element reads a register of the row's elements.
func (d down) element(array string, v int) VecVirtual {
	x, at := d.register(), d.apart
	at.first = d.array[array]
	d.load(v, at.row(d.block, 0), x)
	return x
}

// writeBoth writes the function for one block and that for four.
func (f perColumn) writeBoth(w width, masks Mem, term func(d down, v int) VecVirtual) {
	f.write(w, masks, term)
	f.writeFours(w, masks, term)
}

// writeFours writes a function that adds up at most a panel of columns of four blocks that have as many rows: a sum alone
// waits for each addition.
func (f perColumn) writeFours(w width, masks Mem, term func(d down, v int) VecVirtual) {
	arrays := append(append([]string{"sums"}, f.columns...), f.elements...)
	w.function(f.name+"OfFour", fmt.Sprintf("func(%s *float32, columns, terms, stride, apart int)", strings.Join(arrays, ", ")),
		f.doc+" Of four blocks that begin apart elements from each other, each has a panel of sums.")
	d := down{column: map[string][]VecVirtual{}, array: map[string]Register{}}
	at := map[string]Register{}
	for _, array := range arrays {
		at[array] = Load(Param(array), GP64())
	}
	for _, array := range f.elements {
		d.array[array] = at[array]
	}
	columns, terms, bytes := Load(Param("columns"), GP64()), Load(Param("terms"), GP64()), stride("stride")
	d.apart = quads(nil, stride("apart"))
	w.narrow("", columns, masks, func(label string, l lanes) {
		d.lanes = l
		d.column = f.numbers(at, l)
		var sums [4][]VecVirtual
		for block := range sums {
			sums[block] = l.zeros()
		}
		Label(label + "Terms")
		for d.block = range sums {
			for v, sum := range sums[d.block] {
				w.addTo(sum, term(d, v))
			}
		}
		for _, array := range f.elements {
			ADDQ(bytes, d.array[array])
		}
		DECQ(terms)
		JNZ(LabelRef(label + "Terms"))
		for block := range sums {
			for v, sum := range sums[block] {
				VMOVUPS(sum, l.at(v, Mem{Base: at["sums"], Disp: block * panel * float}))
			}
		}
		VZEROUPPER()
		RET()
	})
}

// numbers reads what each column has.
func (f perColumn) numbers(at map[string]Register, l lanes) map[string][]VecVirtual {
	all := map[string][]VecVirtual{}
	for _, array := range f.columns {
		for v := range l.vectors {
			x := l.register()
			l.load(v, Mem{Base: at[array]}, x)
			all[array] = append(all[array], x)
		}
	}
	return all
}

// write writes the function, which takes a panel of columns at a time; term computes a register of terms.
func (f perColumn) write(w width, masks Mem, term func(d down, v int) VecVirtual) {
	arrays := append(append(append([]string{"total"}, f.columns...), f.rows...), f.elements...)
	w.function(f.name, fmt.Sprintf("func(%s *float32, columns, terms, stride int, first bool)", strings.Join(arrays, ", ")),
		f.doc+" The sums of the first block are stored, those of others added.")
	at := map[string]Register{}
	for _, array := range arrays {
		at[array] = Load(Param(array), GP64())
	}
	columns, bytes := Load(Param("columns"), GP64()), stride("stride")
	Label("panel")
	CMPQ(columns, Imm(panel))
	JL(LabelRef("left"))
	f.panel(w, "panel", at, bytes, w.whole(), term)
	for _, array := range append(append([]string{"total"}, f.columns...), f.elements...) {
		ADDQ(Imm(panel*float), at[array])
	}
	SUBQ(Imm(panel), columns)
	JMP(LabelRef("panel"))
	Label("left")
	TESTQ(columns, columns)
	JZ(LabelRef("done"))
	w.narrow("", columns, masks, func(label string, l lanes) {
		f.panel(w, label, at, bytes, l, term)
		JMP(LabelRef("done"))
	})
	Label("done")
	VZEROUPPER()
	RET()
}

// panel writes the sums of the columns that lanes holds.
func (f perColumn) panel(w width, label string, at map[string]Register, stride Register, l lanes, term func(d down, v int) VecVirtual) {
	d := down{lanes: l, column: f.numbers(at, l), row: map[string]VecVirtual{}, array: map[string]Register{}}
	for _, array := range append(append([]string{}, f.rows...), f.elements...) {
		d.array[array] = GP64()
		MOVQ(at[array], d.array[array])
	}
	sums, terms := l.zeros(), GP64()
	MOVQ(address("terms"), terms)
	Label(label + "Terms")
	for _, array := range f.rows {
		d.row[array] = w.register()
		VBROADCASTSS(Mem{Base: d.array[array]}, d.row[array])
		ADDQ(Imm(float), d.array[array])
	}
	for v, sum := range sums {
		w.addTo(sum, term(d, v))
	}
	for _, array := range f.elements {
		ADDQ(stride, d.array[array])
	}
	DECQ(terms)
	JNZ(LabelRef(label + "Terms"))

	total := Mem{Base: at["total"]}
	CMPB(address("first"), Imm(0))
	JNE(LabelRef(label + "Store"))
	for v, sum := range sums {
		l.add(v, total, sum)
	}
	Label(label + "Store")
	for v, sum := range sums {
		l.store(v, sum, total)
	}
}

// mostChannels is the largest number of channels of a group: see channels.go of package kernel.
const mostChannels = 64

// normaliseColumns writes y = (x − mean)·scale + shift, each with a number for each column. These are of a group, one
// array behind the other.
func (w width) normaliseColumns(masks Mem) {
	f := perRow{name: "normaliseColumns", elements: []string{"y", "x"}, columns: []string{"mean"}, apart: true,
		doc: "computes y = (x − mean)·scale + shift; mean, scale and shift lie one behind the other."}
	f.write(w, masks, func(r along) {
		r.walk.each(2, func(e elements) {
			number := func(i int) VecVirtual { return e.loadShared(r.array["mean"], i*mostChannels*float) }
			e.store(w.add(w.mul(w.sub(e.load(r.array["x"]), number(0)), number(1)), number(2)), r.array["y"])
		})
	})
}

// normaliseColumnsGrad writes ∂x = scale·(∂y − d − (x − mean)·rstd·e), likewise.
func (w width) normaliseColumnsGrad(masks Mem) {
	f := perRow{name: "normaliseColumnsGrad", elements: []string{"dx", "dy", "x"}, columns: []string{"mean"}, apart: true,
		doc: "computes ∂x = scale·(∂y − d − (x − mean)·rstd·e); mean, rstd, scale, d and e lie one behind the other."}
	f.write(w, masks, func(r along) {
		r.walk.each(1, func(e elements) {
			number := func(i int) VecVirtual { return e.loadShared(r.array["mean"], i*mostChannels*float) }
			g := w.sub(e.load(r.array["dy"]), number(3))
			normal := w.mul(w.sub(e.load(r.array["x"]), number(0)), number(1))
			e.store(w.mul(number(2), w.sub(g, w.mul(normal, number(4)))), r.array["dx"])
		})
	})
}
