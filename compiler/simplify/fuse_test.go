package simplify_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/compiler/simplify"
)

// net builds graphs of rows of 4.
type net struct {
	t *testing.T
	*ir.Builder
	x *ir.Value
}

func newNet(t *testing.T) *net {
	b := ir.NewBuilder(&ir.Graph{Model: "Net", Recipe: ir.Recipe{Optimiser: sgd()}})
	return &net{t, b, b.Value(ir.Input, "x", ir.Row(4))}
}

// add applies an operation in a layer of its own.
func (n *net) add(name string, card *ir.Op, in ...*ir.Value) *ir.Value {
	n.Layer = name
	n.Pos.Line++
	return n.Node(name, card, in...)[0]
}

// linear is a layer from 4 to 4.
func (n *net) linear(name string, x *ir.Value) *ir.Value {
	return n.add(name, op.Linear(true), x, n.Value(ir.Param, name+".weight", ir.Whole(4, 4)), n.Value(ir.Param, name+".bias", ir.Whole(4)))
}

// lines are the graph's nodes in their text form, without types and places in the spec.
func lines(g *ir.Graph, phases ...ir.Phase) []string {
	var list []string
	for _, n := range g.Nodes {
		for _, p := range phases {
			if n.Phase == p {
				var words []string
				for _, w := range strings.Fields(strings.ReplaceAll(n.String(), "f32[n, 4] ", "")) {
					if w[0] != ':' {
						words = append(words, w)
					}
				}
				list = append(list, strings.Join(words, " "))
			}
		}
	}
	return list
}

// fused is the graph with these outputs after a rule, which keeps its meaning.
func (n *net) fused(rule func(*ir.Graph, map[string]bool) *ir.Graph, written map[string]bool, outputs ...*ir.Value) []string {
	n.t.Helper()
	n.Graph.Outputs = outputs
	require.NoError(n.t, ir.Verify(n.Graph))
	before := n.Graph.String()
	after := rule(n.Graph, written)
	require.NoError(n.t, ir.Verify(after), "%v", after)
	assert.Equal(n.t, run(n.t, n.Graph), run(n.t, after))
	assert.Equal(n.t, before, n.Graph.String(), "the graph that it was given stays as it is")
	return lines(after, ir.Forward)
}

func TestEpilogueTakesWhatFollowsAProduct(t *testing.T) {
	n := newNet(t)
	h := n.add("relu1", op.ReLU(), n.linear("linear1", n.x))
	sum := n.add("add1", op.Add(), h, n.linear("linear2", h))
	y := n.add("tanh1", op.Tanh(), sum)
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → relu1 = relu(linear1)",
		"linear2 = linear(relu1, linear2.weight, linear2.bias) → add1 = add(relu1, linear2) → tanh1 = tanh(add1)",
	}, n.fused(simplify.Epilogue, nil, y))
}

// The gradient of an activation follows the product behind whose operand it stands, whatever else reads that gradient.
func TestEpilogueTakesGradients(t *testing.T) {
	step := simplify.Dead(autodiff.Step(forward(3, op.ReLU, sgd(), false)))
	after := simplify.Epilogue(step, nil)
	require.NoError(t, ir.Verify(after))
	assert.Equal(t, []string{
		"∂relu'2 = mse_grad(1, relu'2, target)",
		"∂linear3 = relu_grad(relu'2, ∂relu'2)",
		"∂relu' = linear_grad_input(∂linear3, linear3.weight) → ∂linear2 = relu_grad(relu', ∂relu')",
		"∂linear3.weight f32[4, 4] = linear_grad_weight(relu', ∂linear3)",
		"∂linear3.bias f32[4] = linear_grad_bias(∂linear3)",
		"∂relu = linear_grad_input(∂linear2, linear2.weight) → ∂linear1 = relu_grad(relu, ∂relu)",
		"∂linear2.weight f32[4, 4] = linear_grad_weight(relu, ∂linear2)",
		"∂linear2.bias f32[4] = linear_grad_bias(∂linear2)",
		"∂linear1.weight f32[4, 4] = linear_grad_weight(x, ∂linear1)",
		"∂linear1.bias f32[4] = linear_grad_bias(∂linear1)",
	}, lines(after, ir.Backward))
	assert.Equal(t, run(t, step), run(t, after))
}

