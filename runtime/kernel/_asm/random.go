package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// random writes what fills arrays with numbers from the blocks of a stream: see random.go of package kernel. Its functions
// take whole batches only.
func (w width) random() {
	t := w.doubles()
	t.dropoutMask()
	t.dropout()
	t.uniform()
	t.normal()
}

// blocks is a loop that computes blocks of a stream, many at once: a block for each element of 64 bits, in several groups,
// so that none waits for the product before. Each element has a word in its lower half, and anything in the upper one.
type blocks struct {
	*doubles
	groups         int
	z, rounds      Register
	left, done     Register   // how many numbers are left, and the bytes of those that are done
	product        VecVirtual // M0 times the counters of the first group
	p0, p1, c1, c3 []VecVirtual
}

// begin begins a function that fills z with so many numbers, with the loop over groups. parameter is what it needs besides.
func (t *doubles) begin(name, doc, parameter string, groups int) *blocks {
	t.function(name, "func(z *float32, count int, rounds *[10][2]uint32, block uint64, "+parameter+")", doc)
	b := &blocks{doubles: t, groups: groups, z: Load(Param("z"), GP64()), rounds: Load(Param("rounds"), GP64()),
		left: Load(Param("count"), GP64()), done: GP64(), product: t.register()}
	XORQ(b.done, b.done)
	VPBROADCASTQ(address("block"), b.product)
	VPADDQ(t.row("positions", t.position), b.product, b.product)
	VPMULUDQ(t.bits(rng.M0), b.product, b.product)
	Label("batch")
	return b
}

// end ends the function.
func (b *blocks) end() {
	ADDQ(U32(b.numbers()*float), b.done)
	SUBQ(U32(b.numbers()), b.left)
	JNZ(LabelRef("batch"))
	VZEROUPPER()
	RET()
}

// numbers is how many numbers the groups give.
func (b *blocks) numbers() int { return b.groups * b.each() * 4 }

// position is the counter that an element has, relative to the first: a lane of 128 bits has two, and the first ones of all
// lanes come before the second ones. So words fall into the stream's order by shuffles within lanes.
func (t *doubles) position(element int) uint64 { return uint64(element/2 + element%2*t.each()/2) }

// compute writes nine rounds and the products of the tenth, and moves the counters on: see rng.Rounds.
func (b *blocks) compute() {
	n := b.groups
	c0, c2 := make([]VecVirtual, n), make([]VecVirtual, n)
	b.p0, b.p1, b.c1, b.c3 = make([]VecVirtual, n), make([]VecVirtual, n), make([]VecVirtual, n), make([]VecVirtual, n)
	counters := func(groups int) Mem { return b.bits(rng.M0 * uint64(groups*b.each())) }

	x := b.met(0, 1)
	for i := range n {
		b.p0[i] = b.register()
		if i == 0 {
			VMOVUPS(b.product, b.p0[0])
		} else {
			VPADDQ(counters(i), b.product, b.p0[i])
		}
		c2[i] = b.upper(b.p0[i])
		b.xor(x, c2[i])
	}
	VPADDQ(counters(n), b.product, b.product)

	x, y := b.met(1, 0), b.met(1, 1)
	for i := range n {
		b.p1[i] = c2[i]
		VPMULUDQ(b.bits(rng.M1), c2[i], b.p1[i])
		c0[i] = b.upper(b.p1[i])
		b.xor(x, c0[i])
		c2[i] = b.p0[i]
		b.xor(y, c2[i])
	}
	for round := 2; round < 10; round++ {
		for i := range n {
			b.c1[i], b.c3[i] = b.p1[i], b.p0[i]
			b.p0[i], b.p1[i] = c0[i], c2[i]
			VPMULUDQ(b.bits(rng.M0), c0[i], b.p0[i])
			VPMULUDQ(b.bits(rng.M1), c2[i], b.p1[i])
		}
		if round == 9 {
			break
		}
		x, y := b.met(round, 0), b.met(round, 1)
		for i := range n {
			c0[i], c2[i] = b.c1[i], b.c3[i]
			b.xor3(b.upper(b.p1[i]), x, c0[i])
			if round == 2 {
				c2[i] = b.upper(b.p0[i])
				b.xor(y, c2[i])
			} else {
				b.xor3(b.upper(b.p0[i]), y, c2[i])
			}
		}
	}
}

