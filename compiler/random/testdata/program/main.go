// Program main trains generated models from given starting points and writes down all that can be seen on the way.
//
// What comes in are a file of tensors, the start of each model and the rows of its batches, and the name of the file that
// goes out. It judges nothing but that a training step is the same by Train, by the four calls, and by several cores. The
// models and their entries stand in generated files of the same package.
package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// entry is a model of this program.
type entry struct {
	name    string
	batches int
	flushed []int    // the batches behind which a running step is taken
	outputs []string // the name of a single one may be empty
	sizes   []int    // of a row of each
	losses  int
	make    func(...nnrt.Option) model
}

// model is one whose methods take what they need from the arrays of some rows.
type model struct {
	fixed
	train, loss func(rows) (float32, error)
	forward     func(rows) ([][]float32, error)
	predict     func(in rows, out [][]float32) error
	evaluate    func(in rows, out [][]float32, losses []nnrt.Mean) error
	trace       func() *nnrt.NotFinite // nil where the model cannot look
	continued   func() []generator     // nil where the model continues no sequence
	tokens      string                 // the name of the sequence
}

// generator computes one position after the other.
type generator interface {
	Context() int
	Vocabulary() int
	Next(token int32, logits []float32) error
}

// fixed is what all models have alike.
type fixed interface {
	Params() []nnrt.Param
	State() nnrt.State
	Backward() error
	Step() error
}

// entries are filled by a generated file.
var entries []entry

// forms says which batches go through the four calls, Train takes the others, and how many cores work.
var forms = []struct {
	calls   func(batch int) bool
	options []nnrt.Option
}{
	{func(int) bool { return true }, nil},
	{func(int) bool { return false }, nil},
	{func(batch int) bool { return batch%3 == 1 }, []nnrt.Option{nnrt.Workers(3)}},
}

func main() {
	given, file := must(weights.Read(os.Args[1])), &weights.File{}
	for _, e := range entries {
		log.SetPrefix(e.name + ": ")
		var first []weights.Tensor
		for i, form := range forms {
			r := &run{entry: e, model: e.make(form.options...), given: given}
			r.all(form.calls)
			if i == 0 {
				first = r.made
				file.Tensors = append(file.Tensors, first...)
			}
			differs(first, r.made)
		}
	}
	check(weights.Write(os.Args[2], file))
}

// differs fails where a tensor that another form has made too is not the same to the bit.
func differs(first, other []weights.Tensor) {
	for _, b := range other {
		i := slices.IndexFunc(first, func(a weights.Tensor) bool { return a.Name == b.Name })
		same := i >= 0 && slices.Equal(first[i].I64, b.I64) &&
			slices.EqualFunc(first[i].F32, b.F32, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
		if !same {
			log.Fatalf("%s is another by Train, or by several cores, than by the four calls", b.Name)
		}
	}
}

// run is one training of a model.
type run struct {
	entry
	model
	given *weights.File
	made  []weights.Tensor
}

// all trains the model.
func (r *run) all(calls func(batch int) bool) {
	defer func() {
		if err := recover(); err != nil {
			log.Printf("panic: %v", err)
			panic(err)
		}
	}()
	r.prepare()
	r.predictions("start")
	for batch := range r.batches {
		at := fmt.Sprint(batch)
		in := rows{r, at}
		if calls(batch) {
			r.call(in)
		} else {
			r.keep(at+"/loss", []float32{must(r.train(in))})
		}
		if f, ok := r.fixed.(interface{ Flush() error }); ok && slices.Contains(r.flushed, batch) {
			check(f.Flush())
		}
		r.lasting(at)
	}
	r.predictions("predicted")
	if r.trace != nil {
		r.look()
	}
}

// prepare sets the parameters, and tells the model's schedule what it asks for.
func (r *run) prepare() {
	for _, p := range r.Params() {
		init := r.tensor("init/" + p.Name)
		if !slices.Equal(init.Shape, p.Shape) {
			log.Fatalf("%s is %v, not %v", p.Name, p.Shape, init.Shape)
		}
		check(p.Set(init.F32))
	}
	told := r.tensor("told").I64
	if m, ok := r.fixed.(interface{ SetTotalSteps(uint64) }); ok {
		m.SetTotalSteps(uint64(told[0]))
	}
	if m, ok := r.fixed.(interface{ SetEpochSteps(uint64) }); ok {
		m.SetEpochSteps(uint64(told[1]))
	}
}

// call takes a batch by the four calls.
func (r *run) call(in rows) {
	outputs := must(r.forward(in))
	for i, name := range r.outputs {
		r.keep(path.Join(in.batch, "output", name), slices.Clone(outputs[i]))
	}
	r.keep(in.batch+"/loss", []float32{must(r.loss(in))})
	check(r.Backward())
	for _, p := range r.Params() {
		values := make([]float32, p.Len())
		if p.Grad(values) == nil { // the others are frozen
			r.keep(in.batch+"/grad/"+p.Name, values)
		}
	}
	check(r.Step())
}

// lasting keeps what a batch leaves.
func (r *run) lasting(batch string) {
	for _, p := range r.Params() {
		values := make([]float32, p.Len())
		check(p.Get(values))
		r.keep(batch+"/param/"+p.Name, values)
	}
	state := r.State()
	for kind, list := range map[string][]nnrt.Tensor{"slot/": state.Slots, "buffer/": state.Buffers} {
		for _, t := range list {
			name := strings.Join([]string{batch, "/", kind, t.Name}, "")
			if t.Integers() {
				values := make([]int64, t.Len())
				check(t.GetInts(values))
				r.keepTensor(weights.Tensor{Name: name, DType: weights.I64, Shape: []int{len(values)}, I64: values})
				continue
			}
			values := make([]float32, t.Len())
			check(t.Get(values))
			r.keep(name, values)
		}
	}
}

// predictions keeps what the model predicts for the rows of all batches, and how the losses judge it.
func (r *run) predictions(kind string) {
	in := rows{r, "all"}
	count := int(r.tensor("rows").I64[0])
	buffers := func() [][]float32 {
		var out [][]float32
		for _, size := range r.sizes {
			out = append(out, make([]float32, count*size))
		}
		return out
	}
	out, again, losses := buffers(), buffers(), make([]nnrt.Mean, r.losses)
	check(r.predict(in, out))
	check(r.evaluate(in, again, losses))
	for i, name := range r.outputs {
		r.keep(path.Join(kind, name), out[i])
		if !slices.EqualFunc(out[i], again[i], func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }) {
			log.Fatalf("Evaluate predicts another %s than Predict", name)
		}
	}
	if r.continued != nil {
		r.continues(in.ints(r.tokens), out[0])
	}
	var means []float32
	for _, l := range losses {
		means = append(means, float32(l.Value()))
	}
	r.keep(kind+"/losses", means)
}

