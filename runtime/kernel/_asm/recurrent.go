package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// step is what one row of a recurrent layer does in a step, element by element, on several arrays: see package kernel.
type step struct {
	name, doc string
	arrays    []array // in the order of the parameters
	first     ir.Expr // is computed before anything else, nil: nothing
	results   []result
}

// array is an array with so many parts side by side, each of as many elements as there are columns. Element k of a part is
// read with element k of all others.
type array struct {
	name  string
	parts int
}

// result is what an element of a part of an array becomes. It is written as soon as it is computed: what stood there has
// been read before, by an expression that needs it.
type result struct {
	array string
	part  int
	value ir.Expr
}

// recurrent writes the steps of recurrent layers.
func recurrent() {
	mask := masks()
	for _, w := range widths {
		n := w.numbers()
		for _, s := range []step{rnn(), rnnGrad(), lstm(), lstmStates(), lstmGrad(), gru(), gruGrad()} {
			n.step(s, mask)
		}
	}
}

// of returns the element of a part of an array.
func (s *step) of(name string, part int) ir.Expr {
	number := 0
	for _, a := range s.arrays {
		if a.name == name {
			return ir.Arg(number + part)
		}
		number += a.parts
	}
	panic("there is no array " + name)
}

// rest is 1 − x, sigmoid and tanh are functions of the cards.
func rest(x ir.Expr) ir.Expr    { return ir.Sub(ir.Num(1), x) }
func sigmoid(x ir.Expr) ir.Expr { return ir.Apply{Func: described("Sigmoid1"), Args: []ir.Expr{x}} }
func tanh(x ir.Expr) ir.Expr    { return ir.Apply{Func: described("Tanh1"), Args: []ir.Expr{x}} }

// times is the factors multiplied from the first on.
func times(factors ...ir.Expr) ir.Expr {
	p := factors[0]
	for _, x := range factors[1:] {
		p = ir.Mul(p, x)
	}
	return p
}

func rnn() step {
	s := step{name: "rnnStep", doc: "computes one step of one row.", arrays: []array{{"states", 1}, {"x", 1}, {"hidden", 1}}}
	s.results = []result{{"states", 0, tanh(ir.Add(s.of("x", 0), s.of("hidden", 0)))}}
	return s
}

func rnnGrad() step {
	s := step{name: "rnnGradStep", doc: "is the gradient of rnnStep.", arrays: []array{{"dx", 1}, {"dh", 1}, {"dy", 1}, {"states", 1}}}
	h := s.of("states", 0)
	s.results = []result{
		{"dx", 0, ir.Mul(ir.Add(s.of("dy", 0), s.of("dh", 0)), rest(ir.Mul(h, h)))},
		{"dh", 0, ir.Num(0)},
	}
	return s
}

// lstm and lstmStates are one step in two functions, since one has too many values for the assembler to find registers.
func lstm() step {
	s := step{name: "lstmStep", doc: "computes the gates and the cells of one step of one row.",
		arrays: []array{{"gates", 4}, {"cells", 1}, {"x", 4}, {"hidden", 4}, {"before", 1}}}
	gate := func(part int) ir.Expr { return ir.Add(s.of("x", part), s.of("hidden", part)) }
	i, f, g, o := sigmoid(gate(0)), sigmoid(gate(1)), tanh(gate(2)), sigmoid(gate(3))
	c := ir.Add(ir.Mul(f, s.of("before", 0)), ir.Mul(i, g))
	s.results = []result{{"gates", 2, g}, {"gates", 0, i}, {"gates", 1, f}, {"cells", 0, c}, {"gates", 3, o}}
	return s
}

func lstmStates() step {
	s := step{name: "lstmStates", doc: "computes the states behind it.", arrays: []array{{"states", 1}, {"output", 1}, {"cells", 1}}}
	s.results = []result{{"states", 0, ir.Mul(s.of("output", 0), tanh(s.of("cells", 0)))}}
	return s
}

func lstmGrad() step {
	s := step{name: "lstmGradStep", doc: "is the gradient of lstmStep.",
		arrays: []array{{"dx", 4}, {"dh", 1}, {"dc", 1}, {"dy", 1}, {"gates", 4}, {"cells", 1}, {"before", 1}}}
	i, f, g, o := s.of("gates", 0), s.of("gates", 1), s.of("gates", 2), s.of("gates", 3)
	t, h := tanh(s.of("cells", 0)), ir.Add(s.of("dy", 0), s.of("dh", 0))
	c := ir.Add(s.of("dc", 0), times(h, o, rest(ir.Mul(t, t))))
	s.first = t
	s.results = []result{
		{"dx", 3, times(h, t, o, rest(o))},
		{"dx", 0, times(c, g, i, rest(i))},
		{"dx", 2, times(c, i, rest(ir.Mul(g, g)))},
		{"dx", 1, times(c, s.of("before", 0), f, rest(f))},
		{"dc", 0, ir.Mul(c, f)},
		{"dh", 0, ir.Num(0)},
	}
	return s
}

