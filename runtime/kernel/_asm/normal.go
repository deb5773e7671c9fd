package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// normal writes the function that draws from the normal distribution, operation for operation as package rng says.
func (t *doubles) normal() {
	b := t.begin("normal", "fills z with numbers from the normal distribution around 0.", "std float64", 1)
	b.compute()
	b.xor3(b.upper(b.p1[0]), b.met(9, 0), b.c1[0])
	b.xor3(b.upper(b.p0[0]), b.met(9, 1), b.c3[0])
	radii := t.radii(b.c1[0], b.c3[0])
	cos, sin := t.circle(b.p1[0], b.p0[0])
	std := t.register()
	VBROADCASTSD(address("std"), std)
	var z []VecVirtual
	for i, r := range radii {
		for _, x := range []VecVirtual{cos[i], sin[i]} {
			VMULPD(x, r, x)
			VMULPD(std, x, x)
			z = append(z, t.halved(x))
		}
	}
	t.storeBlocks(z, Mem{Base: b.z, Index: b.done, Scale: 1})
	b.end()
}

// radii returns √(−2 ln u), u = (a + ½)·2⁻³², of each a.
func (t *doubles) radii(words ...VecVirtual) []VecVirtual {
	n := len(words)
	k, s, squares := make([]VecVirtual, n), make([]VecVirtual, n), make([]VecVirtual, n)
	for i, a := range words {
		// A carry out of the fraction of 2³²·u counts one more in the exponent where m would be above √2.
		const fraction = 1<<52 - 1
		m := t.fromWord(a, t.number(1<<52-0.5))
		k[i] = t.register()
		VPADDQ(t.bits(fraction-math.Float64bits(math.Sqrt2)&fraction), m, k[i])
		VPSRLQ(Imm(52), k[i], k[i])
		exponent := t.register()
		VPSLLQ(Imm(52), k[i], exponent)
		VPSUBQ(exponent, m, m)
		VPADDQ(t.bits(1023<<52), m, m)
		t.or(t.number(1<<52), k[i])
		VSUBPD(t.number(1<<52+1023+32), k[i], k[i])
		s[i] = t.register()
		VSUBPD(t.number(1), m, s[i])
		VADDPD(t.number(1), m, m)
		VDIVPD(m, s[i], s[i])
		squares[i] = t.product(s[i], s[i])
	}
	artanh := t.series(squares, 11, func(i int) float64 { return 1 / float64(2*i+1) })
	for i, twice := range artanh {
		VMULPD(s[i], twice, twice)
		VADDPD(twice, twice, twice)
		low := t.product(k[i], t.number(1.90821492927058770002e-10))
		VADDPD(twice, low, low)
		VMULPD(t.number(6.93147180369123816490e-01), k[i], k[i])
		VADDPD(low, k[i], k[i])
		VMULPD(t.number(-2), k[i], k[i])
		VSQRTPD(k[i], k[i])
	}
	return k
}

// circle returns the cosine and the sine of b·2⁻³² of a turn, of each b. The words are lost.
func (t *doubles) circle(words ...VecVirtual) (cos, sin []VecVirtual) {
	n := len(words)
	x, squares := make([]VecVirtual, n), make([]VecVirtual, n)
	for i, b := range words {
		// The nearest quarter stands in the upper two of 32 bits, and below it the rest.
		VPADDD(t.bits(1<<29), b, b)
		rest := t.register()
		t.and(t.bits(1<<30-1), b, rest)
		x[i] = t.fromWord(rest, t.number(1<<52+1<<29))
		VMULPD(t.number(math.Pi/2/(1<<30)), x[i], x[i])
		squares[i] = t.product(x[i], x[i])
	}
	cos = t.series(squares, 9, func(i int) float64 { return alternating(2 * i) })
	sin = t.series(squares, 8, func(i int) float64 { return alternating(2*i + 1) })
	for i, b := range words {
		VMULPD(x[i], sin[i], sin[i])
		odd, sign := t.register(), t.register()
		VPSLLQ(Imm(33), b, odd) // in the first bit
		cos[i], sin[i] = t.exchange(odd, cos[i], sin[i])
		VPADDD(t.bits(1<<30), b, sign)
		t.negate(cos[i], sign)
		t.negate(sin[i], b)
	}
	return cos, sin
}

// alternating returns ±1/n!, + where n mod 4 is 0 or 1.
func alternating(n int) float64 {
	f := 1.0
	for i := 2; i <= n; i++ {
		f *= float64(i)
	}
	if n%4 >= 2 {
		return -1 / f
	}
	return 1 / f
}

// series returns c₀ + c₁·x + c₂·x² + … of each x, from the last coefficient down.
func (t *doubles) series(x []VecVirtual, terms int, coefficient func(i int) float64) []VecVirtual {
	sums := make([]VecVirtual, len(x))
	for j := range x {
		sums[j] = t.product(x[j], t.number(coefficient(terms-1)))
	}
	for i := terms - 2; i >= 0; i-- {
		for j, sum := range sums {
			VADDPD(t.number(coefficient(i)), sum, sum)
			if i > 0 {
				VMULPD(x[j], sum, sum)
			}
		}
	}
	return sums
}

// product returns x·y; y may lie in memory.
func (t *doubles) product(x VecVirtual, y Op) VecVirtual {
	z := t.register()
	VMULPD(y, x, z)
	return z
}

// fromWord returns the lower half of each element as a number, less what the shift is above 2⁵².
func (t *doubles) fromWord(x VecVirtual, shift Mem) VecVirtual {
	z := t.register()
	t.and(t.bits(1<<32-1), x, z)
	t.or(t.number(1<<52), z)
	VSUBPD(shift, z, z)
	return z
}

// negate turns x around where bit 31 of an element is set. The elements are lost.
func (t *doubles) negate(x, elements VecVirtual) {
	VPSLLQ(Imm(32), elements, elements)
	t.and(t.bits(1<<63), elements, elements)
	t.xor(elements, x)
}
