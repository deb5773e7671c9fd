package random

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// counts are what is reported of many trials.
type counts struct {
	models, layers, batches int
	redrawn                 int // rows, because something was near a kink
	unclear                 int // batches in which something stayed near one
	kinked                  int // batches whose gradients were not compared, because float32 had moved something near one
	tensors, loose          int // compared, and of those where noise may do a hundred times as much as the bound without it
	apart                   int // trainings of which only the single steps were compared
}

func (c counts) String() string {
	return fmt.Sprintf("%d models of %d layers, %d batches (%d rows redrawn, %d batches near a kink, %d not compared), %d tensors (%d loosely), %d trainings step by step only",
		c.models, c.layers, c.batches, c.redrawn, c.unclear, c.kinked, c.tensors, c.loose, c.apart)
}

func (c *counts) add(o counts) {
	c.models += o.models
	c.layers += o.layers
	c.batches += o.batches
	c.redrawn += o.redrawn
	c.unclear += o.unclear
	c.kinked += o.kinked
	c.tensors += o.tensors
	c.loose += o.loose
	c.apart += o.apart
}

// comparison compares what a built model has made with the interpreter.
type comparison struct {
	*trial
	*counts
	made map[string][]float64
	errs []string
}

// compare returns what is wrong with what a program has made of a trial.
func compare(t *trial, exact *course, made *weights.File, n *counts) error {
	c := &comparison{trial: t, counts: n, made: map[string][]float64{}}
	for _, x := range made.Tensors {
		if name, ok := strings.CutPrefix(x.Name, t.name+"/"); ok {
			c.made[name] = widened(x)
		}
	}
	n.models++
	n.layers += t.layers()
	n.batches += len(t.sizes)
	n.redrawn += t.redrawn
	n.unclear += t.unclear
	if t.together() && t.unclear == 0 {
		all := c.noisy()
		for _, other := range all {
			other.train()
		}
		for batch, want := range exact.seen {
			for _, name := range slices.Sorted(maps.Keys(want)) {
				if !strings.HasPrefix(name, "slot/") {
					c.agree(fmt.Sprintf("%d/%s", batch, name), "", want, name, tensors(all, name, func(o *course) seen { return o.seen[batch] }))
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(exact.end)) {
			c.agree(name, "", exact.end, name, tensors(all, name, func(o *course) seen { return o.end }))
		}
	} else {
		n.apart++
	}
	c.steps()
	if len(c.errs) == 0 {
		return nil
	}
	return fmt.Errorf("%s\n%s", strings.Join(c.errs[:min(len(c.errs), 8)], "\n"), t.spec)
}

// layers is how many there are, those of a repeated body once for each round.
func (t *trial) layers() int {
	names := map[string]bool{}
	for _, n := range t.forward.Nodes {
		if n.Phase == ir.Forward {
			names[n.Layer] = true
		}
	}
	return len(names)
}

func widened(x weights.Tensor) []float64 {
	values := make([]float64, 0, len(x.F32)+len(x.I64))
	for _, v := range x.F32 {
		values = append(values, float64(v))
	}
	for _, v := range x.I64 {
		values = append(values, float64(v))
	}
	return values
}

// noisy starts courses with noise.
func (c *comparison) noisy() (all []*course) {
	for seed := range uint64(3) {
		all = append(all, newCourse(c.trial, rand.New(rand.NewPCG(seed, 77))))
	}
	return all
}

// tensors returns a tensor of each of some courses.
func tensors[T any](courses []T, name string, where func(T) seen) (list [][]float64) {
	for _, o := range courses {
		list = append(list, where(o)[name])
	}
	return list
}

func itself(s seen) seen { return s }

// together reports whether a whole training can be compared: what the optimiser divides by is not so small that it makes
// numbers of what rounding leaves of 0, and it takes no signs.
func (t *trial) together() bool {
	update := t.forward.Recipe.Optimiser.Update
	for _, a := range update.Attrs {
		if a.Name == "eps" && a.Value < 1e-3 {
			return false
		}
	}
	return t.forward.Recipe.Optimiser.Name != "lion"
}

// agree compares a tensor of the program with what the interpreter sees of it: no element may be off by more than a
// ten-thousandth of the largest, and some more where noise in all that is computed moves elements farther. A gradient may be
// 0, of terms that are not, as that of a bias before a batch norm, and so may a running mean: a millionth of the largest of
// all gradients, or of all statistics, says nothing.
func (c *comparison) agree(at, how string, seen seen, name string, noisy [][]float64) {
	want := seen[name]
	bound := 1e-4 * largest(want)
	for _, kind := range []string{"grad/", "buffer/"} {
		for other, x := range seen {
			if strings.HasPrefix(name, kind) && strings.HasPrefix(other, kind) && !strings.HasSuffix(other, "num_batches_tracked") {
				bound = max(bound, 1e-6*largest(x))
			}
		}
	}
	c.within(at, how, want, bound, noisy)
}

// within is agree for a bound to which what noise does is added.
func (c *comparison) within(name, how string, want []float64, bound float64, noisy [][]float64) {
	got, ok := c.made[name]
	if !ok || len(got) != len(want) {
		c.errs = append(c.errs, fmt.Sprintf("%s: %s has %d elements, not %d", c.name, name, len(got), len(want)))
		return
	}
	moved := 0.0
	for _, other := range noisy {
		for i, v := range want {
			moved = max(moved, math.Abs(v-other[i]))
		}
	}
	c.tensors++
	if math.IsNaN(moved) { // a probability above 1, of which there is no logarithm: rounding says nothing here
		c.loose++
		return
	}
	if 16*moved > 100*bound {
		c.loose++
	}
	bound += 16*moved + 1e-12 // all gradients may be 0
	for i, v := range want {
		if !(math.Abs(got[i]-v) <= bound) {
			c.errs = append(c.errs, fmt.Sprintf("%s: %s%s[%d] is %v, not %v: the bound is %.3g", c.name, name, how, i, got[i], v, bound))
			return
		}
	}
}

func largest(values []float64) (most float64) {
	for _, v := range values {
		if v != op.LeftOut {
			most = max(most, math.Abs(v))
		}
	}
	return most
}

// steps compares batch by batch: each is begun with what the program had then, and each step taken with its gradients.
func (c *comparison) steps() {
	all := append([]*course{newCourse(c.trial, nil)}, c.noisy()...)
	var before seen
	for batch := range c.sizes {
		at, clear := fmt.Sprint(batch)+"/", true
		var judged, left []seen // by each course
		for i, o := range all {
			if batch > 0 {
				o.resume(c.made, fmt.Sprint(batch-1)+"/")
			}
			if i == 0 {
				before = o.lasting()
			}
			o.forwards(batch)
			if i == 0 {
				clear = len(o.near(c.sizes[batch], margin/10)) == 0
			}
			judged = append(judged, o.judge())
			for p, g := range o.gradients() {
				o.env[g] = ir.Tensor{Type: g.Type, Rows: 1, Data: slices.Clone(c.made[at+"grad/"+p.Name])}
			}
			o.finishes(batch)
			left = append(left, o.lasting())
		}
		for _, name := range slices.Sorted(maps.Keys(judged[0])) {
			if clear || !strings.HasPrefix(name, "grad/") {
				c.agree(at+name, " of its batch", judged[0], name, tensors(judged[1:], name, itself))
			}
		}
		if !clear {
			c.kinked++
		}
		for _, name := range slices.Sorted(maps.Keys(left[0])) {
			if strings.HasPrefix(name, "buffer/") { // statistics are made of what flows, not of gradients
				c.agree(at+name, " after its step", left[0], name, tensors(left[1:], name, itself))
				continue
			}
			want, change := left[0][name], 0.0
			for i, v := range want {
				change = max(change, math.Abs(v-before[name][i]))
			}
			c.within(at+name, " after its step", want, 1e-4*change, tensors(left[1:], name, itself))
		}
	}
}

// resume lets everything that lasts be what a program had.
func (c *course) resume(made map[string][]float64, at string) {
	for kind, list := range map[string][]*ir.Value{"param/": c.forward.Params, "slot/": c.step.Slots, "buffer/": c.forward.States} {
		for _, v := range list {
			c.put(v, slices.Clone(made[at+kind+v.Name]))
		}
	}
}
