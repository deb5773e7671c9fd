package check_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// weights lists the parameters whose names end in weight, with their shapes.
func weights(g *ir.Graph) (names []string) {
	for _, p := range g.Params {
		if strings.HasSuffix(p.Name, "weight") {
			names = append(names, strings.TrimSuffix(p.Name, ".weight")+" "+p.Type.Shape.String())
		}
	}
	return names
}

func sound(t *testing.T, spec string) *ir.Graph {
	t.Helper()
	g, list := checked(t, spec)
	require.Empty(t, list, list.Error())
	require.NoError(t, ir.Verify(g))
	return g
}

func TestNamesNest(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		want       []string
	}{
		{"a block's uses", "block Layer(n) { linear n; relu }\ninput x[4]\nLayer 3\nLayer 2",
			[]string{"layer1.linear1 [3, 4]", "layer2.linear1 [2, 3]"}},
		{"labels count too", "block Layer(n) { linear n; inner: linear n }\ninput x[4]\nstem: Layer 3\nLayer 2",
			[]string{"stem.linear1 [3, 4]", "stem.inner [3, 3]", "layer2.linear1 [2, 3]", "layer2.inner [2, 2]"}},
		{"repetition of statements", "input x[4]\nrepeat 2 { linear 4; tanh }\nrepeat 1 { linear 3; tanh }",
			[]string{"repeat1.0.linear1 [4, 4]", "repeat1.1.linear1 [4, 4]", "repeat2.0.linear1 [3, 4]"}},
		{"repetition of one block", "block Residual(n) { residual { linear n } }\ninput x[4]\nrepeat 2 { Residual 4 }\nrepeat 1 { Residual 4 }",
			[]string{"residual1.0.linear1 [4, 4]", "residual1.1.linear1 [4, 4]", "residual2.0.linear1 [4, 4]"}},
		{"labels of repetitions", "block Layer { linear 4; relu }\ninput x[4]\nbody: repeat 2 { Layer }\nrepeat 1 { tail: Layer }\na: repeat 1 { b: Layer }",
			[]string{"body.0.linear1 [4, 4]", "body.1.linear1 [4, 4]", "tail.0.linear1 [4, 4]", "a.0.b.linear1 [4, 4]"}},
		{"repetition within repetition", "input x[4]\nrepeat 2 { repeat 2 { linear 4; relu }; linear 4 }",
			[]string{"repeat1.0.repeat1.0.linear1 [4, 4]", "repeat1.0.repeat1.1.linear1 [4, 4]", "repeat1.0.linear1 [4, 4]",
				"repeat1.1.repeat1.0.linear1 [4, 4]", "repeat1.1.repeat1.1.linear1 [4, 4]", "repeat1.1.linear1 [4, 4]"}},
		{"blocks in blocks", "block Outer(n) { repeat 2 { Inner n }; Inner 2*n }\nblock Inner(n) { up: linear 4*n; linear n }\ninput x[2]\nOuter 2",
			[]string{"outer1.inner1.0.up [8, 2]", "outer1.inner1.0.linear2 [2, 8]", "outer1.inner1.1.up [8, 2]", "outer1.inner1.1.linear2 [2, 8]",
				"outer1.inner2.up [16, 2]", "outer1.inner2.linear2 [4, 16]"}},
		{"residual is no scope", "input x[4]\nlinear 4\nresidual { linear 4; in_: linear 4 }\nlinear 3",
			[]string{"linear1 [4, 4]", "linear2 [4, 4]", "in_ [4, 4]", "linear4 [3, 4]"}},
		{"an edit elsewhere changes no name", "input x[4]\nrelu; tanh\nrepeat 1 { linear 4; relu }",
			[]string{"repeat1.0.linear1 [4, 4]"}},
		{"repeated not at all", "input x[4]\nrepeat 0 { linear 9 }\nlinear 3", []string{"linear1 [3, 4]"}},
	} {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, weights(sound(t, c.spec))) })
	}
}

