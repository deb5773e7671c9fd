package vocab

import (
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var transposed = convolving{transposed: true}

var _ = register(&Word{
	Name:  "deconv",
	Kind:  Layer,
	Usage: "deconv [in->]out kernel=3 [stride=1] [pad=0] [output_pad=0] [dilation=1] [groups=1] [bias=true]",
	Doc: "The transposed convolution of [C, H, W] with W [in, out/groups, kh, kw]: [out, h, w], h being " +
		"(H−1)·stride − 2·pad + dilation·(kh−1) + output_pad + 1. Weights and biases start uniform in ±1/√(out/groups·kh·kw), as " +
		"PyTorch's nn.ConvTranspose2d.",
	Args:  transposed.args(),
	Build: buildDeconv,
})

func buildDeconv(c *Call) {
	in, out, ok := transposed.channels(c)
	if !ok {
		return
	}
	kernel, conv, _ := transposed.window(c)
	more := transposed.extent(c, "output_pad", 0)
	if more.h >= max(conv.StrideH, conv.DilationH) || more.w >= max(conv.StrideW, conv.DilationW) {
		c.Report(c.Problem(diag.OutOfRange, c.Span("output_pad"), "`output_pad` is below the stride or below the dilation, but is %s", transposed.write(more)).
			WithHelp("leave it out, or write a smaller number"))
		return
	}
	conv.EndH, conv.EndW = conv.PadH-more.h, conv.PadW-more.w
	shape, reach := c.X.Type.Shape, transposed.reach(kernel, conv)
	made := ir.Shape{out, (shape[1]-1)*conv.StrideH + reach.h - conv.PadH - conv.EndH, (shape[2]-1)*conv.StrideW + reach.w - conv.PadW - conv.EndW}
	if made[1] < 1 || made[2] < 1 {
		c.Report(c.Problem(diag.OutOfRange, c.Span("pad"), "`pad=%s` leaves nothing of the %d×%d that %s becomes here", transposed.write(extent{conv.PadH, conv.PadW}),
			made[1]+2*conv.PadH, made[2]+2*conv.PadW, times(shape[1:])).
			WithHelp("write a smaller `pad`"))
		return
	}
	weight := transposed.weight(in, out/conv.Groups, kernel)
	if !c.Fits(c.Args["size"].Span, "the weight", weight...) || !c.Fits(c.Args["size"].Span, "the result", made...) {
		c.X = detached(ir.Row(made...))
		return
	}
	c.Apply(op.Deconv(conv, made[1], made[2], c.Is("bias")), transposed.params(c, weight, out)...)
}
