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
	// The terms lie in A in segments, the first of lead terms; from one to the next it is a jump in bytes.
	lead, segment, jump Mem
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
	w.function(name, fmt.Sprintf("func(c, a, b, bias *float32, rows, %sterms, %s, termB, rowC int, first bool, lead, segment, jump int)", columns, apart),
		"computes a strip; its addresses are those of the first elements, jump is in bytes.")
	s := strip{
		turned: turned,
		c:      Load(Param("c"), GP64()), a: Load(Param("a"), GP64()), b: Load(Param("b"), GP64()),
		apart: stride(apart), termB: stride("termB"), row: stride("rowC"),
		first: address("first"), terms: address("terms"),
		lead: address("lead"), segment: address("segment"), jump: address("jump"),
	}
	rows := Load(Param("rows"), GP64())
	if !narrow {
		s.lanes = w.whole()
		s.rows("", rows)
	} else {
		w.narrow("", Load(Param("columns"), GP64()), masks, func(label string, l lanes) {
			s.lanes = l
			s.rows(label, rows)
		})
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

// most returns the number of rows of the highest tile: so many that the processor need not wait for a sum. With more than
// eight rows of A, which often begin a multiple of 4 KB apart, lines would drive each other out of the first-level cache.
func (s *strip) most() int {
	switch {
	case s.opmasks:
		return 8
	case s.vectors == 1:
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
	for i, c := 0, rowsFrom(s.c, s.row, height); i < height; i++ {
		PREFETCHT0(c.row(i)) // C is needed when the sums are complete
	}
	a := adjacent(s.a)
	if !s.turned {
		a = rowsFrom(s.a, s.apart, height)
	}
	b, count, left := GP64(), GP64(), GP64()
	MOVQ(s.b, b)
	MOVQ(s.terms, left)
	MOVQ(s.lead, count)
	Label(label + "segment")
	SUBQ(count, left)
	SUBQ(Imm(unroll), count)
	JLT(LabelRef(label + "left"))
	Label(label + "terms")
	for u := range unroll {
		s.term(sums, a, b, u)
	}
	if !s.turned {
		a.advance(Imm(unroll * float))
	}
	SUBQ(Imm(unroll), count)
	JGE(LabelRef(label + "terms"))
	Label(label + "left")
	ADDQ(Imm(unroll), count)
	JZ(LabelRef(label + "jump"))
	Label(label + "term")
	s.term(sums, a, b, 0)
	if !s.turned {
		a.advance(Imm(float))
	}
	DECQ(count)
	JNZ(LabelRef(label + "term"))
	Label(label + "jump")
	TESTQ(left, left)
	JZ(LabelRef(label + "join"))
	a.advance(s.jump)
	MOVQ(s.segment, count)
	CMPQ(left, count)
	JGE(LabelRef(label + "segment"))
	MOVQ(left, count)
	JMP(LabelRef(label + "segment"))

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
		at := a.row(i)
		if !s.turned {
			at.Disp = u * float
		}
		if s.opmasks { // one register holds a panel's row: it needs x only once
			VFMADD231PS_BCST(at, y[0], sums[i][0])
			continue
		}
		x := s.register()
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

// copyPanels writes a function that copies whole panels of rows that lie one after the other, each panel row by row.
func (w width) copyPanels() {
	w.function("copyPanels", "func(dst, src *float32, panels, rows, stride, apart int)",
		"copies rows that begin stride elements apart; panels of the copy begin that many elements apart.")
	dst, src, panels := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("panels"), GP64())
	rows, by, apart := Load(Param("rows"), GP64()), stride("stride"), stride("apart")
	ahead := GP64()
	MOVQ(by, ahead)
	SHLQ(Imm(3), ahead)
	l := w.whole()
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
