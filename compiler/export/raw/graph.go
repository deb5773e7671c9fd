package raw

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
)

// learning is the domain of the one operator on texts that every runtime has; which needs a version of its own.
const (
	learning        = "ai.onnx.ml"
	learningVersion = 2
)

// graph is the model whose graph is put between others. The operators that are added mean the same in every opset from 17 on,
// so that the model may keep its own.
type graph struct {
	m      *onnx.Model
	inputs []onnx.Port       // what the model took
	nodes  []onnx.Node       // of the new graph
	taken  map[string]bool   // names of values
	alike  map[string]string // constants by what they are
	scope  string            // what the values to come are named after
	doc    string            // of the operators to come
}

func newGraph(m *onnx.Model) *graph {
	g := &graph{m: m, taken: map[string]bool{}, alike: map[string]string{}, inputs: m.Inputs}
	for _, t := range m.Weights {
		g.taken[t.Name] = true
	}
	for _, n := range m.Nodes {
		for _, name := range n.Out {
			g.taken[name] = true
		}
	}
	for _, p := range m.Inputs {
		g.taken[p.Name] = true
	}
	return g
}

// in says what the operators to come are there for.
func (g *graph) in(scope, doc string) { g.scope, g.doc = scope, doc }

// fresh is a name that no value has yet.
func (g *graph) fresh(wish string) string {
	name := wish
	for n := 2; g.taken[name]; n++ {
		name = fmt.Sprintf("%s.%d", wish, n)
	}
	g.taken[name] = true
	return name
}

// op adds an operator of one result.
func (g *graph) op(operator string, operands []string, attrs ...onnx.Attr) string {
	name := g.fresh(g.scope + "." + operator)
	n := onnx.Node{Op: operator, Name: name, Doc: g.doc, In: operands, Out: []string{name}, Attrs: attrs}
	if operator == "LabelEncoder" {
		n.Domain = learning
		g.m.Opsets[learning] = learningVersion
	}
	g.nodes = append(g.nodes, n)
	return name
}

func (g *graph) cast(x string, t onnx.Type) string {
	return g.op("Cast", []string{x}, integer("to", int(t)))
}

func integer(name string, v int) onnx.Attr { return onnx.Attr{Name: name, Value: int64(v)} }

// joined are values side by side along the last axis.
func (g *graph) joined(values ...string) string {
	if len(values) == 1 {
		return values[0]
	}
	return g.op("Concat", values, integer("axis", -1))
}

// shaped is x of the shape is in the shape want, both with the rows first.
func (g *graph) shaped(x string, is, want []int64) string {
	if slices.Equal(is, want) {
		return x
	}
	dims := []int64{0} // as many rows as there are, none at all included
	return g.op("Reshape", []string{x, g.ints([]int64{int64(len(want))}, append(dims, want[1:]...)...)})
}

// at is element k of x along an axis, which is then gone.
func (g *graph) at(x string, axis int, k int64) string {
	return g.op("Gather", []string{x, g.ints(nil, k)}, integer("axis", axis))
}

// The constants are of that shape, without one scalars.

func (g *graph) floats(shape []int64, x ...float32) string {
	return g.constant(onnx.Floats("", shape, x...))
}

func (g *graph) doubles(shape []int64, x ...float64) string {
	return g.constant(onnx.Doubles("", shape, x...))
}

func (g *graph) ints(shape []int64, x ...int64) string { return g.constant(onnx.Ints("", shape, x...)) }

func (g *graph) texts(x []string) string {
	return g.constant(onnx.Strings("", []int64{int64(len(x))}, x...))
}

// constant adds a constant, unless there is one like it.
func (g *graph) constant(t onnx.Tensor) string {
	key := fmt.Sprint(t.Type, t.Shape, t.Raw) + fmt.Sprintf("%q", t.Texts)
	if g.alike[key] == "" {
		t.Name = g.fresh(g.scope + ".constant")
		g.alike[key] = t.Name
		g.m.Weights = append(g.m.Weights, t)
	}
	return g.alike[key]
}

// free makes a name free that an input or an output must have: a value that is called so gets another. Not a weight, which
// is found in the file by its name.
func (g *graph) free(name, what string) error {
	if slices.ContainsFunc(g.m.Weights, func(t onnx.Tensor) bool { return t.Name == name }) {
		return fmt.Errorf("a %s is named %q, as a weight of the model is: give the layer another label in the spec, or the column another name", what, name)
	}
	if g.taken[name] {
		g.rename(name, g.fresh(name+".value"))
	}
	g.taken[name] = true
	return nil
}

// rename gives a value another name, wherever it stands.
func (g *graph) rename(name, to string) {
	for _, nodes := range [][]onnx.Node{g.m.Nodes, g.nodes} {
		for i := range nodes {
			for _, list := range [][]string{nodes[i].In, nodes[i].Out} {
				for k := range list {
					if list[k] == name {
						list[k] = to
					}
				}
			}
			if nodes[i].Name == name {
				nodes[i].Name = to
			}
		}
	}
	for _, ports := range [][]onnx.Port{g.inputs, g.m.Outputs, g.m.Values} {
		for i := range ports {
			if ports[i].Name == name {
				ports[i].Name = to
			}
		}
	}
}

// replace lets a value stand for an input that the model takes no more.
func (g *graph) replace(p onnx.Port, value string) {
	if slices.ContainsFunc(g.m.Inputs, func(q onnx.Port) bool { return q.Name == value }) {
		g.rename(p.Name, value)
		return
	}
	g.rename(value, p.Name)
	g.m.Values = append(g.m.Values, p)
}
