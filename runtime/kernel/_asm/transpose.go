package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// What is here is written for registers of 256 bits alone.

// quad addresses four rows of a matrix.
type quad struct{ first, stride, thrice Register }

func quads(first, stride Register) quad {
	q := quad{first, stride, GP64()}
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, q.thrice)
	return q
}

func (q quad) row(i, disp int) Mem {
	m := Mem{Base: q.first, Disp: disp}
	if i == 3 {
		m.Index, m.Scale = q.thrice, 1
	} else if i > 0 {
		m.Index, m.Scale = q.stride, uint8(i)
	}
	return m
}

// next makes at the address of the four rows that follow.
func (q quad) next(at Register) quad {
	LEAQ(Mem{Base: q.first, Index: q.stride, Scale: 4}, at)
	q.first = at
	return q
}

// turn loads four terms of eight columns and returns them term by term, a lane for each column.
func turn(low, high quad, disp int) [4]VecVirtual {
	var r, t, out [4]VecVirtual
	for i := range r {
		r[i] = YMM()
		VBROADCASTF128(low.row(i, disp), r[i]) // its upper half is written next
		VINSERTF128(Imm(1), high.row(i, disp), r[i], r[i])
	}
	for i := range t {
		t[i] = YMM()
	}
	VUNPCKLPS(r[1], r[0], t[0])
	VUNPCKHPS(r[1], r[0], t[1])
	VUNPCKLPS(r[3], r[2], t[2])
	VUNPCKHPS(r[3], r[2], t[3])
	for i := range out {
		out[i] = YMM()
		order := uint64(0x44)
		if i%2 == 1 {
			order = 0xee
		}
		VSHUFPS(Imm(order), t[2+i/2], t[i/2], out[i])
	}
	return out
}

// transpose writes a function that copies eight columns, each in one piece, side by side, eight terms at a time.
func transpose() {
	TEXT("transposeAVX2", NOSPLIT, "func(dst, src *float32, eights, apart, stride int)")
	Pragma("noescape")
	Doc("transposeAVX2 writes element t of column u, at src[u·stride + t], to dst[t·apart + u], for eights·8 terms of 8 columns.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	eights, apart, by := Load(Param("eights"), GP64()), stride("apart"), stride("stride")
	low, to := quads(src, by), quads(dst, apart)
	high := low.next(GP64())
	Label("eight")
	for side := range 2 {
		for i, v := range turn(low, high, side*16) {
			VMOVUPS(v, to.row(i, 0))
		}
		LEAQ(Mem{Base: dst, Index: apart, Scale: 4}, dst)
	}
	ADDQ(Imm(32), src)
	ADDQ(Imm(32), high.first)
	DECQ(eights)
	JNZ(LabelRef("eight"))
	VZEROUPPER()
	RET()
}

// across writes a function that computes up to four rows of C = A·B where the columns of B lie apart, each in one
// piece: eight columns are turned as they are read. A's rows lie side by side.
func across() {
	TEXT("acrossAVX2", NOSPLIT, "func(c, a, b *float32, rows, eights, terms, columnB, rowC int, fresh bool)")
	Pragma("noescape")
	Doc("acrossAVX2 adds to C, or to 0 if it is fresh, the products of that many terms: element (t, j) of B is b[j·columnB + t],",
		"element (i, t) of A is a[t·rows + i]. There are eights·8 columns.")
	rows := Load(Param("rows"), GP64())
	for n := 4; n > 0; n-- {
		if n > 1 {
			CMPQ(rows, Imm(uint64(n)))
			JNE(LabelRef(fmt.Sprint("not", n)))
		}
		acrossRows(n)
		if n > 1 {
			Label(fmt.Sprint("not", n))
		}
	}
}

func acrossRows(rows int) {
	name := fmt.Sprint("rows", rows)
	c, a, b := Load(Param("c"), GP64()), Load(Param("a"), GP64()), Load(Param("b"), GP64())
	eights, columnB, rowC := Load(Param("eights"), GP64()), stride("columnB"), stride("rowC")
	thrice := quads(b, columnB).thrice
	terms, fresh := address("terms"), address("fresh")
	most := 2
	if rows <= 2 {
		most = 4
	}
	groups := []int{most, 1}
	for i, group := range groups {
		label := fmt.Sprintf("%sgroups%d", name, group)
		next := name + "done"
		if i+1 < len(groups) {
			next = fmt.Sprintf("%sgroups%d", name, groups[i+1])
		}
		Label(label)
		CMPQ(eights, Imm(uint64(group)))
		JL(LabelRef(next))
		sums := make([][]VecVirtual, group)
		to := rowsFrom(c, rowC, rows)
		for g := range sums {
			sums[g] = lanes{width: widths[0], vectors: rows}.zeros()
		}
		CMPB(fresh, Imm(0))
		JNE(LabelRef(label + "begin"))
		for g := range sums {
			for i, sum := range sums[g] {
				at := to.row(i)
				at.Disp = g * 32
				VMOVUPS(at, sum)
			}
		}
		Label(label + "begin")
		from, count, x, column, upper := GP64(), GP64(), GP64(), GP64(), GP64()
		MOVQ(b, from)
		MOVQ(a, x)
		// the terms by fours
		MOVQ(terms, count)
		SHRQ(Imm(2), count)
		JZ(LabelRef(label + "left"))
		Label(label + "terms")
		MOVQ(from, column)
		low := quad{column, columnB, thrice}
		for g := range sums {
			high := low.next(upper)
			for t, y := range turn(low, high, 0) {
				for i, sum := range sums[g] {
					v := YMM()
					VBROADCASTSS(Mem{Base: x, Disp: (t*rows + i) * float}, v)
					VFMADD231PS(y, v, sum)
				}
			}
			if g+1 < group {
				high.next(column)
			}
		}
		ADDQ(Imm(16), from)
		ADDQ(Imm(uint64(4*rows*float)), x)
		DECQ(count)
		JNZ(LabelRef(label + "terms"))
		// terms that are left over, one by one
		Label(label + "left")
		MOVQ(terms, count)
		ANDQ(Imm(3), count)
		JZ(LabelRef(label + "store"))
		Label(label + "term")
		MOVQ(from, column)
		for g := range sums {
			y := YMM()
			VBROADCASTSS(low.row(0, 0), y)
			high := low.next(upper)
			for i := 1; i < 8; i++ {
				v, four := YMM(), low
				if i >= 4 {
					four = high
				}
				VBROADCASTSS(four.row(i%4, 0), v)
				VBLENDPS(Imm(1<<i), v, y, y)
			}
			if g+1 < group {
				high.next(column)
			}
			for i, sum := range sums[g] {
				v := YMM()
				VBROADCASTSS(Mem{Base: x, Disp: i * float}, v)
				VFMADD231PS(y, v, sum)
			}
		}
		ADDQ(Imm(float), from)
		ADDQ(Imm(uint64(rows*float)), x)
		DECQ(count)
		JNZ(LabelRef(label + "term"))

		Label(label + "store")
		for g := range sums {
			for i, sum := range sums[g] {
				at := to.row(i)
				at.Disp = g * 32
				VMOVUPS(sum, at)
			}
		}
		skip(b, columnB, 8*group)
		ADDQ(Imm(uint64(32*group)), c)
		SUBQ(Imm(uint64(group)), eights)
		JMP(LabelRef(label))
	}
	Label(name + "done")
	VZEROUPPER()
	RET()
}
