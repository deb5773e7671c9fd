package op

import "github.com/nnc-lang/nnc/compiler/ir"

// eachPosition is the Next of an operation that does the same at every position, and nothing else.
func eachPosition(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	return b.Named(n.Names(), n.Op, in...)
}

// eachRow is the Next of an operation that works along the last axis of its first operand, at every position by itself
// where that is not the axis of the positions.
func eachRow(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	if len(n.In[0].Type.Shape) < 2 {
		return nil
	}
	return eachPosition(b, n, in)
}

// eachChannel is the Next of an operation that works channel by channel, where the channels of a position are its own: the
// last of two axes.
func eachChannel(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	if len(n.In[0].Type.Shape) != 2 {
		return nil
	}
	return eachPosition(b, n, in)
}

// behindPositions is the Next of an operation along that axis, which is every position's own unless it is the first.
func behindPositions(axis int) func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
	if axis == 0 {
		return nil
	}
	return eachPosition
}
