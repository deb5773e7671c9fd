// Program parity trains generated models from given starting points.
//
// What comes in are the folder of parity.json and parity.safetensors, which make.py describes, and the name of
// the file that goes out. It holds, for every run, what make.py calls start, output, grad, losses, trained and
// predicted, and once more the losses and what was trained for the other forms of a step. The program judges
// nothing. The models stand in generated files of the same package.
package main

import (
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"slices"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// run is an entry of parity.json, and the tensors that it has made.
type run struct {
	Name, Net          string
	Rows, Batch, Steps int

	given *weights.File
	made  []weights.Tensor
}

// target is an element of a target.
type target interface{ float32 | int32 }

// model is a generated model of one input and one target.
type model[T target] interface {
	Train(x []float32, t []T) (float32, error)
	Forward(x []float32) ([]float32, error)
	Loss(t []T) (float32, error)
	Backward() error
	Step() error
	Predict(x, out []float32) error
	Params() []nnrt.Param
}

// models does the run of a name; a generated file fills it.
var models = map[string]func(*run){}

// forms says which steps are done by the four calls; Train does the others. One form starts with them, and its
// first step is the one whose output and gradients are kept.
var forms = []struct {
	prefix string
	calls  func(step int) bool
}{
	{"", func(int) bool { return false }},
	{"calls/", func(int) bool { return true }},
	{"mixed/", func(step int) bool { return step%3 == 1 }},
}

func main() {
	folder, out := os.Args[1], os.Args[2]
	given := must(weights.Read(filepath.Join(folder, "parity.safetensors")))
	var runs []*run
	check(json.Unmarshal(must(os.ReadFile(filepath.Join(folder, "parity.json"))), &runs))
	file := &weights.File{}
	for _, r := range runs {
		log.SetPrefix(r.Name + ": ")
		r.given = given
		models[r.Name](r)
		file.Tensors = append(file.Tensors, r.made...)
	}
	check(weights.Write(out, file))
}

// floats does a run of a model whose targets are numbers.
func floats(r *run, newModel func() model[float32]) {
	train(r, newModel, r.tensor("target").F32)
}

// classes does a run of a model whose targets are classes.
func classes(r *run, newModel func() model[int32]) {
	var t []int32
	for _, c := range r.tensor("target").I64 {
		t = append(t, int32(c))
	}
	train(r, newModel, t)
}

// train does a run in all forms, each with a new model.
func train[T target](r *run, newModel func() model[T], t []T) {
	x, outputs := r.tensor("x").F32, len(r.tensor("start").F32)
	width, each := len(x)/r.Rows, len(t)/r.Rows
	for _, f := range forms {
		m := newModel()
		for _, p := range m.Params() {
			init := r.tensor("init/" + p.Name)
			if !slices.Equal(init.Shape, p.Shape) {
				log.Fatalf("%s is %v here, %v in PyTorch", p.Name, p.Shape, init.Shape)
			}
			check(p.Set(init.F32))
		}
		predict := func(name string) {
			out := make([]float32, outputs)
			check(m.Predict(x, out))
			r.keep(f.prefix+name, out)
		}
		predict("start")
		losses, from := make([]float32, r.Steps), 0
		for step := range losses {
			to := min(from+r.Batch, r.Rows)
			x, t := x[from*width:to*width], t[from*each:to*each]
			if !f.calls(step) {
				losses[step] = must(m.Train(x, t))
			} else {
				output := must(m.Forward(x))
				if step == 0 {
					r.keep("output", slices.Clone(output))
				}
				losses[step] = must(m.Loss(t))
				check(m.Backward())
				if step == 0 {
					r.each("grad/", m.Params(), nnrt.Param.Grad)
				}
				check(m.Step())
			}
			if from = to; from == r.Rows {
				from = 0
			}
		}
		r.keep(f.prefix+"losses", losses)
		r.each(f.prefix+"trained/", m.Params(), nnrt.Param.Get)
		predict("predicted")
	}
}

// tensor returns what is given for the run's net.
func (r *run) tensor(name string) *weights.Tensor {
	t, ok := r.given.Tensor(r.Net + "/" + name)
	if !ok {
		log.Fatalf("parity.safetensors has no %s/%s", r.Net, name)
	}
	return t
}

// each keeps a copy of something of every parameter.
func (r *run) each(prefix string, params []nnrt.Param, get func(p nnrt.Param, dst []float32) error) {
	for _, p := range params {
		values := make([]float32, p.Len())
		check(get(p, values))
		r.keep(prefix+p.Name, values)
	}
}

func (r *run) keep(name string, values []float32) {
	r.made = append(r.made, weights.Tensor{Name: r.Name + "/" + name, DType: weights.F32, Shape: []int{len(values)}, F32: values})
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
