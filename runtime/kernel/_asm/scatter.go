package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// scatter writes what adds rows to those of a table.
func (w width) scatter(masks Mem) {
	w.function("scatterRows", "func(table, rows *float32, ids *int32, count, columns, dim int)",
		"adds that many columns of each of count rows to those of the table's row of its number, the first row first.",
		"Rows begin dim elements apart.")
	table, from, ids := Load(Param("table"), GP64()), Load(Param("rows"), GP64()), Load(Param("ids"), GP64())
	count, apart := Load(Param("count"), GP64()), stride("dim")
	row := walk{w: w, label: "column", masks: masks, left: GP64(), from: GP64()}
	row.column = row.from
	Label("row")
	to := GP64()
	MOVLQSX(Mem{Base: ids}, to)
	IMULQ(apart, to)
	ADDQ(table, to)
	XORQ(row.from, row.from)
	MOVQ(address("columns"), row.left)
	row.each(4, func(e elements) { e.store(w.add(e.load(to), e.load(from)), to) })
	ADDQ(apart, from)
	ADDQ(Imm(float), ids)
	DECQ(count)
	JNZ(LabelRef("row"))
	VZEROUPPER()
	RET()
}
