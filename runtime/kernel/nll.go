package kernel

// NLL returns −Σ w·x[c] / Σ w over the positions of n rows whose class c is not left out, and Σ w, where x has a logarithm of
// a probability for each class and w is the weight of the class, times that of the row unless u is nil. Where Σ w is 0, so
// is the loss.
func NLL(p *Pool, x []float32, c []int32, u []float32, n int, g *Labels) (loss, total float32) {
	e := entropies{x: x, c: c, w: u, n: n * g.Positions, positions: g.Positions, classes: g.Classes, labels: g}
	weights := e.totals()[0]
	if weights == 0 {
		return 0, 0
	}
	var sum Sum
	for row, class := range c[:e.n] {
		term := 0.0
		if class != g.Ignored { // its share in the mean: times a weight alone it may be too large for a float32
			weight := float64(float64(g.weight(class)) * float64(e.weight(row)))
			term = float64(weight*-float64(x[row*g.Classes+int(class)])) / weights
		}
		sum.Add(float32(term))
	}
	return sum.Total(), float32(weights)
}

// NLLGrad computes ∂x = −∂loss·w / Σ w at the class of each position, and 0 everywhere else.
func NLLGrad(p *Pool, dx []float32, dloss float32, c []int32, u []float32, n int, g *Labels) {
	e := entropies{c: c, w: u, n: n * g.Positions, positions: g.Positions, classes: g.Classes, dloss: dloss, labels: g}
	e.weights = e.totals()
	clear(dx[:e.n*g.Classes])
	for row, class := range c[:e.n] {
		if class != g.Ignored {
			dx[row*g.Classes+int(class)] = -float32(e.scale(row) * g.weight(class))
		}
	}
}
