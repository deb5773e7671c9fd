package nnrt

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// count returns 1, 2, … n.
func count(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	return x
}

func TestParamSpeaksItsShapeWhateverItsMemory(t *testing.T) {
	for _, c := range []struct {
		name   string
		layout Layout
		shape  []int
		memory []float32 // of the elements 1 … n in the shape's order
	}{
		{"row-major", RowMajor, []int{2, 3}, []float32{1, 2, 3, 4, 5, 6}},
		{"panels", Panels, []int{2, 3}, []float32{1, 4, 2, 5, 3, 6}},
		{"one output", Panels, []int{1, 4}, []float32{1, 2, 3, 4}},
		{"one input", Panels, []int{4, 1}, []float32{1, 2, 3, 4}},
		{"square", Panels, []int{2, 2}, []float32{1, 3, 2, 4}},
		{"more than a panel", Panels, []int{18, 2}, []float32{
			1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32,
			33, 35, 34, 36}},
		{"four axes", Panels, []int{2, 1, 2, 2}, []float32{1, 5, 2, 6, 3, 7, 4, 8}},
		{"vector", RowMajor, []int{3}, []float32{1, 2, 3}},
		{"scalar", RowMajor, nil, []float32{1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := len(c.memory)
			data := make([]float32, n)
			p := NewParam("w", data, c.memory, c.layout, c.shape...)
			assert.Equal(t, n, p.Len())
			assert.Equal(t, "w", p.Name)
			assert.Equal(t, c.shape, p.Shape)

			require.NoError(t, p.Set(count(n)))
			assert.Equal(t, c.memory, data, "in memory")
			got := make([]float32, n)
			require.NoError(t, p.Get(got))
			assert.Equal(t, count(n), got)
			grad := make([]float32, n)
			require.NoError(t, p.Grad(grad))
			assert.Equal(t, count(n), grad, "the gradient lies as the parameter does")
		})
	}
}

func TestParamCopies(t *testing.T) {
	data := count(2)
	p := NewParam("w", data, nil, RowMajor, 2)
	got := make([]float32, 2)
	require.NoError(t, p.Get(got))
	got[0] = 9
	assert.Equal(t, count(2), data)
	data[1] = 7
	require.NoError(t, p.Get(got))
	assert.Equal(t, []float32{1, 7}, got, "a view: it follows its model")
}

func TestParamRefusesWrongLengths(t *testing.T) {
	for _, layout := range []Layout{RowMajor, Panels} {
		for _, n := range []int{0, 5, 7} {
			data := count(6)
			p := NewParam("linear1.weight", data, count(6), layout, 2, 3)
			x := make([]float32, n)
			for call, err := range map[string]error{"Get": p.Get(x), "Set": p.Set(x), "Grad": p.Grad(x)} {
				assert.EqualError(t, err, fmt.Sprintf("%s of linear1.weight: a slice of %d values, but the shape [2 3] has 6", call, n))
			}
			assert.Equal(t, count(6), data)
			assert.Equal(t, make([]float32, n), x)
		}
	}
	assert.EqualError(t, NewParam("bias", count(2), nil, RowMajor, 2).Grad(make([]float32, 2)), "bias has no gradient: it is frozen, or no loss depends on it")
}

func TestTensorsOfIntegersSpeakIntegers(t *testing.T) {
	data := []int64{5, 6}
	c := NewIntTensor("norm1.num_batches_tracked", data, 2)
	assert.Equal(t, 2, c.Len())
	got := make([]int64, 2)
	require.NoError(t, c.GetInts(got))
	assert.Equal(t, []int64{5, 6}, got)
	require.NoError(t, c.SetInts([]int64{7, 8}))
	assert.True(t, c.Integers())
	assert.False(t, NewTensor("w", count(2), RowMajor, 2).Integers())
	assert.Equal(t, []int64{7, 8}, data)

	for want, err := range map[string]error{
		"SetInts of norm1.num_batches_tracked: a slice of 1 values, but the shape [2] has 2": c.SetInts(got[:1]),
		"Get of norm1.num_batches_tracked: its elements are int64: call GetInts":             c.Get(make([]float32, 2)),
		"Set of norm1.num_batches_tracked: its elements are int64: call SetInts":             c.Set(make([]float32, 2)),
		"GetInts of w: its elements are float32: call Get":                                   NewTensor("w", count(2), RowMajor, 2).GetInts(got),
		"SetInts of w: its elements are float32: call Set":                                   NewTensor("w", count(2), RowMajor, 2).SetInts(got),
	} {
		assert.EqualError(t, err, want)
	}
}

