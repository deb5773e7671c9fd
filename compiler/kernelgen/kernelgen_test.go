package kernelgen_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/kernelgen"
)

const head = `// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

`

// x and y are the elements of the first two operands; a and b are attributes.
var (
	x, y = ir.Expr(ir.Arg(0)), ir.Expr(ir.Arg(1))
	a, b = ir.Expr(ir.Named("a")), ir.Expr(ir.Named("b"))
	exp  = &ir.Function{Name: "Exp1"}
)

// card is an operation whose kernel is F, with operands x, y, … of the given types.
func card(e ir.Expr, types ...ir.Type) *ir.Node {
	op := &ir.Op{
		Name:     "f",
		Doc:      "z = f(x)",
		Operands: []string{"x", "y", "∂y"}[:len(types)],
		Types:    func(in []ir.Type) ([]ir.Type, error) { return in[:1], nil },
		Emit:     func(*ir.Node) ir.Call { return ir.Call{Kernel: "F"} },
		Scalar:   e,
	}
	return apply(op, types...)
}

func apply(op *ir.Op, types ...ir.Type) *ir.Node {
	b := ir.NewBuilder(&ir.Graph{})
	var operands []*ir.Value
	for _, t := range types {
		operands = append(operands, b.Value(ir.Input, "v", t))
	}
	return b.Node("out", op, operands...)[0].Def
}

var row = ir.Row(3)

func TestKernels(t *testing.T) {
	withAttributes := card(ir.Add(ir.Mul(ir.Mul(a, b), x), ir.Div(a, ir.Count{})), row)
	withAttributes.Op.Attrs = ir.Attrs{{Name: "a", Value: 1}, {Name: "b", Value: 2}}
	scaled := card(ir.Mul(y, ir.Div(ir.Mul(ir.Num(2), x), ir.Count{})), ir.Type{}, row)
	mean := card(ir.Mul(ir.Mul(ir.Sub(x, y), ir.Sub(x, y)), a), row, row)
	mean.Op.Doc, mean.Op.Mean, mean.Op.Attrs = "loss = mean of (x − y)²·a", true, ir.Attrs{{Name: "a", Value: 1}}
	inPlace := card(ir.Mul(x, ir.Num(0.5)), row)
	inPlace.Op.Overwrites = []ir.Pair{{}}
	product := ir.Mul(x, y)
	for name, c := range map[string]struct {
		node *ir.Node
		want string
	}{
		"a product is rounded before it is added": {card(ir.Add(ir.Mul(x, y), ir.Mul(x, ir.Arg(2))), row, row, row), `// F computes n·size elements of z = f(x).
func F(p *Pool, z, x, y, dy []float32, n, size int) { p.each(MapF(z, x, y, dy, n, size)) }

// MapF is F as a Map.
func MapF(z, x, y, dy []float32, n, size int) Map {
	return Map{z: z[:n*size], x: x[:n*size], y: y[:n*size], u: dy[:n*size], f: mapping{rowsF, rowsFWide}}
}

func rowsF(z, x, y, dy []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		z, y, dy := z[r*stride:][:len(x)], y[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			z[i] = float32(v*y[i]) + float32(v*dy[i])
		}
	}
}
`},
		"also from a variable, where it occurs twice": {card(ir.Add(ir.Apply{Func: exp, Args: []ir.Expr{product}}, ir.Sub(ir.Num(1), product)), row, row), `// F computes n·size elements of z = f(x).
func F(p *Pool, z, x, y []float32, n, size int) { p.each(MapF(z, x, y, n, size)) }

// MapF is F as a Map.
func MapF(z, x, y []float32, n, size int) Map {
	return Map{z: z[:n*size], x: x[:n*size], y: y[:n*size], f: mapping{rowsF, rowsFWide}}
}

func rowsF(z, x, y, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		z, y := z[r*stride:][:len(x)], y[r*stride:][:len(x)]
		for i, v := range x {
			e := float32(v * y[i])
			z[i] = Exp1(e) + (1 - e)
		}
	}
}
`},
		"what is the same for all stands before the loop": {withAttributes, `// F computes n·size elements of z = f(x).
func F(p *Pool, z, x []float32, n, size int, a, b float32) { p.each(MapF(z, x, n, size, a, b)) }

// MapF is F as a Map.
func MapF(z, x []float32, n, size int, a, b float32) Map {
	return Map{z: z[:n*size], x: x[:n*size], c: constants{float32(a * b), a / float32(n*size)}, f: mapping{rowsF, rowsFWide}}
}

func rowsF(z, x, _, _ []float32, c constants, rows, columns, stride int) {
	scale, scale2 := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		z := z[r*stride:][:len(x)]
		for i, v := range x {
			z[i] = float32(scale*v) + scale2
		}
	}
}
`},
		"also of scalar operands": {scaled, `// F computes n·size elements of z = f(x).
func F(p *Pool, z []float32, x float32, y []float32, n, size int) { p.each(MapF(z, x, y, n, size)) }

// MapF is F as a Map.
func MapF(z []float32, x float32, y []float32, n, size int) Map {
	return Map{z: z[:n*size], x: y[:n*size], c: constants{float32(2*x) / float32(n*size)}, f: mapping{rowsF, rowsFWide}}
}

func rowsF(z, y, _, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		y := y[r*stride:][:columns]
		z := z[r*stride:][:len(y)]
		for i, v := range y {
			z[i] = v * scale
		}
	}
}
`},
		"numbers are folded": {card(ir.Sub(x, ir.Div(ir.Num(1), ir.Num(4))), row), `// F computes n·size elements of z = f(x).
func F(p *Pool, z, x []float32, n, size int) { p.each(MapF(z, x, n, size)) }

// MapF is F as a Map.
func MapF(z, x []float32, n, size int) Map {
	return Map{z: z[:n*size], x: x[:n*size], f: mapping{rowsF, rowsFWide}}
}

func rowsF(z, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		z := z[r*stride:][:len(x)]
		for i, v := range x {
			z[i] = v - 0.25
		}
	}
}
`},
		"a mean is returned": {mean, `// F returns the mean of (x − y)²·a over n·size elements.
func F(p *Pool, x, y []float32, n, size int, a float32) float32 {
	return terms{termsF, termsFWide}.mean(p, x[:n*size], y[:n*size], nil, constants{a})
}

func termsF(x, y, _ []float32, c constants) float32 {
	a := c[0]
	y = y[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - y[i]
		sum[i&15] += float32(float32(e*e) * a)
	}
	return sum.Sum()
}
`},
		"a result in the memory of an operand stands once": {inPlace, `// F computes n·size elements of z = f(x), in place.
func F(p *Pool, x []float32, n, size int) { p.each(MapF(x, n, size)) }

// MapF is F as a Map.
func MapF(x []float32, n, size int) Map {
	return Map{z: x[:n*size], x: x[:n*size], f: mapping{rowsF, rowsFWide}}
}

func rowsF(_, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		for i, v := range x {
			x[i] = v * 0.5
		}
	}
}
`},
	} {
		t.Run(name, func(t *testing.T) {
			source, err := kernelgen.File([]*ir.Node{c.node, c.node})
			require.NoError(t, err)
			assert.Equal(t, head+c.want, string(source))
		})
	}
}

