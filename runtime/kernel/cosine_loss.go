package kernel

import "math"

// leastLength is what a vector counts as long as at least.
const leastLength = 1e-8

// CosineLoss returns the mean over n positions of 1 − x·t/(max(‖x‖, 1e-8)·max(‖t‖, 1e-8)), where x and t have vectors of that
// size, and n. The products of a position are added in float64, in the order of its elements.
func CosineLoss(p *Pool, x, t []float32, n, size int) (loss, counted float32) {
	c := cosines{x: x, t: t, n: n, positions: 1, size: size}
	return c.mean()
}

// WeightedCosineLoss is CosineLoss of n rows of so many positions each, every position's term times the weight w of its
// row, and divided by the sum of the weights of positions, which is returned too. Where that is 0, so is the loss.
func WeightedCosineLoss(p *Pool, x, t, w []float32, n, positions, size int) (loss, total float32) {
	c := cosines{x: x, t: t, w: w, n: n * positions, positions: positions, size: size}
	return c.mean()
}

// CosineLossGrad computes ∂x = (x·cos/‖x‖² − t/(‖x‖·‖t‖))·∂loss/n at each of n positions, where cos is x·t/(‖x‖·‖t‖); a
// length below 1e-8 is that and does not change with x.
func CosineLossGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	c := cosines{dx: dx, x: x, t: t, n: n, positions: 1, size: size, dloss: dloss}
	c.gradient(p)
}

// WeightedCosineLossGrad is CosineLossGrad of n rows of so many positions each, every position's gradient times the weight w
// of its row, and divided by the sum of the weights of positions instead of their number.
func WeightedCosineLossGrad(p *Pool, dx []float32, dloss float32, x, t, w []float32, n, positions, size int) {
	c := cosines{dx: dx, x: x, t: t, w: w, n: n * positions, positions: positions, size: size, dloss: dloss}
	c.gradient(p)
}

// cosines is what the loss works on, or its gradient: n vectors. w may be nil, every weight being 1, else it has one for so
// many positions.
type cosines struct {
	dx, x, t, w        []float32
	n, positions, size int
	dloss              float32
	total              float64
}

// weight returns that of a position.
func (c *cosines) weight(position int) float32 {
	if c.w == nil {
		return 1
	}
	return c.w[position/c.positions]
}

// weights returns their sum.
func (c *cosines) weights() (total float64) {
	for i := range c.n {
		total += float64(c.weight(i))
	}
	return total
}

// lengths returns x·t, ‖x‖ and ‖t‖ of a position. A product of two float32s is exact in float64, so that it does not matter
// whether it is fused.
func (c *cosines) lengths(position int) (dot, long, longT float64) {
	x, t := c.x[position*c.size:][:c.size], c.t[position*c.size:][:c.size]
	for i, v := range x {
		a, b := float64(v), float64(t[i])
		dot += float64(a * b)
		long += float64(a * a)
		longT += float64(b * b)
	}
	return dot, math.Sqrt(long), math.Sqrt(longT)
}

// mean returns the weighted mean of the positions' terms, and the sum of the weights.
func (c *cosines) mean() (mean, total float32) {
	var sum Sum
	for i := range c.n {
		dot, long, longT := c.lengths(i)
		term := 1 - dot/float64(max(long, leastLength)*max(longT, leastLength))
		sum.Add(float32(float64(c.weight(i)) * term))
	}
	if total = float32(c.weights()); total == 0 {
		return 0, 0
	}
	return sum.Total() / total, total
}

// gradient computes that of the mean.
func (c *cosines) gradient(p *Pool) {
	c.total = c.weights()
	if p.shares(c.n * c.size) {
		p.run(job{tile: func(j *job, tile int) { j.cosines.backward(groupOf(tile, j.cosines.n, j.cosines.size)) }, cosines: *c}, groups(c.n, c.size))
		return
	}
	c.backward(together{0, c.n})
}

// backward computes ∂x at some positions.
func (c *cosines) backward(g together) {
	for position := g.first; position < g.end(); position++ {
		dot, long, longT := c.lengths(position)
		scale := 0.0
		if c.total > 0 {
			scale = float64(float64(c.dloss)*float64(c.weight(position))) / c.total
		}
		ofT := scale / float64(max(long, leastLength)*max(longT, leastLength))
		ofX := 0.0
		if long > leastLength || long != long {
			ofX = ofT * (dot / long / long)
		}
		dx, t := c.dx[position*c.size:][:c.size], c.t[position*c.size:][:c.size]
		for i, v := range c.x[position*c.size:][:c.size] {
			dx[i] = float32(float64(ofX*float64(v)) - float64(ofT*float64(t[i])))
		}
	}
}
