package gogen

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the training loop is told of the recipe, a metric being named with its output.
func TestDriverHandsTheRecipeOver(t *testing.T) {
	p := planned(t, "input x[4]\nlinear 8; body: relu\nfrom body; price: linear 1\nfrom body; area: linear 2\n"+
		"loss mse price; loss mae area; metric mae price; metric mae area\nadam 0.25\nstop patience=3 monitor=\"area.mae\" min_delta=0.5")
	source, err := Driver(p)
	require.NoError(t, err)
	assert.Contains(t, string(source), `&train.Stop{Patience: 3, Monitor: "area.mae", Metric: &train.Metric{Name: "mae", Output: 1}, MinDelta: 0.5}`)
	assert.Regexp(t, `LR: +0\.25,`, string(source))
	assert.Regexp(t, `Reset: +m\.Reset,`, string(source))

	source, err = Driver(planned(t, "linear 4->1; loss mse; metric mae; sgd; stop patience=1"))
	require.NoError(t, err)
	assert.Contains(t, string(source), `&train.Stop{Patience: 1, Monitor: "loss", MinDelta: 0}`)

	source, err = Driver(planned(t, "linear 4->6; loss cross_entropy; metric f1; metric top k=2; sgd; stop patience=1 monitor=top"))
	require.NoError(t, err)
	assert.Contains(t, string(source), `[]train.Metric{{Name: "f1", Output: 0}, {Name: "top", Output: 0, Number: 2}}`)
	assert.Contains(t, string(source), `Metric: &train.Metric{Name: "top", Output: 0, Number: 2}`)

	source, err = Driver(planned(t, "linear 4->1; loss mse; sgd"))
	require.NoError(t, err)
	assert.NotContains(t, string(source), "train.Stop")
}

// Balanced classes make a model that takes weights of rows, which the driver hands on apart from the targets.
func TestDriverHandsWeightsOn(t *testing.T) {
	source, err := Driver(planned(t, "linear 4->3; loss cross_entropy class_weights=balanced; sgd"))
	require.NoError(t, err)
	assert.Contains(t, string(source), "if _, err := m.Forward(b.Inputs[0].Float); err != nil {")
	assert.Contains(t, string(source), "loss, err := m.Loss(b.Targets[0].Int, b.RowWeights())")
	assert.Contains(t, string(source), "m.Evaluate(b.Inputs[0].Float, b.Targets[0].Int, b.RowWeights(), out[0], losses)")
	assert.Regexp(t, `Weighted: +true,`, string(source))
	assert.Contains(t, string(source), "Balanced: true}")
	assert.NotContains(t, string(source), "row.weights")
}