func TestParamAllocatesNothing(t *testing.T) {
	for _, layout := range []Layout{RowMajor, Panels} {
		p := NewParam("w", count(6), count(6), layout, 2, 3)
		x := make([]float32, 6)
		assert.Zero(t, testing.AllocsPerRun(10, func() { _, _, _ = p.Get(x), p.Set(x), p.Grad(x) }))
	}
}

// draws.json holds what testdata/draws.py computes from the description in package rng: the same spec and seed
// start from the same bits on every platform, in every version.
func TestDrawsAreWhatIsWrittenDown(t *testing.T) {
	var draws []struct {
		Seed            uint64
		Name            string
		Shape           []int
		Bound, Std      uint32
		Uniform, Normal []uint32
	}
	text, err := os.ReadFile("testdata/draws.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &draws))
	require.NotEmpty(t, draws)
	for _, d := range draws {
		n := 1
		for _, size := range d.Shape {
			n *= size
		}
		layouts := []Layout{RowMajor}
		if len(d.Shape) > 1 {
			layouts = append(layouts, Panels)
		}
		for _, layout := range layouts {
			p := NewParam(d.Name, make([]float32, n), nil, layout, d.Shape...)
			first := func(draw string, want []uint32) {
				require.NotEmpty(t, want)
				values := make([]float32, n)
				require.NoError(t, p.Get(values))
				for i, bits := range want {
					assert.Equal(t, bits, math.Float32bits(values[i]), "%s: %s[%d] with seed %d, layout %v", draw, d.Name, i, d.Seed, layout)
				}
			}
			p.Uniform(d.Seed, math.Float32frombits(d.Bound))
			first("uniform", d.Uniform)
			p.Normal(d.Seed, math.Float32frombits(d.Std))
			first("normal", d.Normal)
		}
	}
}

func TestFillSetsEveryElement(t *testing.T) {
	for _, layout := range []Layout{RowMajor, Panels} {
		data := count(6)
		NewParam("w", data, nil, layout, 2, 3).Fill(0.25)
		assert.Equal(t, []float32{0.25, 0.25, 0.25, 0.25, 0.25, 0.25}, data)
	}
}

func TestUniformDependsOnSeedNameAndShapeOrderAlone(t *testing.T) {
	draw := func(seed uint64, name string, layout Layout) []float32 {
		p := NewParam(name, make([]float32, 35), nil, layout, 5, 7)
		p.Uniform(seed, 0.5)
		x := make([]float32, 35)
		require.NoError(t, p.Get(x))
		return x
	}
	x := draw(1, "w", RowMajor)
	assert.Equal(t, x, draw(1, "w", Panels))
	assert.NotEqual(t, x, draw(2, "w", RowMajor))
	assert.NotEqual(t, x, draw(1, "v", RowMajor))
	for _, v := range x {
		assert.True(t, v >= -0.5 && v < 0.5)
	}
}

// A parameter with an average elsewhere sets both; one that lies at the same place has none of its own.
func TestAveragesFollowWhatIsSet(t *testing.T) {
	memory, average := count(6), make([]float32, 6)
	frozen := count(2)
	list := []Param{NewParam("w", memory, nil, Panels, 2, 3), NewParam("b", frozen, nil, RowMajor, 2)}
	Averaged(list, []Param{NewParam("w", average, nil, Panels, 2, 3), NewParam("b", frozen, nil, RowMajor, 2)})
	Follow(list)
	assert.Equal(t, count(6), average)
	require.NoError(t, list[0].Set([]float32{7, 8, 9, 10, 11, 12}))
	assert.Equal(t, memory, average)
	assert.Equal(t, float32(10), average[1], "in the order in memory")
	require.NoError(t, list[1].Set([]float32{3, 4}))
	require.NoError(t, list[0].Tensor.Set(count(6)))
	assert.Equal(t, float32(10), average[1], "the tensor is the parameter alone")
	assert.Error(t, list[0].Set(count(5)))
	assert.Zero(t, testing.AllocsPerRun(10, func() { _ = list[0].Set(average) }))
}

func TestStateClearsWhatStepsCount(t *testing.T) {
	step, total, epoch, rate, batches, rows := uint64(3), uint64(4), uint64(5), 0.1, uint64(2), uint64(9)
	plateau := kernel.Plateau{Best: 3, Any: true, Bad: 2, Cooling: 1}
	State{Step: &step, Rate: &rate, Total: &total, EpochSteps: &epoch, Plateau: &plateau, Batches: &batches, Rows: &rows}.Clear()
	assert.Equal(t, []any{uint64(0), uint64(0), uint64(0), 0.0, uint64(0), uint64(0), kernel.Plateau{}}, []any{step, total, epoch, rate, batches, rows, plateau})
}
