package check_test

import (
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/check"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

func checked(t *testing.T, spec string) (*ir.Graph, diag.List) {
	t.Helper()
	file, list := grammar.Parse("spec.nn", []byte(spec))
	require.Empty(t, list)
	g, list := check.File(file, check.Options{Model: "Spec"})
	require.Equal(t, g == nil, list.HasErrors())
	return g, list
}

var expected = regexp.MustCompile(`// (ERROR|WARNING) "(.*)"$`)

// advised is the word at the beginning of what a help says to write.
var advised = regexp.MustCompile("(?:write|put|or|with) `(?:loss |metric )?([a-z_0-9]+)[ `;]")

// Every diagnostic is expected on its line, and everything expected comes, in one run of each spec.
func TestMistakes(t *testing.T) {
	text, err := os.ReadFile("testdata/errors.txt")
	require.NoError(t, err)
	specs := strings.Split(string(text), "\n---\n")[1:]
	require.Greater(t, len(specs), 50)
	seen := map[string]bool{}
	for _, spec := range specs {
		name, _, _ := strings.Cut(spec, "  ")
		t.Run(name, func(t *testing.T) {
			_, list := checked(t, spec)
			lines := map[int][]string{}
			for _, d := range list {
				seen[d.Code] = true
				for _, m := range advised.FindAllStringSubmatch(d.Help, -1) {
					_, planned := vocab.Planned(m[1], vocab.Kinds...)
					assert.False(t, planned, "there is no %s to follow this with: %s", m[1], d.Help)
				}
				lines[d.Span.Start.Line] = append(lines[d.Span.Start.Line], d.Severity.String()+" "+d.Code+" "+d.Summary+" "+d.Help)
			}
			for i, line := range strings.Split(spec, "\n") {
				m := expected.FindStringSubmatch(line)
				if m == nil {
					assert.Empty(t, lines[i+1], "line %d: %s", i+1, line)
					continue
				}
				if assert.Len(t, lines[i+1], 1, "line %d: %s", i+1, line) {
					assert.Regexp(t, "^"+strings.ToLower(m[1])+" .*(?:"+m[2]+")", lines[i+1][0])
				}
			}
		})
	}
	for _, entry := range diag.Codes {
		if entry.Code >= diag.UnknownWord && entry.Code != diag.WrongRank {
			assert.True(t, seen[entry.Code], "no spec shows %s, %s", entry.Code, entry.Title)
		}
	}
}

func TestRecipe(t *testing.T) {
	g, list := checked(t, "// Prices.\nmodel House\nlinear 3->1\nloss mse\nmetric r2\nsgd 0.1 momentum=0.9\nbatch 7\nepochs 4\nseed 5")
	require.Empty(t, list)
	assert.Equal(t, "House", g.Model)
	assert.Equal(t, "Prices.", g.Doc)
	assert.Equal(t, 7, g.Recipe.Batch)
	assert.Equal(t, 4, g.Recipe.Epochs)
	assert.Equal(t, uint64(5), g.Recipe.Seed)
	assert.Equal(t, []string{"momentum"}, g.Recipe.Optimiser.Slots)
	assert.Equal(t, "r2", g.Recipe.Metrics[0].Name)
	assert.Equal(t, ir.Pos{Line: 6, Col: 1}, g.Recipe.Optimiser.Pos)
}

// What is known of a loss beyond its name: the table of the language's losses.
func TestLossesSayWhatTheyAre(t *testing.T) {
	for loss, want := range map[string]ir.Criterion{
		"mse":           {Kind: ir.Quantity, Link: ir.Identity},
		"mae":           {Kind: ir.Quantity, Link: ir.Identity},
		"bce_logits":    {Kind: ir.Flag, Link: ir.Sigmoid},
		"cross_entropy": {Kind: ir.Class, Link: ir.Softmax},
	} {
		g, list := checked(t, "linear 4->3; loss "+loss+"; sgd")
		require.Empty(t, list, loss)
		got := g.Recipe.Losses[0]
		assert.Equal(t, want, ir.Criterion{Kind: got.Kind, Link: got.Link}, loss)
	}
}

func TestDefaults(t *testing.T) {
	g, _ := checked(t, "linear 3->1; loss mse; sgd")
	assert.Equal(t, ir.Recipe{Losses: g.Recipe.Losses, Optimiser: g.Recipe.Optimiser, Batch: 32, Epochs: 1}, g.Recipe)
	assert.Equal(t, "Spec", g.Model)
	assert.Equal(t, "x", g.Inputs[0].Name)
	assert.Equal(t, "target", g.Targets[0].Name)
}

func TestTheBatchOverridesTheSpecs(t *testing.T) {
	file, _ := grammar.Parse("spec.nn", []byte("linear 3->1; loss mse; sgd; batch 7"))
	g, list := check.File(file, check.Options{Model: "Spec", Batch: 9})
	require.Empty(t, list)
	assert.Equal(t, 9, g.Recipe.Batch)
}

// Names depend on nothing but the text: labels, else the word and its ordinal among all statements of that word.
func TestNames(t *testing.T) {
	g, _ := checked(t, "input x[4]\nlinear 3\nkeep: linear 3\nlinear 3 bias=false\nloss mse; sgd")
	var names []string
	for _, p := range g.Params {
		names = append(names, p.Name+" "+p.Type.Shape.String())
	}
	assert.Equal(t, []string{"linear1.weight [3, 4]", "linear1.bias [3]", "keep.weight [3, 3]", "keep.bias [3]", "linear3.weight [3, 3]"}, names)
}

// PyTorch's nn.Linear draws weights and biases from ±1/√fan-in.
func TestInitialisationOfLinear(t *testing.T) {
	g, _ := checked(t, "linear 16->3; loss mse; sgd")
	for _, p := range g.Params {
		assert.Equal(t, 0.25, p.Init.Uniform, p.Name)
	}
}

func TestWordsDeclareWhatTheyTake(t *testing.T) {
	for _, w := range vocab.Words() {
		assert.NotEmpty(t, w.Doc, w.Name)
		assert.Contains(t, w.Usage, w.Name)
		assert.True(t, w.Kind == vocab.Structure || w.Kind == vocab.Metric || w.Build != nil || w.Behind != 0, w.Name)
		assert.Equal(t, w.Kind == vocab.Metric, w.Suits != nil, w.Name)
		for _, a := range w.Args {
			assert.NotEmpty(t, a.Doc, "%s %s", w.Name, a.Name)
			assert.LessOrEqual(t, a.Min, a.Max, "%s %s", w.Name, a.Name)
			if a.IsNumeric() && !a.Required {
				assert.True(t, math.IsNaN(a.Default) || a.InRange(a.Default), "%s %s", w.Name, a.Name)
			}
			assert.True(t, slices.IsSorted(a.Lengths) && (a.IsList() || a.Lengths == nil && !a.Single), "%s %s", w.Name, a.Name)
			assert.Equal(t, a.Kind == vocab.Choice, !a.IsNumeric() && a.Choices != nil, "%s %s", w.Name, a.Name)
		}
	}
}
