// Code generated from the cards of compiler/op; DO NOT EDIT.
// Rewrite it with: go test ./compiler -run Kernels -update

package kernel

// Add computes n·size elements of z = x + y.
func Add(p *Pool, z, x, y []float32, n, size int) { p.each(MapAdd(z, x, y, n, size)) }

// MapAdd is Add as a Map.
func MapAdd(z, x, y []float32, n, size int) Map {
	return Map{z: z[:n*size], x: x[:n*size], y: y[:n*size], f: mapping{rowsAdd, rowsAddWide}}
}

func rowsAdd(z, x, y, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		z, y := z[r*stride:][:len(x)], y[r*stride:][:len(x)]
		for i, v := range x {
			z[i] = v + y[i]
		}
	}
}

// BCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)) over n·size elements.
func BCELogits(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsBCELogits, nil}.mean(x[:n*size], t[:n*size], nil, constants{})
}

func termsBCELogits(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += BCELogits1(v, t[i])
	}
	return sum.Sum()
}

// BCELogitsGrad computes n·size elements of ∂x = ∂loss·(sigmoid(x) − t) / (n·size).
func BCELogitsGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapBCELogitsGrad(dx, dloss, x, t, n, size))
}

// MapBCELogitsGrad is BCELogitsGrad as a Map.
func MapBCELogitsGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsBCELogitsGrad, rowsBCELogitsGradWide}}
}

func rowsBCELogitsGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = (Sigmoid1(v) - t[i]) * scale
		}
	}
}

// ClipValue computes n·size elements of g = min(max(g, −most), most), in place.
func ClipValue(p *Pool, g []float32, n, size int, most float32) {
	p.each(MapClipValue(g, n, size, most))
}

// MapClipValue is ClipValue as a Map.
func MapClipValue(g []float32, n, size int, most float32) Map {
	return Map{z: g[:n*size], x: g[:n*size], c: constants{0 - most, most}, f: mapping{rowsClipValue, rowsClipValueWide}}
}

func rowsClipValue(_, g, _, _ []float32, c constants, rows, columns, stride int) {
	offset, most := c[0], c[1]
	for r := range rows {
		g := g[r*stride:][:columns]
		for i, v := range g {
			g[i] = min(max(v, offset), most)
		}
	}
}

// Huber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta) over n·size elements.
func Huber(p *Pool, x, t []float32, n, size int, delta float32) float32 {
	return terms{termsHuber, termsHuberWide}.mean(x[:n*size], t[:n*size], nil, constants{delta, float32(0.5 * delta)})
}

func termsHuber(x, t, _ []float32, c constants) float32 {
	delta, scale := c[0], c[1]
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum[i&15] += Where(e2, delta, float32(delta*(e2-scale)), float32(0.5*float32(e*e)))
	}
	return sum.Sum()
}

// HuberGrad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = x − t is cut to ±delta.
func HuberGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int, delta float32) {
	p.each(MapHuberGrad(dx, dloss, x, t, n, size, delta))
}

// MapHuberGrad is HuberGrad as a Map.
func MapHuberGrad(dx []float32, dloss float32, x, t []float32, n, size int, delta float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{delta, 0 - delta, dloss / float32(n*size)}, f: mapping{rowsHuberGrad, rowsHuberGradWide}}
}

func rowsHuberGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	delta, offset, scale := c[0], c[1], c[2]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = max(min(v-t[i], delta), offset) * scale
		}
	}
}

// MAE returns the mean of |x − t| over n·size elements.
func MAE(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsMAE, termsMAEWide}.mean(x[:n*size], t[:n*size], nil, constants{})
}

func termsMAE(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += Abs(v - t[i])
	}
	return sum.Sum()
}

// MAEGrad computes n·size elements of ∂x = ∂loss·sign(x − t) / (n·size).
func MAEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapMAEGrad(dx, dloss, x, t, n, size))
}

// MapMAEGrad is MAEGrad as a Map.
func MapMAEGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsMAEGrad, rowsMAEGradWide}}
}

func rowsMAEGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Sign(v-t[i]) * scale
		}
	}
}

