package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const vector = 32 // bytes of a YMM register

// operands are what a tile needs in registers.
type operands struct {
	c, a, b                  Register // where the tile begins
	terms                    Register
	rowA, termA, termB, rowC Register // strides in bytes
	first                    Mem
	mask                     []Op // of each vector of a row; nil where rows are whole
}

// product writes a function that computes a strip (see product.go) of 16 columns, or with masks of fewer, in tiles of
// so many rows.
func (w width) product(name string, masks *Mem, heights []int) {
	narrow := masks != nil
	columns := ""
	if narrow {
		columns = "columns, "
	}
	TEXT(name, NOSPLIT, fmt.Sprintf("func(c, a, b *float32, rows, %sterms, rowA, termA, termB, rowC int, first bool)", columns))
	Pragma("noescape")
	Doc(name + " computes a strip; its addresses are those of the first elements.")
	rows := Load(Param("rows"), GP64())
	o := operands{
		c: Load(Param("c"), GP64()), a: Load(Param("a"), GP64()), b: Load(Param("b"), GP64()),
		terms: Load(Param("terms"), GP64()),
		rowA:  stride("rowA"), termA: stride("termA"), termB: stride("termB"), rowC: stride("rowC"),
	}
	first, err := Param("first").Resolve()
	if err != nil {
		panic(err)
	}
	o.first = first.Addr
	if narrow {
		at, n := GP64(), Load(Param("columns"), GP64())
		LEAQ(*masks, at)
		NEGQ(n)
		LEAQ(Mem{Base: at, Index: n, Scale: float, Disp: 16 * float}, at)
		for half := range 2 {
			m := YMM()
			VMOVDQU(Mem{Base: at, Disp: half * vector}, m)
			o.mask = append(o.mask, m)
		}
	}
	for i, height := range heights {
		label := fmt.Sprintf("rows%d", height)
		next := "done"
		if i+1 < len(heights) {
			next = fmt.Sprintf("rows%d", heights[i+1])
		}
		Label(label)
		CMPQ(rows, Imm(uint64(height)))
		JL(LabelRef(next))
		o.tile(label, height)
		SUBQ(Imm(uint64(height)), rows)
		JMP(LabelRef(label))
	}
	Label("done")
	VZEROUPPER()
	RET()
}

// stride loads a stride as bytes.
func stride(param string) Register {
	r := Load(Param(param), GP64())
	SHLQ(Imm(2), r)
	return r
}

// tile computes so many rows and moves a and c behind them.
func (o *operands) tile(label string, height int) {
	sums := make([][2]VecVirtual, height)
	for i := range sums {
		for half := range sums[i] {
			sums[i][half] = YMM()
			VXORPS(sums[i][half], sums[i][half], sums[i][half])
		}
	}
	a, b, count := rowsFrom(o.a, o.rowA, height), GP64(), GP64()
	MOVQ(o.b, b)
	MOVQ(o.terms, count)

	Label(label + "terms")
	var y [2]VecVirtual
	for half := range y {
		y[half] = YMM()
		o.load(half, Mem{Base: b, Disp: half * vector}, y[half])
	}
	for i := range sums {
		x := YMM()
		VBROADCASTSS(a.row(i), x)
		VFMADD231PS(y[0], x, sums[i][0])
		VFMADD231PS(y[1], x, sums[i][1])
	}
	a.advance(o.termA)
	ADDQ(o.termB, b)
	DECQ(count)
	JNZ(LabelRef(label + "terms"))

	c := rowsFrom(o.c, o.rowC, height)
	CMPB(o.first, Imm(0))
	JNE(LabelRef(label + "store"))
	for i := range sums {
		for half, sum := range sums[i] {
			old, at := YMM(), c.row(i)
			at.Disp = half * vector
			o.load(half, at, old)
			VADDPS(sum, old, sum)
		}
	}
	Label(label + "store")
	for i := range sums {
		for half, sum := range sums[i] {
			at := c.row(i)
			at.Disp = half * vector
			if o.mask == nil {
				VMOVUPS(sum, at)
			} else {
				VMASKMOVPS(sum, o.mask[half], at)
			}
		}
	}
	o.skip(o.a, o.rowA, height)
	o.skip(o.c, o.rowC, height)
}

// load reads a vector of a row.
func (o *operands) load(half int, from Mem, to VecVirtual) {
	if o.mask == nil {
		VMOVUPS(from, to)
	} else {
		VMASKMOVPS(from, o.mask[half], to)
	}
}

// skip moves at behind so many rows.
func (o *operands) skip(at, stride Register, rows int) {
	by := GP64()
	IMUL3Q(Imm(uint64(rows)), stride, by)
	ADDQ(by, at)
}

// cursors address up to six rows of a matrix: three from each base.
type cursors struct {
	bases  []Register
	stride Register
}

func rowsFrom(first, stride Register, rows int) cursors {
	c := cursors{stride: stride}
	for i := 0; i < rows; i += 3 {
		base := GP64()
		if i == 0 {
			MOVQ(first, base)
		} else {
			LEAQ(Mem{Base: first, Index: stride, Scale: 2}, base)
			ADDQ(stride, base)
		}
		c.bases = append(c.bases, base)
	}
	return c
}

