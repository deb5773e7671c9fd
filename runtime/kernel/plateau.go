package kernel

import "math"

// Plateau is what a learning rate that falls where the loss does not remembers of the epochs, as PyTorch's
// ReduceLROnPlateau. The zero value has seen none.
type Plateau struct {
	Best    float64 // the smallest loss that counted as better; nothing where none has
	Any     bool    // one has
	Bad     int     // epochs in a row that were not better
	Cooling int     // epochs to come that do not count
}

// Next takes in the loss of an epoch and returns the rate from the next step on. An epoch is better if its loss is below
// best·(1 − threshold). After more than patience in a row that were not, the rate is multiplied by factor, but not below
// least and not where that would change it by 1e-8 or less; then cooldown epochs do not count.
func (p *Plateau) Next(rate, loss, factor float64, patience int, threshold float64, cooldown int, least float64) float64 {
	if p.Any && loss < float64(p.Best*(1-threshold)) || !p.Any && loss < math.Inf(1) {
		p.Best, p.Any, p.Bad = loss, true, 0
	} else {
		p.Bad++
	}
	if p.Cooling > 0 {
		p.Cooling--
		p.Bad = 0
	}
	if p.Bad <= patience {
		return rate
	}
	p.Bad, p.Cooling = 0, cooldown
	const smallest = 1e-8
	if lower := max(float64(rate*factor), least); rate-lower > smallest {
		return lower
	}
	return rate
}
