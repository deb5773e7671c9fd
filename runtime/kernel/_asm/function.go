package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// function is one that there is for several widths.
type function struct {
	name, signature string
	doc             []string
	widths          []width
}

// functions are those of the file, in order.
var functions []*function

// function begins the width's form of a function. Its name takes the width as a suffix; what the package calls has the
// suffix Wide.
func (w width) function(name, signature string, doc ...string) {
	TEXT(name+w.name, NOSPLIT, signature)
	Pragma("noescape")
	doc[0] = " " + doc[0]
	Doc(append([]string{name + w.name + doc[0]}, doc[1:]...)...)
	for _, f := range functions {
		if f.name == name {
			f.widths = append(f.widths, w)
			return
		}
	}
	functions = append(functions, &function{name, signature, doc, []width{w}})
}

// dispatch writes for each function one that goes on as that of the widest registers that the processor has. The Go code
// has made sure that it has the narrowest.
func dispatch() {
	for _, f := range functions {
		TEXT(f.name+"Wide", NOSPLIT, f.signature)
		Pragma("noescape")
		Doc(append([]string{f.name + "Wide" + f.doc[0]}, f.doc[1:]...)...)
		for i := len(f.widths) - 1; i > 0; i-- {
			w, narrower := f.widths[i], fmt.Sprint("narrower", i)
			CMPB(Mem{Symbol: Symbol{Name: "·" + w.variable}, Base: reg.StaticBase}, Imm(0))
			JEQ(LabelRef(narrower))
			f.goOn(w)
			Label(narrower)
		}
		f.goOn(f.widths[0])
	}
}

// goOn writes a jump to the function's form for the width, which finds its parameters where they are.
func (f *function) goOn(w width) {
	Instruction(&ir.Instruction{
		Opcode:     "JMP",
		Operands:   []Op{Mem{Symbol: Symbol{Name: "·" + f.name + w.name}, Base: reg.StaticBase}},
		IsTerminal: true,
	})
}
