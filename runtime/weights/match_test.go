package weights

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMatch(t *testing.T) {
	want := []Want{
		{Name: "linear1.weight", Shape: []int{4, 3}},
		{Name: "linear1.bias", Shape: []int{4}},
		{Name: "norm1.num_batches_tracked", Shape: nil, DType: I64},
	}
	weight := Tensor{Name: "linear1.weight", DType: F32, Shape: []int{4, 3}}
	bias := Tensor{Name: "linear1.bias", DType: F16, Shape: []int{4}}
	count := Tensor{Name: "norm1.num_batches_tracked", DType: I32}
	under := func(prefix string, tensors ...Tensor) []Tensor {
		for i := range tensors {
			tensors[i].Name = prefix + tensors[i].Name
		}
		return tensors
	}
	for name, c := range map[string]struct {
		have []Tensor
		want string // "" for none
	}{
		"fits": {[]Tensor{count, bias, weight}, ""},
		"all sorts": {
			[]Tensor{
				{Name: "linear1.weight", DType: F32, Shape: []int{3, 4}},
				bias,
				{Name: "linear2.bias", DType: F32, Shape: []int{2}},
			},
			`the weights do not fit the model
  missing in the file:
    "norm1.num_batches_tracked" []
  different:
    "linear1.weight": the file has [3, 4], the model wants [4, 3]: its axes have another order; in PyTorch, save tensor.permute(1, 0).contiguous()
  not in the model:
    "linear2.bias" [2]`,
		},
		"kinds": {
			[]Tensor{weight, {Name: "linear1.bias", DType: I64, Shape: []int{4}}, {Name: "norm1.num_batches_tracked", DType: F32}},
			`the weights do not fit the model
  different:
    "linear1.bias": the file has I64, the model wants floating-point numbers
    "norm1.num_batches_tracked": the file has F32, the model wants integers
  Few tensors match: these look like the weights of another model, or of another version of this one.`,
		},
		"another model": {
			[]Tensor{{Name: "conv1.weight", DType: F32, Shape: []int{1}}},
			`the weights do not fit the model
  missing in the file:
    "linear1.weight" [4, 3]
    "linear1.bias" [4]
    "norm1.num_batches_tracked" []
  not in the model:
    "conv1.weight" [1]
  No name matches: these look like the weights of another model, or of one that names its layers otherwise.`,
		},
		"a prefix": {
			under("net.model.", weight, bias, count),
			`the weights do not fit the model
  missing in the file:
    "linear1.weight" [4, 3]: is it "net.model.linear1.weight"?
    "linear1.bias" [4]: is it "net.model.linear1.bias"?
    "norm1.num_batches_tracked" []: is it "net.model.norm1.num_batches_tracked"?
  not in the model:
    "net.model.linear1.weight" [4, 3]
    "net.model.linear1.bias" [4]
    "net.model.norm1.num_batches_tracked" []
  All of the model's names are there behind "net.model.": the weights were saved from a model that contains this one. ` +
				"The line `net.model.* = *` in a map of names takes them over.",
		},
		"a prefix to one": {
			[]Tensor{{Name: "net.linear1.bias", DType: F32, Shape: []int{4}}},
			`the weights do not fit the model
  missing in the file:
    "linear1.weight" [4, 3]
    "linear1.bias" [4]: is it "net.linear1.bias"?
    "norm1.num_batches_tracked" []
  not in the model:
    "net.linear1.bias" [4]
  No name matches: these look like the weights of another model, or of one that names its layers otherwise.`,
		},
		"empty": {
			nil,
			`the weights do not fit the model
  missing in the file:
    "linear1.weight" [4, 3]
    "linear1.bias" [4]
    "norm1.num_batches_tracked" []`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			err := (&File{Tensors: c.have}).Match(want)
			if c.want == "" {
				require.NoError(t, err)
				return
			}
			assert.EqualError(t, err, c.want)
		})
	}
}

func TestMatchCutsLongLists(t *testing.T) {
	var f File
	for i := range 50 {
		f.Tensors = append(f.Tensors, Tensor{Name: fmt.Sprint(strings.Repeat("long", 100), i), DType: F32})
	}
	err := f.Match(nil)
	require.ErrorContains(t, err, "and 30 more")
	assert.Less(t, len(err.Error()), 20*200)
}

// A count of batches may be missing: no prediction depends on it.
func TestCountersMayBeMissing(t *testing.T) {
	counter := Want{Name: "norm1.num_batches_tracked", DType: I64, Counter: true}
	d := (&File{}).Compare([]Want{counter})
	require.NoError(t, d.Err())
	assert.Equal(t, []Tensor{{Name: counter.Name, DType: I64, I64: []int64{0}}}, d.Fit)
	assert.ErrorContains(t, (&File{Tensors: []Tensor{{Name: counter.Name, DType: F32}}}).Match([]Want{counter}), "the model wants integers")
	assert.ErrorContains(t, (&File{Tensors: []Tensor{{Name: counter.Name, DType: I64, Shape: []int{1}}}}).Match([]Want{counter}), "the file has [1]")
}

// Whose axes have another order is told how to turn it, where there is one way only.
func TestTurning(t *testing.T) {
	for _, c := range []struct {
		have, want []int
		order      string
	}{
		{[]int{3, 4}, []int{4, 3}, "tensor.permute(1, 0).contiguous()"},
		{[]int{5, 5, 3, 8}, []int{8, 3, 5, 5}, ""},
		{[]int{5, 7, 3, 8}, []int{8, 3, 5, 7}, "tensor.permute(3, 2, 0, 1).contiguous()"},
		{[]int{3, 4}, []int{4, 5}, ""},
		{[]int{12}, []int{4, 3}, ""},
		{[]int{4, 4}, []int{4, 3}, ""},
	} {
		assert.Equal(t, c.order, turning(c.have, c.want), "%v to %v", c.have, c.want)
	}
}

// What is missing may be there under another name.
func TestNear(t *testing.T) {
	f := &File{Tensors: []Tensor{
		{Name: "fc1.weight", DType: F32, Shape: []int{4, 3}}, {Name: "fc2.weight", DType: F32, Shape: []int{4, 3}},
		{Name: "fc1.bias", DType: F32, Shape: []int{4}}, {Name: "a.scale", DType: F32, Shape: []int{2}}, {Name: "b.scale", DType: F32, Shape: []int{2}},
		{Name: "steps", DType: I64},
	}}
	for name, c := range map[string]struct {
		want Want
		near string
	}{
		"the end of the name": {Want{Name: "linear2.weight", Shape: []int{4, 3}}, "fc2.weight"},
		"another shape":       {Want{Name: "linear2.weight", Shape: []int{3, 4}}, ""},
		"the only one":        {Want{Name: "linear2.bias", Shape: []int{4}}, "fc1.bias"},
		"another last part":   {Want{Name: "linear2.gain", Shape: []int{4}}, ""},
		"two of them":         {Want{Name: "norm1.scale", Shape: []int{2}}, ""},
		"another kind":        {Want{Name: "steps", DType: F32}, ""},
	} {
		near := f.Compare([]Want{c.want, {Name: "steps", DType: F32}}).Near(c.want)
		if c.near == "" {
			assert.Nil(t, near, name)
		} else if assert.NotNil(t, near, name) {
			assert.Equal(t, c.near, near.Name, name)
		}
	}
}