func gru() step {
	s := step{name: "gruStep", doc: "computes one step of one row.",
		arrays: []array{{"states", 1}, {"gates", 3}, {"inner", 1}, {"x", 3}, {"hidden", 3}, {"before", 1}}}
	gate := func(part int) ir.Expr { return ir.Add(s.of("x", part), s.of("hidden", part)) }
	r, z, m := sigmoid(gate(0)), sigmoid(gate(1)), s.of("hidden", 2)
	n := tanh(ir.Add(s.of("x", 2), ir.Mul(r, m)))
	s.results = []result{{"gates", 0, r}, {"inner", 0, m}, {"gates", 2, n}, {"gates", 1, z},
		{"states", 0, ir.Add(ir.Mul(rest(z), n), ir.Mul(z, s.of("before", 0)))}}
	return s
}

func gruGrad() step {
	s := step{name: "gruGradStep", doc: "is the gradient of gruStep.",
		arrays: []array{{"dx", 3}, {"d", 3}, {"dh", 1}, {"dy", 1}, {"gates", 3}, {"inner", 1}, {"before", 1}}}
	r, z, n := s.of("gates", 0), s.of("gates", 1), s.of("gates", 2)
	h := ir.Add(s.of("dy", 0), s.of("dh", 0))
	dn := times(h, rest(z), rest(ir.Mul(n, n)))
	dr := times(dn, s.of("inner", 0), r, rest(r))
	dz := times(ir.Mul(h, ir.Sub(s.of("before", 0), n)), z, rest(z))
	s.results = []result{{"dx", 1, dz}, {"d", 1, dz}, {"dx", 2, dn}, {"d", 2, ir.Mul(dn, r)}, {"dx", 0, dr}, {"d", 0, dr}, {"dh", 0, ir.Mul(h, z)}}
	return s
}

// step writes a function for one row of at least one column.
func (n *numbers) step(s step, masks Mem) {
	var names []string
	for _, a := range s.arrays {
		names = append(names, a.name)
	}
	n.function(s.name, "func("+strings.Join(names, ", ")+" *float32, columns int)", s.doc)
	bases := map[string]Register{}
	for _, a := range s.arrays {
		bases[a.name] = Load(Param(a.name), GP64())
	}
	left, apart, thrice := Load(Param("columns"), GP64()), GP64(), GP64()
	MOVQ(left, apart)
	SHLQ(Imm(2), apart)
	LEAQ(Mem{Base: apart, Index: apart, Scale: 2}, thrice)
	at := func(name string, part int) Mem {
		base := bases[name]
		return []Mem{{Base: base}, {Base: base, Index: apart, Scale: 1}, {Base: base, Index: apart, Scale: 2}, {Base: base, Index: thrice, Scale: 1}}[part]
	}
	elements := func(count int, mask Register, store func(v VecVirtual, to Mem)) {
		var places []Mem
		for _, a := range s.arrays {
			for part := range a.parts {
				places = append(places, at(a.name, part))
			}
		}
		c := &scope{numbers: n, count: count, named: map[ir.Named]vectors{}, values: map[string]vectors{}}
		c.args = make([]vectors, len(places))
		c.load = func(arg ir.Arg) vectors {
			return c.each(func(i int, z VecVirtual) { n.read(places[arg].Offset(i*n.width.bytes), mask, z) })
		}
		if s.first != nil {
			c.value(s.first)
		}
		for _, r := range s.results {
			for i, v := range c.in(r.value) {
				store(v.(VecVirtual), at(r.array, r.part).Offset(i*n.width.bytes))
			}
		}
	}
	loop := func(count int) {
		label := fmt.Sprint("all", count)
		SUBQ(Imm(uint64(count*n.lanes())), left)
		JL(LabelRef(label + "done"))
		Label(label)
		elements(count, nil, func(v VecVirtual, to Mem) { VMOVUPS(v, to) })
		for _, a := range s.arrays {
			ADDQ(U32(count*n.width.bytes), bases[a.name])
		}
		SUBQ(Imm(uint64(count*n.lanes())), left)
		JGE(LabelRef(label))
		Label(label + "done")
		ADDQ(Imm(uint64(count*n.lanes())), left)
	}
	if n.opmasks { // there are registers for several, of which none waits for another
		loop(lockstep)
	}
	loop(1)
	TESTQ(left, left)
	JZ(LabelRef("done"))
	elements(1, n.mask(masks, left), func(v VecVirtual, to Mem) { n.storeLeft(v, left, to) })
	Label("done")
	VZEROUPPER()
	RET()
}
