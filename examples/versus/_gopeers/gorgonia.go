package main

import (
	"fmt"
	"runtime"

	"gorgonia.org/gorgonia"
	"gorgonia.org/tensor"

	"github.com/nnc-lang/nnc/examples/versus/worker"
)

// network is a model as a graph of Gorgonia. Its weights are [in, out], since it multiplies so, and its biases [1, out].
type network struct {
	graph      *gorgonia.ExprGraph
	x, y       *gorgonia.Node
	parameters gorgonia.Nodes
	beginning  []*tensor.Dense
}

// openGorgonia makes a task ready in Gorgonia: a tape machine, and its own solvers.
func openGorgonia(t worker.Task) (job *worker.Job, err error) {
	defer func() { // Gorgonia says some of its errors so
		if r := recover(); r != nil {
			err = fmt.Errorf("%v", r)
		}
	}()
	runtime.GOMAXPROCS(t.Cores)
	m, err := read(t)
	if err != nil {
		return nil, err
	}
	n := m.gorgonia()
	if t.What == "predict" {
		return n.predict(m)
	}
	return n.train(m)
}

func (m *model) gorgonia() *network {
	n := &network{graph: gorgonia.NewGraph()}
	n.x = gorgonia.NewMatrix(n.graph, tensor.Float32, gorgonia.WithShape(m.rows, m.width), gorgonia.WithName("x"))
	value := n.x
	for i, l := range m.layers {
		transposed := make([]float32, len(l.weight))
		for o := range l.out {
			for k := range l.in {
				transposed[k*l.out+o] = l.weight[o*l.in+k]
			}
		}
		w := n.parameter(fmt.Sprint("w", i), transposed, l.in, l.out)
		b := n.parameter(fmt.Sprint("b", i), l.bias, 1, l.out)
		if i > 0 {
			value = gorgonia.Must(gorgonia.Rectify(value))
		}
		value = gorgonia.Must(gorgonia.Mul(value, w))
		if m.rows == 1 {
			value = gorgonia.Must(gorgonia.Add(value, b))
		} else {
			value = gorgonia.Must(gorgonia.BroadcastAdd(value, b, nil, []byte{0}))
		}
	}
	n.y = value
	return n
}

func (n *network) parameter(name string, data []float32, rows, columns int) *gorgonia.Node {
	value := dense(data, rows, columns)
	p := gorgonia.NewMatrix(n.graph, tensor.Float32, gorgonia.WithShape(rows, columns), gorgonia.WithName(name),
		gorgonia.WithValue(value.Clone()))
	n.parameters, n.beginning = append(n.parameters, p), append(n.beginning, value)
	return p
}

func dense(data []float32, shape ...int) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

func (n *network) predict(m *model) (*worker.Job, error) {
	x := dense(m.inputs[:m.rows*m.width], m.rows, m.width)
	machine := gorgonia.NewTapeMachine(n.graph)
	out := make([]float32, m.rows*m.layers[len(m.layers)-1].out)
	return &worker.Job{
		Restart: func() error { return nil },
		Step: func() (float32, error) {
			machine.Reset()
			if err := gorgonia.Let(n.x, x); err != nil {
				return 0, err
			}
			if err := machine.RunAll(); err != nil {
				return 0, err
			}
			switch y := n.y.Value().Data().(type) {
			case []float32:
				copy(out, y)
			case float32:
				out[0] = y
			}
			return 0, nil
		},
		Output: func() []float32 { return out },
	}, nil
}

func (n *network) train(m *model) (*worker.Job, error) {
	width := max(1, m.classes)
	t := gorgonia.NewMatrix(n.graph, tensor.Float32, gorgonia.WithShape(m.rows, width), gorgonia.WithName("t"))
	var loss *gorgonia.Node
	if m.classes > 0 {
		scores := gorgonia.Must(gorgonia.Log(gorgonia.Must(gorgonia.SoftMax(n.y))))
		sum := gorgonia.Must(gorgonia.Sum(gorgonia.Must(gorgonia.HadamardProd(scores, t))))
		loss = gorgonia.Must(gorgonia.Mul(sum, gorgonia.NewConstant(-1/float32(m.rows))))
	} else {
		loss = gorgonia.Must(gorgonia.Mean(gorgonia.Must(gorgonia.Square(gorgonia.Must(gorgonia.Sub(n.y, t))))))
	}
	if _, err := gorgonia.Grad(loss, n.parameters...); err != nil {
		return nil, err
	}
	machine := gorgonia.NewTapeMachine(n.graph, gorgonia.BindDualValues(n.parameters...))
	var x, targets []*tensor.Dense
	for b := range m.batches {
		x = append(x, dense(m.inputs[b*m.rows*m.width:][:m.rows*m.width], m.rows, m.width))
		values := m.targets
		if m.classes > 0 {
			values = make([]float32, m.rows*width)
			for r, c := range m.class[b*m.rows:][:m.rows] {
				values[r*width+int(c)] = 1
			}
		} else {
			values = values[b*m.rows:][:m.rows]
		}
		targets = append(targets, dense(values, m.rows, width))
	}
	var solver gorgonia.Solver
	batch := 0
	return &worker.Job{
		Restart: func() error {
			batch = 0
			solver = gorgonia.NewVanillaSolver(gorgonia.WithLearnRate(m.rate))
			if m.adam {
				solver = gorgonia.NewAdamSolver(gorgonia.WithLearnRate(m.rate), gorgonia.WithBeta1(beta1), gorgonia.WithBeta2(beta2), gorgonia.WithEps(epsilon))
			}
			for i, p := range n.parameters {
				copy(p.Value().Data().([]float32), n.beginning[i].Data().([]float32))
			}
			return nil
		},
		Step: func() (float32, error) {
			machine.Reset()
			if err := gorgonia.Let(n.x, x[batch]); err != nil {
				return 0, err
			}
			if err := gorgonia.Let(t, targets[batch]); err != nil {
				return 0, err
			}
			if batch++; batch == m.batches {
				batch = 0
			}
			if err := machine.RunAll(); err != nil {
				return 0, err
			}
			value := loss.Value().Data().(float32)
			return value, solver.Step(gorgonia.NodesToValueGrads(n.parameters))
		},
	}, nil
}
