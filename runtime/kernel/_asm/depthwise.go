package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// What follows computes convolutions of which every group has one channel: with at most a panel of them side by side, which lie
// in padded planes, a weight of a panel for each tap.

// together is how many positions are computed at once: a sum alone waits for each multiply-add.
const together = 4

// depthwise writes the convolution of lines of positions.
func (w width) depthwise(masks Mem) {
	w.function("depthwise", "func(y, x, weights, bias *float32, lines, positions, columns, rows, taps, down, along, step, lineX, placeY, lineY int)",
		"computes columns of lines of positions. Taps of a row are along elements of x apart and rows down behind a row's last tap,",
		"positions step and lines lineX; those of y are placeY and lineY apart. bias may be nil.")
	columns := Load(Param("columns"), GP64())
	w.narrow("", columns, masks, func(label string, l lanes) {
		x, y := Load(Param("x"), GP64()), Load(Param("y"), GP64())
		step, along, placeY := stride("step"), stride("along"), stride("placeY")
		Label(label + "Line")
		left, x0, y0 := Load(Param("positions"), GP64()), GP64(), GP64()
		MOVQ(x, x0)
		MOVQ(y, y0)
		SUBQ(Imm(together), left)
		JL(LabelRef(label + "Few"))
		Label(label + "Four")
		l.positions(label+"Four", together, x0, y0, step, along, placeY)
		TESTQ(left, left)
		JZ(LabelRef(label + "Next"))
		by := GP64() // the last ones overlap those before
		MOVQ(U32(together), by)
		CMPQ(by, left)
		CMOVQGT(left, by)
		SUBQ(by, left)
		move := GP64()
		MOVQ(by, move)
		IMULQ(step, move)
		ADDQ(move, x0)
		IMULQ(placeY, by)
		ADDQ(by, y0)
		JMP(LabelRef(label + "Four"))

		Label(label + "Few")
		ADDQ(Imm(together), left)
		Label(label + "One")
		l.positions(label+"One", 1, x0, y0, step, along, placeY)
		ADDQ(step, x0)
		ADDQ(placeY, y0)
		DECQ(left)
		JNZ(LabelRef(label + "One"))

		Label(label + "Next")
		line := stride("lineX")
		ADDQ(line, x)
		line = stride("lineY")
		ADDQ(line, y)
		SUBQ(Imm(1), address("lines"))
		JNZ(LabelRef(label + "Line"))
		VZEROUPPER()
		RET()
	})
}

// positions writes the sums of a few positions, of which the first begins there.
func (l lanes) positions(label string, count int, x0, y0, step, along, placeY Register) {
	sums := make([][]VecVirtual, count)
	for i := range sums {
		sums[i] = l.zeros()
	}
	x, weights, rows, taps := GP64(), Load(Param("weights"), GP64()), Load(Param("rows"), GP64()), GP64()
	at := quad{first: x, stride: step, thrice: GP64()}
	MOVQ(x0, x)
	LEAQ(Mem{Base: step, Index: step, Scale: 2}, at.thrice)
	Label(label + "Row")
	MOVQ(address("taps"), taps)
	Label(label + "Tap")
	for v := range l.vectors {
		weight := l.register()
		VMOVUPS(Mem{Base: weights, Disp: v * l.bytes}, weight)
		for i := range sums {
			VFMADD231PS(at.row(i, v*l.bytes), weight, sums[i][v])
		}
	}
	ADDQ(Imm(panel*float), weights)
	ADDQ(along, x)
	DECQ(taps)
	JNZ(LabelRef(label + "Tap"))
	down := stride("down")
	ADDQ(down, x)
	DECQ(rows)
	JNZ(LabelRef(label + "Row"))

	bias := Load(Param("bias"), GP64())
	TESTQ(bias, bias)
	JZ(LabelRef(label + "Store"))
	for v := range l.vectors {
		shift := l.register()
		l.load(v, Mem{Base: bias}, shift)
		for i := range sums {
			VADDPS(shift, sums[i][v], sums[i][v])
		}
	}
	Label(label + "Store")
	y := GP64()
	MOVQ(y0, y)
	for i := range sums {
		if i > 0 {
			ADDQ(placeY, y)
		}
		for v, sum := range sums[i] {
			l.store(v, sum, Mem{Base: y})
		}
	}
}

// depthwiseGrad writes what adds to the gradients of a few taps the products of lines of positions.
func (w width) depthwiseGrad(masks Mem) {
	w.function("depthwiseGrad", "func(sums, x, dy *float32, second, third, fourth, lines, positions, columns, taps, step, skip, placeY int)",
		"adds to the sums of up to four taps, of a panel each, x·∂y of lines of positions, which are step elements of x and placeY of ∂y",
		"apart. The lines of ∂y follow each other, those of x are skip elements behind each other's end. The taps' elements of x",
		"are that far from the first.")
	columns := Load(Param("columns"), GP64())
	w.narrow("", columns, masks, func(label string, l lanes) {
		for taps := 4; taps > 0; taps-- {
			of := fmt.Sprintf("%sOf%d", label, taps)
			if taps > 1 {
				CMPQ(address("taps"), Imm(uint64(taps)))
				JNE(LabelRef(of + "Fewer"))
			}
			l.tapGrads(of, taps)
			if taps > 1 {
				Label(of + "Fewer")
			}
		}
	})
}

// tapGrads writes the loop for so many taps.
func (l lanes) tapGrads(label string, taps int) {
	sums := make([][]VecVirtual, taps)
	to := Load(Param("sums"), GP64())
	for i := range sums {
		sums[i] = l.zeros()
		for v, sum := range sums[i] {
			VMOVUPS(Mem{Base: to, Disp: i*panel*float + v*l.bytes}, sum)
		}
	}
	x, dy, step, placeY := Load(Param("x"), GP64()), Load(Param("dy"), GP64()), stride("step"), stride("placeY")
	at := []Mem{{Base: x}}
	for _, name := range []string{"second", "third", "fourth"}[:taps-1] {
		at = append(at, Mem{Base: x, Index: stride(name), Scale: 1})
	}
	left := GP64()
	Label(label + "Line")
	MOVQ(address("positions"), left)
	Label(label + "Position")
	for v := range l.vectors {
		d := l.register()
		l.load(v, Mem{Base: dy}, d)
		for i, sum := range sums {
			VFMADD231PS(at[i].Offset(v*l.bytes), d, sum[v])
		}
	}
	ADDQ(step, x)
	ADDQ(placeY, dy)
	DECQ(left)
	JNZ(LabelRef(label + "Position"))
	skip := stride("skip")
	ADDQ(skip, x)
	SUBQ(Imm(1), address("lines"))
	JNZ(LabelRef(label + "Line"))
	for i := range sums {
		for v, sum := range sums[i] {
			VMOVUPS(sum, Mem{Base: to, Disp: i*panel*float + v*l.bytes})
		}
	}
	VZEROUPPER()
	RET()
}
