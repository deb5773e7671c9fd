package pytorch

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// object is a module of the program: what PyTorch or a part makes, or an object of a class of the program's own, or a
// list of rounds.
type object struct {
	path  string // nnc's name of it: layer1.0.attention1; empty for the model
	name  string // its attribute, or its number in a list
	up    *object
	below []*object // in the order of the spec

	made   string      // the expression that makes it; empty for one of a class of the program's own, and for a list
	holds  []*ir.Value // tensors that it has by their names, and nothing else
	stream string      // the name of the random numbers that it draws

	class *class     // of an object of a class of its own
	nodes []*ir.Node // those of its layers, and whatever stands between the first and the last of them
	whole bool       // nothing does, so that its class computes them
}

// tree makes the objects of a graph: of what nodes call, and of the tensors that they name.
func (p *program) tree() error {
	p.root = &object{}
	streams := ir.Streams(p.graph.Nodes)
	var components []string
	for _, v := range slices.Concat(p.graph.Params, p.graph.States) {
		for _, name := range append([]string{v.Name}, v.Shared...) {
			components = append(components, strings.Split(name, ".")...)
		}
	}
	for _, n := range p.graph.Nodes {
		components = append(components, strings.Split(n.Layer, ".")...)
	}
	slices.Sort(components)
	p.renamed = renamed(slices.Compact(components))
	layers := map[string]bool{} // those that have tensors
	for _, v := range slices.Concat(p.graph.Params, p.graph.States) {
		for _, name := range append([]string{v.Name}, v.Shared...) {
			for i, c := range name {
				if c == '.' {
					layers[name[:i]] = true
				}
			}
		}
	}
	p.called, p.tensors = map[*ir.Node]*object{}, map[tensorOf]string{}
	made := map[string]bool{} // tensors that an object makes
	for _, n := range p.graph.Nodes {
		r := p.rules[n]
		if r == nil {
			continue
		}
		if r.Module == "" {
			for _, v := range r.tensors() {
				name := own(v, n.Layer)
				p.tensors[tensorOf{n, v}] = name
				if !made[name] {
					made[name] = true
					p.hold(name, v)
				}
			}
			continue
		}
		path, err := r.path(made)
		if err != nil {
			return err
		}
		if len(r.tensors()) == 0 && layers[path] {
			path = n.Out[0].Name
		}
		o := p.root.at(p, path)
		for o.made != "" && o.made != r.Module {
			path += "_"
			o = p.root.at(p, path)
		}
		o.made = r.Module
		for _, a := range r.drawing() {
			o.stream = streams[a]
		}
		p.called[n] = o
	}
	for _, v := range slices.Concat(p.graph.Params, p.graph.States) {
		for _, name := range append([]string{v.Name}, v.Shared...) {
			if !made[name] { // of layers that no node has: what they made is read by nobody
				made[name] = true
				p.hold(name, v)
			}
		}
	}
	for _, o := range p.root.all() {
		o.sort()
	}
	return nil
}

// tensorOf is a tensor as a node has it.
type tensorOf struct {
	node  *ir.Node
	value *ir.Value
}

// hold lets an object have a tensor by that name.
func (p *program) hold(name string, v *ir.Value) {
	cut := strings.LastIndexByte(name, '.')
	o := p.root.at(p, name[:cut])
	o.holds = append(o.holds, &ir.Value{Name: name[cut+1:], Type: v.Type, Role: v.Role, Init: v.Init})
}

// at returns the object below o of that path, made if there is none.
func (o *object) at(p *program, path string) *object {
	for _, c := range strings.Split(path, ".") {
		o = o.child(p, c)
	}
	return o
}

func (o *object) child(p *program, component string) *object {
	path := component
	if o.path != "" {
		path = o.path + "." + component
	}
	for _, b := range o.below {
		if b.path == path {
			return b
		}
	}
	name := component
	if other, ok := p.renamed[component]; ok {
		name = other
	}
	b := &object{path: path, name: noWord.ReplaceAllString(name, "_"), up: o}
	o.below = append(o.below, b)
	return b
}

// all lists an object and those below it.
func (o *object) all() []*object {
	list := []*object{o}
	for _, b := range o.below {
		list = append(list, b.all()...)
	}
	return list
}

// list reports whether the objects below are the rounds of a repetition.
func (o *object) list() bool {
	return len(o.below) > 0 && !slices.ContainsFunc(o.below, func(b *object) bool {
		_, err := strconv.Atoi(b.name)
		return err != nil
	})
}

// own reports whether the object is of a class of the program's own.
func (o *object) own() bool { return len(o.below) > 0 && !o.list() || o.up == nil }

// sort puts the rounds of a list into their order.
func (o *object) sort() {
	if o.list() {
		slices.SortStableFunc(o.below, func(a, b *object) int { return a.round() - b.round() })
	}
}

// round is the number of a round.
func (o *object) round() int {
	i, _ := strconv.Atoi(o.name)
	return i
}

// from writes how the object is reached from another above it, self being that: self.layer1[0].linear1.
func (o *object) from(above *object) string {
	if o == above {
		return "self"
	}
	if o.up.list() {
		return o.up.from(above) + "[" + o.name + "]"
	}
	return o.up.from(above) + "." + o.name
}
