package op_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

var pythonPlace = regexp.MustCompile(`\{(\w+)\}`)

// What a card says of PyTorch names operands that there are, and parts that there are.
func TestTorchTexts(t *testing.T) {
	each(t, func(t *testing.T, card *ir.Op, sample op.Sample) {
		if card.Torch == nil {
			return
		}
		_, n := node(card, sample.Types)
		rule := card.Torch(n)
		if rule.Call == "" { // a rule for what stands in a layer with others
			return
		}
		wellFormed(t, n, rule)
	})
}

// wellFormed tests the texts of a rule.
func wellFormed(t *testing.T, n *ir.Node, rule ir.Torch) {
	operands := rule.Operands
	if operands == nil {
		operands = n.In
	}
	for _, text := range []string{rule.Module, rule.Call, rule.Count} {
		depth := 0
		for _, c := range text {
			depth += strings.Count("([", string(c)) - strings.Count(")]", string(c))
			assert.GreaterOrEqual(t, depth, 0, text)
		}
		assert.Zero(t, depth, text)
		for _, found := range pythonPlace.FindAllStringSubmatch(text, -1) {
			switch name := found[1]; {
			case name == "m":
				assert.NotEmpty(t, rule.Module, text)
			case name == "stream":
				assert.Equal(t, text, rule.Module, "an object has a stream")
			default:
				i, err := strconv.Atoi(name)
				assert.NoError(t, err, text)
				assert.Less(t, i, len(operands), text)
			}
		}
	}
	assert.Equal(t, rule.Module != "", strings.Contains(rule.Call, "{m}"), "%s, %s", rule.Module, rule.Call)
	for _, part := range rule.Parts {
		_, err := os.Stat(fmt.Sprintf("../export/pytorch/parts/%s.py", part))
		assert.NoError(t, err)
	}
}
