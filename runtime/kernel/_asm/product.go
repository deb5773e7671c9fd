package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// unroll is the number of terms of one turn of a loop.
const unroll = 4

// products writes the functions that compute a strip (see strip.go of package kernel), for A whose terms lie side by
// side and for A whose rows do, for whole panels and narrow ones.
func (w width) products(masks Mem) {
	for _, turned := range []bool{false, true} {
		w.product("strip", masks, turned, false)
		w.product("narrowStrip", masks, turned, true)
	}
}

// strip is what a tile needs in registers.
type strip struct {
	lanes
	turned     bool
	c, a, b    Register // where the tile begins
	apart      Register // stride in bytes of A's rows, or of its terms if it is turned
	termB, row Register // strides in bytes of B's terms and of C's rows
	bias       Register
	first      Mem
	terms      Mem
}

func (w width) product(name string, masks Mem, turned, narrow bool) {
	apart := "rowA"
	if turned {
		name, apart = "turned"+string(name[0]-'a'+'A')+name[1:], "termA"
	}
	columns := ""
	if narrow {
		columns = "columns, "
	}
	name += w.name
	TEXT(name, NOSPLIT, fmt.Sprintf("func(c, a, b, bias *float32, rows, %sterms, %s, termB, rowC int, first bool)", columns, apart))
	Pragma("noescape")
	Doc(name + " computes a strip; its addresses are those of the first elements.")
	s := strip{
		turned: turned,
		c:      Load(Param("c"), GP64()), a: Load(Param("a"), GP64()), b: Load(Param("b"), GP64()),
		apart: stride(apart), termB: stride("termB"), row: stride("rowC"),
		first: address("first"), terms: address("terms"),
	}
	rows := Load(Param("rows"), GP64())
	if !narrow {
		s.lanes = lanes{width: w, vectors: w.vectors()}
		s.rows("", rows)
	} else {
		n := Load(Param("columns"), GP64())
		for vectors := 1; vectors <= w.vectors(); vectors++ {
			label := fmt.Sprintf("vectors%d", vectors)
			if vectors < w.vectors() {
				CMPQ(n, Imm(uint64(vectors*w.lanes())))
				JG(LabelRef(fmt.Sprintf("vectors%d", vectors+1)))
			}
			Label(label)
			s.lanes = w.lanesFor(masks, n, vectors)
			s.rows(label, rows)
		}
	}
}

// rows computes all rows in tiles of similar heights: a low tile has too few sums to keep the processor busy.
func (s *strip) rows(label string, rows Register) {
	most := s.most()
	Label(label + "next")
	height := GP64()
	MOVQ(U32(most), height)
	CMPQ(rows, Imm(uint64(2*most-1)))
	JGE(LabelRef(fmt.Sprint(label, "rows", most)))
	CMPQ(rows, Imm(uint64(most)))
	JE(LabelRef(fmt.Sprint(label, "rows", most)))
	MOVQ(rows, height)
	JL(LabelRef(label + "low"))
	INCQ(height)
	SHRQ(Imm(1), height)
	Label(label + "low")
	for h := most - 1; h > 0; h-- {
		CMPQ(height, Imm(uint64(h)))
		JE(LabelRef(fmt.Sprint(label, "rows", h)))
	}
	VZEROUPPER()
	RET()
	for h := most; h > 0; h-- {
		at := fmt.Sprint(label, "rows", h)
		Label(at)
		s.tile(at, h)
		SUBQ(Imm(uint64(h)), rows)
		JMP(LabelRef(label + "next"))
	}
}

// most returns the number of rows of the highest tile.
func (s *strip) most() int {
	if s.vectors == 1 {
		return 9
	}
	return 6
}

// tile computes so many rows and moves a and c behind them.
func (s *strip) tile(label string, height int) {
	sums := make([][]VecVirtual, height)
	for i := range sums {
		sums[i] = s.zeros()
	}
	a := adjacent(s.a)
	if !s.turned {
		a = rowsFrom(s.a, s.apart, height)
	}
	for i, c := 0, rowsFrom(s.c, s.row, height); i < height; i++ {
		PREFETCHT0(c.row(i)) // C is needed when the sums are complete
	}
	b, count := GP64(), GP64()
	MOVQ(s.b, b)
	MOVQ(s.terms, count)
	SHRQ(Imm(2), count)
	JZ(LabelRef(label + "left"))
	Label(label + "terms")
	for u := range unroll {
		s.term(sums, a, b, u)
	}
	if !s.turned {
		a.advance(Imm(unroll * float))
	}
	DECQ(count)
	JNZ(LabelRef(label + "terms"))
	Label(label + "left")
	MOVQ(s.terms, count)
	ANDQ(Imm(unroll-1), count)
	JZ(LabelRef(label + "join"))
	Label(label + "term")
	s.term(sums, a, b, 0)
	if !s.turned {
		a.advance(Imm(float))
	}
	DECQ(count)
	JNZ(LabelRef(label + "term"))

	Label(label + "join")
	c, bias := rowsFrom(s.c, s.row, height), GP64()
	CMPB(s.first, Imm(0))
	JNE(LabelRef(label + "bias"))
	for i := range sums {
		for v, sum := range sums[i] {
			s.add(v, c.row(i), sum)
		}
	}
	Label(label + "bias")
	Load(Param("bias"), bias)
	TESTQ(bias, bias)
	JZ(LabelRef(label + "store"))
	for v := range s.vectors {
		shift := s.register()
		s.load(v, Mem{Base: bias}, shift)
		for i := range sums {
			VADDPS(shift, sums[i][v], sums[i][v])
		}
	}
	Label(label + "store")
	for i := range sums {
		for v, sum := range sums[i] {
			s.store(v, sum, c.row(i))
		}
	}
	if s.turned {
		ADDQ(Imm(uint64(height*float)), s.a)
	} else {
		skip(s.a, s.apart, height)
	}
	skip(s.c, s.row, height)
}