// Who reads a value within a fused operation finds it under its name.
func TestEpilogueKeepsWhatOthersRead(t *testing.T) {
	n := newNet(t)
	linear := n.linear("linear1", n.x)
	relu := n.add("relu1", op.ReLU(), linear)
	y := n.add("softmax1", op.Softmax(), linear)
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → relu1 = relu(linear1)",
		"softmax1 = softmax(linear1)",
	}, n.fused(simplify.Epilogue, nil, relu, y, linear))
}

func TestEpilogueLeavesWhatDependsOnTheProductOtherwise(t *testing.T) {
	n := newNet(t)
	linear := n.linear("linear1", n.x)
	y := n.add("mul1", op.Mul(), linear, n.add("softmax1", op.Softmax(), linear))
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias)",
		"softmax1 = softmax(linear1)",
		"mul1 = mul(linear1, softmax1)",
	}, n.fused(simplify.Epilogue, nil, y))

	n = newNet(t) // what was made before the last has no memory of its own
	linear = n.linear("linear1", n.x)
	y = n.add("mul1", op.Mul(), linear, n.add("sigmoid1", op.Sigmoid(), linear))
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → sigmoid1 = sigmoid(linear1)",
		"mul1 = mul(linear1, sigmoid1)",
	}, n.fused(simplify.Epilogue, nil, y))

	n = newNet(t) // nor through a view
	linear = n.linear("linear1", n.x)
	sigmoid := n.add("sigmoid1", op.Sigmoid(), linear)
	y = n.add("mul1", op.Mul(), n.add("view1", op.Reshape(4), linear), sigmoid)
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → sigmoid1 = sigmoid(linear1)",
		"view1 = reshape d0=4(linear1)",
		"mul1 = mul(view1, sigmoid1)",
	}, n.fused(simplify.Epilogue, nil, y))
}

// Both operands may be what the product makes.
func TestEpilogueSquares(t *testing.T) {
	n := newNet(t)
	linear := n.linear("linear1", n.x)
	assert.Equal(t, []string{"linear1 = linear(x, linear1.weight, linear1.bias) → mul1 = mul(linear1, linear1)"},
		n.fused(simplify.Epilogue, nil, n.add("mul1", op.Mul(), linear, linear)))
}

// A product waits for what else its element-wise operation reads, unless somebody is waiting for the product.
func TestEpilogueWaits(t *testing.T) {
	n := newNet(t)
	linear := n.linear("linear1", n.x)
	other := n.add("softmax1", op.Softmax(), n.x)
	y := n.add("mul1", op.Mul(), linear, other)
	assert.Equal(t, []string{
		"softmax1 = softmax(x)",
		"linear1 = linear(x, linear1.weight, linear1.bias) → mul1 = mul(linear1, softmax1)",
	}, n.fused(simplify.Epilogue, nil, y))

	n = newNet(t)
	linear = n.linear("linear1", n.x)
	aside := n.add("softmax1", op.Softmax(), linear)
	other = n.add("softmax2", op.Softmax(), n.x)
	y = n.add("mul1", op.Mul(), linear, other)
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias)",
		"softmax1 = softmax(linear1)",
		"softmax2 = softmax(x)",
		"mul1 = mul(linear1, softmax2)",
	}, n.fused(simplify.Epilogue, nil, y, aside))

	n = newNet(t) // what it reads is overwritten meanwhile
	state := n.Value(ir.State, "mean", ir.Whole(4, 4))
	linear = n.add("linear1", op.Linear(false), n.x, state)
	n.add("mean'", stamp(), state)
	y = n.add("mul1", op.Mul(), linear, n.add("softmax1", op.Softmax(), n.x))
	n.Graph.Outputs = []*ir.Value{y}
	after := simplify.Epilogue(n.Graph, nil)
	require.NoError(t, ir.Verify(after))
	assert.Len(t, after.Nodes, 4)
}

// Of two products, the one takes the sum that is computed last.
func TestEpilogueOfTheLaterProduct(t *testing.T) {
	n := newNet(t)
	y := n.add("add1", op.Add(), n.linear("linear1", n.x), n.linear("linear2", n.x))
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias)",
		"linear2 = linear(x, linear2.weight, linear2.bias) → add1 = add(linear1, linear2)",
	}, n.fused(simplify.Epilogue, nil, y))
}

