package main

import (
	"math"
	"runtime"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	_ "github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"

	"github.com/nnc-lang/nnc/examples/versus/worker"
)

// openGoMLX makes a task ready in GoMLX's Go backend: a compiled graph of the whole step, whose state is donated.
func openGoMLX(t worker.Task) (*worker.Job, error) {
	runtime.GOMAXPROCS(t.Cores)
	m, err := read(t)
	if err != nil {
		return nil, err
	}
	config := "go"
	if t.Cores == 1 {
		config = "go:parallelism=1"
	}
	backend, err := compute.NewWithConfig(config)
	if err != nil {
		return nil, err
	}
	if t.What == "predict" {
		return gomlxPredict(m, backend)
	}
	return gomlxTrain(m, backend)
}

// gomlxForward is the model on x, with the parameters weight, bias, weight, …
func gomlxForward(x *graph.Node, parameters []*graph.Node) *graph.Node {
	for i := 0; i < len(parameters); i += 2 {
		if i > 0 {
			x = graph.MaxScalar(x, 0.0)
		}
		x = graph.Add(graph.Einsum("ni,oi->no", x, parameters[i]), graph.ExpandDims(parameters[i+1], 0))
	}
	return x
}

func (m *model) gomlxParameters() (all []any) {
	for _, l := range m.layers {
		all = append(all, tensors.FromFlatDataAndDimensions(l.weight, l.out, l.in), tensors.FromFlatDataAndDimensions(l.bias, l.out))
	}
	return all
}

func gomlxPredict(m *model, backend compute.Backend) (*worker.Job, error) {
	call, err := graph.NewExec(backend, func(in []*graph.Node) *graph.Node { return gomlxForward(in[0], in[1:]) })
	if err != nil {
		return nil, err
	}
	x := tensors.FromFlatDataAndDimensions(m.inputs[:m.rows*m.width], m.rows, m.width)
	arguments := append([]any{x}, m.gomlxParameters()...)
	out := make([]float32, m.rows*m.layers[len(m.layers)-1].out)
	return &worker.Job{
		Restart: func() error { return nil },
		Step: func() (float32, error) {
			y, err := call.Call1(arguments...)
			if err != nil {
				return 0, err
			}
			if err := tensors.ConstFlatData(y, func(flat []float32) { copy(out, flat) }); err != nil {
				return 0, err
			}
			return 0, y.FinalizeAll()
		},
		Output: func() []float32 { return out },
	}, nil
}

func gomlxTrain(m *model, backend compute.Backend) (*worker.Job, error) {
	n := 2 * len(m.layers)
	step := func(in []*graph.Node) []*graph.Node {
		x, t, rate, root, state := in[0], in[1], in[2], in[3], in[4:]
		y := gomlxForward(x, state[:n])
		var loss *graph.Node
		if m.classes > 0 {
			terms := graph.Mul(graph.LogSoftmax(y, -1), graph.OneHot(t, m.classes, dtypes.Float32))
			loss = graph.MulScalar(graph.ReduceAllSum(terms), -1/float64(m.rows))
		} else {
			loss = graph.ReduceAllMean(graph.Square(graph.Sub(y, t)))
		}
		out := []*graph.Node{loss}
		gradients := graph.Gradient(loss, state[:n]...)
		if !m.adam {
			for i, g := range gradients {
				out = append(out, graph.Sub(state[i], graph.Mul(g, rate)))
			}
			return out
		}
		var first, second []*graph.Node
		for i, g := range gradients {
			a := graph.Add(graph.MulScalar(state[n+i], beta1), graph.MulScalar(g, 1-beta1))
			b := graph.Add(graph.MulScalar(state[2*n+i], beta2), graph.MulScalar(graph.Square(g), 1-beta2))
			down := graph.AddScalar(graph.Mul(graph.Sqrt(b), root), epsilon)
			out = append(out, graph.Sub(state[i], graph.Div(graph.Mul(a, rate), down)))
			first, second = append(first, a), append(second, b)
		}
		return append(append(out, first...), second...)
	}
	call, err := graph.NewExec(backend, step)
	if err != nil {
		return nil, err
	}
	var x, t []*tensors.Tensor
	for b := range m.batches {
		x = append(x, tensors.FromFlatDataAndDimensions(m.inputs[b*m.rows*m.width:][:m.rows*m.width], m.rows, m.width))
		if m.classes > 0 {
			t = append(t, tensors.FromFlatDataAndDimensions(m.class[b*m.rows:][:m.rows], m.rows))
		} else {
			t = append(t, tensors.FromFlatDataAndDimensions(m.targets[b*m.rows:][:m.rows], m.rows, 1))
		}
	}
	var state []*tensors.Tensor
	count := 0
	var arguments []any
	return &worker.Job{
		Restart: func() error {
			state, count = nil, 0
			for _, p := range m.gomlxParameters() {
				state = append(state, p.(*tensors.Tensor))
			}
			if m.adam {
				for range 2 {
					for _, p := range state[:n] {
						state = append(state, tensors.FromShape(p.Shape()))
					}
				}
			}
			return nil
		},
		Step: func() (float32, error) {
			b := count % m.batches
			count++
			rate, root := float32(m.rate), float32(1)
			if m.adam {
				rate = float32(m.rate / (1 - math.Pow(beta1, float64(count))))
				root = float32(1 / math.Sqrt(1-math.Pow(beta2, float64(count))))
			}
			arguments = append(arguments[:0], x[b], t[b], rate, root)
			for _, s := range state {
				donated, err := graph.DonateTensorBuffer(s, backend, 0)
				if err != nil {
					return 0, err
				}
				arguments = append(arguments, donated)
			}
			out, err := call.Call(arguments...)
			if err != nil {
				return 0, err
			}
			copy(state, out[1:])
			loss := tensors.ToScalar[float32](out[0])
			return loss, out[0].FinalizeAll()
		},
	}, nil
}
