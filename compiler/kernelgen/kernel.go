package kernelgen

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Kernel is an element-wise kernel of the runtime: what a card's Scalar says, taken apart into what is computed before
// the loop and what for each element.
type Kernel struct {
	Name      string
	Value     ir.Expr    // of an element, or of a term where Mean, in the Arrays (Arg), the Constants (Named), Num
	Arrays    []string   // the operands that are arrays
	Constants []Constant // what is the same for all elements
	Mean      bool       // the result is the mean of the terms
	Result    string     // the array that is written, unless Mean; it may be one of Arrays

	doc        string
	parameters signature
}

// Constant is a number that is computed before the loop: its name, and its value as Go.
type Constant struct{ Name, Value string }

// Kernels returns the kernels of the nodes in the order of their names. Nodes whose cards have no Scalar are passed
// over; a kernel that several cards call comes from the one that bears its name.
func Kernels(nodes []*ir.Node) ([]Kernel, error) {
	var kernels []Kernel
	values := map[string]string{} // the meaning of each kernel
	for _, n := range nodes {
		if n.Op.Scalar == nil {
			continue
		}
		name := n.Op.Emit(n).Kernel
		value := ir.Key(n.Op.Scalar)
		if !strings.EqualFold(strings.ReplaceAll(n.Op.Name, "_", ""), name) {
			continue
		}
		if old, ok := values[name]; ok {
			if old != value {
				return nil, fmt.Errorf("kernelgen: kernel %s would be both %s and %s: give one of the cards another", name, old, value)
			}
			continue
		}
		values[name] = value
		k, err := of(name, n)
		if err != nil {
			return nil, err
		}
		kernels = append(kernels, k)
	}
	slices.SortFunc(kernels, func(a, b Kernel) int { return cmp.Compare(a.Name, b.Name) })
	return kernels, nil
}

// of returns the kernel of a node.
func of(name string, n *ir.Node) (Kernel, error) {
	k := Kernel{Name: name, Mean: n.Op.Mean}
	result, _, _ := strings.Cut(n.Op.Doc, " = ")
	inPlace := -1
	if old := n.Overwrites(0); old != nil {
		inPlace = slices.Index(n.In, old)
		result = n.Op.Operands[inPlace]
	}
	if !k.Mean {
		k.Result = identifier(result)
		k.parameters.add(k.Result, "[]float32")
	}
	for i, v := range n.In {
		operand := identifier(n.Op.Operands[i])
		typ := "float32"
		if !v.Type.Scalar() {
			typ = "[]float32"
			k.Arrays = append(k.Arrays, operand)
		}
		if i != inPlace {
			k.parameters.add(operand, typ)
		}
	}
	k.parameters.add("n", "int")
	k.parameters.add("size", "int")
	for _, a := range n.Op.Attrs {
		k.parameters.add(identifier(a.Name), "float32")
	}
	if again := k.parameters.twice(); again != "" {
		return k, fmt.Errorf("kernelgen: kernel %s has two parameters or variables called %s: give the operand or attribute another name", name, again)
	}
	k.doc = comment(k, n.Op, inPlace >= 0)

	// A scalar operand is a number like an attribute; the others are counted without them.
	k.Value = k.hoist(fold(ir.Replace(n.Op.Scalar, func(leaf ir.Expr) ir.Expr {
		arg, ok := leaf.(ir.Arg)
		switch {
		case !ok:
			return leaf
		case n.In[arg].Type.Scalar():
			return ir.Named(identifier(n.Op.Operands[arg]))
		}
		return ir.Arg(slices.Index(k.Arrays, identifier(n.Op.Operands[arg])))
	})), map[string]ir.Named{})
	if len(k.Arrays) > ir.MapArrays || len(k.Constants) > ir.MapNumbers {
		return k, fmt.Errorf("kernelgen: kernel %s has %d arrays and %d constants: the runtime's maps have at most %d and %d",
			name, len(k.Arrays), len(k.Constants), ir.MapArrays, ir.MapNumbers)
	}
	return k, nil
}

// hoist makes a constant of each part of an expression that is the same for all elements. names are those that the
// constants have already.
func (k *Kernel) hoist(e ir.Expr, names map[string]ir.Named) ir.Expr {
	if _, number := e.(ir.Num); ir.Invariant(e) && !number {
		name, known := names[ir.Key(e)]
		if !known {
			name = ir.Named(k.fresh(constantName(e)))
			names[ir.Key(e)] = name
			k.Constants = append(k.Constants, Constant{string(name), invariant(e)})
		}
		return name
	}
	switch e := e.(type) {
	case ir.Binary:
		x := k.hoist(e.X, names)
		return ir.Binary{Op: e.Op, X: x, Y: k.hoist(e.Y, names)}
	case ir.Apply:
		args := make([]ir.Expr, len(e.Args))
		for i, a := range e.Args {
			args[i] = k.hoist(a, names)
		}
		return ir.Apply{Func: e.Func, Args: args}
	}
	return e
}

// fresh returns the name, or the name with the first number from 2 that makes it new.
func (k *Kernel) fresh(name string) string {
	for next, number := name, 2; ; next, number = name+strconv.Itoa(number), number+1 {
		if !slices.ContainsFunc(k.Constants, func(c Constant) bool { return c.Name == next }) {
			return next
		}
	}
}

// constantName is what a constant is called.
func constantName(e ir.Expr) string {
	switch e := e.(type) {
	case ir.Named:
		return identifier(string(e))
	case ir.Binary:
		if e.Op == '*' || e.Op == '/' {
			return "scale"
		}
	}
	return "offset"
}

// comment is the function's comment, in lines of at most 120 characters.
func comment(k Kernel, op *ir.Op, inPlace bool) string {
	text := fmt.Sprintf("%s computes n·size elements of %s.", k.Name, op.Doc)
	if inPlace {
		text = strings.TrimSuffix(text, ".") + ", in place."
	}
	if _, formula, ok := strings.Cut(op.Doc, " = "); ok && k.Mean {
		text = fmt.Sprintf("%s returns the %s over n·size elements.", k.Name, formula)
	}
	lines := []string{"//"}
	for _, word := range strings.Fields(text) {
		last := len(lines) - 1
		if longer := lines[last] + " " + word; len([]rune(longer)) <= 120 {
			lines[last] = longer
		} else {
			lines = append(lines, "// "+word)
		}
	}
	return strings.Join(lines, "\n")
}

// identifier writes a name of the mathematics as Go's: dy for ∂y.
func identifier(name string) string { return strings.ReplaceAll(name, "∂", "d") }

// signature is a list of parameters.
type signature struct{ names, types []string }

func (s *signature) add(name, typ string) {
	s.names, s.types = append(s.names, name), append(s.types, typ)
}

// String writes the parameters, those of one type together.
func (s *signature) String() string {
	var text strings.Builder
	for i, name := range s.names {
		text.WriteString(name)
		if i == len(s.names)-1 || s.types[i] != s.types[i+1] {
			text.WriteString(" " + s.types[i])
		}
		if i < len(s.names)-1 {
			text.WriteString(", ")
		}
	}
	return text.String()
}

// twice returns a name that stands for two things in the function, or nothing.
func (s *signature) twice() string {
	names := append([]string{"p", "c", "rows", "columns", "stride", "r", "i", "v", "sum", "e", "scale", "offset"}, s.names...)
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return name
		}
	}
	return ""
}
