package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// rows writes a function that computes one block of a few rows C = A·B, several panels of B at once: a panel alone
// would wait for its few sums.
func (w width) rows(masks Mem) {
	w.function("rows", "func(c, a, b, bias *float32, rows, columns, terms, rowA, termA, termB, apart, rowC int, first bool)",
		"computes a block of one to three rows. Panels of B begin that many elements apart, those of C lie", "side by side.")
	for rows := 3; rows > 0; rows-- {
		fewer := fmt.Sprintf("fewer%d", rows)
		if rows > 1 {
			CMPQ(Load(Param("rows"), GP64()), Imm(uint64(rows)))
			JL(LabelRef(fewer))
		}
		f := few{
			count: rows,
			c:     Load(Param("c"), GP64()), a: Load(Param("a"), GP64()), b: Load(Param("b"), GP64()), bias: Load(Param("bias"), GP64()),
			termA: stride("termA"), termB: stride("termB"), apart: stride("apart"), terms: address("terms"), first: address("first"),
		}
		if rows > 1 {
			f.rowA, f.rowC = stride("rowA"), stride("rowC")
		}
		panels := []int{2, 1}
		if rows == 1 {
			panels = []int{4, 2, 1}
		}
		if w.opmasks && rows > 1 { // four are enough for one row, and eight lines that lie a power of 2 apart fill a set of the cache
			panels = append([]int{2 * panels[0]}, panels...)
		}
		f.write(w, fmt.Sprintf("rows%d", rows), masks, panels)
		Label(fewer)
	}
}

// sumRows writes a function that adds up columns, as a product with ones would.
func (w width) sumRows(masks Mem) {
	w.function("sumRows", "func(c, b *float32, columns, terms, termB int, first bool)",
		"computes a block of the sums of B's columns.")
	f := few{
		count: 1, c: Load(Param("c"), GP64()), b: Load(Param("b"), GP64()),
		termB: stride("termB"), apart: GP64(), terms: address("terms"), first: address("first"),
	}
	MOVQ(U32(panel*float), f.apart)
	f.write(w, "", masks, []int{4, 2, 1})
}

// few is what a few rows need in registers.
type few struct {
	lanes
	count         int
	c, a, b, bias Register // a and bias are nil in sums of columns
	rowA, rowC    Register // nil for one row
	termA, termB  Register
	apart         Register
	terms, first  Mem
}

// write writes the loops over panels, as many at a time as the list says, and over what is left of the last.
func (f *few) write(w width, name string, masks Mem, panels []int) {
	columns := Load(Param("columns"), GP64())
	for i, n := range panels {
		label := fmt.Sprintf("%spanels%d", name, n)
		next := name + "left"
		if i+1 < len(panels) {
			next = fmt.Sprintf("%spanels%d", name, panels[i+1])
		}
		Label(label)
		CMPQ(columns, Imm(uint64(n*panel)))
		JL(LabelRef(next))
		f.lanes = w.whole()
		f.panels(label, n)
		SUBQ(Imm(uint64(n*panel)), columns)
		JMP(LabelRef(label))
	}
	Label(name + "left")
	TESTQ(columns, columns)
	JZ(LabelRef(name + "done"))
	w.narrow(name, columns, masks, func(label string, l lanes) {
		f.lanes = l
		f.panels(label, 1)
		JMP(LabelRef(name + "done"))
	})
	Label(name + "done")
	VZEROUPPER()
	RET()
}

// row addresses one of up to three rows that begin that many bytes apart.
func row(first, stride Register, i int) Mem {
	m := Mem{Base: first}
	if i > 0 {
		m.Index, m.Scale = stride, uint8(i)
	}
	return m
}

// panels computes that many panels side by side.
func (f *few) panels(label string, panels int) {
	sums := make([][][]VecVirtual, f.count)
	for i := range sums {
		for range panels {
			sums[i] = append(sums[i], f.zeros())
		}
	}
	a, count, b := GP64(), GP64(), rowsFrom(f.b, f.apart, panels)
	if f.a != nil {
		MOVQ(f.a, a)
	}
	MOVQ(f.terms, count)
	Label(label + "terms")
	if f.a == nil {
		for p := range panels {
			for v, sum := range sums[0][p] {
				f.add(v, b.row(p), sum)
			}
		}
	} else {
		f.term(sums, a, b)
		ADDQ(f.termA, a)
	}
	b.advance(f.termB)
	DECQ(count)
	JNZ(LabelRef(label + "terms"))

	each := func(do func(v int, sum VecVirtual, panel, row Mem)) {
		for i := range sums {
			for p := range sums[i] {
				for v, sum := range sums[i][p] {
					at := row(f.c, f.rowC, i)
					at.Disp = p * panel * float
					do(v, sum, Mem{Base: f.bias, Disp: at.Disp}, at)
				}
			}
		}
	}
	CMPB(f.first, Imm(0))
	JNE(LabelRef(label + "bias"))
	each(func(v int, sum VecVirtual, _, row Mem) { f.add(v, row, sum) })
	Label(label + "bias")
	if f.bias != nil {
		TESTQ(f.bias, f.bias)
		JZ(LabelRef(label + "store"))
		each(func(v int, sum VecVirtual, bias, _ Mem) { f.add(v, bias, sum) })
		ADDQ(U32(panels*panel*float), f.bias)
	}
	Label(label + "store")
	each(func(v int, sum VecVirtual, _, row Mem) { f.store(v, sum, row) })
	skip(f.b, f.apart, panels)
	ADDQ(U32(panels*panel*float), f.c)
}

// term adds the products of a term.
func (f *few) term(sums [][][]VecVirtual, a Register, b cursors) {
	x := make([]VecVirtual, f.count)
	for i := range x {
		x[i] = f.register()
		VBROADCASTSS(row(a, f.rowA, i), x[i])
	}
	for p := range sums[0] {
		for v := range f.vectors {
			if f.count == 1 && !f.masked(v) {
				VFMADD231PS(f.at(v, b.row(p)), x[0], sums[0][p][v])
				continue
			}
			y := f.register()
			f.load(v, b.row(p), y)
			for i := range x {
				VFMADD231PS(y, x[i], sums[i][p][v])
			}
		}
	}
}
