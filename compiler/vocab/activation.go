package vocab

import "github.com/nnc-lang/nnc/compiler/ir"

// activation declares a layer that works element by element or along the last axis and takes no arguments.
func activation(name, doc string, op func() *ir.Op) *Word {
	return activationWith(name, name, doc, func(*Call) *ir.Op { return op() })
}

// activationWith declares one that takes arguments, of which the operation is made; nil after a diagnostic.
func activationWith(name, usage, doc string, op func(*Call) *ir.Op, args ...Arg) *Word {
	return &Word{Name: name, Kind: Layer, Usage: usage, Doc: doc, Args: args, Finishes: true, Build: func(c *Call) {
		if !c.Floats() {
			return
		}
		if op := op(c); op != nil {
			c.Apply(op)
		}
	}}
}
