package op

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Ignored is the class that takes no part in a loss where nothing else is said, as in PyTorch.
const Ignored = -100

// Labels says how a loss takes classes: the share of a right answer that is spread over all, the weight of each class,
// nil where all are 1, and the class that takes no part.
type Labels struct {
	Smoothing float64
	Weights   []float64
	Ignored   int
}

// AllAlike are labels that are smoothed and nothing else.
func AllAlike(smoothing float64) Labels { return Labels{Smoothing: smoothing, Ignored: Ignored} }

// plain reports whether that is so.
func (l Labels) plain() bool { return l.Weights == nil && l.Ignored == Ignored }

// attrs lists what is not as it is where nothing is said.
func (l Labels) attrs() ir.Attrs {
	var attrs ir.Attrs
	if l.Smoothing != 0 {
		attrs = append(attrs, ir.Attr{Name: "smoothing", Value: l.Smoothing})
	}
	if l.Weights != nil {
		attrs = append(attrs, ir.Attr{Name: "class_weights", Text: listed(l.Weights)})
	}
	if l.Ignored != Ignored {
		attrs = append(attrs, ir.Attr{Name: "ignore", Value: float64(l.Ignored)})
	}
	return attrs
}

// listed writes numbers as a spec does.
func listed(numbers []float64) string {
	texts := make([]string, len(numbers))
	for i, v := range numbers {
		texts[i] = fmt.Sprint(v)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// text says it in a formula.
func (l Labels) text() string {
	text := ""
	if l.Smoothing != 0 {
		text += ", smoothed by {smoothing}"
	}
	if l.Weights != nil {
		text += ", by weights of classes"
	}
	if l.Ignored != Ignored {
		text += ", without class {ignore}"
	}
	return text
}

// weight is that of a class.
func (l Labels) weight(class int) float64 {
	if l.Weights == nil {
		return 1
	}
	return l.Weights[class]
}

// target is the share of class k in what is wanted of a position of class c, before it is divided by the sum of weights.
func (l Labels) target(k, c, classes int) float64 {
	share := l.Smoothing / float64(classes) * l.weight(k)
	if k == c {
		share += (1 - l.Smoothing) * l.weight(c)
	}
	return share
}

// fits checks scores x [n, …, C], classes c [n, …] and weights of rows, where there are any.
func (l Labels) fits(x, c ir.Type, weights []ir.Type) error {
	switch {
	case len(x.Shape) == 0 || c.Kind != ir.I32 || c.Limit > x.Shape.Last() || !slices.Equal(c.Shape, x.Shape[:len(x.Shape)-1]):
		return fmt.Errorf("classes %v do not fit %v", c, x)
	case l.Weights != nil && len(l.Weights) != x.Shape.Last():
		return fmt.Errorf("%d weights of classes do not fit %v", len(l.Weights), x)
	case len(weights) > 0 && !weights[0].Equal(row()):
		return fmt.Errorf("weights %v are not one for each row", weights[0])
	}
	return nil
}

// geometry is the kernels' struct for scores of that type.
func (l Labels) geometry(x ir.Type) *ir.Geometry {
	positions, classes := matrix(x)
	g := &ir.Geometry{Type: "Labels", Fields: ir.Attrs{
		{Name: "Classes", Value: float64(classes)}, {Name: "Positions", Value: float64(positions)},
		{Name: "Ignored", Value: float64(l.Ignored)}, {Name: "Smoothing", Value: l.Smoothing},
	}}
	if l.Weights != nil {
		g.Lists = []ir.List{{Name: "Weights", Numbers: l.Weights}}
	}
	return g
}

// call is the call of a kernel on scores of type x and operands, of which the last is the weights of the rows.
func (l Labels) call(kernel string, x ir.Type, operands []*ir.Value, weighted bool) ir.Call {
	operands = slices.Clone(operands)
	if !weighted {
		operands = append(operands, nil)
	}
	return ir.Call{Kernel: kernel, Rows: 1, Operands: operands, Geometry: l.geometry(x)}
}