func TestEpilogueGoesByFormPhaseRoundAndType(t *testing.T) {
	both := []string{
		"linear1 = linear(x, linear1.weight, linear1.bias)",
		"relu1 = relu(linear1)",
	}
	for name, change := range map[string]func(n *net){
		"phase": func(n *net) { n.Phase = ir.Loss },
		"round": func(n *net) { n.Scope = "layer1.0" },
	} {
		n := newNet(t)
		linear := n.linear("linear1", n.x)
		change(n)
		n.Graph.Outputs = []*ir.Value{n.add("relu1", op.ReLU(), linear)}
		assert.Len(t, simplify.Epilogue(n.Graph, nil).Nodes, 2, name)
	}
	for _, layer := range []string{"linear1", "relu1"} {
		n := newNet(t)
		y := n.add("relu1", op.ReLU(), n.linear("linear1", n.x))
		assert.Equal(t, both, n.fused(simplify.Epilogue, map[string]bool{layer: true}, y), "%s is written out", layer)
	}

	n := newNet(t) // another shape of the same elements
	y := n.add("relu1", op.ReLU(), n.add("view1", op.Reshape(2, 2), n.linear("linear1", n.x)))
	assert.Len(t, n.fused(simplify.Epilogue, nil, y), 3)

	n = newNet(t) // a loss is a mean over all elements
	loss := n.add("loss", op.MSE(), n.linear("linear1", n.x), n.Value(ir.Target, "target", ir.Row(4)))
	assert.Len(t, n.fused(simplify.Epilogue, nil, loss), 2)
}

// Products without rows are of weights.
func TestEpilogueLeavesProductsOfWholeArrays(t *testing.T) {
	n := newNet(t)
	w := n.Value(ir.Param, "w", ir.Whole(3, 4))
	y := n.add("product", op.Linear(false), w, n.Value(ir.Param, "v", ir.Whole(5, 4)))
	y = n.add("relu1", op.ReLU(), y)
	assert.Len(t, n.fused(simplify.Epilogue, nil, n.x, y), 2)
	assert.Len(t, n.fused(simplify.Chain, nil, n.x, n.add("tanh1", op.Tanh(), y)), 3)
}

func TestEpilogueTakesFourMaps(t *testing.T) {
	n := newNet(t)
	y := n.linear("linear1", n.x)
	for i := range 6 {
		y = n.add(fmt.Sprint("tanh", i+1), op.Tanh(), y)
	}
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → tanh1 = tanh(linear1) → tanh2 = tanh(tanh1) → tanh3 = tanh(tanh2) → tanh4 = tanh(tanh3)",
		"tanh5 = tanh(tanh4)",
		"tanh6 = tanh(tanh5)",
	}, n.fused(simplify.Epilogue, nil, y))
	both := func(g *ir.Graph, written map[string]bool) *ir.Graph {
		return simplify.Chain(simplify.Epilogue(g, written), written)
	}
	assert.Equal(t, []string{
		"linear1 = linear(x, linear1.weight, linear1.bias) → tanh1 = tanh(linear1) → tanh2 = tanh(tanh1) → tanh3 = tanh(tanh2) → tanh4 = tanh(tanh3)",
		"tanh5 = tanh(tanh4) → tanh6 = tanh(tanh5)",
	}, n.fused(both, nil, y))
}

func TestChain(t *testing.T) {
	n := newNet(t)
	sum := n.add("add1", op.Add(), n.x, n.add("softmax1", op.Softmax(), n.x))
	relu := n.add("relu1", op.ReLU(), sum)
	softmax := n.add("softmax2", op.Softmax(), relu)
	y := n.add("mul1", op.Mul(), softmax, sum)
	for i := range 5 {
		y = n.add(fmt.Sprint("tanh", i+1), op.Tanh(), y)
	}
	assert.Equal(t, []string{
		"softmax1 = softmax(x)",
		"add1 = add(x, softmax1) → relu1 = relu(add1)",
		"softmax2 = softmax(relu1)",
		"mul1 = mul(softmax2, add1) → tanh1 = tanh(mul1) → tanh2 = tanh(tanh1) → tanh3 = tanh(tanh2)",
		"tanh4 = tanh(tanh3) → tanh5 = tanh(tanh4)",
	}, n.fused(simplify.Chain, nil, y))
	assert.Len(t, n.fused(simplify.Chain, map[string]bool{"relu1": true, "tanh1": true}, y), 7)
}

// The gradient of a loss is followed by that of an activation.
func TestChainTakesTheGradientOfALoss(t *testing.T) {
	step := simplify.Dead(autodiff.Step(forward(1, op.Tanh, sgd(), false)))
	after := simplify.Chain(step, nil)
	require.NoError(t, ir.Verify(after))
	assert.Equal(t, []string{
		"∂tanh = mse_grad(1, tanh, target) → ∂linear1 = tanh_grad(tanh, ∂tanh)",
		"∂linear1.weight f32[4, 4] = linear_grad_weight(x, ∂linear1)",
		"∂linear1.bias f32[4] = linear_grad_bias(∂linear1)",
	}, lines(after, ir.Backward))
	assert.Equal(t, run(t, step), run(t, after))
}

