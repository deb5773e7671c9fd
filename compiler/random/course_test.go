package random

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/nnc-lang/nnc/compiler/interp"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/runtime/kernel"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// course is a training in the interpreter. With noise, everything that is computed is off by about what float32 rounds, so
// that two courses tell how far rounding may go.
type course struct {
	*trial
	env   interp.Env
	noise *rand.Rand

	updates, batches, rows int // steps done, and the batches and the rows of the running one

	seen []seen // of each batch
	end  seen
}

// seen is what there is to compare, by the names that the program of models gives it.
type seen map[string][]float64

// rounding is half of what a float32 number may be off by in a course with noise, relative to it.
const rounding = 0x1p-22

// newCourse starts a training.
func newCourse(t *trial, noise *rand.Rand) *course {
	c := &course{trial: t, env: interp.Env{}, noise: noise}
	for p, x := range t.start {
		c.put(p, slices.Clone(x.Data))
	}
	for _, list := range [][]*ir.Value{t.forward.States, t.step.Slots} {
		for _, v := range list {
			data := make([]float64, v.Type.Shape.Size())
			for i := range data {
				data[i] = v.Init.Fill
			}
			c.put(v, data)
		}
	}
	for p, average := range t.step.Averages() {
		c.put(average, slices.Clone(t.start[p].Data)) // to set a parameter is to set its average
	}
	c.tell(ir.TotalSteps, totalSteps)
	c.tell(ir.EpochSteps, epochSteps)
	return c
}

// put sets what lasts.
func (c *course) put(v *ir.Value, data []float64) {
	c.env[v] = ir.Tensor{Type: v.Type, Rows: 1, Data: data}
}

// tell sets a step scalar, where the graph reads it.
func (c *course) tell(name string, number int) {
	for _, s := range c.step.Scalars {
		if s.Name == name {
			c.put(s, []float64{float64(number)})
		}
	}
}

// give sets inputs and targets.
func (c *course) give(data map[*ir.Value]ir.Tensor) {
	maps.Copy(c.env, data)
}

// phases runs what the step's graph has of some phases, for a batch of so many rows.
func (c *course) phases(from, to ir.Phase, rows int) {
	for _, n := range c.step.Nodes {
		if n.Phase >= from && n.Phase <= to {
			c.node(c.step, n, rows)
		}
	}
}

// graph runs all of a graph.
func (c *course) graph(g *ir.Graph, rows int) {
	for _, n := range g.Nodes {
		c.node(g, n, rows)
	}
}

// node runs one.
func (c *course) node(g *ir.Graph, n *ir.Node, rows int) {
	one := *g
	one.Nodes = []*ir.Node{n}
	if err := interp.Run(&one, c.env, rows, c.updates, c.drawn); err != nil {
		panic(err)
	}
	if c.noise == nil {
		return
	}
	for _, y := range n.Out {
		if y.Type.Kind == ir.F32 {
			data := c.env[y].Data
			for i, v := range data {
				if v != op.LeftOut {
					data[i] *= 1 + rounding*(2*c.noise.Float64()-1)
				}
			}
		}
	}
}

// drawn is the runtime's, of float32 numbers: what it drops, or adds, is no matter of rounding.
func (c *course) drawn(n *ir.Node, step int, y ir.Tensor) {
	values := make([]float32, len(y.Data))
	size := y.Type.Shape.Size()
	stream := rng.New(c.forward.Recipe.Seed, c.streams[n]).From(uint64(c.rows * size))
	if n.Op.Name == "noise_draw" {
		kernel.Noise(nil, values, uint64(step), stream, y.Rows, size, float32(n.Op.Attrs[0].Value))
	} else {
		kernel.DropoutMask(nil, values, uint64(step), stream, y.Rows, size, n.Op.Attrs[0].Value)
	}
	for i, v := range values {
		y.Data[i] = float64(v)
	}
}

// forwards does what a batch begins with, as far as its gradients.
func (c *course) forwards(batch int) {
	rows := c.sizes[batch]
	c.give(c.data[batch])
	c.tell(ir.StepRows, c.rows)
	c.tell(ir.BatchRows, rows)
	c.phases(ir.Forward, ir.Backward, rows)
}