func TestBlockParameters(t *testing.T) {
	g := sound(t, `const base = 2
block Part(n, wide=2*n+base, bias=true, skip=false, from_) {
    linear n bias=bias
    linear wide bias=skip
    concat from_
    const half = wide/2
    linear half
}
input x[4]
input y[3]
from x
Part 3 from_=y
Part 2 skip wide=6 bias=false from_=x
Part n=1 wide=4 skip=true bias=false from_=y`)
	var names []string
	for _, p := range g.Params {
		names = append(names, fmt.Sprint(p.Name, p.Type.Shape))
	}
	assert.Equal(t, []string{
		"part1.linear1.weight[3, 4]", "part1.linear1.bias[3]", "part1.linear2.weight[8, 3]", "part1.linear3.weight[4, 11]", "part1.linear3.bias[4]",
		"part2.linear1.weight[2, 4]", "part2.linear2.weight[6, 2]", "part2.linear2.bias[6]", "part2.linear3.weight[3, 10]", "part2.linear3.bias[3]",
		"part3.linear1.weight[1, 3]", "part3.linear2.weight[4, 1]", "part3.linear2.bias[4]", "part3.linear3.weight[2, 7]", "part3.linear3.bias[2]",
	}, names)
}

// in is the enclosing block's input, within residual too.
func TestInIsTheBlocksInput(t *testing.T) {
	g := sound(t, "block A { linear 4; residual { tanh; add in } }\ninput x[4]\nsigmoid\nA")
	var add *ir.Node
	for _, n := range g.Nodes {
		if n.Layer == "a1.add1" {
			add = n
		}
	}
	require.NotNil(t, add)
	assert.Equal(t, "sigmoid1", add.In[1].Name)
}

func TestTiedLayersShareTheirParameters(t *testing.T) {
	g := sound(t, `input x[4]
first: linear 4
linear 4 tied=first
linear 4 tied=first bias=false
alone: linear 4 bias=false
linear 4 tied=alone`)
	var names []string
	for _, p := range g.Params {
		names = append(names, p.Name)
	}
	assert.Equal(t, []string{"first.weight", "first.bias", "alone.weight", "linear5.bias"}, names)
}

// A parameter of a block may be a layer to be tied to.
func TestTiedThroughAParameter(t *testing.T) {
	g := sound(t, "block Twin(of_) { linear 4 tied=of_ }\ninput x[4]\na: linear 4\nTwin a\nTwin a")
	assert.Len(t, g.Params, 2)
}

func TestFreeze(t *testing.T) {
	g := sound(t, "block L { linear 4; relu }\ninput x[4]\nstem: linear 4\nrepeat 3 { L }\nhead: linear 1\nloss mse; sgd\nfreeze \"stem.*\" \"l1.*.weight\"\nfreeze \"head.bias\"")
	frozen := map[string]bool{}
	for _, p := range g.Params {
		if p.Frozen {
			frozen[p.Name] = true
		}
	}
	assert.Equal(t, map[string]bool{"stem.weight": true, "stem.bias": true, "l1.0.linear1.weight": true,
		"l1.1.linear1.weight": true, "l1.2.linear1.weight": true, "head.bias": true}, frozen)
}

// Whatever `init` holds where a weight is shared, it starts as it does where it is made.
func TestTheLayerAboveDecidesHowASharedWeightStarts(t *testing.T) {
	g := sound(t, `input k[2] of 5
input x[4]
from k; a: embedding 3
init xavier
linear 5 tied=a; flatten; c: tanh
from x; b: linear 5
init zeros
from k; embedding 4 tied=b; flatten
concat b c; linear 1`)
	init := map[string]ir.Init{}
	for _, p := range g.Params {
		init[p.Name] = p.Init
	}
	assert.Equal(t, ir.Init{Normal: 1}, init["a.weight"])
	assert.InDelta(t, 0.816496580927726, init["b.weight"].Uniform, 1e-15) // √(6/(4+5))
	assert.Len(t, init, 6)
}

