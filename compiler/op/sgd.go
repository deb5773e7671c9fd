package op

import "github.com/nnc-lang/nnc/compiler/ir"

var step = ir.Type{Kind: ir.I32}

var (
	_ = register(func() *ir.Op { return SGD(0.1, 0, 0, 0, false) }, in(whole(1), whole(1)), in(whole(5, 9), whole(5, 9)))
	_ = register(func() *ir.Op { return SGD(0.1, 0, 0, 0.03, false) }, in(whole(5, 9), whole(5, 9)))
	_ = register(func() *ir.Op { return SGD(0.1, 0.9, 0, 0.03, false) }, in(whole(5, 9), whole(5, 9), whole(5, 9), step))
	_ = register(func() *ir.Op { return SGD(0.1, 0.9, 0.5, 0.03, false) }, in(whole(5, 9), whole(5, 9), whole(5, 9), step))
	_ = register(func() *ir.Op { return SGD(0.1, 0.9, 0, 0.03, true) }, in(whole(5, 9), whole(5, 9), whole(5, 9), step))
)

// SGD is stochastic gradient descent as PyTorch's: operands W and ∂W, with momentum also the buffer v and the
// number of the step.
//
//	g = ∂W + decay·W
//	v = g in the first step, then momentum·v + (1 − dampening)·g
//	W −= lr·v;  with nesterov W −= lr·(g + momentum·v);  without momentum W −= lr·g
//
// Source: Sutskever, Martens, Dahl, Hinton, "On the importance of initialization and momentum in deep
// learning", ICML 2013, in PyTorch's form.
func SGD(lr, momentum, dampening, decay float64, nesterov bool) *ir.Op {
	op := &ir.Op{
		Name: "sgd",
		Attrs: ir.Attrs{{Name: "lr", Value: lr}, {Name: "momentum", Value: momentum},
			{Name: "dampening", Value: dampening}, {Name: "decay", Value: decay}, {Name: "nesterov", Value: number(nesterov)}},
		Doc:        "W −= lr·(∂W + decay·W)",
		Formula:    "{0} −= {lr} {1}",
		Types:      updateTypes(0),
		Overwrites: []int{0},
		FLOPs:      flops(2),
	}
	if decay != 0 {
		op.Formula = "{0} −= {lr} ({1} + {decay} {0})"
		op.FLOPs = flops(4)
	}
	if momentum == 0 {
		op.Eval = func(ys, xs []ir.Tensor) {
			for i, w := range xs[0].Data {
				ys[0].Data[i] = w - lr*(xs[1].Data[i]+decay*w)
			}
		}
		op.Emit = update("SGD", lr, decay)
		op.Written = func(n *ir.Node) []ir.Written {
			return []ir.Written{{Elem: func(i int) ir.Expr {
				w, g := ir.Expr(ir.Elem{Of: n.In[0], Index: i}), ir.Expr(ir.Elem{Of: n.In[1], Index: i})
				if decay != 0 {
					g = ir.Add(g, ir.Mul(ir.Num(decay), w))
				}
				return ir.Sub(w, ir.Mul(ir.Num(lr), g))
			}}}
		}
		return op
	}
	op.Doc = "v = momentum·v + (1 − dampening)·(∂W + decay·W);  W −= lr·v"
	op.Formula = "v = {momentum} v + g, g = {1};  {0} −= {lr} v"
	if nesterov {
		op.Formula = "v = {momentum} v + g, g = {1};  {0} −= {lr} (g + {momentum} v)"
	}
	op.Results = []string{"momentum"}
	op.Types = updateTypes(1)
	op.Overwrites = []int{0, 2}
	op.FLOPs = flops(8)
	op.Eval = func(ys, xs []ir.Tensor) {
		first := xs[3].Data[0] == 0
		for i, w := range xs[0].Data {
			g := xs[1].Data[i] + decay*w
			v := momentum*xs[2].Data[i] + (1-dampening)*g
			if first {
				v = g
			}
			ys[1].Data[i] = v
			if nesterov {
				v = g + momentum*v
			}
			ys[0].Data[i] = w - lr*v
		}
	}
	kernel := "Momentum"
	if nesterov {
		kernel = "Nesterov"
	}
	op.Emit = update(kernel, lr, momentum, dampening, decay)
	return op
}

func number(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
