package nnrt

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestUnmadeNamesTheConstructor(t *testing.T) {
	assert.EqualError(t, Unmade("Net.Save", "Net"), "Net.Save: this Net was not made by NewNet")
	assert.EqualError(t, UnmadePredictor("Net.Predict", "Net"),
		"Net.Predict: this NetPredictor was not made by LoadNetPredictor, nor by the Predictor of a Net that NewNet made")
}

func TestApart(t *testing.T) {
	memory := make([]float32, 10)
	for name, c := range map[string]struct {
		in, out []float32
		apart   bool
	}{
		"neighbours":     {memory[:5], memory[5:], true},
		"the other way":  {memory[5:], memory[:5], true},
		"one in common":  {memory[:6], memory[5:], false},
		"the same":       {memory, memory, false},
		"one in another": {memory, memory[3:4], false},
		"another array":  {memory, make([]float32, 10), true},
		"no rows":        {memory[3:3], memory[3:3], true},
		"nothing read":   {nil, memory, true},
	} {
		err := Apart("Net.Predict", "x", c.in, "out", c.out)
		if c.apart {
			assert.NoError(t, err, name)
		} else {
			assert.EqualError(t, err, "Net.Predict: x and out share memory: give each its own", name)
		}
	}
	ints := Int32s(memory)
	assert.Error(t, Apart("Net.Predict", "x", ints[2:4], "out", memory))
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = Apart("Net.Predict", "x", memory[:5], "out", memory[5:]) }))
}
