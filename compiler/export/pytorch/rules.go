package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Without lists the nodes that PyTorch has no rule for, one for each layer.
func Without(g *ir.Graph) []*ir.Node {
	rules, _ := rulesOf(g)
	var list []*ir.Node
	for _, n := range g.Nodes {
		judges := slices.ContainsFunc(g.Recipe.Losses, func(j ir.Criterion) bool { return j.Loss.Def == n })
		if (n.Phase == ir.Forward || judges) && n.Op.Torch == nil && !rules.absorbed(n) && !n.Op.Random &&
			!slices.ContainsFunc(list, func(m *ir.Node) bool { return m.Layer == n.Layer }) {
			list = append(list, n)
		}
	}
	return list
}

// rule is what a node is in PyTorch.
type rule struct {
	ir.Torch
	node    *ir.Node
	results []*ir.Value // those that Call is the expression of
}

// rules are those of the nodes of a graph that the program computes.
type rules map[*ir.Node]*rule

// rulesOf asks the cards. Nodes whose work others do have none.
func rulesOf(g *ir.Graph) (rules, error) {
	all, done := rules{}, map[*ir.Node]bool{}
	for _, n := range slices.Backward(g.Nodes) { // whoever does another's work comes behind it
		if n.Op.Torch == nil || done[n] {
			continue
		}
		r := &rule{Torch: n.Op.Torch(n), node: n, results: n.Out[:len(n.Out)-n.Op.Saved]}
		if r.Operands == nil {
			r.Operands = n.In
		}
		for _, a := range r.Absorbs {
			done[a] = true
		}
		all[n] = r
	}
	for _, n := range g.Nodes {
		if r := all[n]; r != nil {
			for _, v := range r.reads() {
				if v.Def != nil && all[v.Def] == nil {
					return all, fmt.Errorf("pytorch: %s of %s reads %s, which the program does not compute", n.Op.Name, n.Layer, v.Name)
				}
			}
		}
	}
	return all, nil
}

// absorbed reports whether another node's rule does the node's work.
func (all rules) absorbed(n *ir.Node) bool {
	for _, r := range all {
		if slices.Contains(r.Absorbs, n) {
			return true
		}
	}
	return false
}

// reads lists the values that the rule's texts name, tensors of the model left out.
func (r *rule) reads() []*ir.Value {
	var list []*ir.Value
	for i, v := range r.Operands {
		if strings.Contains(r.Call+r.Count, fmt.Sprintf("{%d}", i)) && v.Role != ir.Param && v.Role != ir.State && v.Role != ir.Const && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// tensors lists the parameters and states that the node computes with, and those of the nodes whose work it does.
func (r *rule) tensors() []*ir.Value {
	given := slices.Concat(r.Operands, r.node.In)
	for _, a := range r.Absorbs {
		given = append(given, a.In...)
	}
	var list []*ir.Value
	for _, v := range given {
		if (v.Role == ir.Param || v.Role == ir.State) && !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// path is where the object stands that has the node's tensors: where they all do. It marks them as made.
func (r *rule) path(made map[string]bool) (string, error) {
	path := r.node.Layer
	for i, v := range r.tensors() {
		name := own(v, r.node.Layer)
		made[name] = true
		holder := name[:strings.LastIndexByte(name, '.')]
		if i > 0 && holder != path {
			return "", fmt.Errorf("pytorch: %s of %s has tensors of %s and of %s in one object", r.node.Op.Name, r.node.Layer, path, holder)
		}
		path = holder
	}
	return path, nil
}

// drawing lists the nodes that draw random numbers for this one.
func (r *rule) drawing() []*ir.Node {
	nodes := slices.Clone(r.Absorbs)
	for _, n := range append([]*ir.Node{r.node}, r.Absorbs...) {
		for _, v := range n.In {
			if v.Def != nil {
				nodes = append(nodes, v.Def)
			}
		}
	}
	return slices.DeleteFunc(nodes, func(n *ir.Node) bool { return !n.Op.Random })
}

// own is what a tensor is called in a layer, which may share it with another.
func own(v *ir.Value, layer string) string {
	for _, name := range append([]string{v.Name}, v.Shared...) {
		if strings.HasPrefix(name, layer+".") {
			return name
		}
	}
	return v.Name
}