func (c cursors) row(i int) Mem {
	m := Mem{Base: c.bases[i/3]}
	if i%3 > 0 {
		m.Index, m.Scale = c.stride, uint8(i%3)
	}
	return m
}

func (c cursors) advance(by Op) {
	for _, base := range c.bases {
		ADDQ(by, base)
	}
}

// oneRow writes a function that computes one block of one row of y = x·Wᵀ for that many panels of W, several at once:
// a panel alone would wait for its two accumulators.
func (w width) oneRow(widths []int) {
	TEXT("oneRow"+w.name, NOSPLIT, "func(y, x, w *float32, panels, terms, stride int, first bool)")
	Pragma("noescape")
	Doc("oneRow" + w.name + " computes a block of terms of one row for whole panels that begin stride elements apart.")
	y, x, weight := Load(Param("y"), GP64()), Load(Param("x"), GP64()), Load(Param("w"), GP64())
	panels, terms, apart := Load(Param("panels"), GP64()), Load(Param("terms"), GP64()), stride("stride")
	first, err := Param("first").Resolve()
	if err != nil {
		panic(err)
	}
	for i, width := range widths {
		label := fmt.Sprintf("panels%d", width)
		next := "done"
		if i+1 < len(widths) {
			next = fmt.Sprintf("panels%d", widths[i+1])
		}
		Label(label)
		CMPQ(panels, Imm(uint64(width)))
		JL(LabelRef(next))
		sums := make([][2]VecVirtual, width)
		for p := range sums {
			for half := range sums[p] {
				sums[p][half] = YMM()
				VXORPS(sums[p][half], sums[p][half], sums[p][half])
			}
		}
		from, count, columns := GP64(), GP64(), rowsFrom(weight, apart, width)
		MOVQ(x, from)
		MOVQ(terms, count)
		Label(label + "terms")
		v := YMM()
		VBROADCASTSS(Mem{Base: from}, v)
		for p := range sums {
			for half, sum := range sums[p] {
				at := columns.row(p)
				at.Disp = half * vector
				VFMADD231PS(at, v, sum)
			}
		}
		ADDQ(Imm(float), from)
		columns.advance(Imm(2 * vector))
		DECQ(count)
		JNZ(LabelRef(label + "terms"))

		CMPB(first.Addr, Imm(0))
		JNE(LabelRef(label + "store"))
		for p := range sums {
			for half, sum := range sums[p] {
				VADDPS(Mem{Base: y, Disp: (2*p + half) * vector}, sum, sum)
			}
		}
		Label(label + "store")
		for p := range sums {
			for half, sum := range sums[p] {
				VMOVUPS(sum, Mem{Base: y, Disp: (2*p + half) * vector})
			}
		}
		by := GP64()
		IMUL3Q(Imm(uint64(width)), apart, by)
		ADDQ(by, weight)
		ADDQ(U32(2*vector*width), y)
		SUBQ(Imm(uint64(width)), panels)
		JMP(LabelRef(label))
	}
	Label("done")
	VZEROUPPER()
	RET()
}

// transpose writes a function that copies 16 columns, each in one piece, side by side, eight terms at a time.
func (w width) transpose() {
	TEXT("transpose"+w.name, NOSPLIT, "func(dst, src *float32, eights, stride int)")
	Pragma("noescape")
	Doc("transpose" + w.name + " writes element t of column u, at src[u·stride + t], to dst[16t + u], for eights·8 terms of 16 columns.")
	dst, src := Load(Param("dst"), GP64()), Load(Param("src"), GP64())
	eights, apart := Load(Param("eights"), GP64()), stride("stride")
	Label("eight")
	columns := GP64()
	MOVQ(src, columns)
	for half := range 2 {
		// Rows 0 to 3 of a square of 8×8 stand in the lower halves, 4 to 7 in the upper ones.
		upper := GP64()
		LEAQ(Mem{Base: columns, Index: apart, Scale: 4}, upper)
		for side := range 2 {
			var r [4]VecVirtual
			lowRows, highRows := rowsFrom(columns, apart, 4), rowsFrom(upper, apart, 4)
			for i := range r {
				r[i] = YMM()
				low, high := lowRows.row(i), highRows.row(i)
				low.Disp, high.Disp = side*vector/2, side*vector/2
				VBROADCASTF128(low, r[i]) // its upper half is written next
				VINSERTF128(Imm(1), high, r[i], r[i])
			}
			var t [4]VecVirtual
			for i := range t {
				t[i] = YMM()
			}
			VUNPCKLPS(r[1], r[0], t[0])
			VUNPCKHPS(r[1], r[0], t[1])
			VUNPCKLPS(r[3], r[2], t[2])
			VUNPCKHPS(r[3], r[2], t[3])
			for i := range 4 {
				out := YMM()
				order := uint64(0x44)
				if i%2 == 1 {
					order = 0xee
				}
				VSHUFPS(Imm(order), t[2+i/2], t[i/2], out)
				VMOVUPS(out, Mem{Base: dst, Disp: (4*side+i)*2*vector + half*vector})
			}
		}
		if half == 0 {
			LEAQ(Mem{Base: upper, Index: apart, Scale: 4}, columns)
		}
	}
	ADDQ(Imm(vector), src)
	ADDQ(U32(8*2*vector), dst)
	DECQ(eights)
	JNZ(LabelRef("eight"))
	VZEROUPPER()
	RET()
}