// MSE returns the mean of (x − t)² over n·size elements.
func MSE(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsMSE, termsMSEWide}.mean(x[:n*size], t[:n*size], nil, constants{})
}

func termsMSE(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		sum[i&15] += float32(e * e)
	}
	return sum.Sum()
}

// MSEGrad computes n·size elements of ∂x = ∂loss·2(x − t) / (n·size).
func MSEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapMSEGrad(dx, dloss, x, t, n, size))
}

// MapMSEGrad is MSEGrad as a Map.
func MapMSEGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{float32(2*dloss) / float32(n*size)}, f: mapping{rowsMSEGrad, rowsMSEGradWide}}
}

func rowsMSEGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = (v - t[i]) * scale
		}
	}
}

// Mul computes n·size elements of z = x ∘ y.
func Mul(p *Pool, z, x, y []float32, n, size int) { p.each(MapMul(z, x, y, n, size)) }

// MapMul is Mul as a Map.
func MapMul(z, x, y []float32, n, size int) Map {
	return Map{z: z[:n*size], x: x[:n*size], y: y[:n*size], f: mapping{rowsMul, rowsMulWide}}
}

func rowsMul(z, x, y, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		z, y := z[r*stride:][:len(x)], y[r*stride:][:len(x)]
		for i, v := range x {
			z[i] = v * y[i]
		}
	}
}

// ReLU computes n·size elements of y = max(x, 0).
func ReLU(p *Pool, y, x []float32, n, size int) { p.each(MapReLU(y, x, n, size)) }

// MapReLU is ReLU as a Map.
func MapReLU(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsReLU, rowsReLUWide}}
}

func rowsReLU(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = max(v, 0)
		}
	}
}

// ReLUGrad computes n·size elements of ∂x = ∂y where y > 0, else 0.
func ReLUGrad(p *Pool, dx, y, dy []float32, n, size int) { p.each(MapReLUGrad(dx, y, dy, n, size)) }

// MapReLUGrad is ReLUGrad as a Map.
func MapReLUGrad(dx, y, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: y[:n*size], y: dy[:n*size], f: mapping{rowsReLUGrad, rowsReLUGradWide}}
}

func rowsReLUGrad(dx, y, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		y := y[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(y)], dy[r*stride:][:len(y)]
		for i, v := range y {
			dx[i] = Where(v, 0, dy[i], v)
		}
	}
}

// Sigmoid computes n·size elements of y = 1 / (1 + exp(−x)).
func Sigmoid(p *Pool, y, x []float32, n, size int) { p.each(MapSigmoid(y, x, n, size)) }

// MapSigmoid is Sigmoid as a Map.
func MapSigmoid(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsSigmoid, rowsSigmoidWide}}
}

func rowsSigmoid(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Sigmoid1(v)
		}
	}
}

// SigmoidGrad computes n·size elements of ∂x = ∂y·y·(1 − y).
func SigmoidGrad(p *Pool, dx, y, dy []float32, n, size int) {
	p.each(MapSigmoidGrad(dx, y, dy, n, size))
}

// MapSigmoidGrad is SigmoidGrad as a Map.
func MapSigmoidGrad(dx, y, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: y[:n*size], y: dy[:n*size], f: mapping{rowsSigmoidGrad, rowsSigmoidGradWide}}
}

func rowsSigmoidGrad(dx, y, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		y := y[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(y)], dy[r*stride:][:len(y)]
		for i, v := range y {
			dx[i] = float32(dy[i]*v) * (1 - v)
		}
	}
}

// Tanh computes n·size elements of y = tanh(x).
func Tanh(p *Pool, y, x []float32, n, size int) { p.each(MapTanh(y, x, n, size)) }

// MapTanh is Tanh as a Map.
func MapTanh(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsTanh, rowsTanhWide}}
}

func rowsTanh(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Tanh1(v)
		}
	}
}

// TanhGrad computes n·size elements of ∂x = ∂y·(1 − y²).
func TanhGrad(p *Pool, dx, y, dy []float32, n, size int) { p.each(MapTanhGrad(dx, y, dy, n, size)) }

