package kernel

// BCELogits returns the mean binary cross-entropy of n·size logits x and targets t in [0, 1].
func BCELogits(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(BCELogits1(v, t[i]))
	}
	return sum.Total() / float32(n*size)
}

// BCELogits1 returns max(x, 0) − x·t + ln(1 + e^−|x|).
func BCELogits1(x, t float32) float32 {
	v := float64(x)
	positive, magnitude := v, v
	if v < 0 {
		positive, magnitude = 0, -v
	}
	return float32(positive - float64(v*float64(t)) + Log1p(Exp(-magnitude)))
}

// BCELogitsGrad computes ∂x = (sigmoid(x) − t)·(∂loss/(n·size)) for n·size elements.
func BCELogitsGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = (Sigmoid1(v) - t[i]) * scale
	}
}
