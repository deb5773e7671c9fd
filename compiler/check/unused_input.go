package check

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// useOf says how an input that reaches no output could, what it looks made for first, and leaving it out last.
func (c *checker) useOf(v *ir.Value) string {
	length, mask := false, false
	for _, other := range c.graph.Inputs {
		if other == v || !isSequence(other) {
			continue
		}
		positions := other.Type.Shape[0]
		length = length || v.Type.Kind == ir.I32 && v.Type.Shape.Size() == 1 && v.Type.Limit == positions+1
		mask = mask || len(v.Type.Shape) == 1 && v.Type.Shape[0] == positions && (v.Type.Kind != ir.I32 || v.Type.Limit == 2)
	}
	switch {
	case length:
		return fmt.Sprintf("give it to the layers that go along the sequence, as `length=%s`, or leave it out", v.Name)
	case mask:
		return fmt.Sprintf("give it to the layers that go along the sequence, as `mask=%s`, or leave it out", v.Name)
	case v.Type.Kind == ir.I32:
		return fmt.Sprintf("make numbers of it and join them, as `from %s; embedding 8; flatten; concat …` with the label of the others, or leave it out", v.Name)
	}
	return fmt.Sprintf("join it with what flows, `concat %s`, or go on from it, `from %[1]s`, or leave it out", v.Name)
}

// isSequence reports whether an input has positions: of integers, or of several numbers each.
func isSequence(v *ir.Value) bool {
	if v.Type.Kind == ir.I32 {
		return len(v.Type.Shape) == 1 && v.Type.Shape[0] > 1
	}
	return len(v.Type.Shape) == 2
}