// Whatever the net, its meaning stays.
func TestFusingKeepsTheMeaning(t *testing.T) {
	fused := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		n := newNet(t)
		values := []*ir.Value{n.x}
		pick := func() *ir.Value { return values[max(0, len(values)-1-r.IntN(4))] }
		for i := range 3 + r.IntN(12) {
			name := fmt.Sprint("v", i)
			switch r.IntN(8) {
			case 0, 1, 2:
				values = append(values, n.linear(name, pick()))
			case 3:
				values = append(values, n.add(name, op.ReLU(), pick()))
			case 4:
				values = append(values, n.add(name, op.Tanh(), pick()))
			case 5:
				values = append(values, n.add(name, op.Add(), pick(), pick()))
			case 6:
				values = append(values, n.add(name, op.Mul(), pick(), pick()))
			case 7:
				values = append(values, n.add(name, op.Softmax(), pick()))
			}
		}
		n.Graph.Outputs = []*ir.Value{values[len(values)-1]}
		if r.IntN(2) == 0 {
			n.Graph.Outputs = append(n.Graph.Outputs, pick())
		}
		n.Phase = ir.Loss
		n.Graph.Loss = n.add("loss", op.MSE(), n.Graph.Outputs[0], n.Value(ir.Target, "target", ir.Row(4)))
		for _, g := range []*ir.Graph{autodiff.Step(n.Graph), autodiff.Predict(n.Graph)} {
			text := g.String()
			after := simplify.Graph(g, map[string]bool{"v2": true})
			require.NoError(t, ir.Verify(after), "seed %d\n%v\n%v", seed, g, after)
			require.Equal(t, run(t, g), run(t, after), "seed %d\n%v\n%v", seed, g, after)
			require.Equal(t, text, g.String())
			for _, node := range after.Nodes {
				if node.Op.Fused != nil {
					fused++
				}
			}
		}
	}
	assert.Greater(t, fused, 500)
}

// drop is a dropout in a layer of its own.
func (n *net) drop(name string, x *ir.Value) *ir.Value {
	mask := n.add(name, op.DropoutMask(0.5, 4), n.Scalar(ir.StepNumber))
	return n.add(name, op.Dropout(), x, mask)
}

func TestMaskedDrawsAndMultipliesInOnePass(t *testing.T) {
	rules := func(g *ir.Graph, written map[string]bool) *ir.Graph {
		return simplify.Chain(simplify.Masked(simplify.Epilogue(g, written), written), written)
	}
	n := newNet(t)
	y := n.add("relu1", op.ReLU(), n.drop("dropout1", n.x))
	assert.Equal(t, []string{
		"dropout1 = dropout_mask p=0.5 d0=4(step number) → dropout1' = dropout(x, dropout1)",
		"relu1 = relu(dropout1')",
	}, n.fused(rules, nil, y))
	assert.Len(t, n.fused(rules, map[string]bool{"dropout1": true}, y), 3, "it is written out")

	n = newNet(t)
	y = n.drop("dropout1", n.linear("linear1", n.x))
	assert.Equal(t, []string{
		"dropout1 = dropout_mask p=0.5 d0=4(step number)",
		"linear1 = linear(x, linear1.weight, linear1.bias) → dropout1' = dropout(linear1, dropout1)",
	}, n.fused(rules, nil, y), "what follows a product stays there")

	n = newNet(t)
	mask := n.add("dropout1", op.DropoutMask(0.5, 4), n.Scalar(ir.StepNumber))
	first := n.add("softmax1", op.Softmax(), mask)
	y = n.add("mul1", op.Mul(), n.x, mask)
	assert.Len(t, n.fused(rules, nil, first, y), 3, "somebody reads the mask before")

	n = newNet(t)
	mask = n.add("dropout1", op.DropoutMask(0.5, 4), n.Scalar(ir.StepNumber))
	assert.Len(t, n.fused(rules, nil, n.add("add1", op.Add(), n.x, mask)), 2, "another operation")
	mask = n.add("dropout2", op.DropoutMask(0.5, 4), n.Scalar(ir.StepNumber))
	assert.Len(t, n.fused(rules, nil, n.add("mul1", op.Mul(), mask, mask)), 4, "the mask by itself")
}
