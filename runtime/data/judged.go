package data

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// Judged is what losses take a target for. Nothing depends on their name: kind and link say how the target is read,
// and what becomes of the output that is compared with it.
type Judged struct {
	Loss string     `json:"loss"` // the name of the first of them, for messages
	Kind TargetKind `json:"kind"`
	Link Link       `json:"link"` // makes a prediction of the output

	LeftOut LeftOut `json:"left_out,omitzero"` // of classes
	Longest int     `json:"longest,omitempty"` // of spans: how many positions a predicted one has at most
	Mask    string  `json:"-"`                 // of spans: the input with a number for each position, where that is 0 no target lies
}

// agrees reports whether j and k take a target for the same.
func (j Judged) agrees(k Judged) bool { return j.Kind == k.Kind && j.Link == k.Link }

// Scaled reports whether the target's numbers may be standardised: a quantity that the output gives as it is. Any
// other link fixes the scale.
func (j Judged) Scaled() bool { return j.Kind == Quantity && j.Link == Identity }

// verify reports what is wrong with a declaration, or cannot be read.
func (j Judged) verify() error {
	switch {
	case (j.Kind == Span) != (j.Longest > 0), j.Longest < 0:
		return fmt.Errorf("the loss %s: a %s of up to %s", j.Loss, j.Kind, phrase.Counted(j.Longest, "position"))
	case j.Link == Softmax && j.Kind != Class, j.Link == Score && j.Kind != Flag:
		return fmt.Errorf("the loss %s: %s makes no %s", j.Loss, j.Link, j.Kind)
	}
	return nil
}

// Probable reports whether the link makes probabilities of classes.
func (j Judged) Probable() bool { return (j.Kind == Class || j.Kind == Flag) && j.Link != Score }

// VerifyJudged reports what the files of a model with these inputs and targets cannot give.
func VerifyJudged(inputs, targets []Port) error {
	for _, p := range JudgedPorts(inputs, targets) {
		if p.Judged == nil {
			return fmt.Errorf("no loss compares with the target %s: leave it out of the model's targets", p.Name)
		}
		if err := p.Judged.verify(); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return nil
}

// JudgedPorts are the ports that outputs are compared with: the targets, then the inputs that a loss names.
func JudgedPorts(inputs, targets []Port) []Port {
	ports := slices.Clone(targets)
	for _, p := range inputs {
		if p.Judged != nil {
			ports = append(ports, p)
		}
	}
	return ports
}

// TargetsOf are the judged ports in their own units, their classes indices.
func TargetsOf(inputs, targets []Port) []Target {
	ports := JudgedPorts(inputs, targets)
	list := make([]Target, len(ports))
	for i, p := range ports {
		list[i] = Target{Name: p.Name, Judged: *p.Judged, Count: classCount(p), Input: i >= len(targets)}
	}
	return list
}

// classCount is the number of classes of a judged port: the limit of a class's indices, 2 of a flag, else 0.
func classCount(p Port) int {
	switch p.Judged.Kind {
	case Class:
		return p.Limit
	case Flag:
		return 2
	}
	return 0
}

// CheckJudged returns an error if p's losses cannot compare with the model value v.
func (p *Port) CheckJudged(v float32) error {
	if p.Judged == nil {
		return nil
	}
	switch by := p.Judged; {
	case by.Kind == Flag && by.Link == Score && v != 0 && v != 1:
		return fmt.Errorf("%g is neither 0 nor 1, as %s wants", v, by.Loss)
	case (by.Kind == Flag || by.Kind == Distribution) && !(v >= 0 && v <= 1):
		return fmt.Errorf("%g is not between 0 and 1, as %s wants", v, by.Loss)
	case by.Kind == Span && v != kernel.Ignored && !(v >= 0 && v < float32(p.Limit) && v == float32(int32(v))):
		return fmt.Errorf("%g is no position: %s compares with whole numbers from 0 to %d, and with %d where there is none", v, by.Loss, p.Limit-1, kernel.Ignored)
	case by.Kind == Count && !(v >= 0):
		return fmt.Errorf("%g is below 0, but %s compares with counts", v, by.Loss)
	}
	return nil
}

// sumsTo1 is how far from 1 the sum of probabilities may be.
const sumsTo1 = 1e-3

// CheckJudgedRow returns an error if p's losses cannot compare with the model values of a row together: where
// probabilities do not sum to 1. at is the first of these.
func (p *Port) CheckJudgedRow(values []float32) (at int, err error) {
	if p.Judged == nil || p.Judged.Kind != Distribution {
		return 0, nil
	}
	size := p.Size()
	if len(p.Shape) > 0 {
		size = p.Shape[len(p.Shape)-1]
	}
	for at := 0; at < len(values); at += size {
		sum := 0.0
		for _, v := range values[at : at+size] {
			sum += float64(v)
		}
		if !(math.Abs(sum-1) <= sumsTo1) {
			return at, fmt.Errorf("the %s sum to %.6g, but %s compares with probabilities that sum to 1", phrase.Counted(size, "number"), sum, p.Judged.Loss)
		}
	}
	return 0, nil
}

// Unjudged are the ports with nothing compared with them, so that any values will do.
func Unjudged(ports []Port) []Port {
	ports = slices.Clone(ports)
	for i := range ports {
		ports[i].Judged = nil
	}
	return ports
}

// mirror gives a target that is an input the units of that input: its columns, an indicator being a number of its
// own, or the divisor of its bytes.
func (c *Codec) mirror(t *Target) {
	for _, a := range c.arrays {
		if a.Name == t.Name {
			t.divisor = a.Divisor
		}
	}
	t.Columns = nil
	for i := range c.columns {
		col := &c.columns[i]
		if in := c.inputs[c.slots[i].input]; in.Name != "" && in.Name != t.Name {
			continue
		}
		if col.Kind == KindTokens {
			continue // classes by index
		}
		if col.Kind != KindClass {
			t.Columns = append(t.Columns, *col)
			if col.Indicator {
				t.Columns = append(t.Columns, Column{Name: col.Name + ".missing", Kind: KindNumber, Deviation: 1})
			}
			continue
		}
		for _, class := range col.Classes {
			t.Columns = append(t.Columns, Column{Name: col.Name + "." + class, Kind: KindNumber, Deviation: 1})
		}
	}
}
