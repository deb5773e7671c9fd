package vocab

import (
	"math"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar/diag"
)

var _ = register(&Word{
	Name:   "init",
	Kind:   Structure,
	InBody: true,
	Usage:  "init scheme [std=] [bound=] [gain=] [bias=]",
	Doc: "How the weights of the layers after it start, within the body where it stands. The schemes are those of PyTorch's " +
		"torch.nn.init: xavier and kaiming are uniform, normal and uniform want std= and bound=, default is each layer's " +
		"own way. Biases start by their layer's own way unless bias= is given.",
	Args: []Arg{
		{Name: "scheme", Kind: Choice, Positional: true, Required: true, Choices: schemes, Doc: "the distribution"},
		{Name: "std", Kind: Number, Default: unset, Min: 0, Max: unbounded, Doc: "of normal: the standard deviation"},
		{Name: "bound", Kind: Number, Default: unset, Min: 0, Max: unbounded, Doc: "of uniform: between −bound and bound"},
		{Name: "gain", Kind: Number, Default: unset, Min: 0, Max: unbounded, Doc: "of xavier, 1 where left out, and of kaiming, √2"},
		{Name: "bias", Kind: Number, Default: unset, Min: -unbounded, Max: unbounded, Doc: "what biases are filled with"},
	},
	Build: func(c *Call) {
		scheme := c.Choice("scheme")
		for _, owned := range []struct{ arg, by string }{{"std", "normal"}, {"bound", "uniform"}} {
			switch given := c.Given(owned.arg); {
			case given && scheme != owned.by:
				c.Report(c.Problem(diag.UnexpectedArgument, c.Span(owned.arg), "`%s` is for `init %s`, not for `init %s`", owned.arg, owned.by, scheme).
					WithHelp("leave it out, or write `init %s %s=…`", owned.by, owned.arg))
				return
			case !given && scheme == owned.by:
				c.Report(c.Problem(diag.MissingArgument, c.At, "`init %s` needs `%s=`", scheme, owned.arg).
					WithHelp("write `init %s %s=0.02`", scheme, owned.arg))
				return
			}
		}
		if c.Given("gain") && !gains[scheme] {
			c.Report(c.Problem(diag.UnexpectedArgument, c.Span("gain"), "`gain` is for xavier and kaiming, not for `init %s`", scheme).
				WithHelp("leave it out"))
			return
		}
		c.Init = &Scheme{name: scheme, std: c.Number("std"), bound: c.Number("bound"), gain: c.Number("gain"), bias: c.Number("bias")}
	},
})

// schemes are the ways in which weights start; gains those that a gain scales.
var (
	schemes = []string{"default", "xavier", "xavier_normal", "kaiming", "kaiming_normal", "normal", "uniform", "zeros", "ones"}
	gains   = map[string]bool{"xavier": true, "xavier_normal": true, "kaiming": true, "kaiming_normal": true}
)

// Scheme is how the parameters of the layers behind an `init` start. Arguments left out are NaN.
type Scheme struct {
	name                   string
	std, bound, gain, bias float64
	used                   bool // a parameter starts so
}

// Used reports whether a parameter starts by the scheme.
func (s *Scheme) Used() bool { return s.used }

// isBias reports whether the name of a layer's parameter is that of a bias: bias, out.bias, bias_hh_l0.
func isBias(name string) bool {
	return strings.HasPrefix(name[strings.LastIndexByte(name, '.')+1:], "bias")
}

// of returns how a parameter starts, given the layer's own way. A nil scheme changes nothing.
//
// Sources: Glorot, Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010;
// He, Zhang, Ren, Sun, "Delving deep into rectifiers", 2015; gains and modes as in torch.nn.init.
func (s *Scheme) of(name string, own ir.Init, dims []int) ir.Init {
	if s == nil {
		return own
	}
	if len(dims) < 2 {
		if isBias(name) && !math.IsNaN(s.bias) {
			s.used = true
			return ir.Init{Fill: s.bias}
		}
		return own
	}
	s.used = true
	shape := ir.Shape(dims)
	fanIn := float64(shape[1:].Size())
	fanOut := float64(shape[0] * shape[2:].Size())
	gain := func(standard float64) float64 {
		if math.IsNaN(s.gain) {
			return standard
		}
		return s.gain
	}
	switch s.name {
	case "xavier":
		return ir.Init{Uniform: gain(1) * math.Sqrt(6/(fanIn+fanOut))}
	case "xavier_normal":
		return ir.Init{Normal: gain(1) * math.Sqrt(2/(fanIn+fanOut))}
	case "kaiming":
		return ir.Init{Uniform: gain(math.Sqrt2) * math.Sqrt(3/fanIn)}
	case "kaiming_normal":
		return ir.Init{Normal: gain(math.Sqrt2) / math.Sqrt(fanIn)}
	case "normal":
		return ir.Init{Normal: s.std}
	case "uniform":
		return ir.Init{Uniform: s.bound}
	case "zeros":
		return ir.Init{}
	case "ones":
		return ir.Init{Fill: 1}
	}
	return own
}
