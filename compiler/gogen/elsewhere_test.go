package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Parameters are found by what files of PyTorch call them, in each round of a repetition too: by the name of a layer that
// shares them, or within a tensor that holds several.
func TestParametersAreFoundByPyTorchsNames(t *testing.T) {
	p := planned(t, `
		input x[2]
		c: linear 2 bias=false
		repeat 2 { a: linear 2 bias=false; tanh; linear 2 bias=false tied=a; tanh; b: linear 2 bias=false }
		linear 2 bias=false tied=c
		loss mse; sgd 0.1
	`)
	for _, v := range p.Model.Params {
		if v.Scope != "" {
			v.Packed = v.Scope + ".whole"
		}
	}
	source, err := File(p, "main", "")
	require.NoError(t, err)
	assert.True(t, strings.Contains(string(source), `.Shared(round+"linear2.weight").Packed(round+"whole")`))
	text := strings.Replace(string(source), "import (", "import (\n\"bytes\"\n\"github.com/nnc-lang/nnc/runtime/weights\"", 1)
	runProgram(t, []byte(text+`
func main() {
	fill := func(name string, from float32, rows int) weights.Tensor {
		t := weights.Tensor{Name: name, DType: weights.F32, Shape: []int{rows, 2}}
		for i := range 2 * rows {
			t.F32 = append(t.F32, from+float32(i))
		}
		return t
	}
	var content bytes.Buffer
	f := &weights.File{Tensors: []weights.Tensor{fill("repeat1.0.whole", 0, 4), fill("linear2.weight", 20, 2), fill("repeat1.1.whole", 10, 4)}}
	if err := weights.WriteTo(&content, f); err != nil {
		panic(err)
	}
	m := NewTool()
	if err := m.LoadFrom(&content); err != nil {
		panic(err)
	}
	for i, first := range []float32{20, 0, 4, 10, 14} {
		var got [4]float32
		if err := m.Params()[i].Get(got[:]); err != nil {
			panic(err)
		}
		if got != [4]float32{first, first + 1, first + 2, first + 3} {
			panic(m.Params()[i].Name)
		}
	}
}
`), nil)
}
