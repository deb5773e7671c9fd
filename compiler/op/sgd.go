package op

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	plain    = in(whole(5, 9), whole(5, 9), scalar, scalar)
	momentum = in(whole(5, 9), whole(5, 9), whole(5, 9), scalar, scalar, step).is(5, 3)
	_        = register(func() *ir.Op { return SGD(0, 0, 0, false) }, in(whole(1), whole(1), scalar, scalar), plain)
	_        = register(func() *ir.Op { return SGD(0, 0, 0.03, false) }, plain)
	_        = register(func() *ir.Op { return SGD(0.9, 0, 0.03, false) }, momentum, momentum.is(5, 0))
	_        = register(func() *ir.Op { return SGD(0.9, 0.5, 0.03, false) }, momentum)
	_        = register(func() *ir.Op { return SGD(0.9, 0, 0.03, true) }, momentum, momentum.is(5, 0))
)

// SGD is stochastic gradient descent as PyTorch's: operands W and ∂W, with momentum also the buffer v, then the scale s
// of the gradient and the rate, with momentum also the number of the step.
//
//	g = s·∂W + decay·W
//	v = g in the first step, then momentum·v + (1 − dampening)·g
//	W −= rate·v;  with nesterov W −= rate·(g + momentum·v);  without momentum W −= rate·g
//
// Source: Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep
// learning", ICML 2013, in PyTorch's form.
func SGD(momentum, dampening, decay float64, nesterov bool) *ir.Op {
	op := &ir.Op{
		Name: "sgd",
		Attrs: ir.Attrs{{Name: "momentum", Value: momentum}, {Name: "dampening", Value: dampening},
			{Name: "decay", Value: decay}, {Name: "nesterov", Value: number(nesterov)}},
		Doc:        "W −= rate·(s·∂W + decay·W)",
		Formula:    "{0} −= {rate} {scale}{1}",
		Types:      updateTypes(0, scalar),
		Overwrites: overwritten(0),
		Order:      ir.Alike,
		FLOPs:      flopsOf(0, 2),
	}
	if decay != 0 {
		op.Formula = "{0} −= {rate} ({scale}{1} + {decay} {0})"
		op.FLOPs = flopsOf(0, 4)
	}
	if momentum == 0 {
		op.Eval = func(ys, xs []ir.Tensor) {
			scale, rate := xs[2].Data[0], xs[3].Data[0]
			for i, w := range xs[0].Data {
				ys[0].Data[i] = w - rate*(scale*xs[1].Data[i]+decay*w)
			}
		}
		op.Emit = update("SGD", decay)
		if decay == 0 {
			op.Still = scattered(op, "EmbeddingSGD")
		}
		op.Written = func(n *ir.Node) []ir.Written {
			return []ir.Written{{Elem: func(i int) ir.Expr {
				w, g := ir.Expr(ir.Elem{Of: n.In[0], Index: i}), ir.Mul(ir.Elem{Of: n.In[2]}, ir.Elem{Of: n.In[1], Index: i})
				if decay != 0 {
					g = ir.Add(g, ir.Mul(ir.Num(decay), w))
				}
				return ir.Sub(w, ir.Mul(ir.Elem{Of: n.In[3]}, g))
			}}}
		}
		return op
	}
	op.Doc = "v = momentum·v + (1 − dampening)·(s·∂W + decay·W);  W −= rate·v"
	share, penalty, move := "", "", "v"
	if dampening != 0 {
		share = "(1 − {dampening}) "
	}
	if decay != 0 {
		penalty = " + {decay} {0}"
	}
	if nesterov {
		move = "(g + {momentum} v)"
	}
	op.Formula = "v = {momentum} v + " + share + "g, g = {scale}{1}" + penalty + ";  {0} −= {rate} " + move
	op.Results = []string{"momentum"}
	op.Types = updateTypes(1, scalar, step)
	op.Overwrites = overwritten(1)
	op.FLOPs = flopsOf(0, 8)
	op.Eval = func(ys, xs []ir.Tensor) {
		scale, rate, first := xs[3].Data[0], xs[4].Data[0], xs[5].Data[0] == 0
		for i, w := range xs[0].Data {
			g := scale*xs[1].Data[i] + decay*w
			v := momentum*xs[2].Data[i] + (1-dampening)*g
			if first {
				v = g
			}
			ys[1].Data[i] = v
			if nesterov {
				v = g + momentum*v
			}
			ys[0].Data[i] = w - rate*v
		}
	}
	kernel := "Momentum"
	if nesterov {
		kernel = "Nesterov"
	}
	op.Emit = update(kernel, momentum, dampening, decay)
	return op
}

// SGDOptimiser is the optimiser that updates by SGD, at a learning rate.
func SGDOptimiser(rate, momentum, dampening, decay float64, nesterov bool) *ir.Optimiser {
	o := &ir.Optimiser{
		Name:   "sgd",
		Update: SGD(momentum, dampening, decay, nesterov),
		Rate:   rate,
		Torch: ir.TorchOptimiser{Class: "optim.SGD", Decay: decay, Args: slices.Concat(
			option("momentum", momentum, 0), option("dampening", dampening, 0), flagged("nesterov", nesterov))},
		Scalars: func(b *ir.Builder, rate *ir.Value) []*ir.Value {
			scalars := b.Node("rate", Rounded(), rate)
			if momentum != 0 {
				scalars = append(scalars, b.Scalar(ir.StepNumber))
			}
			return scalars
		},
	}
	if momentum != 0 {
		o.Slots = []string{"momentum"}
	}
	return o
}

var _ = register(Rounded, in(real64))

// Rounded is x as a float32: the rate of a step, as an update takes it.
func Rounded() *ir.Op {
	return &ir.Op{
		Name:    "rounded",
		Doc:     "y = x as a float32",
		Formula: "{y} = {0}",
		Types:   func(in []ir.Type) ([]ir.Type, error) { return []ir.Type{scalar}, nil },
		Eval:    func(ys, xs []ir.Tensor) { ys[0].Data[0] = xs[0].Data[0] },
		Emit:    func(*ir.Node) ir.Call { return ir.Call{Kernel: "Rounded"} },
		Written: func(n *ir.Node) []ir.Written {
			return []ir.Written{{Elem: func(int) ir.Expr { return ir.Elem{Of: n.In[0]} }}}
		},
		FLOPs: flops(0),
	}
}
