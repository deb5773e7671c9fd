package modeltest

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// mlp is a network written by hand: tanh and relu layers, a linear one, and the mean squared error. In float32 it is
// the model under test, in float64 it gives the gradients that are right.
type mlp[F float32 | float64] struct {
	rows      int
	sizes     []int // of the input, the layers, the output
	x, target []F
	w, b      [][]F // [out, in] and [out]
	dw, db    [][]F
	y         [][]F // of the layers, the input first
}

// newMLP draws weights of the size scale/√in and biases by a seed.
func newMLP[F float32 | float64](seed uint64, scale float64, rows int, sizes ...int) *mlp[F] {
	n := &mlp[F]{rows: rows, sizes: sizes}
	draw := func(name string, count int, bound float64) []F {
		list := make([]float32, count)
		rng.New(seed, name).Uniform(list, float32(bound))
		return convert[F](list)
	}
	last := len(sizes) - 1
	n.x, n.target = draw("x", rows*sizes[0], 1.7), draw("target", rows*sizes[last], 1.7)
	n.y = append(n.y, n.x)
	for k := range last {
		in, out := sizes[k], sizes[k+1]
		n.w = append(n.w, draw(fmt.Sprint("w", k), in*out, 1.7*scale/math.Sqrt(float64(in))))
		n.b = append(n.b, draw(fmt.Sprint("b", k), out, 0.3*scale))
		n.dw, n.db = append(n.dw, make([]F, in*out)), append(n.db, make([]F, out))
		n.y = append(n.y, make([]F, rows*out))
	}
	return n
}

func convert[To, From float32 | float64](x []From) []To {
	y := make([]To, len(x))
	for i, v := range x {
		y[i] = To(v)
	}
	return y
}

// form is what layer k applies: tanh, relu, tanh, …, and nothing at the end.
func (n *mlp[F]) form(k int) string {
	switch {
	case k == len(n.w)-1:
		return "linear"
	case k%2 == 0:
		return "tanh"
	}
	return "relu"
}

func (n *mlp[F]) loss() F {
	for k, w := range n.w {
		in, out := n.sizes[k], n.sizes[k+1]
		for r := range n.rows {
			for j := range out {
				sum := n.b[k][j]
				for i := range in {
					sum += n.y[k][r*in+i] * w[j*in+i]
				}
				switch n.form(k) {
				case "tanh":
					sum = F(math.Tanh(float64(sum)))
				case "relu":
					sum = max(sum, 0)
				}
				n.y[k+1][r*out+j] = sum
			}
		}
	}
	sum, y := F(0), n.y[len(n.w)]
	for i, v := range y {
		sum += (v - n.target[i]) * (v - n.target[i])
	}
	return sum / F(len(y))
}

func (n *mlp[F]) back() {
	y := n.y[len(n.w)]
	d := make([]F, len(y))
	for i, v := range y {
		d[i] = (v - n.target[i]) * 2 / F(len(y))
	}
	for k := len(n.w) - 1; k >= 0; k-- {
		in, out := n.sizes[k], n.sizes[k+1]
		dx := make([]F, n.rows*in)
		clear(n.dw[k])
		clear(n.db[k])
		for r := range n.rows {
			for j := range out {
				dy, y := d[r*out+j], n.y[k+1][r*out+j]
				switch {
				case n.form(k) == "tanh":
					dy *= 1 - y*y
				case n.form(k) == "relu" && y == 0:
					dy = 0
				}
				n.db[k][j] += dy
				for i := range in {
					n.dw[k][j*in+i] += dy * n.y[k][r*in+i]
					dx[r*in+i] += dy * n.w[k][j*in+i]
				}
			}
		}
		d = dx
	}
}

// grads are the memories of the gradients, in the order of model's parameters.
func (n *mlp[F]) grads() (list [][]F) {
	for k := range n.dw {
		list = append(list, n.dw[k], n.db[k])
	}
	return list
}

// model is the network as Gradients sees it; fault is called after Backward.
func model(n *mlp[float32], fault func()) Model {
	m := Model{
		Loss: func() (float32, error) { return n.loss(), nil },
		Back: func() error { n.back(); fault(); return nil },
	}
	for k := range n.w {
		m.Params = append(m.Params,
			nnrt.NewParam(fmt.Sprint("w", k), n.w[k], n.dw[k], nnrt.RowMajor, n.sizes[k+1], n.sizes[k]),
			nnrt.NewParam(fmt.Sprint("b", k), n.b[k], n.db[k], nnrt.RowMajor, n.sizes[k+1]))
	}
	return m
}
