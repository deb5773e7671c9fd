package modeltest

import (
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// point is the model at one place in the space of its parameters.
type point struct {
	model *Model
	start [][]float32 // the elements, by parameter
	grad  [][]float32 // the gradients that Backward computes, nil for frozen parameters
	most  []float64   // the largest size of an element of each
	loss  float64
	noise float64 // of the loss, a standard deviation
}

// enter gives the parameters the elements of the point.
func (p *point) enter() error {
	for i, param := range p.model.Params {
		if err := param.Set(p.start[i]); err != nil {
			return err
		}
	}
	return nil
}

// at returns the model at a place, all of whose gradients have been computed.
func at(m *Model, start [][]float32) (*point, error) {
	p := &point{model: m, start: start, grad: make([][]float32, len(start)), most: make([]float64, len(start))}
	if err := p.enter(); err != nil {
		return nil, err
	}
	loss, err := m.Loss()
	if err != nil {
		return nil, err
	}
	p.loss = float64(loss)
	if err := m.Back(); err != nil {
		return nil, err
	}
	for i, param := range m.Params { // all of them now: the next Forward takes their memory
		if slices.Contains(m.Frozen, param.Name) {
			continue
		}
		p.grad[i] = make([]float32, param.Len())
		if err := param.Grad(p.grad[i]); err != nil {
			return nil, err
		}
		for _, v := range p.grad[i] {
			p.most[i] = max(p.most[i], math.Abs(float64(v)))
		}
	}
	return p, nil
}

// moved returns the elements after each has moved by up to so much of its parameter's size, at random.
func (p *point) moved(by float64, sizes []float64, stream string, seed int) [][]float32 {
	list := make([][]float32, len(p.start))
	for i, param := range p.model.Params {
		list[i] = make([]float32, param.Len())
		rng.New(uint64(seed), param.Name+stream).Uniform(list[i], 1)
		for k, v := range p.start[i] {
			list[i][k] = float32(float64(v) + by*sizes[i]*float64(list[i][k]))
		}
	}
	return list
}

// measureNoise estimates how far rounding scatters the loss, from its differences at neighbouring points, all
// parameters moving at once: Moré and Wild, "Estimating computational noise", 2011. Half a unit in the last place
// is the least.
func (p *point) measureNoise(sizes []float64) error {
	const neighbours, lines = 9, 3
	bits := math.Float32bits(float32(math.Abs(p.loss)))
	p.noise = float64(math.Float32frombits(bits+1)-math.Float32frombits(bits)) / 2
	for line := range lines {
		var losses [neighbours]float64
		for step := range losses {
			q := point{model: p.model, start: p.moved(1e-5*float64(step-neighbours/2), sizes, " line", line)}
			if err := q.enter(); err != nil {
				return err
			}
			loss, err := p.model.Loss()
			if err != nil {
				return err
			}
			losses[step] = float64(loss)
		}
		p.noise = max(p.noise, scatter(losses[:]))
	}
	return p.enter()
}

// scatter returns the noise of values at equal distances, the least of what differences of the orders 3 to 6 give:
// what is smooth has gone from those, and noise of deviation 1 has grown to √((2k)!)/k!.
func scatter(y []float64) float64 {
	least, growth := math.Inf(1), 1.0
	for k := 1; k <= 6; k++ {
		growth *= float64(2*(2*k-1)) / float64(k)
		sum := 0.0
		for i := range len(y) - k {
			y[i] = y[i+1] - y[i]
			sum += y[i] * y[i]
		}
		if k >= 3 {
			least = min(least, math.Sqrt(sum/float64(len(y)-k)/growth))
		}
	}
	return least
}

// spread is the root of the mean square.
func spread(x []float32) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(max(len(x), 1)))
}

func finite(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }
