package ir

import "fmt"

// Verify returns the first thing that is wrong with the graph, or nil: a value read before it is made, a name
// used twice, a type or a layout that is not what the card says, phases out of order, a read after an overwrite, an
// overwrite of what is the caller's, an update that does not overwrite its parameter.
func Verify(g *Graph) error {
	known := map[*Value]bool{}
	names := map[string]bool{}
	define := func(v *Value) error {
		if known[v] || names[v.Name] {
			return fmt.Errorf("value %q is defined twice", v.Name)
		}
		known[v], names[v.Name] = true, true
		return nil
	}
	for _, list := range g.Given() {
		for _, v := range list {
			if err := define(v); err != nil {
				return err
			}
		}
	}
	gone := map[*Value]*Node{}
	phase := Forward
	for _, n := range g.Nodes {
		if n.Phase < phase {
			return fmt.Errorf("%v: %v comes after %v", n, n.Phase, phase)
		}
		phase = n.Phase
		types := make([]Type, len(n.In))
		for i, v := range n.In {
			if v.Role != Const && !known[v] {
				return fmt.Errorf("%v: operand %s is not made yet", n, v.Name)
			}
			if by := gone[v.Base()]; by != nil {
				return fmt.Errorf("%v: operand %s was overwritten by %v", n, v.Name, by)
			}
			types[i] = v.Type
		}
		want, err := n.Op.Types(types)
		if err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
		if len(want) != len(n.Out) {
			return fmt.Errorf("%v: %d results, the card says %d", n, len(n.Out), len(want))
		}
		for i, v := range n.Out {
			if v.Def != n {
				return fmt.Errorf("%v: result %s does not name its node", n, v.Name)
			}
			if !v.Type.Equal(want[i]) {
				return fmt.Errorf("%v: result %s should be %v", n, v.Name, want[i])
			}
			if err := define(v); err != nil {
				return err
			}
			if old := n.Overwrites(i); old != nil {
				if !old.Type.Equal(v.Type) || old.Layout != v.Layout {
					return fmt.Errorf("%v: %s cannot stand in the memory of %s", n, v.Name, old.Name)
				}
				if home := old.Home(); home.Role != Result && !home.Lasting() {
					return fmt.Errorf("%v: %s overwrites the %v %s", n, v.Name, home.Role, home.Name)
				}
				if by := gone[old.Base()]; by != nil {
					return fmt.Errorf("%v: %s was overwritten by %v", n, old.Name, by)
				}
				gone[old.Base()] = n
			}
		}
		if g.LaidOut && !n.Fits() {
			return fmt.Errorf("%v: the layouts are not as its card asks", n)
		}
		if n.Updates != nil && (n.Updates.Role != Param || n.Overwrites(0) != n.Updates) {
			return fmt.Errorf("%v: it does not overwrite %s", n, n.Updates.Name)
		}
	}
	for _, v := range g.Outputs {
		if !known[v] {
			return fmt.Errorf("output %s is never made", v.Name)
		}
		if by := gone[v.Base()]; by != nil {
			return fmt.Errorf("output %s was overwritten by %v", v.Name, by)
		}
	}
	if g.Loss != nil && !known[g.Loss] {
		return fmt.Errorf("loss %s is never made", g.Loss.Name)
	}
	return nil
}
