package main

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README shows what the program prints.
func TestReadme(t *testing.T) {
	var printed bytes.Buffer
	require.NoError(t, run(&printed))
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.Contains(t, string(readme), printed.String())
}

// torch is testdata/pytorch.json, which pytorch.py wrote.
type torch struct {
	Inputs, Labels []float32
	Start          map[string][]float32
	Steps          []struct {
		Outputs               []float64
		Loss                  float64
		Gradients, Parameters map[string][]float64
	}
}

func readTorch(t *testing.T) torch {
	text, err := os.ReadFile("testdata/pytorch.json")
	require.NoError(t, err)
	var want torch
	require.NoError(t, json.Unmarshal(text, &want))
	require.Len(t, want.Steps, 20)
	return want
}

// model returns a model with the parameters that PyTorch started from.
func (want torch) model(t *testing.T) *Seed {
	m := NewSeed()
	require.Len(t, m.Params(), len(want.Start))
	for _, p := range m.Params() {
		require.NoError(t, p.Set(want.Start[p.Name]))
	}
	return m
}

// rounding is far above what float32 loses in these few sums of numbers around 1, and far below any mistake.
const rounding = 2e-6

func TestStepIsPyTorchs(t *testing.T) {
	want := readTorch(t)
	m := want.model(t)
	for i, step := range want.Steps {
		outputs, err := m.Forward(want.Inputs)
		require.NoError(t, err)
		assert.InDeltaSlice(t, step.Outputs, outputs, rounding, "outputs of step %d", i)
		loss, err := m.Loss(want.Labels)
		require.NoError(t, err)
		assert.InDelta(t, step.Loss, loss, rounding, "loss of step %d", i)
		require.NoError(t, m.Backward())
		for _, p := range m.Params() {
			grad := make([]float32, p.Len())
			require.NoError(t, p.Grad(grad))
			assert.InDeltaSlice(t, step.Gradients[p.Name], grad, rounding, "∂%s of step %d", p.Name, i)
		}
		require.NoError(t, m.Step())
		for _, p := range m.Params() {
			assert.InDeltaSlice(t, step.Parameters[p.Name], values(t, m)[p.Name], rounding, "%s after step %d", p.Name, i)
		}
	}
}

func TestTrainIsTheFourCalls(t *testing.T) {
	want := readTorch(t)
	whole, parts := want.model(t), want.model(t)
	for range want.Steps {
		trained, err := whole.Train(want.Inputs, want.Labels)
		require.NoError(t, err)
		_, err = parts.Forward(want.Inputs)
		require.NoError(t, err)
		judged, err := parts.Loss(want.Labels)
		require.NoError(t, err)
		require.NoError(t, parts.Backward())
		require.NoError(t, parts.Step())

		require.Equal(t, judged, trained)
		require.Equal(t, values(t, parts), values(t, whole))
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	want := readTorch(t)
	m := want.model(t)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = m.Train(want.Inputs, want.Labels) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		_, _ = m.Forward(want.Inputs)
		_, _ = m.Loss(want.Labels)
		_ = m.Backward()
		_ = m.Step()
	}))
}

// values are the model's parameters by name.
func values(t *testing.T, m *Seed) map[string][]float32 {
	all := map[string][]float32{}
	for _, p := range m.Params() {
		all[p.Name] = make([]float32, p.Len())
		require.NoError(t, p.Get(all[p.Name]))
	}
	return all
}
