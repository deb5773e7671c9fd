package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

// activation declares a layer that works element by element or along the last axis and takes no arguments.
func activation(name, doc string, op func() *ir.Op) *Word {
	return &Word{Name: name, Kind: Layer, Usage: name, Doc: doc, Finishes: true, Build: func(c *Call) {
		if c.Floats() {
			c.Apply(op())
		}
	}}
}
