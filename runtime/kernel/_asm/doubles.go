package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// doubles computes with elements of 64 bits: float64s, or integers. It has a table of constants in the file's data.
type doubles struct {
	width
	table  Mem
	size   int // of the table
	places map[uint64]int
	rows   map[string]int
}

// doubles begins a table. Nothing else may be put into the file's data before its last use.
func (w width) doubles() *doubles {
	return &doubles{width: w, table: GLOBL("doubles"+w.name, RODATA|NOPTR), places: map[uint64]int{}, rows: map[string]int{}}
}

// each returns the number of elements of a register.
func (t *doubles) each() int { return t.width.bytes / 8 }

// bits returns where the constant of those bits stands, as often as a register has elements.
func (t *doubles) bits(bits uint64) Mem {
	place, known := t.places[bits]
	if !known {
		place = t.add(func(int) uint64 { return bits })
		t.places[bits] = place
	}
	return t.table.Offset(place)
}

// number returns where the constant stands.
func (t *doubles) number(x float64) Mem { return t.bits(math.Float64bits(x)) }

// row returns where a register of constants stands.
func (t *doubles) row(name string, element func(i int) uint64) Mem {
	place, known := t.rows[name]
	if !known {
		place = t.add(element)
		t.rows[name] = place
	}
	return t.table.Offset(place)
}

func (t *doubles) add(element func(i int) uint64) int {
	place := t.size
	for i := range t.each() {
		DATA(place+8*i, U64(element(i)))
	}
	t.size += t.width.bytes
	return place
}

// upper returns the upper halves.
func (t *doubles) upper(x VecVirtual) VecVirtual {
	z := t.register()
	VPSRLQ(Imm(32), x, z)
	return z
}
