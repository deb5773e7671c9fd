package modeltest

import (
	"math"
	"slices"
)

// widest is the widest difference. Activations are of size 1, so that it is wide for a single weight; it is halved
// until the rounding of the loss outweighs the curvature.
const (
	widest   = 1.0
	halvings = 14
)

// group is a direction: some elements of a parameter, each moved by ±1.
type group struct {
	param int
	at    []int
	signs []float32
}

// halves splits a group.
func (g group) halves() [2]group {
	n := len(g.at) / 2
	return [2]group{{g.param, g.at[:n], g.signs[:n]}, {g.param, g.at[n:], g.signs[n:]}}
}

// slope is the derivative of the loss along a group, as differences measure it.
type slope struct {
	value     float64
	tolerance float64 // the true one is not farther away
	constant  bool    // the loss has not changed by a bit
}

// line evaluates losses along groups.
type line struct {
	moved       []float32
	evaluations int // so far
}

// losses returns the losses at the distances h and -h. The parameter stays there: restore is to follow.
func (l *line) losses(p *point, g group, h float64) (above, below float64, err error) {
	start := p.start[g.param]
	for _, side := range []struct {
		h    float64
		loss *float64
	}{{h, &above}, {-h, &below}} {
		l.moved = append(l.moved[:0], start...)
		for k, i := range g.at {
			l.moved[i] = float32(float64(start[i]) + side.h*float64(g.signs[k]))
		}
		if err := p.model.Params[g.param].Set(l.moved); err != nil {
			return 0, 0, err
		}
		l.evaluations++
		loss, err := p.model.Loss()
		if err != nil {
			return 0, 0, err
		}
		*side.loss = float64(loss)
	}
	return above, below, nil
}

// restore takes a group's parameter back to the point.
func (p *point) restore(g group) error { return p.model.Params[g.param].Set(p.start[g.param]) }

// want is the derivative along a group by the gradients that Backward has computed.
func (p *point) want(g group) float64 {
	sum := 0.0
	for k, i := range g.at {
		sum += float64(g.signs[k]) * float64(p.grad[g.param][i])
	}
	return sum
}

// differs tells whether a slope is not what Backward has computed. Backward rounds too, which its largest element
// bounds. Kinks to both sides of the point may hide from all the differences that were taken, so one decides that is
// just wide enough to tell the two numbers apart.
func (p *point) differs(g group, s slope, line *line) (bool, error) {
	want := p.want(g)
	apart := math.Abs(s.value - want)
	if apart <= s.tolerance+1e-5*math.Abs(want)+2e-6*p.most[g.param] {
		return false, nil
	}
	h := 10 * p.noise / apart
	above, below, err := line.losses(p, g, h)
	if err != nil {
		return false, err
	}
	central := (above - below) / (2 * h)
	return math.Abs(central-s.value) < math.Abs(central-want), p.restore(g)
}

// enough is the tolerance below which a slope need not go: a fiftieth of a single gradient, half of a gradient that
// is small for its group.
func (p *point) enough(g group) float64 {
	sizes := make([]float64, len(g.at))
	for k, i := range g.at {
		sizes[k] = math.Abs(float64(p.grad[g.param][i]))
	}
	if len(sizes) == 1 {
		return sizes[0] / 50
	}
	slices.Sort(sizes)
	return sizes[len(sizes)/8] / 2
}

// slope measures the derivative along a group by differences whose width is halved again and again, and takes the
// width whose tolerance is the smallest. It stops where the tolerance is enough, or narrower differences would be but
// noise.
//
// Two steps of Richardson's extrapolation cancel the second and the fourth power of the width. The tolerance adds up
//   - how far the extrapolation has moved from one width to the next,
//   - how much the slopes to either side differ at width 0: a kink between the widths, where both of the former
//     agree on a wrong number. For one kink, at any distance, the two are at least the error.
//   - the noise of the loss over the width: 8 σ/h is six times the deviation of the extrapolated value.
//
// Ridders, Advances in Engineering Software 4, 1982, chooses the width likewise.
func (p *point) slope(g group, line *line) (slope, error) {
	best := slope{tolerance: math.Inf(1), constant: true}
	enough := p.enough(g)
	relative := max(min(p.noise/math.Abs(p.loss), 1e-5), 0x1p-25)
	var lastCentral, lastFourth, lastBend, lastRest float64
	h := widest / math.Sqrt(math.Sqrt(float64(len(g.at))))
	for k := range halvings {
		above, below, err := line.losses(p, g, h)
		if err != nil {
			return best, err
		}
		best.constant = best.constant && above == p.loss && below == p.loss
		noise := 8 * max(p.noise, relative*max(math.Abs(above), math.Abs(below))) / h
		central, bend := (above-below)/(2*h), (above-2*p.loss+below)/h
		fourth := (4*central - lastCentral) / 3
		if k >= 2 {
			rest := math.Abs(fourth-lastFourth) + math.Abs(2*bend-lastBend)/2
			// A smooth rest falls by 8 at least; that of many kinks may be small by chance.
			if tolerance := 2*max(rest, lastRest/4) + noise; tolerance < best.tolerance {
				best.value, best.tolerance = (16*fourth-lastFourth)/15, tolerance
			}
			if best.tolerance <= enough || 2*noise >= best.tolerance {
				break
			}
			lastRest = rest
		}
		lastCentral, lastFourth, lastBend = central, fourth, bend
		h /= 2
	}
	return best, p.restore(g)
}