// The weight and the bias of batchnorm start at 1 and 0 whatever an `init` says, and its statistics are no parameters,
// which `freeze` does not know.
func TestStatesOfBatchnorm(t *testing.T) {
	g := sound(t, `input x[3, 4, 2]
init normal std=0.02 bias=0.5
freeze "*.weight" "b.*"
batchnorm affine=false
a: linear 5
b: batchnorm`)
	params := map[string]ir.Init{}
	for _, p := range g.Params {
		params[p.Name] = p.Init
	}
	assert.Equal(t, map[string]ir.Init{"a.weight": {Normal: 0.02}, "a.bias": {Fill: 0.5}, "b.weight": {Fill: 1}, "b.bias": {}}, params)
	states := map[string]string{}
	for _, s := range g.States {
		assert.False(t, s.Frozen, s.Name)
		states[s.Name] = fmt.Sprint(s.Type, " ", s.Init.Fill)
	}
	assert.Equal(t, map[string]string{
		"batchnorm1.running_mean": "f32[3] 0", "batchnorm1.running_var": "f32[3] 1", "batchnorm1.num_batches_tracked": "i64[] 0",
		"b.running_mean": "f32[3] 0", "b.running_var": "f32[3] 1", "b.num_batches_tracked": "i64[] 0"}, states)
}

// The formulas are those of Glorot and He, with PyTorch's gains and modes.
func TestInit(t *testing.T) {
	g := sound(t, `input x[6]
block B { linear 3; init zeros; linear 3 }
a: linear 18
init xavier bias=0.5
b: linear 6
init xavier_normal gain=2
c: linear 18
init kaiming
d: linear 6
init kaiming_normal
B
e: linear 2
init normal std=0.02
f: linear 2
init uniform bound=0.25
g: linear 2
init ones; h: linear 2
init default; i: linear 4`)
	init := map[string]ir.Init{}
	for _, p := range g.Params {
		init[p.Name] = p.Init
	}
	near := func(want, got float64) { t.Helper(); assert.InDelta(t, want, got, 1e-15) }
	near(1/2.449489742783178, init["a.weight"].Uniform)
	near(0.5, init["b.weight"].Uniform) // √(6/(18+6))
	assert.Equal(t, ir.Init{Fill: 0.5}, init["b.bias"])
	near(2*0.28867513459481287, init["c.weight"].Normal) // 2·√(2/24)
	near(0.5773502691896257, init["d.weight"].Uniform)   // √(6/18)
	near(0.5773502691896257, init["b1.linear1.weight"].Normal)
	assert.Equal(t, ir.Init{}, init["b1.linear2.weight"])
	near(0.816496580927726, init["e.weight"].Normal) // √(2/3): what the body says ends with it
	assert.Equal(t, ir.Init{Normal: 0.02}, init["f.weight"])
	assert.Equal(t, ir.Init{Uniform: 0.25}, init["g.weight"])
	assert.Equal(t, ir.Init{Fill: 1}, init["h.weight"])
	near(0.7071067811865476, init["i.weight"].Uniform)
	near(0.7071067811865476, init["i.bias"].Uniform)
}

// Norms start at 1 and 0 whatever an init says.
func TestInitDoesNotReachNorms(t *testing.T) {
	g, list := checked(t, `
input x[6]
init normal std=0.02 bias=0.5
linear 4; layernorm
linear 3
loss mse; sgd`)
	require.Empty(t, list)
	init := map[string]ir.Init{}
	for _, p := range g.Params {
		init[p.Name] = p.Init
	}
	assert.Equal(t, ir.Init{Fill: 1}, init["layernorm1.weight"])
	assert.Equal(t, ir.Init{}, init["layernorm1.bias"])
	assert.Equal(t, ir.Init{Fill: 0.5}, init["linear1.bias"])
}

