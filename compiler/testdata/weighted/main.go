// Program weighted judges rows by weights with generated models, on the cases of weighted.json, which it reads from
// standard input. It writes what it finds to standard output and judges nothing.
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// given is a case: a linear layer and the rows that it is judged on.
type given struct {
	Name            string
	In, Out, Target int
	X, T, W         []float32
	Weight, Bias    []float32
}

// found is what a model made of it. Trained are the parameters after steps by rows that all weigh 1, Plain those of the
// same model without weights, Called those of the four calls.
type found struct {
	Losses                 []float32
	Whole                  float64
	GradWeight, GradBias   []float32
	Trained, Plain, Called []float32
}

// model is a generated model. Methods take rows, targets and weights, nil where it has none.
type model struct {
	params         []nnrt.Param
	train, loss    func(x, t, w []float32) (float32, error)
	forward        func(x []float32) ([]float32, error)
	backward, step func() error
	evaluate       func(x, t, w, out []float32, losses []nnrt.Mean) error
}

// A generated file fills these, by the names of the cases.
var weighted, plain = map[string]func() model{}, map[string]func() model{}

// ints are the classes that numbers stand for.
func ints(t []float32) []int32 {
	classes := make([]int32, len(t))
	for i, v := range t {
		classes[i] = int32(v)
	}
	return classes
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// start gives a model the parameters of the case.
func (g *given) start(m model) model {
	check(m.params[0].Set(g.Weight))
	check(m.params[1].Set(g.Bias))
	return m
}

// rows cuts some rows out.
func (g *given) rows(from, to int) (x, t, w []float32) {
	return g.X[from*g.In : to*g.In], g.T[from*g.Target : to*g.Target], g.W[from:to]
}

// values are all parameters.
func (m model) values() []float32 {
	var all []float32
	for _, p := range m.params {
		v := make([]float32, p.Len())
		check(p.Get(v))
		all = append(all, v...)
	}
	return all
}

// trained takes steps by rows that weigh 1.
func (g *given) trained(m model) []float32 {
	ones := []float32{1, 1, 1, 1, 1}
	for range 3 {
		for _, part := range [][2]int{{0, 5}, {5, 8}} {
			x, t, _ := g.rows(part[0], part[1])
			_, err := m.train(x, t, ones[:part[1]-part[0]])
			check(err)
		}
	}
	return m.values()
}

func main() {
	var cases []given
	check(json.NewDecoder(os.Stdin).Decode(&cases))
	results := map[string]found{}
	for _, g := range cases {
		var f found
		m := g.start(weighted[g.Name]())
		means := make([]nnrt.Mean, 1)
		for i, part := range [][2]int{{0, 5}, {5, 8}} {
			x, t, w := g.rows(part[0], part[1])
			check(m.evaluate(x, t, w, make([]float32, (part[1]-part[0])*g.Out), means))
			_, err := m.forward(x)
			check(err)
			loss, err := m.loss(x, t, w)
			check(err)
			f.Losses = append(f.Losses, loss)
			check(m.backward())
			if i == 0 {
				f.GradWeight, f.GradBias = make([]float32, len(g.Weight)), make([]float32, len(g.Bias))
				check(m.params[0].Grad(f.GradWeight))
				check(m.params[1].Grad(f.GradBias))
			}
		}
		f.Whole = means[0].Value()
		x, t, w := g.rows(0, 5)
		called := g.start(weighted[g.Name]())
		_, err := called.forward(x)
		check(err)
		_, err = called.loss(x, t, w)
		check(err)
		check(called.backward())
		check(called.step())
		once := g.start(weighted[g.Name]())
		_, err = once.train(x, t, w)
		check(err)
		f.Called = append(called.values(), once.values()...)
		f.Trained, f.Plain = g.trained(g.start(weighted[g.Name]())), g.trained(g.start(plain[g.Name]()))
		results[g.Name] = f

		w = append([]float32{}, w...)
		w[1] = -1
		if _, err := once.train(x, t, w); err == nil {
			log.Fatal("a weight below 0 is taken")
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(results))
}
