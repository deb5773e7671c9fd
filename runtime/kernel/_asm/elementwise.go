package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/kernelgen"
	"github.com/nnc-lang/nnc/compiler/op"
)

// elementwise writes the kernels that the cards of the compiler describe.
func elementwise() {
	kernels, err := kernelgen.Kernels(op.Applied())
	if err != nil {
		panic(err)
	}
	mask := masks()
	for _, w := range widths {
		n := w.numbers()
		for _, k := range kernels {
			if k.Mean {
				n.terms(k, mask)
			} else {
				n.rows(k, mask)
			}
		}
	}
}

// arrays are the names of the arrays that are read, in the order of ir.Arg.
var arrays = []string{"x", "y", "u"}

const constants = "c0, c1, c2, c3 float32"

// loop is what the elements of a kernel need in registers.
type loop struct {
	*numbers
	kernel    kernelgen.Kernel
	constants map[ir.Named]Register
	bases     []Register // of the arrays that are read
}

// loop loads the arrays and constants of a kernel.
func (n *numbers) loop(k kernelgen.Kernel) loop {
	l := loop{numbers: n, kernel: k, constants: map[ir.Named]Register{}}
	for i := range k.Arrays {
		l.bases = append(l.bases, Load(Param(arrays[i]), GP64()))
	}
	for i, c := range k.Constants {
		l.constants[ir.Named(c.Name)] = n.broadcast(fmt.Sprint("c", i))
	}
	return l
}

// from is where the elements of an array begin that go into registers, by the array's base and the register's number.
type from func(base Register, i int) Mem

// along addresses registers of elements that follow each other, the first index bytes behind the base.
func (l *loop) along(index Register) from {
	return func(base Register, i int) Mem {
		return Mem{Base: base, Index: index, Scale: 1, Disp: i * l.width.bytes}
	}
}

// elements computes so many registers of elements. If there are masks they select what is read.
func (l *loop) elements(at from, count int, masks []Register) vectors {
	s := &scope{numbers: l.numbers, count: count, named: map[ir.Named]vectors{}, values: map[string]vectors{}}
	for name, x := range l.constants {
		s.named[name] = s.same(x)
	}
	s.args = make([]vectors, len(l.bases))
	s.load = func(arg ir.Arg) vectors {
		return s.each(func(i int, x VecVirtual) {
			var mask Register
			if masks != nil {
				mask = masks[i]
			}
			l.read(at(l.bases[arg], i), mask, x)
		})
	}
	return s.in(l.kernel.Value)
}

// lockstep is the number of registers that the loops take at once.
const lockstep = 2

// rows writes a function that computes rows of elements.
func (n *numbers) rows(k kernelgen.Kernel, masks Mem) {
	n.function("rows"+k.Name, "func(z, x, y, u *float32, "+constants+", rows, columns, stride int)",
		"computes rows of columns that begin stride elements apart.")
	l := n.loop(k)
	z, rows, apart := Load(Param("z"), GP64()), Load(Param("rows"), GP64()), stride("stride")
	bytes, tail := Load(Param("columns"), GP64()), GP64()
	if n.opmasks {
		l.shortRows(z, rows, bytes, apart, masks)
	}
	MOVQ(bytes, tail)
	ANDQ(Imm(uint64(n.width.lanes()-1)), tail)
	mask := n.mask(masks, tail)
	SUBQ(tail, bytes)
	SHLQ(Imm(2), bytes)

	store := func(index Register, count int) {
		at := l.along(index)
		for i, v := range l.elements(at, count, nil) {
			VMOVUPS(v, at(z, i))
		}
	}
	index, end := GP64(), GP64()
	Label("row")
	XORQ(index, index)
	MOVQ(bytes, end)
	SUBQ(Imm(lockstep*uint64(n.width.bytes)), end)
	JL(LabelRef("single"))
	Label("several")
	store(index, lockstep)
	ADDQ(Imm(lockstep*uint64(n.width.bytes)), index)
	CMPQ(index, end)
	JLE(LabelRef("several"))
	Label("single")
	CMPQ(index, bytes)
	JGE(LabelRef("rest"))
	store(index, 1)
	ADDQ(Imm(uint64(n.width.bytes)), index)
	JMP(LabelRef("single"))
	Label("rest")
	TESTQ(tail, tail)
	JZ(LabelRef("next"))
	last := l.elements(l.along(index), 1, []Register{mask})[0].(VecVirtual)
	n.storeLeft(last, tail, Mem{Base: z, Index: index, Scale: 1})
	Label("next")
	ADDQ(apart, z)
	for _, base := range l.bases {
		ADDQ(apart, base)
	}
	DECQ(rows)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}

