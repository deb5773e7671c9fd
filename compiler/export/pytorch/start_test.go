package pytorch

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/nnc-lang/nnc/compiler/ir"
)

func params(names map[string]ir.Init, order ...string) []*ir.Value {
	var list []*ir.Value
	for _, name := range order {
		list = append(list, &ir.Value{Name: name, Init: names[name]})
	}
	return list
}

func TestStarts(t *testing.T) {
	half, one := ir.Init{Uniform: 0.5}, ir.Init{Fill: 1}
	inits := map[string]ir.Init{"linear1.weight": half, "linear1.bias": half, "layer1.0.norm1.weight": one, "layer1.1.norm1.weight": one,
		"layer1.0.norm1.bias": {}, "layer1.1.norm1.bias": {}, "norm1.weight": one, "norm1.bias": {}}
	got := starts(params(inits, "linear1.weight", "linear1.bias", "layer1.0.norm1.weight", "layer1.0.norm1.bias",
		"layer1.1.norm1.weight", "layer1.1.norm1.bias", "norm1.weight", "norm1.bias"))
	assert.Equal(t, []starting{{"linear1.*", half}, {"*norm*.weight", one}, {"*norm*.bias", ir.Init{}}}, got)

	inits["layer1.1.norm1.weight"] = half // an init of one round
	got = starts(params(inits, "layer1.0.norm1.weight", "layer1.1.norm1.weight"))
	assert.Equal(t, []starting{{"layer1.0.norm1.*", one}, {"layer1.1.norm1.*", half}}, got)
}

// Whatever the names and starts are, the first rule that fits a name gives it its own.
func TestStartsAreEachTensorsOwn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		component := rapid.SampledFrom([]string{"a1", "a2", "norm1", "norm12", "layer1", "0", "1", "10", "weight", "b"})
		inits := rapid.SampledFrom([]ir.Init{{}, {Fill: 1}, {Uniform: 0.5}, {Normal: 1}})
		seen := map[string]bool{}
		var list []*ir.Value
		for range rapid.IntRange(1, 12).Draw(t, "count") {
			name := component.Draw(t, "layer")
			for range rapid.IntRange(0, 2).Draw(t, "depth") {
				name += "." + component.Draw(t, "component")
			}
			if name += "." + rapid.SampledFrom([]string{"weight", "bias"}).Draw(t, "tensor"); !seen[name] {
				seen[name] = true
				list = append(list, &ir.Value{Name: name, Init: inits.Draw(t, "init")})
			}
		}
		if rules := starts(list); !right(rules, list) {
			t.Fatalf("%v for %v", rules, list)
		}
	})
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		fits          bool
	}{
		{"linear1.weight", "linear1.weight", true},
		{"linear1.*", "linear1.weight", true},
		{"linear1.*", "linear10.weight", false},
		{"*norm*.bias", "layer1.0.norm1.bias", true},
		{"*norm*.bias", "norm.bia", false},
		{"a.*.b", "a.b", false},
		{"a*a", "a", false},
		{"a.*.b.*.c", "a.0.b.1.c", true},
	} {
		assert.Equal(t, c.fits, fits(c.pattern, c.name), fmt.Sprint(c.pattern, " ", c.name))
	}
}

// Numbers are the shortest that make the same float32.
func TestHow(t *testing.T) {
	for want, init := range map[string]ir.Init{
		`("uniform", 0.2773501)  # ±1/√13`: {Uniform: 0.2773500981126146},
		`("uniform", 0.3)`:                 {Uniform: 0.3},
		`("normal", 0.02)`:                 {Normal: 0.02},
		`("fill", 1)`:                      {Fill: 1},
		`("fill", 0)`:                      {},
		`("fill", -1e-07)`:                 {Fill: -1e-7},
	} {
		text, comment := how(init)
		assert.Equal(t, want, text+comment)
	}
}
