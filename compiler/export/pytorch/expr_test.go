package pytorch

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// An operand stands in parentheses where an operator or a dot is beside it, and nowhere else.
func TestOperands(t *testing.T) {
	x, y := &ir.Value{Name: "x"}, &ir.Value{Name: "y"}
	texts := map[*ir.Value]string{x: "a + b", y: "f(c, d)[0].e"}
	for template, want := range map[string]string{
		"{0}":                    "a + b",
		"F.relu({0})":            "F.relu(a + b)",
		"{0} * {1}":              "(a + b) * f(c, d)[0].e",
		"{1} * {0}":              "f(c, d)[0].e * (a + b)",
		"{0}.flatten(1)":         "(a + b).flatten(1)",
		"-{0}":                   "-(a + b)",
		"torch.cat([{0}, {1}])":  "torch.cat([a + b, f(c, d)[0].e])",
		"g(m={0}, k={1})":        "g(m=a + b, k=f(c, d)[0].e)",
		"{m}({0})":               "self.linear1(a + b)",
		"g({0} * 2)":             "g((a + b) * 2)",
		"h({0}[..., None], {1})": "h((a + b)[..., None], f(c, d)[0].e)",
	} {
		e := express(template, []*ir.Value{x, y}, "self.linear1", func(*ir.Value) string { return "" })
		assert.Equal(t, want, e.write(func(v *ir.Value) string { return texts[v] }), template)
	}
}

func TestFixedOperands(t *testing.T) {
	x, w := &ir.Value{Name: "x"}, &ir.Value{Name: "w", Role: ir.Param}
	e := express("{0} * {1}", []*ir.Value{x, w}, "", func(v *ir.Value) string {
		if v == w {
			return "self.scale.weight"
		}
		return ""
	})
	assert.Equal(t, []*ir.Value{x}, e.values())
	assert.Equal(t, "a * self.scale.weight", e.write(func(*ir.Value) string { return "a" }))
}

// A line is broken inside of brackets, where the fewest are open; strings are not.
func TestWrap(t *testing.T) {
	assert.Equal(t, []string{"x = f(a, b)"}, wrap("x = f(a, b)", 20))
	assert.Equal(t, []string{"x = f(aaaaaa,", "    bbbbbb, cccc)"}, wrap("x = f(aaaaaa, bbbbbb, cccc)", 18))
	assert.Equal(t, []string{"x = f(a, g(b, c),", "    d)"}, wrap("x = f(a, g(b, c), d)", 18))
	assert.Equal(t, []string{"x = (aaaa * bbbb", "    + cccc)"}, wrap("x = (aaaa * bbbb + cccc)", 18))
	assert.Equal(t, []string{`x = f("a, b, c, d, e",`, "    2)"}, wrap(`x = f("a, b, c, d, e", 2)`, 22))
	assert.Equal(t, []string{"x = aaaa + bbbb + cccc"}, wrap("x = aaaa + bbbb + cccc", 18), "no bracket is open")
	for _, line := range wrap("return ["+strings.Repeat("self.layer(x), ", 40)+"y]", width) {
		assert.LessOrEqual(t, len(line), width)
	}
}

func TestItems(t *testing.T) {
	assert.Equal(t, []string{"f(a, b)", "g[c, d]"}, items("(f(a, b), g[c, d])"))
}
