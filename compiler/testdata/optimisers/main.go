// Program optimisers runs generated models over the sequence of gradients that make.py beside it describes.
//
// What comes in is the name of the file that goes out, which holds the same tensors. A model's loss is |y − t| of one row
// with a t far below, and each parameter the only one of a product with an input: so its gradient is that input. The program
// asks the model in a few steps whether it is. It judges nothing else. The models and their entries stand in generated files
// of the same package.
package main

import (
	"fmt"
	"log"
	"math"
	"os"
	"slices"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// names and sizes are those of the inputs. Every 25th element of the last is kept.
var (
	names = []string{"a", "b", "c", "d", "e"}
	sizes = []int{1, 7, 16, 37, 1000}
)

const thinned = 25

// model is a generated model.
type model struct {
	params         []nnrt.Param
	state          func() nnrt.State
	train          func(x [][]float32, target []float32) (float32, error)
	forward        func(x [][]float32) error
	loss           func(target []float32) (float32, error)
	backward, step func() error
}

// A generated file fills runs with models by name, and kept with the numbers of steps after which parameters are kept, in
// rising order.
var (
	runs = map[string]func() model{}
	kept []int
)

func main() {
	file := &weights.File{}
	for name, make := range runs {
		log.SetPrefix(name + ": ")
		m := make()
		x := [][]float32{}
		for k, n := range sizes {
			x = append(x, numbers(n, func(i int) float64 { return start(k, i) }))
		}
		for _, p := range m.params {
			if k := slices.Index(names, p.Name[1:2]); p.Name[3:] == "weight" {
				check(p.Set(x[k]))
			} else {
				check(p.Set([]float32{0.75}))
			}
		}
		for step := range kept[len(kept)-1] {
			for k, n := range sizes {
				x[k] = numbers(n, func(i int) float64 { return gradient(k, i, step) })
			}
			m.once(x, step%97 == 3)
			if slices.Contains(kept, step+1) {
				for _, p := range m.params {
					keep(file, fmt.Sprintf("%s/%d/%s", name, step+1, p.Name), p.Tensor)
				}
			}
		}
		for _, slot := range m.state().Slots {
			keep(file, name+"/slots/"+slot.Name, slot)
		}
	}
	check(weights.Write(os.Args[1], file))
}

// once does a step; where it is asked to, by the four calls, to see the gradients.
func (m model) once(x [][]float32, look bool) {
	target := []float32{-3e38}
	if !look {
		_, err := m.train(x, target)
		check(err)
		return
	}
	check(m.forward(x))
	_, err := m.loss(target)
	check(err)
	check(m.backward())
	for _, p := range m.params {
		want := []float32{1}
		if p.Name[3:] == "weight" {
			want = x[slices.Index(names, p.Name[1:2])]
		}
		got := make([]float32, p.Len())
		check(p.Grad(got))
		if !slices.Equal(got, want) {
			log.Fatalf("the gradient of %s is %v, not %v", p.Name, got, want)
		}
	}
	check(m.step())
}

// start is the number that element i of parameter k begins with.
func start(k, i int) float64 {
	w := float64((11*i+3*k)%41-20) / 16
	switch names[k] {
	case "a":
		return w + 2
	case "c":
		return math.Ldexp(w, -26)
	case "d":
		if i%16 == 5 || i%16 == 11 {
			return w + 8
		}
	}
	return w
}

// gradient is that of element i of parameter k.
func gradient(k, i, step int) float64 {
	h := (7*i+13*step+i*step+step*step+5*k)%61 - 30
	g := float64(h) / 64
	switch {
	case names[k] == "b" && step%250 == 100:
		return math.Ldexp(math.Abs(float64(h))+1, 55)
	case names[k] == "c":
		return math.Ldexp(g, -26)
	case names[k] == "d" && i%16 == 5:
		return math.Ldexp(g, -40)
	case names[k] == "d" && i%16 == 11:
		return 0
	}
	return g
}

func numbers(n int, at func(i int) float64) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(at(i))
	}
	return x
}

func keep(file *weights.File, name string, t nnrt.Tensor) {
	all := make([]float32, t.Len())
	check(t.Get(all))
	by := 1
	if len(all) == sizes[len(sizes)-1] {
		by = thinned
	}
	var some []float32
	for i := 0; i < len(all); i += by {
		some = append(some, all[i])
	}
	file.Tensors = append(file.Tensors, weights.Tensor{Name: name, DType: weights.F32, Shape: []int{len(some)}, F32: some})
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
