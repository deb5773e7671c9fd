// Command _asm writes the kernels' assembly for amd64: product_amd64.s and the Go declarations beside it.
//
//	go generate ./runtime/kernel
//
// It is a module of its own, so that nobody who uses the runtime needs the assembler's generator.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

const (
	float  = 4  // bytes of a float32
	vector = 32 // bytes of a YMM register
)

func main() {
	ConstraintExpr("!purego")
	mask := masks()
	product("stripAVX2", nil, []int{6, 4, 2, 1})
	product("narrowStripAVX2", &mask, []int{4, 2, 1})
	cpu()
	Generate()
}

// masks is 16 words of ones before 16 of zeros: read from word 16 − n on, it selects n of 16 elements.
func masks() Mem {
	mask := GLOBL("masks", RODATA|NOPTR)
	for i := range 32 {
		v := U32(0)
		if i < 16 {
			v = 0xffffffff
		}
		DATA(i*float, v)
	}
	return mask
}

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
func product(name string, masks *Mem, heights []int) {
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

func (c cursors) advance(by Register) {
	for _, base := range c.bases {
		ADDQ(by, base)
	}
}

// cpu writes what asks the processor for its features.
func cpu() {
	TEXT("cpuid", NOSPLIT, "func(leaf, subleaf uint32) (eax, ebx, ecx, edx uint32)")
	Doc("cpuid executes the instruction CPUID.")
	Load(Param("leaf"), EAX)
	Load(Param("subleaf"), ECX)
	CPUID()
	Store(EAX, Return("eax"))
	Store(EBX, Return("ebx"))
	Store(ECX, Return("ecx"))
	Store(EDX, Return("edx"))
	RET()

	TEXT("xgetbv", NOSPLIT, "func() (eax, edx uint32)")
	Doc("xgetbv reads extended control register 0: which registers the operating system saves.")
	XORL(ECX, ECX)
	XGETBV()
	Store(EAX, Return("eax"))
	Store(EDX, Return("edx"))
	RET()
}