// met loads what the first or the third words of counters meet in a round.
func (b *blocks) met(round, word int) VecVirtual {
	x := b.register()
	VPBROADCASTD(Mem{Base: b.rounds, Disp: 8*round + 4*word}, x)
	return x
}

// inOrder ends the tenth round, and gives take the words in the stream's order, a register after the other.
func (b *blocks) inOrder(take func(words VecVirtual, to Mem)) {
	met := b.register()
	VPBROADCASTQ(Mem{Base: b.rounds, Disp: 8 * 9}, met)
	VSHUFPS(Imm(0b01_01_00_00), met, met, met)
	const lower, upper = 0b10_00_10_00, 0b11_01_11_01
	for i := range b.groups {
		// In each lane: the first words of two blocks and their third ones, then the second and the fourth ones.
		odd, product, even := b.register(), b.register(), b.register()
		VSHUFPS(Imm(upper), b.p0[i], b.p1[i], product)
		VSHUFPS(Imm(lower), b.p0[i], b.p1[i], even)
		VSHUFPS(Imm(lower), b.c3[i], b.c1[i], odd)
		b.xor3(product, met, odd)
		front, back, first, second := b.register(), b.register(), b.register(), b.register()
		VUNPCKLPS(even, odd, front)
		VUNPCKHPS(even, odd, back)
		VUNPCKLPD(back, front, first)
		take(first, Mem{Base: b.z, Index: b.done, Scale: 1, Disp: 2 * i * b.width.bytes})
		VUNPCKHPD(back, front, second)
		take(second, Mem{Base: b.z, Index: b.done, Scale: 1, Disp: (2*i + 1) * b.width.bytes})
	}
}

// dropoutMask writes the function that makes masks.
func (t *doubles) dropoutMask() {
	b := t.begin("dropoutMask", "fills z with 0 where a word is below the threshold, else with kept.", "threshold uint32, kept float32", 3)
	b.compute()
	b.inOrder(func(words VecVirtual, to Mem) { VMOVUPS(b.masked(words), to) })
	b.end()
}

// dropout writes the function that makes a mask and multiplies by it. All arrays may be the same: y is written last.
func (t *doubles) dropout() {
	b := t.begin("dropout", "fills z as dropoutMask does, and y with the products of x and z.",
		"y, x *float32, threshold uint32, kept float32", 3)
	b.compute()
	y, x := Load(Param("y"), GP64()), Load(Param("x"), GP64())
	b.inOrder(func(words VecVirtual, to Mem) {
		mask, product := b.masked(words), b.register()
		other := func(base Register) Mem { return Mem{Base: base, Index: b.done, Scale: 1, Disp: to.Disp} }
		VMULPS(other(x), mask, product)
		VMOVUPS(mask, to)
		VMOVUPS(product, other(y))
	})
	b.end()
}

// masked returns 0 where a word is below the threshold, else kept. The words are lost.
func (b *blocks) masked(words VecVirtual) VecVirtual {
	least := b.register()
	VBROADCASTSS(address("threshold"), least)
	kept := b.broadcast("kept")
	b.keep(words, least, kept)
	return kept
}

// uniform writes the function that draws from an interval.
func (t *doubles) uniform() {
	b := t.begin("uniform", "fills z with numbers between ±bound.", "bound float32", 3)
	b.compute()
	b.inOrder(func(words VecVirtual, to Mem) {
		VPSRLD(Imm(8), words, words)
		VPSUBD(b.bits(1<<23|1<<(23+32)), words, words)
		VCVTDQ2PS(words, words)
		VMULPS(b.bits(0x34000000_34000000), words, words) // 2⁻²³
		bound := b.broadcast("bound")
		VMULPS(bound, words, words)
		VMOVUPS(words, to)
	})
	b.end()
}
