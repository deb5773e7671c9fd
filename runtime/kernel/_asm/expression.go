package main

import (
	"fmt"
	"math"
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// numbers is a table of constants in the file's data, each as often as a register has elements.
type numbers struct {
	width
	table  Mem
	places map[uint32]int
}

// numbers begins a table. Nothing else may be put into the file's data before its last use.
func (w width) numbers() *numbers {
	return &numbers{width: w, table: GLOBL("numbers"+w.name, RODATA|NOPTR), places: map[uint32]int{}}
}

// bits returns where the constant of those bits stands.
func (n *numbers) bits(bits uint32) Mem {
	place, known := n.places[bits]
	if !known {
		place = len(n.places) * n.width.bytes
		n.places[bits] = place
		for i := 0; i < n.width.bytes; i += float {
			DATA(place+i, U32(bits))
		}
	}
	return n.table.Offset(place)
}

// vectors are registers side by side, or as often the same constant in memory.
type vectors []Op

// scope is what an expression speaks of, and what has been computed of it. Everything is computed for several registers
// of elements in lockstep, so that none waits for the result of the instruction before.
type scope struct {
	*numbers
	count  int       // of the registers
	args   []vectors // those that are nil are read by load when they are first needed
	load   func(ir.Arg) vectors
	named  map[ir.Named]vectors
	values map[string]vectors // by ir.Key
}

// value returns the expression's value in each element: registers, or a constant in memory.
func (s *scope) value(e ir.Expr) vectors {
	switch e := e.(type) {
	case ir.Arg:
		if s.args[e] == nil {
			s.args[e] = s.load(e)
		}
		return s.args[e]
	case ir.Named:
		return s.named[e]
	case ir.Num:
		return s.same(s.bits(math.Float32bits(float32(e))))
	}
	k := ir.Key(e)
	if _, known := s.values[k]; !known {
		s.values[k] = s.compute(e)
	}
	return s.values[k]
}

// same returns one operand for all registers.
func (s *scope) same(x Op) vectors {
	v := make(vectors, s.count)
	for i := range v {
		v[i] = x
	}
	return v
}

// in returns the expression's value in registers.
func (s *scope) in(e ir.Expr) vectors {
	v := s.value(e)
	if _, memory := v[0].(Mem); !memory {
		return v
	}
	z := s.register()
	VMOVUPS(v[0], z)
	return s.same(z)
}

// each writes instructions for each of the registers, whose results stand in registers of their own.
func (s *scope) each(write func(i int, z VecVirtual)) vectors {
	v := make(vectors, s.count)
	for i := range v {
		z := s.register()
		v[i] = z
		write(i, z)
	}
	return v
}

// compute writes the operation of which an expression is made. Of its operands one may be a constant in memory.
func (s *scope) compute(e ir.Expr) vectors {
	switch e := e.(type) {
	case ir.Binary:
		x, y := e.X, e.Y
		if _, number := x.(ir.Num); number && (e.Op == '+' || e.Op == '*') {
			x, y = y, x
		}
		operation := map[byte]func(...Op){'+': VADDPS, '-': VSUBPS, '*': VMULPS, '/': VDIVPS}[e.Op]
		if registers(x) < registers(y) {
			s.value(y)
		}
		a, b := s.in(x), s.value(y)
		return s.each(func(i int, z VecVirtual) { operation(b[i], a[i], z) })
	case ir.Apply:
		if e.Func.Body != nil {
			return s.call(e)
		}
		return s.primitive(e.Func.Name, e.Args)
	}
	panic(fmt.Sprintf("an expression of a %T", e))
}

// registers is how many registers it takes to compute an expression, if its operands need the most of them first.
func registers(e ir.Expr) int {
	most := 1
	var operands []ir.Expr
	switch e := e.(type) {
	case ir.Binary:
		operands = []ir.Expr{e.X, e.Y}
	case ir.Apply:
		operands = e.Args
		for _, step := range e.Func.Body {
			most = max(most, 1+registers(step.Value))
		}
	}
	var need []int
	for _, operand := range operands {
		need = append(need, registers(operand))
	}
	slices.SortFunc(need, func(a, b int) int { return b - a })
	for held, n := range need {
		most = max(most, held+n)
	}
	return most
}

// call writes the steps of a function.
func (s *scope) call(e ir.Apply) vectors {
	inner := &scope{numbers: s.numbers, count: s.count, named: map[ir.Named]vectors{}, values: map[string]vectors{}}
	for _, a := range e.Args {
		inner.args = append(inner.args, s.in(a))
	}
	var last vectors
	for _, step := range e.Func.Body {
		last = inner.value(step.Value)
		inner.named[ir.Named(step.Name)] = last
	}
	return last
}

// The bits of float32s.
const (
	signBit  = 1 << 31
	one      = 127 << 23
	halfRoot = 0x3f3504f3    // √½
	quiet    = 0x7fc00000    // a NaN
	whole    = 1<<23 + 1<<22 // plus a small number: its fraction is rounded away
)

// Predicates of VCMPPS: an ordered comparison is false for a NaN.
var (
	unordered = Imm(0x03)
	unequal   = Imm(0x0c)
	less      = Imm(0x11)
	greater   = Imm(0x1e)
)

// primitive writes a function of package kernel that has no Body, bit for bit but for the payload of a NaN.
func (s *scope) primitive(name string, args []ir.Expr) vectors {
	switch name {
	case "max", "min":
		return s.extreme(args[0], args[1], name == "max")
	case "Where":
		return s.where(args[0], args[1], args[2], args[3])
	case "Abs":
		x := s.in(args[0])
		return s.each(func(i int, z VecVirtual) { VANDPS(s.bits(^uint32(signBit)), x[i], z) })
	case "Sign":
		x := s.in(args[0])
		return s.each(func(i int, z VecVirtual) {
			VANDPS(s.bits(signBit), x[i], z)
			VORPS(s.bits(one), z, z)
			s.choose(s.compare(unequal, x[i], s.bits(0)), z, x[i], z)
		})
	case "CopySign":
		x, y := s.in(args[0]), s.in(args[1])
		return s.each(func(i int, z VecVirtual) {
			magnitude := s.register()
			VANDPS(s.bits(^uint32(signBit)), x[i], magnitude)
			VANDPS(s.bits(signBit), y[i], z)
			VORPS(magnitude, z, z)
		})
	case "Exponent":
		above := s.aboveHalfRoot(args[0])
		exponent := s.each(func(i int, z VecVirtual) { VPSRAD(Imm(23), above[i], z) })
		return s.each(func(i int, z VecVirtual) { VCVTDQ2PS(exponent[i], z) })
	case "Significand":
		above := s.aboveHalfRoot(args[0])
		return s.each(func(i int, z VecVirtual) {
			VANDPS(s.bits(1<<23-1), above[i], z)
			VPADDD(s.bits(halfRoot), z, z)
		})
	case "Sqrt":
		x := s.in(args[0])
		return s.each(func(i int, z VecVirtual) { VSQRTPS(x[i], z) })
	case "Round":
		x := s.in(args[0])
		large := s.each(func(i int, z VecVirtual) { VADDPS(s.bits(math.Float32bits(whole)), x[i], z) })
		return s.each(func(i int, z VecVirtual) { VSUBPS(s.bits(math.Float32bits(whole)), large[i], z) })
	case "PowerOfTwo":
		x := s.in(args[0])
		exponent := s.each(func(i int, z VecVirtual) { VADDPS(s.bits(math.Float32bits(whole+127)), x[i], z) })
		return s.each(func(i int, z VecVirtual) { VPSLLD(Imm(23), exponent[i], z) })
	}
	panic(fmt.Sprintf("there are no instructions for %s: write them, or give it a Body", name))
}

// aboveHalfRoot writes what the bits of a number are above those of √½: its exponent and, below it, its significand.
func (s *scope) aboveHalfRoot(e ir.Expr) vectors {
	x := s.in(e)
	return s.each(func(i int, z VecVirtual) { VPSUBD(s.bits(halfRoot), x[i], z) })
}

// where writes yes where a > b, else no; that is one instruction if it chooses between a and b.
func (s *scope) where(a, b, yes, no ir.Expr) vectors {
	switch {
	case ir.Key(a) == ir.Key(yes) && ir.Key(b) == ir.Key(no): // a if a > b, else b
		x, y := s.in(a), s.value(b)
		return s.each(func(i int, z VecVirtual) { VMAXPS(y[i], x[i], z) })
	case ir.Key(a) == ir.Key(no) && ir.Key(b) == ir.Key(yes): // b if b < a, else a
		x, y := s.in(b), s.value(a)
		return s.each(func(i int, z VecVirtual) { VMINPS(y[i], x[i], z) })
	}
	first, second, predicate := a, b, greater
	if _, number := a.(ir.Num); number {
		first, second, predicate = b, a, less
	}
	u, v := s.value(yes), s.in(no)
	x, y := s.in(first), s.value(second)
	above := make([]Register, s.count)
	for i := range above {
		above[i] = s.compare(predicate, x[i], y[i])
	}
	return s.each(func(i int, z VecVirtual) { s.choose(above[i], u[i], v[i], z) })
}

// extreme writes Go's max or min: a NaN wins, and −0 is below +0. The instructions return their second operand where one
// is a NaN and where both are zeros.
func (s *scope) extreme(x, y ir.Expr, most bool) vectors {
	instruction, join := VMINPS, VORPS
	if most {
		instruction, join = VMAXPS, VANDPS
	}
	a, b := s.in(x), s.in(y)
	if c, number := y.(ir.Num); number && c == c && (c != 0 || most && !math.Signbit(float64(c))) {
		v := s.each(func(i int, z VecVirtual) { instruction(a[i], b[i], z) })
		if c != 0 {
			return v
		}
		return s.each(func(i int, z VecVirtual) { VADDPS(s.bits(0), v[i], z) }) // makes −0 to +0
	}
	return s.each(func(i int, z VecVirtual) {
		other := s.register()
		instruction(a[i], b[i], z)
		instruction(b[i], a[i], other)
		join(other, z, z)
		s.choose(s.compare(unordered, b[i], a[i]), s.bits(quiet), z, z)
	})
}
