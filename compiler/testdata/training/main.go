// Program training trains generated models of any number of inputs, targets and outputs from given starting points.
//
// What comes in are a file of tensors, as reference.py beside it and the make.py of parity describe them, and the name
// of the file that goes out. It holds, for every net, what they call start, output, grad, losses, trained, state and
// predicted, and the number of steps that a model says it has done, saved where there are averages, once more all but output and grad for the other
// forms of a step, and for every layer of inits what it has drawn. The program judges nothing. The models and their
// entries stand in generated files of the same package.
package main

import (
	"bytes"
	"io"
	"log"
	"os"
	"path"
	"slices"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// net is a model to train, and the tensors that it has made.
type net struct {
	name, of           string // what its tensors begin with, and those that are given
	rows, batch, steps int
	outputs, frozen    []string // the name of a single output may be empty
	state              []string // what training changes beside the parameters
	model              func() model

	given *weights.File
	made  []weights.Tensor
}

// model is a generated model whose methods take what they need from the arrays of some rows.
type model struct {
	params         []nnrt.Param
	train, loss    func(rows) (float32, error)
	forward        func(rows) ([][]float32, error)
	backward, step func() error
	predict        func(in rows, out [][]float32) error
	save           func(io.Writer) error
	setLR          func(lr float64) error // nil where the model goes by its own rate
	steps          func() uint64          // nil where nobody asks
	flush          func() error           // nil where each batch makes a step
	averaged       bool                   // what is saved are averages
}

// A generated file fills nets, and inits with the parameters of layers that an `init` has started.
var (
	nets  []*net
	inits = map[string]func() []nnrt.Param{}
)

// forms says which steps are done by the four calls; Train does the others. One form starts with them, and its
// first step is the one whose outputs and gradients are kept.
var forms = []struct {
	prefix string
	calls  func(step int) bool
}{
	{"", func(int) bool { return false }},
	{"calls/", func(int) bool { return true }},
	{"mixed/", func(step int) bool { return step%3 == 1 }},
}

func main() {
	in, out := os.Args[1], os.Args[2]
	given, file := must(weights.Read(in)), &weights.File{}
	for _, n := range nets {
		log.SetPrefix(n.name + ": ")
		n.given = given
		for _, f := range forms {
			n.run(n.model(), f.prefix, f.calls)
		}
		file.Tensors = append(file.Tensors, n.made...)
	}
	for name, params := range inits {
		n := &net{name: name}
		n.each("drawn/", params(), nnrt.Param.Get)
		file.Tensors = append(file.Tensors, n.made...)
	}
	check(weights.Write(out, file))
}

// run trains a new model in one form.
func (n *net) run(m model, prefix string, calls func(step int) bool) {
	for _, p := range m.params {
		init := n.tensor("init/" + p.Name)
		if !slices.Equal(init.Shape, p.Shape) {
			log.Fatalf("%s is %v here, %v in PyTorch", p.Name, p.Shape, init.Shape)
		}
		check(p.Set(init.F32))
	}
	n.predict(m, prefix+"start")
	var rates []float32
	if m.setLR != nil {
		rates = n.tensor("rates").F32
	}
	losses, from := make([]float32, n.steps), 0
	for step := range losses {
		if m.setLR != nil {
			if err := m.setLR(float64(rates[step])); err != nil {
				panic(err)
			}
		}
		to := min(from+n.batch, n.rows)
		in := rows{n, from, to}
		if calls(step) {
			losses[step] = n.call(m, in, step == 0)
		} else {
			losses[step] = must(m.train(in))
		}
		if from = to; from == n.rows {
			from = 0
			if m.flush != nil {
				check(m.flush())
			}
		}
	}
	n.keep(prefix+"losses", losses)
	n.each(prefix+"trained/", m.params, nnrt.Param.Get)
	n.keepSaved(m, prefix+"state/", n.state)
	if m.averaged {
		var names []string
		for _, p := range m.params {
			names = append(names, p.Name)
		}
		n.keepSaved(m, prefix+"saved/", names)
	}
	if m.steps != nil {
		n.keepTensor(weights.Tensor{Name: prefix + "steps", DType: weights.I64, I64: []int64{int64(m.steps())}})
	}
	n.predict(m, prefix+"predicted")
}

// call does a step by the four calls, and keeps outputs and gradients of the first one.
func (n *net) call(m model, in rows, first bool) float32 {
	outputs := must(m.forward(in))
	if first {
		for i, name := range n.outputs {
			n.keep(path.Join("output", name), slices.Clone(outputs[i]))
		}
	}
	loss := must(m.loss(in))
	check(m.backward())
	if first {
		trained := slices.DeleteFunc(slices.Clone(m.params), func(p nnrt.Param) bool { return slices.Contains(n.frozen, p.Name) })
		n.each("grad/", trained, nnrt.Param.Grad)
	}
	check(m.step())
	return loss
}

// predict keeps what the model predicts for all rows.
func (n *net) predict(m model, kind string) {
	out := make([][]float32, len(n.outputs))
	for i, name := range n.outputs {
		out[i] = make([]float32, len(n.tensor(path.Join("start", name)).F32))
	}
	check(m.predict(rows{n, 0, n.rows}, out))
	for i, name := range n.outputs {
		n.keep(path.Join(kind, name), out[i])
	}
}

// rows are those of a net's arrays from one index to before another.
type rows struct {
	net      *net
	from, to int
}

// floats returns the rows of an array of numbers.
func (r rows) floats(name string) []float32 {
	all := r.net.tensor(name).F32
	width := len(all) / r.net.rows
	return all[r.from*width : r.to*width]
}

// ints returns the rows of an array of integers.
func (r rows) ints(name string) []int32 {
	all := r.net.tensor(name).I64
	width := len(all) / r.net.rows
	var values []int32
	for _, v := range all[r.from*width : r.to*width] {
		values = append(values, int32(v))
	}
	return values
}

// tensor returns what is given for the net.
func (n *net) tensor(name string) *weights.Tensor {
	t, ok := n.given.Tensor(n.of + "/" + name)
	if !ok {
		log.Fatalf("there is no tensor %s/%s", n.of, name)
	}
	return t
}

// keepSaved keeps tensors as the model's weight file has them.
func (n *net) keepSaved(m model, prefix string, names []string) {
	if len(names) == 0 {
		return
	}
	var saved bytes.Buffer
	check(m.save(&saved))
	file := must(weights.ReadFrom(&saved))
	for _, name := range names {
		t, ok := file.Tensor(name)
		if !ok {
			log.Fatalf("%s is not in the weight file", name)
		}
		t.Name = prefix + name
		n.keepTensor(*t)
	}
}

// each keeps a copy of something of every parameter.
func (n *net) each(prefix string, params []nnrt.Param, get func(p nnrt.Param, dst []float32) error) {
	for _, p := range params {
		values := make([]float32, p.Len())
		check(get(p, values))
		n.keep(prefix+p.Name, values)
	}
}

func (n *net) keep(name string, values []float32) {
	n.keepTensor(weights.Tensor{Name: name, DType: weights.F32, Shape: []int{len(values)}, F32: values})
}

func (n *net) keepTensor(t weights.Tensor) {
	t.Name = n.name + "/" + t.Name
	n.made = append(n.made, t)
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
