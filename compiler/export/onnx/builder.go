package onnx

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Builder makes a model: it is the ir.ONNX of the rules on cards. While it is made, values are known by handles, of which
// nobody needs to know more; they get their names in the end, when all that must have a certain one are there. What a builder
// is asked must be right: a rule that asks for what cannot be is a mistake of the compiler.
type Builder struct {
	model     Model
	opset     int
	needs     int                  // the highest opset that an operator came with,
	needer    string               // and that operator, with its place
	values    map[*ir.Value]string // handles
	handles   map[string]bool
	constants map[string]string // handles by what they are
	made      map[string]int    // the node that makes a value
	wishes    map[string]string // what values are to be called
	outputs   map[string]string // what values are called, being outputs
	scope     string            // what values are named after that have no name of their own
	place     string            // in the spec, of the nodes to come
	count     int               // of handles
}

var _ ir.ONNX = (*Builder)(nil)

func newBuilder(opset int) *Builder {
	return &Builder{opset: opset, needs: Lowest, values: map[*ir.Value]string{}, handles: map[string]bool{}, constants: map[string]string{}, made: map[string]int{},
		wishes: map[string]string{}, outputs: map[string]string{}}
}

// Opset is the opset of the file.
func (b *Builder) Opset() int { return b.opset }

// Name is the handle of a value of the graph.
func (b *Builder) Name(v *ir.Value) string {
	if v.Role == ir.Const {
		return b.Floats(nil, v.Number)
	}
	return b.values[v]
}

// Add adds an operator as ir.ONNX says.
func (b *Builder) Add(since int, operator string, results int, operands []string, attrs ...ir.ONNXAttr) []string {
	if since > b.needs {
		b.needs, b.needer = since, fmt.Sprintf("%s (%s)", b.scope, b.place)
	}
	n := Node{Op: operator, Doc: b.place, In: append([]string{}, operands...)}
	for len(n.In) > 0 && n.In[len(n.In)-1] == "" {
		n.In = n.In[:len(n.In)-1] // operands left out at the end are not there
	}
	for _, in := range n.In {
		if in != "" && !b.handles[in] {
			panic(fmt.Sprintf("onnx: %s %s reads %q, which is not there yet", b.scope, operator, in))
		}
	}
	for range results {
		value := b.handle()
		b.made[value], b.wishes[value] = len(b.model.Nodes), b.scope+"."+operator
		n.Out = append(n.Out, value)
	}
	for _, a := range attrs {
		n.Attrs = append(n.Attrs, Attr{a.Name, attribute(a.Value)})
	}
	b.model.Nodes = append(b.model.Nodes, n)
	return append([]string{}, n.Out...)
}

// attribute is the value of an attribute in the types of the file.
func attribute(value any) any {
	switch v := value.(type) {
	case int:
		return int64(v)
	case float64:
		return float32(v)
	case []int:
		return wide(v)
	case []float64:
		list := make([]float32, len(v))
		for i, x := range v {
			list[i] = float32(x)
		}
		return list
	}
	return value // a text, or a list of them
}

func wide(list []int) []int64 {
	out := make([]int64, len(list))
	for i, x := range list {
		out[i] = int64(x)
	}
	return out
}

// Floats is a constant of float32s, as ir.ONNX says.
func (b *Builder) Floats(dims []int, x ...float64) string {
	if len(dims) == 0 {
		x = x[:1]
	}
	list := make([]float32, len(x))
	for i, v := range x {
		list[i] = float32(v)
	}
	return b.constant(Floats("", wide(dims), list...))
}

// Ints is a constant of int64s, as ir.ONNX says.
func (b *Builder) Ints(dims []int, x ...int) string {
	if len(dims) == 0 {
		x = x[:1]
	}
	return b.constant(Ints("", wide(dims), wide(x)...))
}

// Bools is a constant of truth values, as ir.ONNX says.
func (b *Builder) Bools(dims []int, x ...bool) string {
	if len(dims) == 0 {
		x = x[:1]
	}
	return b.constant(Bools("", wide(dims), x...))
}

// constant adds a constant, unless there is one like it.
func (b *Builder) constant(t Tensor) string {
	if !t.whole() {
		panic(fmt.Sprintf("onnx: %s: a constant of %d bytes of %v in the shape %v", b.scope, len(t.Raw), t.Type, t.Shape))
	}
	key := shaped(t.Type, t.Shape) + string(t.Raw)
	if b.constants[key] == "" {
		t.Name = b.handle()
		b.wishes[t.Name] = "constant"
		b.constants[key] = t.Name
		b.model.Weights = append(b.model.Weights, t)
	}
	return b.constants[key]
}

// fixed takes a name for the handle of what is called so in the end, an input or a weight.
func (b *Builder) fixed(name string) {
	if b.handles[name] {
		panic(fmt.Sprintf("onnx: two values have the name %q", name))
	}
	b.handles[name] = true
}

// handle is a new one.
func (b *Builder) handle() string {
	for {
		b.count++
		if h := fmt.Sprintf("%%%d", b.count); !b.handles[h] {
			b.handles[h] = true
			return h
		}
	}
}