// shortRows computes rows of up to a register of columns, such as those of a panel, several in lockstep.
func (l *loop) shortRows(z, rows, columns, apart Register, masks Mem) {
	CMPQ(columns, Imm(uint64(l.width.lanes())))
	JG(LabelRef("long"))
	mask := l.mask(masks, columns)
	store := func(count int) {
		at := func(base Register, i int) Mem { return row(base, apart, i) }
		same := make([]Register, count)
		for i := range same {
			same[i] = mask
		}
		for i, v := range l.elements(at, count, same) {
			l.storeLeft(v.(VecVirtual), columns, at(z, i))
		}
		for _, base := range append([]Register{z}, l.bases...) {
			LEAQ(row(base, apart, count), base)
		}
	}
	SUBQ(Imm(lockstep), rows)
	JL(LabelRef("few"))
	Label("shorts")
	store(lockstep)
	SUBQ(Imm(lockstep), rows)
	JGE(LabelRef("shorts"))
	Label("few")
	ADDQ(Imm(lockstep), rows)
	JZ(LabelRef("done"))
	Label("short")
	store(1)
	DECQ(rows)
	JNZ(LabelRef("short"))
	Label("done")
	VZEROUPPER()
	RET()
	Label("long")
}

// mostHeld is how many registers of AVX2 the lanes and what an expression takes at a time may need, without its operands.
const mostHeld = 14

// terms writes a function that adds terms in 16 lanes.
func (n *numbers) terms(k kernelgen.Kernel, masks Mem) {
	n.function("terms"+k.Name, "func(x, y, u *float32, "+constants+", count int) float32",
		"returns the sum of at most 4,096 terms, as Lanes are added.")
	l := n.loop(k)
	count, index := Load(Param("count"), GP64()), GP64()
	XORQ(index, index)
	lanes := n.whole().zeros()
	Label("all")
	CMPQ(count, Imm(panel))
	JL(LabelRef("rest"))
	if together := len(lanes); !n.opmasks && together*(1+registers(k.Value)) > mostHeld { // one after the other
		for i, lane := range lanes {
			at := func(base Register, _ int) Mem { return l.along(index)(base, i) }
			VADDPS(l.elements(at, 1, nil)[0], lane, lane)
		}
	} else {
		for i, term := range l.elements(l.along(index), together, nil) {
			VADDPS(term, lanes[i], lanes[i])
		}
	}
	ADDQ(Imm(panel*float), index)
	SUBQ(Imm(panel), count)
	JMP(LabelRef("all"))

	// The lanes that are left out get +0, which changes none: they are never −0.
	Label("rest")
	TESTQ(count, count)
	JZ(LabelRef("sum"))
	for i, mask := range n.panelMasks(masks, count) {
		if i > 0 {
			ADDQ(Imm(uint64(n.width.bytes)), index)
		}
		term := n.register()
		n.orZero(mask, l.elements(l.along(index), 1, []Register{mask})[0], term)
		VADDPS(term, lanes[i], lanes[i])
	}
	Label("sum")
	total := n.join(lanes, func(x, y, z Op) { VADDPS(y, x, z) })
	VZEROUPPER()
	Store(total, ReturnIndex(0))
	RET()
}