// continues fails unless the scores of sequences are the same to the bit position by position.
func (r *run) continues(tokens []int32, scores []float32) {
	for _, g := range r.continued() {
		logits := make([]float32, g.Vocabulary())
		for i, token := range tokens[:g.Context()] {
			check(g.Next(token, logits))
			want := scores[i*len(logits):][:len(logits)]
			if !slices.EqualFunc(logits, want, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) }) {
				log.Fatalf("position %d is %v, but %v in the whole sequence", i, logits, want)
			}
		}
	}
}

// look does a batch as far as Backward and looks for what is not finite: there is nothing, and the gradients are computed
// again to the bit. Then it does so with a parameter that is, in turn, not finite, which is what must be found.
func (r *run) look() {
	in := rows{r, "0"}
	gradients := func() (all [][]float32) {
		for _, p := range r.Params() {
			g := make([]float32, p.Len())
			if p.Grad(g) == nil {
				all = append(all, g)
			}
		}
		return all
	}
	step := func() {
		must(r.forward(in))
		must(r.loss(in))
		check(r.Backward())
	}
	step()
	before := gradients()
	if found := r.trace(); found != nil {
		log.Fatalf("not finite: %v", found)
	}
	if !slices.EqualFunc(before, gradients(), slices.Equal) {
		log.Fatal("the gradients are others when the step is looked at")
	}
	for _, p := range r.Params() {
		values := make([]float32, p.Len())
		check(p.Get(values))
		sound := slices.Clone(values)
		values[len(values)-1] = float32(math.NaN())
		check(p.Set(values))
		step()
		if found := r.trace(); found == nil || found.Value != "the parameter "+p.Name+" as the step before left it" || found.Count != 1 || found.By != "" {
			log.Fatalf("%v is found where %s is not finite", found, p.Name)
		}
		check(p.Set(sound))
	}
}

// rows are those of a batch, or of all.
type rows struct {
	of    *run
	batch string
}

func (r rows) floats(name string) []float32 { return r.of.tensor(r.batch + "/" + name).F32 }

func (r rows) ints(name string) []int32 {
	var values []int32
	for _, v := range r.of.tensor(r.batch + "/" + name).I64 {
		values = append(values, int32(v))
	}
	return values
}

// tensor returns what is given for the model.
func (r *run) tensor(name string) *weights.Tensor {
	t, ok := r.given.Tensor(r.name + "/" + name)
	if !ok {
		log.Fatalf("there is no tensor %s/%s", r.name, name)
	}
	return t
}

func (r *run) keep(name string, values []float32) {
	r.keepTensor(weights.Tensor{Name: name, DType: weights.F32, Shape: []int{len(values)}, F32: values})
}

func (r *run) keepTensor(t weights.Tensor) {
	t.Name = r.name + "/" + t.Name
	r.made = append(r.made, t)
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
