package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// lanes is how a row of a panel is read and written: in that many registers, of the last of which only some lanes count
// where columns are left over.
type lanes struct {
	width
	vectors int
	mask    Register // of the last register; nil where all of its lanes count
	left    Register // how many do
}

// at returns the address of the v-th register of the row that begins there.
func (l lanes) at(v int, row Mem) Mem {
	row.Disp += v * l.bytes
	return row
}

// masked tells whether the v-th register has a mask.
func (l lanes) masked(v int) bool { return l.mask != nil && v == l.vectors-1 }

func (l lanes) load(v int, row Mem, to VecVirtual) {
	if l.masked(v) {
		l.read(l.at(v, row), l.mask, to)
	} else {
		l.read(l.at(v, row), nil, to)
	}
}

func (l lanes) store(v int, from VecVirtual, row Mem) {
	if l.masked(v) {
		l.storeLeft(from, l.left, l.at(v, row))
	} else {
		VMOVUPS(from, l.at(v, row))
	}
}

// add adds the v-th register of a row in memory to sum.
func (l lanes) add(v int, row Mem, sum VecVirtual) {
	if !l.masked(v) {
		VADDPS(l.at(v, row), sum, sum)
		return
	}
	x := l.register()
	l.load(v, row, x)
	VADDPS(x, sum, sum)
}

// zeros returns registers for a row of sums.
func (l lanes) zeros() []VecVirtual {
	sums := make([]VecVirtual, l.vectors)
	for v := range sums {
		sums[v] = l.register()
		VXORPS(sums[v], sums[v], sums[v])
	}
	return sums
}

// lanesFor returns how a row of that many columns is read and written that needs that many registers.
func (w width) lanesFor(masks Mem, columns Register, vectors int) lanes {
	left := GP64()
	MOVQ(columns, left)
	SUBQ(Imm(uint64((vectors-1)*w.lanes())), left)
	return lanes{width: w, vectors: vectors, mask: w.mask(masks, left), left: left}
}

// whole returns how a row of a panel is read and written.
func (w width) whole() lanes { return lanes{width: w, vectors: w.vectors()} }

// narrow writes body for each number of registers that a row of one to 16 columns may need, and jumps to the one that it does.
// Each body leads elsewhere at its end.
func (w width) narrow(prefix string, columns Register, masks Mem, body func(label string, l lanes)) {
	for vectors := 1; vectors <= w.vectors(); vectors++ {
		label := fmt.Sprintf("%svectors%d", prefix, vectors)
		if vectors < w.vectors() {
			CMPQ(columns, Imm(uint64(vectors*w.lanes())))
			JG(LabelRef(fmt.Sprintf("%svectors%d", prefix, vectors+1)))
		}
		Label(label)
		body(label, w.lanesFor(masks, columns, vectors))
	}
}

// stride loads a stride as bytes.
func stride(param string) Register {
	r := Load(Param(param), GP64())
	SHLQ(Imm(2), r)
	return r
}

// address returns the address of a parameter that stays in memory.
func address(param string) Mem {
	p, err := Param(param).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// skip moves at behind so many rows.
func skip(at, stride Register, rows int) {
	by := GP64()
	IMUL3Q(Imm(uint64(rows)), stride, by)
	ADDQ(by, at)
}

// cursors address rows of a matrix: three from each base, or all from one if they are single elements side by side.
type cursors struct {
	bases  []Register
	stride Register // nil where rows are adjacent
}

func adjacent(first Register) cursors {
	base := GP64()
	MOVQ(first, base)
	return cursors{bases: []Register{base}}
}

func rowsFrom(first, stride Register, rows int) cursors {
	c := cursors{stride: stride}
	for i := 0; i < rows; i += 3 {
		base := GP64()
		if i == 0 {
			MOVQ(first, base)
		} else {
			LEAQ(Mem{Base: c.bases[len(c.bases)-1], Index: stride, Scale: 2}, base)
			ADDQ(stride, base)
		}
		c.bases = append(c.bases, base)
	}
	return c
}

func (c cursors) row(i int) Mem {
	if c.stride == nil {
		return Mem{Base: c.bases[0], Disp: i * float}
	}
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
