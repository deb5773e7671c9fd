package plan

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Verify runs through a plan's programs and returns the first place that is missing, too small or outside the
// arena, or the first read of memory that something else has been written to since, or nil. It is naive on purpose, and independent of how the plan was made: it keeps an owner
// for every 64 bytes of the arena.
func Verify(p *Plan) error {
	for _, program := range []*Program{p.Step, p.Predict} {
		if program == nil {
			continue
		}
		if err := program.verify(program == p.Step); err != nil {
			return err
		}
	}
	return nil
}

func (p *Program) verify(keep bool) error {
	const line = 16
	owner := make([]any, (p.Arena+line-1)/line)
	take := func(place Place, by any) error {
		if place.Offset%line != 0 || place.Offset < 0 || place.End() > p.Arena {
			return fmt.Errorf("%v lies at %d to %d, outside the arena of %d or between its lines", by, place.Offset, place.End(), p.Arena)
		}
		for i := place.Offset / line; i*line < place.End(); i++ {
			owner[i] = by
		}
		return nil
	}
	still := func(v *ir.Value) error {
		place, ok := p.Places[v.Base()]
		if !ok {
			return nil
		}
		for i := place.Offset / line; i*line < place.End(); i++ {
			if owner[i] != any(v.Base()) {
				return fmt.Errorf("%s is read after its memory was taken", v.Name)
			}
		}
		return nil
	}
	for _, n := range p.Graph.Nodes {
		for i, v := range n.Out {
			place, ok := p.Places[v]
			if !ok {
				if !n.Op.View && !v.Type.Scalar() && n.Overwrites(i) == nil && !p.outside(v, keep) {
					return fmt.Errorf("%s has no place", v.Name)
				}
				continue
			}
			if place.Size < size(v.Type, p.Rows) {
				return fmt.Errorf("%s needs more memory than its place has", v.Name)
			}
			if err := take(place, v); err != nil {
				return err
			}
		}
		if n.Op.Scratch != nil {
			if place, need := p.Scratch[n], n.Op.Scratch(n, p.Rows); place.Size < need {
				return fmt.Errorf("the scratch of %v needs more memory than its place has", n)
			} else if err := take(place, n); err != nil {
				return err
			}
		}
		for _, v := range n.In { // after the results: a result must not lie over an operand
			if err := still(v); err != nil {
				return fmt.Errorf("%v: %w", n, err)
			}
		}
		for _, v := range n.Out {
			if err := still(v); err != nil {
				return fmt.Errorf("%v: %w", n, err)
			}
		}
	}
	if !keep {
		return nil
	}
	for _, v := range append(Gradients(p.Graph), p.Graph.Outputs...) {
		if err := still(v); err != nil {
			return fmt.Errorf("after the last node: %w", err)
		}
	}
	return nil
}

// outside reports whether v lies in the caller's memory: without keep, an output does.
func (p *Program) outside(v *ir.Value, keep bool) bool {
	return !keep && slices.ContainsFunc(p.Graph.Outputs, func(output *ir.Value) bool { return output.Base() == v })
}
