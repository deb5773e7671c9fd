package train

import (
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

// chunkElements is about how many values a chunk holds; chunkRows bounds its rows.
const (
	chunkElements = 1 << 20
	chunkRows     = 1024
)

// chunk is memory for a number of rows: what the model takes, is judged by and gives.
type chunk struct {
	m    *Model
	full Batch // of all its rows
	out  [][]float32

	weights []float32 // of the rows; nil: all count alike
}

// predictChunk has room for as many rows as are predicted at a time.
func predictChunk(m *Model, targets bool) *chunk {
	size := 0
	for _, ports := range [][]data.Port{m.Inputs, m.Targets, m.Outputs} {
		for _, p := range ports {
			size += p.Size()
		}
	}
	return outputChunk(m, max(1, min(chunkRows, chunkElements/size)), targets)
}

// outputChunk has room for so many rows, and for what the model gives.
func outputChunk(m *Model, rows int, targets bool) *chunk {
	c := newChunk(m, rows, targets)
	for _, p := range m.Outputs {
		c.out = append(c.out, make([]float32, c.full.N*p.Size()))
	}
	return c
}

func newChunk(m *Model, rows int, targets bool) *chunk {
	c := &chunk{m: m, full: Batch{N: rows}}
	for _, p := range m.Inputs {
		c.full.Inputs = append(c.full.Inputs, data.NewBlock(p, rows))
	}
	if targets {
		for _, p := range m.Targets {
			c.full.Targets = append(c.full.Targets, data.NewBlock(p, rows))
		}
	}
	return c
}

// batch is the first n rows.
func (c *chunk) batch(n int) *Batch {
	if n == c.full.N {
		return &c.full
	}
	b := &Batch{N: n}
	for i, p := range c.m.Inputs {
		b.Inputs = append(b.Inputs, c.full.Inputs[i].Rows(0, n, p.Size()))
	}
	for i := range c.full.Targets {
		b.Targets = append(b.Targets, c.full.Targets[i].Rows(0, n, c.m.Targets[i].Size()))
	}
	if c.weights != nil {
		b.Weights = c.weights[:n]
	}
	return b
}

// weigh sets the weights of the first n rows.
func (c *chunk) weigh(of func(i int) float32, n int) {
	if c.weights == nil {
		c.weights = make([]float32, c.full.N)
		c.full.Weights = c.weights
	}
	for i := range n {
		c.weights[i] = of(i)
	}
}

// predict runs the model on the first n rows. The result is valid until the next call.
func (c *chunk) predict(n int) ([][]float32, error) {
	out := c.outputs(n)
	return out, c.m.Predict(c.batch(n), out)
}

// evaluate is predict that also adds each loss of the rows to its mean.
func (c *chunk) evaluate(n int, losses []nnrt.Mean) ([][]float32, error) {
	out := c.outputs(n)
	return out, c.m.Evaluate(c.batch(n), out, losses)
}

// outputs is room for n rows.
func (c *chunk) outputs(n int) [][]float32 {
	out := make([][]float32, len(c.out))
	for i, p := range c.m.Outputs {
		out[i] = c.out[i][:n*p.Size()]
	}
	return out
}
