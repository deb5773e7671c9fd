package op

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The runtime's groups of channels, and the factors of each: means, scales and shifts.
const (
	channelsOfGroup = 64
	factorsOfGroup  = 3 * channelsOfGroup
)

// factors is the number of factors of so many channels.
func factors(channels int) int {
	return (channels + channelsOfGroup - 1) / channelsOfGroup * factorsOfGroup
}

var (
	_ = register(func() *ir.Op { return BatchNormFactors(0.1, true) }, in(whole(5), whole(5), whole(5), whole(5)).positive(1), in(whole(70), whole(70), whole(70), whole(70)).positive(1))
	_ = register(func() *ir.Op { return BatchNormFactors(0.2, false) }, in(whole(3), whole(3)).positive(1))
)

// BatchNormFactors is what BatchNormApply normalises by in prediction, of the running mean and variance [channels], and w
// and b [channels] if affine: for each group of 64 channels 64 means, 64 scales w/√(variance + ε) and 64 shifts b.
func BatchNormFactors(epsilon float64, affine bool) *ir.Op {
	return &ir.Op{
		Name:    "batchnorm_factors",
		Attrs:   ir.Attrs{{Name: "eps", Value: epsilon}},
		Doc:     "running mean, w / √(running variance + eps), b",
		Formula: "{y} = {0}, w / √({1} + {eps}) and b",
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2+2*int(number(affine)) || in[0].Batch || len(in[0].Shape) != 1 {
				return nil, fmt.Errorf("operands of types %v", in)
			}
			if _, err := same(in); err != nil {
				return nil, err
			}
			return []ir.Type{ir.Whole(factors(in[0].Shape[0]))}, nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			clear(ys[0].Data)
			for c, mean := range xs[0].Data {
				to := ys[0].Data[c/channelsOfGroup*factorsOfGroup+c%channelsOfGroup:]
				to[0], to[channelsOfGroup] = mean, 1/math.Sqrt(xs[1].Data[c]+epsilon)
				if affine {
					to[channelsOfGroup] *= xs[2].Data[c]
					to[2*channelsOfGroup] = xs[3].Data[c]
				}
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			affine := append(append([]*ir.Value{}, n.In[2:]...), nil, nil)
			return ir.Call{Kernel: "BatchNormFactors", Operands: []*ir.Value{affine[0], affine[1], n.In[0], n.In[1]},
				Consts: []ir.Constant{ir.Size(n.In[0].Type.Shape[0]), ir.Number(epsilon)}}
		},
		FLOPs: flopsOf(0, 3),
	}
}

var _ = register(BatchNormApply, in(row(20), whole(192)), in(row(4, 3), whole(192)), in(row(70, 2, 3), whole(384)))

// BatchNormApply is y = (x − mean)·scale + shift by what BatchNormFactors makes: x and y [n, …], of which Channels says
// where the channels are; of images they are last.
func BatchNormApply() *ir.Op {
	images := map[int][]ir.Layout{0: {ir.ChannelsLast}}
	return &ir.Op{
		Name:     "batchnorm_apply",
		Doc:      "y = (x − mean)·scale + shift, channel by channel",
		Formula:  "{y} = ({0} − mean)·scale + shift",
		Layouts:  ir.Layouts{Operands: images, Results: images},
		ByColumn: true,
		Types: func(in []ir.Type) ([]ir.Type, error) {
			if len(in) != 2 {
				return nil, fmt.Errorf("%d operands", len(in))
			}
			if err := perChannel(in[0]); err != nil {
				return nil, err
			}
			if _, channels, _ := Channels(in[0]); !in[1].Equal(ir.Whole(factors(channels))) {
				return nil, fmt.Errorf("factors %v do not fit the channels of x %v", in[1], in[0])
			}
			return in[:1], nil
		},
		Eval: func(ys, xs []ir.Tensor) {
			for i, v := range xs[0].Data {
				c := channel(xs[0].Type, i)
				by := xs[1].Data[c/channelsOfGroup*factorsOfGroup+c%channelsOfGroup:]
				ys[0].Data[i] = (v-by[0])*by[channelsOfGroup] + by[2*channelsOfGroup]
			}
		},
		Emit: func(n *ir.Node) ir.Call {
			outer, channels, inner := Channels(n.In[0].Type)
			return ir.Call{Kernel: "BatchNormApply", Rows: 1, Consts: []ir.Constant{ir.Size(outer * inner), ir.Size(channels)}}
		},
		FLOPs: flopsOf(0, 3),
		Over:  over(1),
	}
}
