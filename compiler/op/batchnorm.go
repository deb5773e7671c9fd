package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

var (
	_ = register(func() *ir.Op { return BatchNorm(0.1, 0.3, true) },
		batchNormSample(row(20), 20, true),
		batchNormSample(row(4, 3), 3, true),
		batchNormSample(row(3, 2, 5), 3, true))
	_ = register(func() *ir.Op { return BatchNorm(0.2, 1, false) },
		batchNormSample(row(1), 1, false),
		batchNormSample(row(5, 17), 17, false),
		batchNormSample(row(2, 3, 1), 2, false))
)

// batchNormSample is a sample of the operands for x of so many channels.
func batchNormSample(x ir.Type, channels int, affine bool) Sample {
	c := whole(channels)
	types := []ir.Type{x, c, c, step}
	if affine {
		types = append(types, c, c)
	}
	return in(types...).positive(2).is(3, 41)
}

// BatchNorm is y = (x − mean)·rstd·w + b, where mean is that of a channel over the rows and all other axes, and rstd is
// 1/√(variance + ε) by the biased variance: x and y [n, …], of which Channels says where the channels are, w and b
// [channels] if affine. mean and rstd [channels] are results for the backward pass. The running mean and variance
// [channels] become (1 − momentum)·running + momentum·new, the variance by the unbiased one, and the counter [] goes up by
// 1. Of a channel of one value y is b, and the running variance stays. In prediction the running statistics take the
// place of the batch's.
//
// Source: Ioffe, Szegedy, "Batch normalization", ICML 2015, with running statistics as PyTorch has them.
func BatchNorm(epsilon, momentum float64, affine bool) *ir.Op {
	return &ir.Op{
		Name:       "batchnorm",
		Attrs:      ir.Attrs{{Name: "eps", Value: epsilon}, {Name: "momentum", Value: momentum}},
		Doc:        "y = (x − mean) / √(variance + eps)·w + b, channel by channel",
		Formula:    normalised("mean", "variance", affine) + "; running statistics move by {momentum}",
		Results:    []string{"mean", "rstd", "running_mean", "running_var", "num_batches_tracked"},
		Saved:      5,
		Overwrites: []ir.Pair{{Result: 3, Operand: 1}, {Result: 4, Operand: 2}, {Result: 5, Operand: 3}},
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 4+2*int(number(affine)) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			if err := perChannel(in[0], in[1], in[2]); err != nil {
				return nil, err
			}
			if err := perChannel(in[0], in[4:]...); err != nil {
				return nil, err
			}
			if !in[3].Equal(ir.Type{Kind: ir.I64}) {
				return nil, fmt.Errorf("%v is no counter", in[3])
			}
			return []ir.Type{in[0], in[1], in[1], in[1], in[2], in[3]}, nil
		},
		Grad: func(b *ir.Builder, n *ir.Node, dys []*ir.Value) []*ir.Value {
			operands := []*ir.Value{n.In[0], n.Out[1], n.Out[2], dys[0]}
			names := []string{"∂" + n.In[0].Name}
			if affine {
				operands = append(operands, n.In[4])
				names = append(names, "∂"+n.In[4].Name, "∂"+n.In[5].Name)
			}
			grads := b.Named(names, BatchNormGrad(affine), operands...)
			return append([]*ir.Value{grads[0], nil, nil, nil}, grads[1:]...)
		},
		Predict: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			operands := append([]*ir.Value{in[0], in[1], in[2]}, in[4:]...)
			return append(b.Node(n.Out[0].Name, BatchNormPredict(epsilon, affine), operands...), nil, nil, nil, nil, nil)
		},
		Eval: func(ys, xs []ir.Tensor) {
			x := xs[0]
			mean, variance := channelMoments(x)
			m := float64(len(x.Data) / len(mean))
			for c, v := range variance {
				ys[1].Data[c], ys[2].Data[c] = mean[c], 1/math.Sqrt(v+epsilon)
				ys[3].Data[c] = (1-momentum)*xs[1].Data[c] + momentum*mean[c]
				ys[4].Data[c] = xs[2].Data[c]
				if m > 1 {
					ys[4].Data[c] = (1-momentum)*xs[2].Data[c] + momentum*v*m/(m-1)
				}
			}
			ys[5].Data[0] = xs[3].Data[0] + 1
			normalise(ys[0], x, mean, variance, epsilon, xs[4:])
		},
		Emit: func(n *ir.Node) ir.Call {
			call := channelwise("BatchNorm", n, epsilon, momentum)
			call.Operands = append(append([]*ir.Value{n.In[0]}, n.In[4:]...), nil, nil)[:3]
			return call
		},
		Torch: func(n *ir.Node) ir.Torch {
			args := pyArgs{}.plus(n.In[1].Type.Shape[0]).option("eps", pyNumber(epsilon), "1e-05").
				option("momentum", pyNumber(momentum), "0.1").option("affine", pyBool(affine), "True")
			return ir.Torch{Module: args.call("BatchNorm"), Call: "{m}({0})", Parts: []string{"batchnorm"}}
		},
		FLOPs: flopsOf(0, 7),
		Order: ir.Planes,
	}
}

