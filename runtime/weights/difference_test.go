package weights

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// floats is a tensor of 0, 1, 2 … from some number on.
func floats(name string, from float32, shape ...int) Tensor {
	t := Tensor{Name: name, DType: F32, Shape: shape, F32: make([]float32, count(shape))}
	for i := range t.F32 {
		t.F32[i] = from + float32(i)
	}
	return t
}

// What fits comes in the model's order, under its names, and of a type that is written.
func TestFitIsWhatTheModelWants(t *testing.T) {
	half := floats("linear1.bias", 7, 2)
	half.DType = F16
	f := &File{Tensors: []Tensor{{Name: "steps", DType: U8, I64: []int64{3}}, half, floats("linear1.weight", 0, 2, 3)}}
	d := f.Compare([]Want{{Name: "linear1.weight", Shape: []int{2, 3}}, {Name: "linear1.bias", Shape: []int{2}}, {Name: "steps", DType: I64}})
	require.NoError(t, d.Err())
	assert.Equal(t, []Tensor{floats("linear1.weight", 0, 2, 3), floats("linear1.bias", 7, 2), {Name: "steps", DType: I64, I64: []int64{3}}}, d.Fit)
}

// A tensor that layers share may be in a file by the name of each of them.
func TestSharedTensors(t *testing.T) {
	want := []Want{{Name: "embedding1.weight", Shape: []int{4, 2}, Also: []string{"linear1.weight", "linear2.weight"}}}
	first, second := floats("embedding1.weight", 0, 4, 2), floats("linear2.weight", 0, 4, 2)
	for _, tensors := range [][]Tensor{{first}, {second}, {first, second}, {second, first}} {
		d := (&File{Tensors: tensors}).Compare(want)
		require.NoError(t, d.Err())
		assert.Equal(t, []Tensor{first}, d.Fit)
	}
	second.F32 = append([]float32{}, first.F32...)
	second.F32[7] = 100
	assert.ErrorContains(t, (&File{Tensors: []Tensor{second, first}}).Match(want),
		`"embedding1.weight" and "linear2.weight" are one tensor in the model, but hold different numbers in the file`)
	second.Shape = []int{2, 4}
	assert.ErrorContains(t, (&File{Tensors: []Tensor{first, second}}).Match(want), `"linear2.weight": the file has [2, 4], the model wants [4, 2]`)
}

// PyTorch's attention has in one tensor what are three here.
func TestPackedTensors(t *testing.T) {
	var want []Want
	for _, c := range []struct {
		part string
		rows int
	}{{"query", 2}, {"key", 1}, {"value", 1}} {
		want = append(want,
			Want{Name: "a." + c.part + ".weight", Shape: []int{c.rows, 3}, Packed: "a.in_proj_weight"},
			Want{Name: "a." + c.part + ".bias", Shape: []int{c.rows}, Packed: "a.in_proj_bias"})
	}
	want = append(want, Want{Name: "a.out.weight", Shape: []int{2, 2}, Packed: "a.out_proj.weight"}, Want{Name: "linear1.bias", Shape: []int{1}})
	separate := []Tensor{
		floats("a.query.weight", 0, 2, 3), floats("a.query.bias", 50, 2), floats("a.key.weight", 6, 1, 3), floats("a.key.bias", 52, 1),
		floats("a.value.weight", 9, 1, 3), floats("a.value.bias", 53, 1), floats("a.out.weight", 70, 2, 2), floats("linear1.bias", 90, 1),
	}
	joined := []Tensor{floats("a.in_proj_weight", 0, 4, 3), floats("a.in_proj_bias", 50, 4), floats("a.out_proj.weight", 70, 2, 2), floats("linear1.bias", 90, 1)}

	for _, tensors := range [][]Tensor{separate, joined} {
		d := (&File{Tensors: tensors}).Compare(want)
		require.NoError(t, d.Err())
		assert.Equal(t, separate, d.Fit)
		assert.Equal(t, joined, Packed(d.Fit, want))
	}

	wrong := append([]Tensor{floats("a.in_proj_weight", 0, 3, 4)}, joined[1:]...)
	assert.EqualError(t, (&File{Tensors: wrong}).Match(want), `the weights do not fit the model
  different:
    "a.in_proj_weight": the file has [3, 4], the model wants [4, 3]: its axes have another order; in PyTorch, save tensor.permute(1, 0).contiguous()`)
	assert.ErrorContains(t, (&File{Tensors: append(joined[:4:4], separate...)}).Match(want), "not in the model")
}