// judge returns what can be seen of a batch before its step.
func (c *course) judge() seen {
	s := seen{"loss": slices.Clone(c.env[c.step.Loss].Data)}
	for i, y := range c.step.Outputs {
		s["output/"+c.forward.Ports[i]] = slices.Clone(c.env[y].Data)
	}
	for p, g := range c.gradients() {
		s["grad/"+p.Name] = slices.Clone(c.env[g].Data)
	}
	return s
}

// gradients returns those of a batch by their parameters.
func (c *course) gradients() map[*ir.Value]*ir.Value {
	all := map[*ir.Value]*ir.Value{}
	for _, p := range c.forward.Params {
		if update := c.step.Updater(p); update != nil {
			g := update.Gradient()
			for g.Def != nil && g.Def.Phase > ir.Backward {
				if g.Def.Phase == ir.Gather {
					g = g.Def.In[1]
				} else {
					g = g.Def.In[0]
				}
			}
			all[p] = g
		}
	}
	return all
}

// finishes does what a batch ends with: what is gathered of it, and the step, if it is the last one of that.
func (c *course) finishes(batch int) {
	c.phases(ir.Gather, ir.Gather, c.sizes[batch])
	c.batches++
	c.rows += c.sizes[batch]
	if c.batches >= c.each || c.flushed(batch) {
		c.phases(ir.Prelude, ir.Update, 1)
		c.updates++
		c.batches, c.rows = 0, 0
	}
}

// lasting returns what lasts.
func (c *course) lasting() seen {
	s := seen{}
	for kind, list := range map[string][]*ir.Value{"param/": c.forward.Params, "slot/": c.step.Slots, "buffer/": c.forward.States} {
		for _, v := range list {
			s[kind+v.Name] = slices.Clone(c.env[v].Data)
		}
	}
	return s
}

// train takes all batches that have been drawn.
func (c *course) train() {
	c.end = c.predictions("start/")
	for batch := range c.data {
		c.forwards(batch)
		s := c.judge()
		c.finishes(batch)
		maps.Copy(s, c.lasting())
		c.seen = append(c.seen, s)
	}
	maps.Copy(c.end, c.predictions("predicted/"))
}

// predictions returns what is predicted for the rows of all batches, and how the losses judge it.
func (c *course) predictions(kind string) seen {
	trained := map[*ir.Value]ir.Tensor{}
	for p, average := range c.step.Averages() {
		trained[p] = c.env[p]
		if kind != "start/" {
			c.env[p] = c.env[average]
		}
	}
	defer maps.Copy(c.env, trained)
	all := c.joined()
	rows := 0
	for _, size := range c.sizes[:len(c.data)] {
		rows += size
	}
	c.give(all)
	c.graph(c.predict, rows)
	s := seen{}
	for i, y := range c.predict.Outputs {
		s[kind+c.forward.Ports[i]] = slices.Clone(c.env[y].Data)
	}
	for _, x := range c.evaluate.Inputs {
		for i, y := range c.forward.Outputs {
			if y.Name == x.Name {
				c.env[x] = c.env[c.predict.Outputs[i]]
			}
		}
		for _, given := range c.forward.Inputs {
			if given.Name == x.Name {
				c.env[x] = all[given]
			}
		}
	}
	c.graph(c.evaluate, rows)
	var losses []float64
	for _, j := range c.evaluate.Recipe.Losses {
		losses = append(losses, c.env[j.Loss].Data...)
	}
	s[kind+"losses"] = losses
	return s
}

// joined returns the rows of all batches.
func (t *trial) joined() map[*ir.Value]ir.Tensor {
	all := map[*ir.Value]ir.Tensor{}
	for _, batch := range t.data {
		for v, x := range batch {
			sum := all[v]
			sum.Type, sum.Rows, sum.Data = v.Type, sum.Rows+x.Rows, append(sum.Data, x.Data...)
			all[v] = sum
		}
	}
	return all
}

// finite reports whether all numbers are so, and not so large that nothing can be said of their rounding.
func (s seen) finite() bool {
	for _, numbers := range s {
		if slices.ContainsFunc(numbers, func(v float64) bool { return !(math.Abs(v) < 1e6) && v != op.LeftOut }) {
			return false
		}
	}
	return true
}
