package modeltest

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/nnc-lang/nnc/runtime/rng"
)

const (
	evaluations = 20_000 // of the loss, in all, for models of up to 20,000 elements
	perSlope    = 14     // of the loss for one derivative, about
	oneByOne    = 512    // elements of a parameter that are not grouped if the evaluations allow it
	named       = 8      // wrong elements of a parameter that are reported
	reported    = 24     // in all, about
	places      = 3      // in the space of the parameters; the first is where the model starts

	longest = 10 * time.Second // that the evaluations may take, about
	fewest  = 500              // evaluations, however long they take
)

// Gradients compares the gradient of every element of every parameter that is not frozen with differences of the
// loss. One wrong element is found if its error is above twice the tolerance of the difference, which follows from
// the rounding of the loss; the log gives it. It is a fiftieth of the gradient or less, of most elements. The elements of
// large parameters move in groups, each with a random sign, so that a wrong element changes the group's derivative by
// its own error; groups that are not sharp enough are halved as long as the budget of evaluations lasts.
//
// An element whose gradient is below the tolerance, because a unit does not fire or a gate is shut, is looked at
// again at other values of the parameters. The log counts those that have remained too small.
//
// A model of 100,000 elements takes seconds; one that computes much with them, as convolutions do, is looked at less
// closely, in about ten seconds. With go test -short, which suits the race detector, a fifth of that.
func Gradients(t *testing.T, m Model) {
	t.Helper()
	budget, limit := evaluations, longest
	if testing.Short() {
		budget /= 5
		limit /= 5
	}
	budget, err := affordable(&m, budget, limit)
	must(t, err)
	c, err := compare(&m, budget)
	must(t, err)
	for _, line := range c.summary() {
		t.Log(line)
	}
	for _, line := range c.wrong {
		t.Error(line)
	}
}

// affordable is how many evaluations of the loss take no longer than the limit, up to most.
func affordable(m *Model, most int, limit time.Duration) (int, error) {
	fastest := limit
	for range 3 {
		began := time.Now()
		if _, err := m.Loss(); err != nil {
			return 0, err
		}
		fastest = max(min(fastest, time.Since(began)), 1)
	}
	return max(min(most, int(limit/fastest)), fewest), nil
}

// comparison is what is known of the gradients of a model. Lists are by parameter, nil for frozen ones.
type comparison struct {
	model     *Model
	sizes     []float64   // of the elements
	tolerance [][]float64 // of the sharpest difference of an element at the first place; an error twice as large shows
	judged    [][]bool    // at some place the element's gradient was large enough to be told from 0
	silent    [][]int     // at how many places, from the first, the loss does not depend on the element
	found     []int       // wrong elements
	wrong     []string
	line      line
}

// compare checks gradients with about so many evaluations of the loss.
func compare(m *Model, evaluations int) (c *comparison, err error) {
	n := len(m.Params)
	c = &comparison{
		model: m, sizes: make([]float64, n), tolerance: make([][]float64, n), judged: make([][]bool, n),
		silent: make([][]int, n), found: make([]int, n),
	}
	start := make([][]float32, n)
	elements := 0
	for i, param := range m.Params {
		start[i] = make([]float32, param.Len())
		if err := param.Get(start[i]); err != nil {
			return nil, err
		}
		c.sizes[i] = spread(start[i])
		if c.sizes[i] == 0 {
			c.sizes[i] = 0.25
		}
		if slices.Contains(m.Frozen, param.Name) {
			continue
		}
		elements += param.Len()
		c.tolerance[i] = make([]float64, param.Len())
		c.judged[i] = make([]bool, param.Len())
		c.silent[i] = make([]int, param.Len())
	}
	if elements > 20_000 {
		evaluations = int(float64(evaluations) * math.Sqrt(20_000/float64(elements)))
	}
	origin, err := at(m, start)
	if err != nil {
		return nil, err
	}
	for place, p := 0, origin; ; {
		share := evaluations >> (place + 1) // a half, a quarter, …: the first place is the most important one
		if err := c.look(p, place, c.line.evaluations+share); err != nil {
			return nil, err
		}
		place++
		if place == places || len(c.wrong) > 0 {
			break
		}
		if p, err = at(m, origin.moved(1, c.sizes, " place", place)); err != nil {
			return nil, err
		}
	}
	return c, origin.enter()
}

// look compares gradients at one point, until there have been so many evaluations: of all elements at the first
// place, then of those that have not been judged.
func (c *comparison) look(p *point, place, limit int) error {
	if !finite(p.loss) {
		if place == 0 {
			c.wrong = append(c.wrong, fmt.Sprintf("the loss is %g", p.loss))
		}
		return nil
	}
	for k, grad := range p.grad {
		if i := slices.IndexFunc(grad, func(g float32) bool { return !finite(float64(g)) }); i >= 0 {
			c.wrong = append(c.wrong, fmt.Sprintf("%s: backward computes the gradient %g", c.element(k, i), grad[i]))
		}
	}
	if len(c.wrong) > 0 {
		return nil
	}
	if err := p.measureNoise(c.sizes); err != nil {
		return err
	}
	queue := c.groups(p, place, (limit-c.line.evaluations)/perSlope)
	for len(queue) > 0 && (c.line.evaluations < limit || place == 0) && len(c.wrong) < reported {
		g := queue[0]
		queue = queue[1:]
		if c.found[g.param] >= named {
			continue
		}
		blunt, err := c.check(p, g, place)
		if err != nil {
			return err
		}
		if len(g.at) > 1 && c.line.evaluations < limit {
			queue = append(queue, blunt...)
		}
	}
	return nil
}

// groups divides the elements that have not been judged into at most so many groups, at random, and draws signs.
// Parameters are divided into single elements as far as that is possible.
func (c *comparison) groups(p *point, place, most int) (list []group) {
	open := make([][]int, len(c.judged))
	total := 0
	for k, param := range c.model.Params {
		for _, i := range rng.New(uint64(place), param.Name+" groups").Perm(len(c.judged[k])) {
			if !c.judged[k][i] {
				open[k] = append(open[k], i)
			}
		}
		total += len(open[k])
	}
	single := oneByOne
	few := func() (sum int) {
		for _, at := range open {
			sum += min(len(at), single)
		}
		return sum
	}
	for single > 1 && few() > most/2 {
		single /= 2
	}
	rest := max(most/2-few(), 0)
	for k, param := range c.model.Params {
		n := len(open[k])
		if n == 0 {
			continue
		}
		if place == 0 && n > 1 {
			list = append(list, p.uphill(k))
		}
		count := min(n, single+int(float64(rest)*float64(n)/float64(total)))
		signs := rng.New(uint64(place), param.Name+" signs")
		for part := range count {
			g := group{param: k}
			for _, i := range open[k][part*n/count : (part+1)*n/count] {
				g.at = append(g.at, i)
				g.signs = append(g.signs, float32(int(signs.Uint64(uint64(i))&1)*2-1))
			}
			list = append(list, g)
		}
	}
	return list
}

// uphill is the direction in which every element moves to where its gradient says the loss grows. A factor that
// all gradients have too much is seen best there.
func (p *point) uphill(param int) group {
	g := group{param: param}
	for i, v := range p.grad[param] {
		sign := float32(1)
		if v < 0 {
			sign = -1
		}
		g.at, g.signs = append(g.at, i), append(g.signs, sign)
	}
	return g
}
