package compiler_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

var scheduleLine = regexp.MustCompile(`(?m)^schedule .*\n`)

// TestRecipe trains nets under clipping and schedules as PyTorch did, and compares the way and the end; make.py in
// testdata/recipe says with what. A model without the schedule whose rates are set by hand, step by step, must come
// to the same end.
func TestRecipe(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	const files = "testdata/recipe/recipe"
	listed, want := readNets(t, files)
	for _, n := range listed.Nets {
		if n.Scheduled && n.Accumulate == 0 {
			listed.Nets = append(listed.Nets, n.byHand())
		}
	}
	got := listed.train(t, files+".safetensors")

	worst := deviations{}
	for _, n := range listed.Nets {
		t.Run(n.Name, func(t *testing.T) {
			compareWithPyTorch(t, n, got, want, worst)
			compareForms(t, n, got)
			n.compareFrozen(t, got, want)
			n.compareSteps(t, got)
		})
	}
	worst.log(t)
}

// byHand returns the net without its schedule, with the rates that PyTorch's schedule had.
func (n *trainedNet) byHand() *trainedNet {
	set := *n
	set.Name, set.Scheduled, set.ByHand = n.Name+"ByHand", false, true
	set.Spec = scheduleLine.ReplaceAllString(n.Spec, "")
	return &set
}

// compareSteps asks how many steps the model says it has done, by Train and by the four calls.
func (n *trainedNet) compareSteps(t *testing.T, got *weights.File) {
	if !n.Scheduled && !n.ByHand && n.Accumulate == 0 {
		return
	}
	for _, form := range []string{"", "calls/", "mixed/"} {
		counted, ok := got.Tensor(n.Name + "/" + form + "steps")
		require.True(t, ok, form)
		assert.Equal(t, []int64{int64(n.updates())}, counted.I64, form)
	}
}
