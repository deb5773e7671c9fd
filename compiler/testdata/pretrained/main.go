// Program pretrained starts two generated models from the weights of another program: BertQA, which scores where answers
// start and end, and BertEncoder, what it consists of before the scores.
//
// In come the weights, a map of their names, how many steps are to be trained and on how many rows each, a file of the rows
// and of the head that BertQA starts from, and the name of the file that goes out. It holds the scores of the first rows in
// training and in prediction, what the encoder makes of them, the gradients of the first step, the losses before each step
// and, of the first rows, after the last, and the parameters then, all by the names here; of rows that are held out the
// scores and the loss after all steps. The rows are taken in order, again and again. The program judges nothing.
package main

import (
	"log"
	"os"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// length is how many positions a row has, width how many numbers the encoder makes of each.
const length, width = 256, 384

func main() {
	steps, batch := must(strconv.Atoi(os.Args[3])), must(strconv.Atoi(os.Args[4]))
	theirs, given := must(weights.Read(os.Args[1])), must(weights.Read(os.Args[5]))
	check(must(weights.ReadMapping(os.Args[2])).Rename(theirs))
	theirs.Tensors = append(theirs.Tensors, head(given, "weight"), head(given, "bias"))
	all, out := read(given, ""), made{}
	first := all.part(0, batch)

	encoder := NewBertEncoder()
	start(encoder.Params(), theirs)
	hidden := make([]float32, len(first.mask)*width)
	check(encoder.Predict(first.tokens, first.segment, first.mask, hidden))
	out.keep("hidden", hidden)

	model := NewBertQA()
	start(model.Params(), theirs)
	if m, scheduled := any(model).(interface{ SetTotalSteps(n uint64) }); scheduled {
		m.SetTotalSteps(uint64(steps))
	}
	predict := func(r rows) []float32 {
		scores := make([]float32, 2*len(r.mask))
		check(model.Predict(r.tokens, r.segment, r.mask, scores))
		return scores
	}
	lossOf := func(r rows) float32 {
		must(model.Forward(r.tokens, r.segment, r.mask))
		return must(model.Loss(r.target))
	}
	out.keep("predicted", predict(first))

	scores := slices.Clone(must(model.Forward(first.tokens, first.segment, first.mask)))
	out.keep("scores", scores)
	losses := []float32{must(model.Loss(first.target))}
	check(model.Backward())
	out.each("grad", model.Params(), nnrt.Param.Grad)
	check(model.Step())
	for step := 1; step < steps; step++ {
		from := step * batch % all.n()
		b := all.part(from, min(from+batch, all.n()))
		losses = append(losses, must(model.Train(b.tokens, b.segment, b.mask, b.target)))
	}
	out.each("trained", model.Params(), nnrt.Param.Get)
	out.keep("losses", append(losses, lossOf(first)))
	if held := read(given, "held/"); held.n() > 0 {
		out.keep("held/scores", predict(held))
		out.keep("held/loss", []float32{lossOf(held.part(0, batch))})
	}
	check(weights.Write(os.Args[6], &weights.File{Tensors: out.tensors}))
}

// rows are windows of texts and where the answers stand in them.
type rows struct {
	tokens, segment, target []int32
	mask                    []float32
}

// read reads rows whose arrays have those names behind a prefix; none where there are none.
func read(f *weights.File, prefix string) (r rows) {
	for name, to := range map[string]*[]int32{"ids": &r.tokens, "segment": &r.segment, "target": &r.target} {
		*to = ints(f, prefix+name)
	}
	for _, real := range ints(f, prefix+"mask") {
		r.mask = append(r.mask, float32(real))
	}
	return r
}

func (r rows) n() int { return len(r.tokens) / length }

// part is the rows from one to before another.
func (r rows) part(from, to int) rows {
	return rows{r.tokens[from*length : to*length], r.segment[from*length : to*length], r.target[from*2 : to*2], r.mask[from*length : to*length]}
}

// ints is an array of integers, nil if there is none of the name.
func ints(f *weights.File, name string) (values []int32) {
	t, ok := f.Tensor(name)
	if !ok {
		return nil
	}
	for _, v := range t.I64 {
		values = append(values, int32(v))
	}
	return values
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

// made is what goes out.
type made struct{ tensors []weights.Tensor }

func (m *made) keep(name string, values []float32) {
	m.tensors = append(m.tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: []int{len(values)}, F32: values})
}

// each keeps something of every parameter.
func (m *made) each(kind string, params []nnrt.Param, get func(p nnrt.Param, dst []float32) error) {
	for _, p := range params {
		values := make([]float32, p.Len())
		check(get(p, values))
		m.keep(kind+"/"+p.Name, values)
	}
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