func TestACardWithoutScalarOrWithAnotherKernelIsPassedOver(t *testing.T) {
	other := card(x, row)
	other.Op.Name = "g"
	source, err := kernelgen.File([]*ir.Node{card(nil, row), other})
	require.NoError(t, err)
	assert.Equal(t, head[:len(head)-1], string(source))
}

func TestConflicts(t *testing.T) {
	_, err := kernelgen.File([]*ir.Node{card(x, row), card(ir.Mul(x, ir.Num(2)), row)})
	assert.ErrorContains(t, err, "kernel F would be both arg0 and (arg0 * 2)")
	twice := card(x, row)
	twice.Op.Attrs = ir.Attrs{{Name: "n", Value: 1}}
	_, err = kernelgen.File([]*ir.Node{twice})
	assert.ErrorContains(t, err, "kernel F has two parameters or variables called n")
	var many ir.Attrs
	sum := x
	for _, name := range []string{"one", "two", "three", "four", "five"} {
		many = append(many, ir.Attr{Name: name})
		sum = ir.Add(sum, ir.Named(name))
	}
	five := card(sum, row)
	five.Op.Attrs = many
	_, err = kernelgen.File([]*ir.Node{five})
	assert.ErrorContains(t, err, "kernel F has 1 arrays and 5 constants")
}

// Where there is no assembly, there are variables in its place.
func TestKernelsWithoutAssembly(t *testing.T) {
	source, err := kernelgen.WithoutAssembly([]*ir.Node{card(x, row)})
	require.NoError(t, err)
	assert.Contains(t, string(source), "rowsFWide assembledRows")
}

func TestFunctions(t *testing.T) {
	steps := []ir.Step{
		{Name: "t", Value: ir.Mul(x, ir.Num(0.1))},
		{Name: "s", Value: ir.Add(ir.Apply{Func: exp, Args: []ir.Expr{ir.Mul(ir.Named("t"), x)}}, ir.Mul(ir.Named("t"), x))},
		{Name: "y", Value: ir.Div(ir.Num(math.Inf(1)), ir.Sub(ir.Named("s"), ir.Num(math.NaN())))},
	}
	source, err := kernelgen.Functions([]*ir.Function{{Name: "F1", Doc: "something of x", Body: steps}})
	require.NoError(t, err)
	assert.Equal(t, `// Code generated from the functions of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

// F1 returns something of x.
func F1(x float32) float32 {
	t := float32(x * 0.1)
	e := float32(t * x)
	s := Exp1(e) + e
	return infinity() / (s - notANumber())
}
`, string(source))
	_, err = kernelgen.Functions([]*ir.Function{{Name: "F1", Body: append(steps, steps[0])}})
	assert.ErrorContains(t, err, "two things in F1 are called t")
}