var (
	_ = register(func() *ir.Op { return BatchNormPredict(0.1, true) },
		in(row(20), whole(20), whole(20), whole(20), whole(20)).positive(2),
		in(row(3, 2, 5), whole(3), whole(3), whole(3), whole(3)).positive(2))
	_ = register(func() *ir.Op { return BatchNormPredict(0.2, false) }, in(row(5, 17), whole(17), whole(17)).positive(2))
)

// BatchNormPredict is y = (x − mean) / √(variance + ε)·w + b with the running mean and variance [channels].
func BatchNormPredict(epsilon float64, affine bool) *ir.Op {
	return &ir.Op{
		Name:    "batchnorm_predict",
		Attrs:   ir.Attrs{{Name: "eps", Value: epsilon}},
		Doc:     "y = (x − running mean) / √(running variance + eps)·w + b, channel by channel",
		Formula: normalised("running mean", "running variance", affine),
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 3+2*int(number(affine)) {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			return in[:1], perChannel(in[0], in[1:]...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			normalise(ys[0], xs[0], xs[1].Data, xs[2].Data, epsilon, xs[3:])
		},
		Emit: func(n *ir.Node) ir.Call {
			call := channelwise("BatchNormPredict", n, epsilon)
			affine := append(append([]*ir.Value{}, n.In[3:]...), nil, nil)
			call.Operands = []*ir.Value{n.In[0], affine[0], affine[1], n.In[1], n.In[2]}
			return call
		},
		Columns: func(b *ir.Builder, n *ir.Node, in []*ir.Value) []*ir.Value {
			by := b.Node(n.Out[0].Name+".factors", BatchNormFactors(epsilon, affine), in[1:]...)[0]
			return b.Node(n.Out[0].Name, BatchNormApply(), in[0], by)
		},
		Next:  eachChannel,
		FLOPs: flopsOf(0, 3),
		ONNX: func(o ir.ONNX, n *ir.Node, in []string) []string {
			x, w := n.In[0].Type, onnx{o}
			_, channels, _ := Channels(x)
			scale, bias := w.vector(channels, 1), w.vector(channels, 0)
			if affine {
				scale, bias = in[3], in[4]
			}
			return []string{w.channelsFirst(in[0], len(x.Shape) == 2, func(x string) string {
				return w.op(15, "BatchNormalization", with("epsilon", epsilon), x, scale, bias, in[1], in[2])
			})}
		},
		Order: ir.Planes,
		Over:  over(1),
	}
}

var (
	_ = register(func() *ir.Op { return BatchNormGrad(true) },
		in(row(20), whole(20), whole(20), row(20), whole(20)).positive(2),
		in(row(4, 3), whole(3), whole(3), row(4, 3), whole(3)).positive(2),
		in(row(3, 2, 5), whole(3), whole(3), row(3, 2, 5), whole(3)).positive(2))
	_ = register(func() *ir.Op { return BatchNormGrad(false) }, in(row(5, 17), whole(17), whole(17), row(5, 17)).positive(2))
)

// BatchNormGrad is ∂x = rstd·w·(∂y − ∂b/m − x̂·∂w/m), ∂w = Σ ∂y·x̂ and ∂b = Σ ∂y, where x̂ = (x − mean)·rstd and the sums
// are over the m values of a channel: x and ∂y [n, …], mean, rstd and w [channels]. Without w, ∂x is the only result.
func BatchNormGrad(affine bool) *ir.Op {
	factor, sums, results := "rstd", "", []string(nil)
	if affine {
		factor, sums, results = "rstd·w", "{y1} = Σ {3}·x̂, {y2} = Σ {3}, ", []string{"∂w", "∂b"}
	}
	return &ir.Op{
		Name:    "batchnorm_grad",
		Doc:     "∂x = rstd·w·(∂y − ∂b/m − x̂·∂w/m), ∂w = Σ ∂y·x̂ and ∂b = Σ ∂y over the m values of a channel, where x̂ = (x − mean)·rstd",
		Formula: "{y} = " + factor + "·({3} − mean of {3} − x̂·mean of {3}·x̂), " + sums + "x̂ = ({0} − mean)·rstd",
		Results: results,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 4+int(number(affine)) || !in[0].Equal(in[3]) {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			results := []ir.Type{in[0], in[1], in[1]}[:1+2*int(number(affine))]
			return results, perChannel(in[0], append(in[1:3:3], in[4:]...)...)
		},
		Eval: func(ys, xs []ir.Tensor) {
			x, mean, rstd, dy := xs[0], xs[1].Data, xs[2].Data, xs[3].Data
			normal := func(i, c int) float64 { return (x.Data[i] - mean[c]) * rstd[c] }
			dw, db := make([]float64, len(mean)), make([]float64, len(mean))
			for i, d := range dy {
				c := channel(x.Type, i)
				dw[c] += d * normal(i, c)
				db[c] += d
			}
			m := float64(len(x.Data) / len(mean))
			for i, d := range dy {
				c := channel(x.Type, i)
				ys[0].Data[i] = rstd[c] * (d - db[c]/m - normal(i, c)*dw[c]/m)
				if affine {
					ys[0].Data[i] *= xs[4].Data[c]
				}
			}
			if affine {
				copy(ys[1].Data, dw)
				copy(ys[2].Data, db)
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			call := channelwise("BatchNormGrad", n)
			x, mean, rstd, dy := n.In[0], n.In[1], n.In[2], n.In[3]
			if affine {
				call.Operands = []*ir.Value{x, n.In[4], mean, rstd, dy}
			} else {
				call.Operands = []*ir.Value{nil, nil, x, nil, mean, rstd, dy} // ∂w and ∂b stand before
			}
			return call
		},
		FLOPs: flopsOf(0, 11),
		Order: ir.Planes,
		Over:  []ir.Pair{{Operand: 0}, {Operand: 3}},
	}
}

// Channels returns a type's extent as [outer, channels, inner] per row, where outer or inner is 1: the channels are the
// last axis of [T, D], else the first.
func Channels(t ir.Type) (outer, channels, inner int) {
	if len(t.Shape) == 2 {
		return t.Shape[0], t.Shape[1], 1
	}
	return 1, t.Shape[0], t.Shape[1:].Size()
}

// channel returns the channel of element i.
func channel(t ir.Type, i int) int {
	_, channels, inner := Channels(t)
	return i / inner % channels
}

// perChannel returns an error unless x has channels, and the others a number for each.
func perChannel(x ir.Type, others ...ir.Type) error {
	if x.Kind != ir.F32 || !x.Batch || len(x.Shape) < 1 || len(x.Shape) > 3 {
		return fmt.Errorf("x %v has no channels", x)
	}
	_, channels, _ := Channels(x)
	for _, t := range others {
		if !t.Equal(ir.Whole(channels)) {
			return fmt.Errorf("%v does not fit the channels of x %v", t, x)
		}
	}
	return nil
}

// channelMoments returns the mean and the biased variance of each channel.
func channelMoments(x ir.Tensor) (mean, variance []float64) {
	_, channels, _ := Channels(x.Type)
	mean, variance = make([]float64, channels), make([]float64, channels)
	m := float64(len(x.Data) / channels)
	for i, v := range x.Data {
		mean[channel(x.Type, i)] += v / m
	}
	for i, v := range x.Data {
		c := channel(x.Type, i)
		variance[c] += (v - mean[c]) * (v - mean[c]) / m
	}
	return mean, variance
}

// normalise is y = (x − mean) / √(variance + ε)·w + b, where affine is w and b, or neither.
func normalise(y, x ir.Tensor, mean, variance []float64, epsilon float64, affine []ir.Tensor) {
	for i, v := range x.Data {
		c := channel(x.Type, i)
		y.Data[i] = (v - mean[c]) / math.Sqrt(variance[c]+epsilon)
		if len(affine) > 0 {
			y.Data[i] = y.Data[i]*affine[0].Data[c] + affine[1].Data[c]
		}
	}
}

// normalised is the formula of that.
func normalised(mean, variance string, affine bool) string {
	formula := fmt.Sprintf("{y} = ({0} − %s) / √(%s + {eps})", mean, variance)
	if affine {
		formula += "·w + b"
	}
	return formula
}

// channelwise calls a kernel that works on the channels of the first operand.
func channelwise(kernel string, n *ir.Node, numbers ...float64) ir.Call {
	outer, channels, inner := Channels(n.In[0].Type)
	if n.ChannelsLast() {
		outer, inner = inner, 1
	}
	call := ir.Call{Kernel: kernel, Rows: 1, Consts: []ir.Constant{ir.Size(outer), ir.Size(channels), ir.Size(inner)}}
	for _, x := range numbers {
		call.Consts = append(call.Consts, ir.Number(x))
	}
	return call
}
