package pytorch

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAttributesAreSorted(t *testing.T) {
	assert.True(t, slices.IsSorted(attributes))
	assert.True(t, slices.IsSorted(builtins))
	for _, name := range []string{"half", "train", "type", "forward", "float", "training", "append", "class", "lambda", "_a", "__init__"} {
		assert.True(t, attribute(name), name)
	}
	for _, name := range []string{"linear1", "self_", "x", "data", "weight", "F"} {
		assert.False(t, attribute(name), name)
	}
}

// What is renamed is no other's name, neither one of the spec's nor one that is renamed.
func TestRenamed(t *testing.T) {
	assert.Empty(t, renamed([]string{"head", "linear1"}))
	assert.Equal(t, map[string]string{"half": "half_", "train": "train_"}, renamed([]string{"half", "linear1", "train"}))
	assert.Equal(t, map[string]string{"half": "half___"}, renamed([]string{"half", "half_", "half__"}))
	assert.Equal(t, map[string]string{"_a": "layer_a_", "class": "class_"}, renamed([]string{"_a", "class"}))
}

func TestTake(t *testing.T) {
	n := taken([]string{"F", "linear1"})
	for _, c := range [][2]string{{"F", "F2"}, {"F", "F3"}, {"linear1", "linear1_2"}, {"x", "x"}, {"x", "x2"}, {"lambda", "lambda_"}, {"lambda", "lambda2"}} {
		assert.Equal(t, c[1], n.take(c[0]), c[0])
	}
}

func TestVariable(t *testing.T) {
	for name, want := range map[string]string{"layer1.0.attention1": "attention1", "x": "x", "∂x'": "x", "layer1.0": "v0", "a.relu1'2": "relu12"} {
		assert.Equal(t, want, variable(name), name)
	}
}

func TestCamel(t *testing.T) {
	for name, want := range map[string]string{"attention1": "Attention", "half_price": "HalfPrice", "residual12": "Residual", "b": "B", "_": "Part", "x2y3": "X2y"} {
		assert.Equal(t, want, camel(name), name)
	}
}

func TestWords(t *testing.T) {
	assert.Equal(t, []string{"F", "x", "mask", "y", "len"}, words("F.relu(x, mask=y.data) + len"))
	assert.Equal(t, []string{"F", "x", "y", "len"}, spoken("F.relu(x, mask=y.data) + len"))
	assert.Equal(t, []string{"f", "a", "b"}, spoken("f(a == b)"))
	assert.Equal(t, []string{"def", "a", "say", "f", "House"}, words("def a:\n    \"\"\"A House. \"What\" # it is\n    \"\"\"\n    say(\"#N/A House \\\" x\", f\"{House}\")  # of \"x\n"))
}