func TestOutputsAndTargets(t *testing.T) {
	for _, c := range []struct {
		name, spec       string
		outputs, targets []string
		weights          []float64
	}{
		{"the last value", "input x[4]\nlinear 2", []string{"linear1"}, nil, nil},
		{"the last value, labelled", "input x[4]\nprice: linear 2", []string{"price"}, nil, nil},
		{"one loss", "input x[4]\nlinear 2\nloss mse; sgd", []string{"linear1"}, []string{"target"}, []float64{1}},
		{"one loss of a name", "input x[4]\nprice: linear 2\nlinear 3\nloss mse price; sgd", []string{"price"}, []string{"target.price"}, []float64{1}},
		{"in the order of the losses", "input x[4]\na: linear 2\nb: linear 3\nloss cross_entropy b weight=0.5; loss mse a; sgd",
			[]string{"b", "a"}, []string{"target.b", "target.a"}, []float64{0.5, 1}},
		{"two losses of one output share its target", "input x[4]\na: linear 2\nloss mse; loss mae weight=0.1; sgd",
			[]string{"a"}, []string{"target"}, []float64{1, 0.1}},
		{"as output says", "input x[4]\na: linear 2\nb: linear 3\noutput x b a\nloss mse a; sgd", []string{"x", "b", "a"}, []string{"target.a"}, []float64{1}},
		{"a block and a repetition by their labels", "block Head(n) { linear 4; relu; linear n }\ninput x[4]\nprice: Head 1\nfrom x\nkind: repeat 2 { linear 4 }\nloss mse price; loss cross_entropy kind; sgd",
			[]string{"price", "kind"}, []string{"target.price", "target.kind"}, []float64{1, 1}},
		{"an input as the target", "input x[4]\nlinear 2; linear 4\nloss mse target=x; sgd", []string{"linear2"}, nil, []float64{1}},
		{"classes as the target", "input t[3] of 5\nonehot; linear 5\nloss cross_entropy target=t; sgd", []string{"linear1"}, nil, []float64{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, list := grammar.Parse("spec.nn", []byte(c.spec))
			require.Empty(t, list)
			g, list := check.File(file, check.Options{Model: "Spec"})
			require.False(t, list.HasErrors(), list.Error())
			var outputs, targets []string
			for i := range g.Outputs {
				outputs = append(outputs, g.Ports[i])
			}
			for _, v := range g.Targets {
				targets = append(targets, v.Name)
			}
			var weights []float64
			for _, j := range g.Recipe.Losses {
				weights = append(weights, j.Weight)
			}
			assert.Equal(t, c.outputs, outputs)
			assert.Equal(t, c.targets, targets)
			assert.Equal(t, c.weights, weights)
		})
	}
}

// A mistake in a body that is expanded many times is reported once, with the use that has it.
func TestMistakesInBodiesNameTheirUse(t *testing.T) {
	_, list := checked(t, "block A(n) { linear 4->n }\ninput x[4]\nA 4\nA 3\nA 4\nA 4")
	require.Len(t, list, 1)
	d := list[0]
	assert.Equal(t, diag.SizeMismatch, d.Code)
	assert.Equal(t, 1, d.Span.Start.Line)
	require.Len(t, d.Notes, 2)
	assert.Equal(t, "in this use of `A`", d.Notes[1].Text)
	assert.Equal(t, 5, d.Notes[1].Span.Start.Line)

	_, list = checked(t, "input x[4]\nrepeat 5 { linear 4->3 }")
	require.Len(t, list, 1)
	assert.Equal(t, "in round 2", list[0].Notes[1].Text)
}

// Few lines cannot ask for much: what a spec grows to is limited, and found out fast.
func TestExpansionIsLimited(t *testing.T) {
	var doubling strings.Builder
	doubling.WriteString("block A0x { relu }\n")
	for i := range 60 {
		fmt.Fprintf(&doubling, "block A%dx { A%dx; A%dx }\n", i+1, i, i)
	}
	doubling.WriteString("input x[3]\nA60x\nlinear 1")
	var deep strings.Builder
	deep.WriteString("block A0x { relu }\n")
	for i := range 100 {
		fmt.Fprintf(&deep, "block A%dx { A%dx; relu }\n", i+1, i)
	}
	deep.WriteString("input x[3]\nA100x")
	long := strings.Repeat("long", 100)
	names := strings.Repeat(" x", 65)
	for name, spec := range map[string]string{
		"repetition":               "input x[3]\nrepeat 1000000 { linear 3 }",
		"repetition in repetition": "input x[3]\nrepeat 1000 { repeat 1000 { linear 3 } }",
		"by a constant":            "const n = 30000\ninput x[3]\nrepeat n/2 { relu }",
		"doubling":                 doubling.String(),
		"depth":                    deep.String(),
		"names":                    "block A { relu }\ninput x[3]\n" + long + "a: repeat 1 { " + long + "b: repeat 1 { " + long + "c: A; relu }; relu }",
		"operands":                 "input x[3]\nadd" + names,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, list := checked(t, spec)
			took := time.Since(start)
			t.Log(took)
			assert.Less(t, took, 500*time.Millisecond)
			require.Len(t, list, 1, list.Error())
			assert.Equal(t, diag.LimitExceeded, list[0].Code)
			assert.NotEmpty(t, list[0].Help)
		})
	}
	_, list := checked(t, "input x[3]\n"+strings.Repeat("relu\n", 9_999))
	assert.False(t, list.HasErrors(), "what is just within the limit is taken")
}