// term adds the products of a term, the u-th from where a points to.
func (s *strip) term(sums [][]VecVirtual, a cursors, b Register, u int) {
	y := make([]VecVirtual, s.vectors)
	for v := range y {
		y[v] = s.register()
		s.load(v, Mem{Base: b}, y[v])
	}
	for i := range sums {
		x, at := s.register(), a.row(i)
		if !s.turned {
			at.Disp = u * float
		}
		VBROADCASTSS(at, x)
		for v, sum := range sums[i] {
			VFMADD231PS(y[v], x, sum)
		}
	}
	if s.turned {
		a.advance(s.apart)
	}
	ADDQ(s.termB, b)
}

// rows writes a function that computes one block of a few rows C = A·B, several panels of B at once: a panel alone
// would wait for its few sums.
func (w width) rows(masks Mem) {
	name := "rows" + w.name
	TEXT(name, NOSPLIT, "func(c, a, b, bias *float32, rows, columns, terms, rowA, termA, termB, apart, rowC int, first bool)")
	Pragma("noescape")
	Doc(name+" computes a block of one to three rows. Panels of B begin that many elements apart, those of C lie",
		"side by side.")
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
		f.write(w, fmt.Sprintf("rows%d", rows), masks, panels)
		Label(fewer)
	}
}

// sumRows writes a function that adds up columns, as a product with ones would.
func (w width) sumRows(masks Mem) {
	name := "sumRows" + w.name
	TEXT(name, NOSPLIT, "func(c, b *float32, columns, terms, termB int, first bool)")
	Pragma("noescape")
	Doc(name + " computes a block of the sums of B's columns.")
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
		f.lanes = lanes{width: w, vectors: w.vectors()}
		f.panels(label, n)
		SUBQ(Imm(uint64(n*panel)), columns)
		JMP(LabelRef(label))
	}
	Label(name + "left")
	TESTQ(columns, columns)
	JZ(LabelRef(name + "done"))
	for vectors := 1; vectors <= w.vectors(); vectors++ {
		label := fmt.Sprintf("%svectors%d", name, vectors)
		if vectors < w.vectors() {
			CMPQ(columns, Imm(uint64(vectors*w.lanes())))
			JG(LabelRef(fmt.Sprintf("%svectors%d", name, vectors+1)))
		}
		Label(label)
		f.lanes = w.lanesFor(masks, columns, vectors)
		f.panels(label, 1)
		JMP(LabelRef(name + "done"))
	}
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

// copyPanels writes a function that copies whole panels of rows that lie one after the other, each panel row by row.
func (w width) copyPanels() {
	name := "copyPanels" + w.name
	TEXT(name, NOSPLIT, "func(dst, src *float32, panels, rows, stride, apart int)")
	Pragma("noescape")
	Doc(name + " copies rows that begin stride elements apart; panels of the copy begin that many elements apart.")
	dst, src, panels := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("panels"), GP64())
	rows, by, apart := Load(Param("rows"), GP64()), stride("stride"), stride("apart")
	ahead := GP64()
	MOVQ(by, ahead)
	SHLQ(Imm(3), ahead)
	l := lanes{width: w, vectors: w.vectors()}
	Label("row")
	from, to, count := GP64(), GP64(), GP64()
	MOVQ(src, from)
	MOVQ(dst, to)
	MOVQ(panels, count)
	Label("panel")
	PREFETCHT0(Mem{Base: from, Index: ahead, Scale: 1})
	for v := range l.vectors {
		x := w.register()
		l.load(v, Mem{Base: from}, x)
		l.store(v, x, Mem{Base: to})
	}
	ADDQ(Imm(panel*float), from)
	ADDQ(apart, to)
	DECQ(count)
	JNZ(LabelRef("panel"))
	ADDQ(by, src)
	ADDQ(Imm(panel*float), dst)
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
