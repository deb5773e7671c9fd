package plan

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Verify runs through a plan's programs and returns the first place that is missing, too small or outside the
// arena, or the first read of what is not made yet or of memory that something else has been written to since, or nil. It
// is naive on purpose, and independent of how the plan was made: it keeps an owner for every 64 bytes of the arena.
func Verify(p *Plan) error {
	for _, program := range p.Programs {
		if err := program.verify(); err != nil {
			return fmt.Errorf("%s: %w", program.Name, err)
		}
	}
	train, steps := p.Program(Train), p.Program(Steps)
	if train == nil {
		return nil
	}
	for _, n := range steps.Graph.Nodes {
		for _, v := range n.Out {
			if n.Phase <= ir.Loss && train.Places[v] != steps.Places[v] {
				return fmt.Errorf("%s lies elsewhere in %s than in %s, which share the code that makes it", v.Name, train.Name, steps.Name)
			}
		}
	}
	return nil
}

// line is the number of float32s in 64 bytes.
const line = 16

// memory knows what stands in each line of an arena, and what has been overwritten elsewhere.
type memory struct {
	program    *Program
	owner      []any // a value or a node
	made, gone map[*ir.Value]bool
}

func (p *Program) verify() error {
	m := &memory{p, make([]any, (p.Arena+line-1)/line), map[*ir.Value]bool{}, map[*ir.Value]bool{}}
	for _, n := range p.Graph.Nodes {
		if err := m.run(n); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
	}
	for _, v := range p.Kept {
		if err := m.still(v); err != nil {
			return fmt.Errorf("after the last node: %w", err)
		}
	}
	return nil
}

// run reads what a node reads and lets its results and its scratch take their memory.
func (m *memory) run(n *ir.Node) error {
	for _, v := range n.In {
		if err := m.still(v); err != nil {
			return err
		}
	}
	for i, v := range n.Out {
		if err := m.result(n, i, v); err != nil {
			return err
		}
	}
	if n.Op.Scratch != nil {
		place, need := m.program.Scratch[n], n.Op.Scratch(n, m.program.Rows)
		if place.Size < need {
			return fmt.Errorf("the scratch needs more memory than its place has")
		}
		if err := m.take(place, n, n.In); err != nil {
			return err
		}
	}
	for i, v := range n.Out {
		m.made[v] = true
		if old := n.Overwrites(i); old != nil {
			m.gone[old.Base()] = true
		}
	}
	for _, v := range n.Out { // results must not lie over one another
		if err := m.still(v); err != nil {
			return err
		}
	}
	return nil
}

// result lets result i of a node take its memory: its own, that of the operand that it overwrites, or that of an
// operand that it may lie over.
func (m *memory) result(n *ir.Node, i int, v *ir.Value) error {
	p := m.program
	place, placed := p.Places[v]
	old := n.Overwrites(i)
	switch {
	case n.Op.View, v.Type.Scalar(), p.Outside[v]:
		return nil
	case old != nil && old.Home().Role != ir.Result, old != nil && p.Outside[old.Home()]:
		return nil
	case !placed && p.read(v):
		return fmt.Errorf("%s has no place", v.Name)
	case !placed:
		return nil
	case place.Size < size(v.Type, p.Rows):
		return fmt.Errorf("%s needs more memory than its place has", v.Name)
	case old != nil && p.Places[old.Base()] != place:
		return fmt.Errorf("%s does not lie where %s does, which it overwrites", v.Name, old.Name)
	}
	var elsewhere []*ir.Value
	for k, operand := range n.In {
		pair := ir.Pair{Result: i, Operand: k}
		over := slices.Contains(n.Op.Over, pair) && p.Places[operand.Base()] == place && operand.Type.Kind == v.Type.Kind
		if !over && !slices.Contains(n.Op.Overwrites, pair) {
			elsewhere = append(elsewhere, operand)
		}
	}
	return m.take(place, v, elsewhere)
}

// take gives a place to a new owner. The operands, which are still being read, must not lie there.
func (m *memory) take(place Place, by any, operands []*ir.Value) error {
	if place.Offset%line != 0 || place.Offset < 0 || place.End() > m.program.Arena {
		return fmt.Errorf("%v lies at %d to %d, outside the arena of %d or between its lines", by, place.Offset, place.End(), m.program.Arena)
	}
	for i := place.Offset / line; i*line < place.End(); i++ {
		for _, v := range operands {
			if m.owner[i] == any(v.Base()) {
				return fmt.Errorf("%s is read while its memory is taken", v.Name)
			}
		}
		m.owner[i] = by
	}
	return nil
}

// still returns an error if a value is not made yet, or its memory is not its own any more.
func (m *memory) still(v *ir.Value) error {
	switch {
	case v.Def != nil && !m.made[v]:
		return fmt.Errorf("%s is not made yet", v.Name)
	case m.gone[v.Base()]:
		return fmt.Errorf("%s was overwritten", v.Name)
	}
	place, ok := m.program.Places[v.Base()]
	if !ok {
		return nil
	}
	for i := place.Offset / line; i*line < place.End(); i++ {
		if m.owner[i] != any(v.Base()) {
			return fmt.Errorf("%s is read after its memory was taken", v.Name)
		}
	}
	return nil
}

// read reports whether anything reads a result or a view of it.
func (p *Program) read(v *ir.Value) bool {
	return slices.Contains(p.Kept, v) || slices.ContainsFunc(p.Graph.Nodes, func(n *ir.Node) bool {
		return slices.ContainsFunc(n.In, func(x *ir.Value) bool { return x.Base() == v })
	})
}
