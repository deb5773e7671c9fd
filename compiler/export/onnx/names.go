package onnx

import "fmt"

// name gives all values their names: what must have a certain one gets it, everything else what it is to be called, or that
// with a number behind.
func (b *Builder) name() (err error) {
	taken, names := map[string]bool{}, map[string]string{}
	take := func(value, name string) {
		if taken[name] {
			err = fmt.Errorf("two values of the file would have the name %q: give an output another label", name)
		}
		taken[name], names[value] = true, name
	}
	for _, p := range b.model.Inputs {
		take(p.Name, p.Name)
	}
	for _, t := range b.model.Weights {
		if b.wishes[t.Name] == "" {
			take(t.Name, t.Name)
		}
	}
	for _, n := range b.model.Nodes {
		for _, out := range n.Out {
			if name, ok := b.outputs[out]; ok {
				take(out, name)
			}
		}
	}
	numbers := map[string]int{}
	wish := func(value string) {
		if names[value] != "" {
			return
		}
		wish := b.wishes[value]
		name := wish
		for taken[name] {
			numbers[wish]++
			name = fmt.Sprintf("%s.%d", wish, numbers[wish]+1)
		}
		taken[name], names[value] = true, name
	}
	for _, n := range b.model.Nodes {
		for _, out := range n.Out {
			wish(out)
		}
	}
	for i := range b.model.Weights {
		wish(b.model.Weights[i].Name)
	}
	b.rename(names)
	return err
}

// rename gives everything its name in place of its handle.
func (b *Builder) rename(names map[string]string) {
	for i := range b.model.Nodes {
		n := &b.model.Nodes[i]
		for _, list := range [][]string{n.In, n.Out} {
			for k, value := range list {
				list[k] = names[value] // of an operand that is left out nothing
			}
		}
		n.Name = n.Out[0]
	}
	for i := range b.model.Weights {
		b.model.Weights[i].Name = names[b.model.Weights[i].Name]
	}
	for i := range b.model.Values {
		b.model.Values[i].Name = names[b.model.Values[i].Name]
	}
}