// Products that wrap around 2⁶³ are too large like any other.
func TestProductsThatWrap(t *testing.T) {
	for name, spec := range map[string]string{
		"an input":     "input x[4294967296, 4294967296]",
		"two axes":     "input x[1000000000, 1000000000, 1000000000]",
		"a weight":     "input x[1000000]\nlinear 1000000",
		"a constant":   "const n = 9007199254740992*1024\ninput x[n]",
		"a multiple":   "const n = 9007199254740992\ninput x[n*n]",
		"of a batch":   "input x[1000000]\nlinear 10\nloss mse; sgd\nbatch 1000000000",
		"one hot":      "input x[100000] of 1000000\nonehot; flatten; linear 1",
		"joined":       "input x[536870912]\nconcat x x x\noutput x",
		"by repeating": "input x[1000000]\nrepeat 1000 { concat x; relu }",
	} {
		t.Run(name, func(t *testing.T) {
			_, list := checked(t, spec)
			require.True(t, list.HasErrors())
			for _, d := range list {
				assert.Contains(t, []string{diag.TooLarge, diag.OutOfRange}, d.Code, d.String())
			}
		})
	}
}

// Sums of sizes do not wrap either, though each of them is within the limit.
func TestSumsThatWrap(t *testing.T) {
	_, list := checked(t, `input x[1073741824, 1]
a: linear 1->268435456 bias=false
b: linear 268435456->1 bias=false
repeat 31 {
    linear 1->268435456 tied=a bias=false
    linear 268435456->1 tied=b bias=false
}`)
	require.True(t, list.HasErrors())
	assert.Equal(t, diag.TooLarge, list[0].Code)
}

func TestElementsCanBeRaised(t *testing.T) {
	file, _ := grammar.Parse("spec.nn", []byte("input x[1000000]\nlinear 2000"))
	_, list := check.File(file, check.Options{Model: "Spec"})
	assert.True(t, list.HasErrors())
	_, list = check.File(file, check.Options{Model: "Spec", Elements: 1 << 40})
	assert.Empty(t, list)
}

// What a statement whose syntax is wrong would have declared is not called undefined.
func TestTornDeclarations(t *testing.T) {
	src := "const w = \nblock A(n { linear n }\ninput x[4]\nh: linear 3 =\nlinear w\nA 3\nadd h\nlinear w->3 bias=w\nadd other"
	file, syntax := grammar.Parse("spec.nn", []byte(src))
	require.NotEmpty(t, syntax)
	var unparsed []diag.Span
	for _, d := range syntax {
		unparsed = append(unparsed, d.Span)
	}
	_, list := check.File(file, check.Options{Model: "Spec", Unparsed: unparsed})
	require.Len(t, list, 1, list.Error())
	assert.Contains(t, list[0].Summary, "`other` is not defined")
}

// A statement whose syntax is wrong hides what flows behind it, within its body and behind it.
func TestTornBodies(t *testing.T) {
	src := "input x[4]\nrepeat 2 {\n    linear 3->\n    linear 7->4\n}\nlinear 9->1\nloss mse; sgd"
	file, syntax := grammar.Parse("spec.nn", []byte(src))
	require.Len(t, syntax, 1)
	_, list := check.File(file, check.Options{Model: "Spec", Unparsed: []diag.Span{syntax[0].Span}})
	assert.Empty(t, list, list.Error())
}
