package weights_test

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// A file of PyTorch's nn.Sequential gets the names of a model here.
func ExampleMapping() {
	f := &weights.File{Tensors: []weights.Tensor{
		{Name: "0.weight", DType: weights.F32, Shape: []int{1, 2}, F32: []float32{1, 2}},
		{Name: "0.bias", DType: weights.F32, Shape: []int{1}, F32: []float32{3}},
		{Name: "temperature", DType: weights.F32, F32: []float32{4}},
	}}
	names, err := weights.ParseMapping("names.txt", []byte("0.* = linear1.*\ntemperature = -"))
	if err != nil {
		panic(err)
	}
	if err := names.Rename(f); err != nil {
		panic(err)
	}
	for _, t := range f.Tensors {
		fmt.Println(t.Name, t.Shape, t.F32)
	}
	// Output:
	// linear1.weight [1 2] [1 2]
	// linear1.bias [1] [3]
}