// MapTanhGrad is TanhGrad as a Map.
func MapTanhGrad(dx, y, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: y[:n*size], y: dy[:n*size], f: mapping{rowsTanhGrad, rowsTanhGradWide}}
}

func rowsTanhGrad(dx, y, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		y := y[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(y)], dy[r*stride:][:len(y)]
		for i, v := range y {
			dx[i] = dy[i] * (1 - float32(v*v))
		}
	}
}

// WeightedBCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)), each times its u over n·size elements.
func WeightedBCELogits(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedBCELogits, nil}.mean(x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedBCELogits(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(BCELogits1(v, t[i]) * u[i])
	}
	return sum.Sum()
}

// WeightedBCELogitsGrad computes n·size elements of ∂x = ∂loss·(sigmoid(x) − t) / (n·size), each times its u.
func WeightedBCELogitsGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedBCELogitsGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedBCELogitsGrad is WeightedBCELogitsGrad as a Map.
func MapWeightedBCELogitsGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsWeightedBCELogitsGrad, rowsWeightedBCELogitsGradWide}}
}

func rowsWeightedBCELogitsGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32((Sigmoid1(v)-t[i])*u[i]) * scale
		}
	}
}

// WeightedHuber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta), each times its
// u over n·size elements.
func WeightedHuber(p *Pool, x, t, u []float32, n, size int, delta float32) float32 {
	return terms{termsWeightedHuber, termsWeightedHuberWide}.mean(x[:n*size], t[:n*size], u[:n*size], constants{delta, float32(0.5 * delta)})
}

func termsWeightedHuber(x, t, u []float32, c constants) float32 {
	delta, scale := c[0], c[1]
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum[i&15] += float32(Where(e2, delta, float32(delta*(e2-scale)), float32(0.5*float32(e*e))) * u[i])
	}
	return sum.Sum()
}

// WeightedHuberGrad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = x − t is cut to ±delta, each times
// its u.
func WeightedHuberGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int, delta float32) {
	p.each(MapWeightedHuberGrad(dx, dloss, x, t, u, n, size, delta))
}

// MapWeightedHuberGrad is WeightedHuberGrad as a Map.
func MapWeightedHuberGrad(dx []float32, dloss float32, x, t, u []float32, n, size int, delta float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{delta, 0 - delta, dloss / float32(n*size)}, f: mapping{rowsWeightedHuberGrad, rowsWeightedHuberGradWide}}
}

func rowsWeightedHuberGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	delta, offset, scale := c[0], c[1], c[2]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(max(min(v-t[i], delta), offset)*u[i]) * scale
		}
	}
}

// WeightedMAE returns the mean of |x − t|, each times its u over n·size elements.
func WeightedMAE(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedMAE, termsWeightedMAEWide}.mean(x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedMAE(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(Abs(v-t[i]) * u[i])
	}
	return sum.Sum()
}

// WeightedMAEGrad computes n·size elements of ∂x = ∂loss·sign(x − t) / (n·size), each times its u.
func WeightedMAEGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedMAEGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedMAEGrad is WeightedMAEGrad as a Map.
func MapWeightedMAEGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsWeightedMAEGrad, rowsWeightedMAEGradWide}}
}

func rowsWeightedMAEGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(Sign(v-t[i])*u[i]) * scale
		}
	}
}

// WeightedMSE returns the mean of (x − t)², each times its u over n·size elements.
func WeightedMSE(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedMSE, termsWeightedMSEWide}.mean(x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedMSE(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		sum[i&15] += float32(float32(e*e) * u[i])
	}
	return sum.Sum()
}

// WeightedMSEGrad computes n·size elements of ∂x = ∂loss·2(x − t) / (n·size), each times its u.
func WeightedMSEGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedMSEGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedMSEGrad is WeightedMSEGrad as a Map.
func MapWeightedMSEGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{float32(2*dloss) / float32(n*size)}, f: mapping{rowsWeightedMSEGrad, rowsWeightedMSEGradWide}}
}

func rowsWeightedMSEGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32((v-t[i])*u[i]) * scale
		}
	}
}
