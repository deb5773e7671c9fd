// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

// Add computes n·size elements of z = x + y.
func Add(p *Pool, z, x, y []float32, n, size int) {
	x = x[:n*size]
	z, y = z[:len(x)], y[:len(x)]
	for i, v := range x {
		z[i] = v + y[i]
	}
}

// BCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)) over n·size elements.
func BCELogits(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(BCELogits1(v, t[i]))
	}
	return sum.Total() / float32(n*size)
}

// BCELogitsGrad computes n·size elements of ∂x = ∂loss·(sigmoid(x) − t) / (n·size).
func BCELogitsGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = (Sigmoid1(v) - t[i]) * scale
	}
}

// ClipValue computes n·size elements of g = min(max(g, −most), most), in place.
func ClipValue(p *Pool, g []float32, n, size int, most float32) {
	g = g[:n*size]
	c := 0 - most
	for i, v := range g {
		g[i] = min(max(v, c), most)
	}
}

// Huber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta) over n·size elements.
func Huber(p *Pool, x, t []float32, n, size int, delta float32) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	scale := float32(0.5 * delta)
	var sum Sum
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum.Add(Where(e2, delta, float32(delta*(e2-scale)), float32(0.5*float32(e*e))))
	}
	return sum.Total() / float32(n*size)
}

// HuberGrad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = x − t is cut to ±delta.
func HuberGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int, delta float32) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	c := 0 - delta
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = max(min(v-t[i], delta), c) * scale
	}
}

// MAE returns the mean of |x − t| over n·size elements.
func MAE(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(Abs(v - t[i]))
	}
	return sum.Total() / float32(n*size)
}

// MAEGrad computes n·size elements of ∂x = ∂loss·sign(x − t) / (n·size).
func MAEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = Sign(v-t[i]) * scale
	}
}

// MSE returns the mean of (x − t)² over n·size elements.
func MSE(p *Pool, x, t []float32, n, size int) float32 {
	x = x[:n*size]
	t = t[:len(x)]
	var sum Sum
	for i, v := range x {
		e := v - t[i]
		sum.Add(float32(e * e))
	}
	return sum.Total() / float32(n*size)
}

// MSEGrad computes n·size elements of ∂x = ∂loss·2(x − t) / (n·size).
func MSEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	x = x[:n*size]
	dx, t = dx[:len(x)], t[:len(x)]
	scale := float32(2*dloss) / float32(n*size)
	for i, v := range x {
		dx[i] = (v - t[i]) * scale
	}
}

// Mul computes n·size elements of z = x ∘ y.
func Mul(p *Pool, z, x, y []float32, n, size int) {
	x = x[:n*size]
	z, y = z[:len(x)], y[:len(x)]
	for i, v := range x {
		z[i] = v * y[i]
	}
}

// ReLU computes n·size elements of y = max(x, 0).
func ReLU(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = max(v, 0)
	}
}

// ReLUGrad computes n·size elements of ∂x = ∂y where y > 0, else 0.
func ReLUGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = Where(v, 0, dy[i], v)
	}
}

// Sigmoid computes n·size elements of y = 1 / (1 + exp(−x)).
func Sigmoid(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = Sigmoid1(v)
	}
}

// SigmoidGrad computes n·size elements of ∂x = ∂y·y·(1 − y).
func SigmoidGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = float32(dy[i]*v) * (1 - v)
	}
}

// Tanh computes n·size elements of y = tanh(x).
func Tanh(p *Pool, y, x []float32, n, size int) {
	x = x[:n*size]
	y = y[:len(x)]
	for i, v := range x {
		y[i] = Tanh1(v)
	}
}

// TanhGrad computes n·size elements of ∂x = ∂y·(1 − y²).
func TanhGrad(p *Pool, dx, y, dy []float32, n, size int) {
	y = y[:n*size]
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = dy[i] * (1 - float32(v*v))
	}
}

// WeightedBCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)), each times its u over n·size elements.
func WeightedBCELogits(p *Pool, x, t, u []float32, n, size int) float32 {
	x = x[:n*size]
	t, u = t[:len(x)], u[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(float32(BCELogits1(v, t[i]) * u[i]))
	}
	return sum.Total() / float32(n*size)
}

// WeightedBCELogitsGrad computes n·size elements of ∂x = ∂loss·(sigmoid(x) − t) / (n·size), each times its u.
func WeightedBCELogitsGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	x = x[:n*size]
	dx, t, u = dx[:len(x)], t[:len(x)], u[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = float32((Sigmoid1(v)-t[i])*u[i]) * scale
	}
}

// WeightedHuber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta), each times its
// u over n·size elements.
func WeightedHuber(p *Pool, x, t, u []float32, n, size int, delta float32) float32 {
	x = x[:n*size]
	t, u = t[:len(x)], u[:len(x)]
	scale := float32(0.5 * delta)
	var sum Sum
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum.Add(float32(Where(e2, delta, float32(delta*(e2-scale)), float32(0.5*float32(e*e))) * u[i]))
	}
	return sum.Total() / float32(n*size)
}

// WeightedHuberGrad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = x − t is cut to ±delta, each times
// its u.
func WeightedHuberGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int, delta float32) {
	x = x[:n*size]
	dx, t, u = dx[:len(x)], t[:len(x)], u[:len(x)]
	c := 0 - delta
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = float32(max(min(v-t[i], delta), c)*u[i]) * scale
	}
}

// WeightedMAE returns the mean of |x − t|, each times its u over n·size elements.
func WeightedMAE(p *Pool, x, t, u []float32, n, size int) float32 {
	x = x[:n*size]
	t, u = t[:len(x)], u[:len(x)]
	var sum Sum
	for i, v := range x {
		sum.Add(float32(Abs(v-t[i]) * u[i]))
	}
	return sum.Total() / float32(n*size)
}

// WeightedMAEGrad computes n·size elements of ∂x = ∂loss·sign(x − t) / (n·size), each times its u.
func WeightedMAEGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	x = x[:n*size]
	dx, t, u = dx[:len(x)], t[:len(x)], u[:len(x)]
	scale := dloss / float32(n*size)
	for i, v := range x {
		dx[i] = float32(Sign(v-t[i])*u[i]) * scale
	}
}

// WeightedMSE returns the mean of (x − t)², each times its u over n·size elements.
func WeightedMSE(p *Pool, x, t, u []float32, n, size int) float32 {
	x = x[:n*size]
	t, u = t[:len(x)], u[:len(x)]
	var sum Sum
	for i, v := range x {
		e := v - t[i]
		sum.Add(float32(float32(e*e) * u[i]))
	}
	return sum.Total() / float32(n*size)
}

// WeightedMSEGrad computes n·size elements of ∂x = ∂loss·2(x − t) / (n·size), each times its u.
func WeightedMSEGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	x = x[:n*size]
	dx, t, u = dx[:len(x)], t[:len(x)], u[:len(x)]
	scale := float32(2*dloss) / float32(n*size)
	for i, v := range x {
		dx[i] = float32((v-t[i])*u[i]) * scale
	}
}
