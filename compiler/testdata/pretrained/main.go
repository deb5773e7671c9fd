// Program pretrained starts two generated models from the weights of another program: BertQA, which scores where answers
// start and end, and BertEncoder, what it consists of before the scores.
//
// In come the weights, a map of their names, a file of some rows and of the head that BertQA starts from, and the name of
// the file that goes out. It holds the scores in training and in prediction, what the encoder makes of the rows, the
// gradients of the first of three steps on all the rows, the losses before each step and after the last, and the parameters
// then, all by the names here. The program judges nothing.
package main

import (
	"log"
	"os"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

const steps = 3

func main() {
	theirs, given := must(weights.Read(os.Args[1])), must(weights.Read(os.Args[3]))
	check(must(weights.ReadMapping(os.Args[2])).Rename(theirs))
	theirs.Tensors = append(theirs.Tensors, head(given, "weight"), head(given, "bias"))

	tokens, segment, target := ints(given, "ids"), ints(given, "segment"), ints(given, "target")
	var mask []float32
	for _, real := range ints(given, "mask") {
		mask = append(mask, float32(real))
	}
	out := &weights.File{}
	keep := func(name string, values []float32) {
		out.Tensors = append(out.Tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: []int{len(values)}, F32: values})
	}
	each := func(kind string, params []nnrt.Param, get func(p nnrt.Param, dst []float32) error) {
		for _, p := range params {
			values := make([]float32, p.Len())
			check(get(p, values))
			keep(kind+"/"+p.Name, values)
		}
	}

	encoder := NewBertEncoder()
	start(encoder.Params(), theirs)
	hidden := make([]float32, len(mask)*384)
	check(encoder.Predict(tokens, segment, mask, hidden))
	keep("hidden", hidden)

	model := NewBertQA()
	start(model.Params(), theirs)
	scores := make([]float32, 2*len(mask))
	check(model.Predict(tokens, segment, mask, scores))
	keep("predicted", scores)

	var losses []float32
	for step := range steps {
		scores := must(model.Forward(tokens, segment, mask))
		if step == 0 {
			keep("scores", append([]float32{}, scores...))
		}
		losses = append(losses, must(model.Loss(target)))
		check(model.Backward())
		if step == 0 {
			each("grad", model.Params(), nnrt.Param.Grad)
		}
		check(model.Step())
	}
	each("trained", model.Params(), nnrt.Param.Get)
	must(model.Forward(tokens, segment, mask))
	keep("losses", append(losses, must(model.Loss(target))))
	check(weights.Write(os.Args[4], out))
}

// head is a tensor of the last layer, which the pretrained weights lack.
func head(given *weights.File, kind string) weights.Tensor {
	t, ok := given.Tensor("qa_outputs." + kind)
	if !ok {
		log.Fatalf("there is no head of the kind %s", kind)
	}
	return weights.Tensor{Name: "linear1." + kind, DType: t.DType, Shape: t.Shape, F32: t.F32}
}

// start gives the parameters what is in a file.
func start(params []nnrt.Param, f *weights.File) {
	for _, p := range params {
		t, ok := f.Tensor(p.Name)
		if !ok {
			log.Fatalf("the weights have no %s", p.Name)
		}
		check(p.Set(t.F32))
	}
}

// ints is an array of integers.
func ints(f *weights.File, name string) (values []int32) {
	t, ok := f.Tensor(name)
	if !ok {
		log.Fatalf("there is no array %s", name)
	}
	for _, v := range t.I64 {
		values = append(values, int32(v))
	}
	return values
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
