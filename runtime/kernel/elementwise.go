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

// BCE returns the mean of −(t·log x + (1 − t)·log(1 − x)), each logarithm at least −100 over n·size elements.
func BCE(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsBCE, termsBCEWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
}

func termsBCE(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += 0 - (float32(t[i]*max(Log1(v), -100)) + float32((1-t[i])*max(LogRest1(v), -100)))
	}
	return sum.Sum()
}

// BCEGrad computes n·size elements of ∂x = ∂loss·(x − t)/max(x·(1 − x), 1e-12) / (n·size).
func BCEGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapBCEGrad(dx, dloss, x, t, n, size))
}

// MapBCEGrad is BCEGrad as a Map.
func MapBCEGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsBCEGrad, rowsBCEGradWide}}
}

func rowsBCEGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = ((v - t[i]) / max(float32(v*(1-v)), 1e-12)) * scale
		}
	}
}

// BCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)) over n·size elements.
func BCELogits(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsBCELogits, termsBCELogitsWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
}

func termsBCELogits(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(v*(Where(v, 0, 1, 0)-t[i])) + SoftplusBelow1(v)
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

// Blend computes n·size elements of a += share·(x − a), in place.
func Blend(p *Pool, a, x []float32, share float32, n, size int) {
	p.each(MapBlend(a, x, share, n, size))
}

// MapBlend is Blend as a Map.
func MapBlend(a, x []float32, share float32, n, size int) Map {
	return Map{z: a[:n*size], x: a[:n*size], y: x[:n*size], c: constants{share}, f: mapping{rowsBlend, rowsBlendWide}}
}

func rowsBlend(_, a, x, _ []float32, c constants, rows, columns, stride int) {
	share := c[0]
	for r := range rows {
		a := a[r*stride:][:columns]
		x := x[r*stride:][:len(a)]
		for i, v := range a {
			a[i] = Where(1, share, v+float32(share*(x[i]-v)), x[i])
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

// Cosine computes n·size elements of y = cos(x), NaN beyond |x| = 12868.
func Cosine(p *Pool, y, x []float32, n, size int) { p.each(MapCosine(y, x, n, size)) }

// MapCosine is Cosine as a Map.
func MapCosine(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsCosine, rowsCosineWide}}
}

func rowsCosine(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Cos1(v)
		}
	}
}

// ELU computes n·size elements of y = x where x > 0, else alpha·(exp(x) − 1).
func ELU(p *Pool, y, x []float32, n, size int, alpha float32) { p.each(MapELU(y, x, n, size, alpha)) }

// MapELU is ELU as a Map.
func MapELU(y, x []float32, n, size int, alpha float32) Map {
	return Map{z: y[:n*size], x: x[:n*size], c: constants{alpha}, f: mapping{rowsELU, rowsELUWide}}
}

func rowsELU(y, x, _, _ []float32, c constants, rows, columns, stride int) {
	alpha := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Where(v, 0, v, float32(alpha*ELU1(v)))
		}
	}
}

// ELUGrad computes n·size elements of ∂x = ∂y where x > 0, else ∂y·alpha·exp(x).
func ELUGrad(p *Pool, dx, x, dy []float32, n, size int, alpha float32) {
	p.each(MapELUGrad(dx, x, dy, n, size, alpha))
}

// MapELUGrad is ELUGrad as a Map.
func MapELUGrad(dx, x, dy []float32, n, size int, alpha float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], c: constants{alpha}, f: mapping{rowsELUGrad, rowsELUGradWide}}
}

func rowsELUGrad(dx, x, dy, _ []float32, c constants, rows, columns, stride int) {
	alpha := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Where(v, 0, dy[i], float32(dy[i]*float32(alpha*Exp1(v))))
		}
	}
}

// Erf computes n·size elements of y = erf(x).
func Erf(p *Pool, y, x []float32, n, size int) { p.each(MapErf(y, x, n, size)) }

// MapErf is Erf as a Map.
func MapErf(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsErf, rowsErfWide}}
}

func rowsErf(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Erf1(v)
		}
	}
}

// Exponential computes n·size elements of y = exp(x).
func Exponential(p *Pool, y, x []float32, n, size int) { p.each(MapExponential(y, x, n, size)) }

// MapExponential is Exponential as a Map.
func MapExponential(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsExponential, rowsExponentialWide}}
}

func rowsExponential(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Exp1(v)
		}
	}
}

// GELU computes n·size elements of y = x·Φ(x).
func GELU(p *Pool, y, x []float32, n, size int) { p.each(MapGELU(y, x, n, size)) }

// MapGELU is GELU as a Map.
func MapGELU(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsGELU, rowsGELUWide}}
}

func rowsGELU(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = GELU1(v)
		}
	}
}

// GELUGrad computes n·size elements of ∂x = ∂y·(Φ(x) + x·Φ′(x)).
func GELUGrad(p *Pool, dx, x, dy []float32, n, size int) { p.each(MapGELUGrad(dx, x, dy, n, size)) }

// MapGELUGrad is GELUGrad as a Map.
func MapGELUGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsGELUGrad, rowsGELUGradWide}}
}

func rowsGELUGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * GELUSlope1(v)
		}
	}
}

// GELUTanh computes n·size elements of y = ½x·(1 + tanh(v)), v = √(2/π)·(x + 0.044715x³).
func GELUTanh(p *Pool, y, x []float32, n, size int) { p.each(MapGELUTanh(y, x, n, size)) }

// MapGELUTanh is GELUTanh as a Map.
func MapGELUTanh(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsGELUTanh, rowsGELUTanhWide}}
}

func rowsGELUTanh(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = GELUTanh1(v)
		}
	}
}

// GELUTanhGrad computes n·size elements of ∂x = ∂y·½(1 + tanh(v) + x·v′·(1 − tanh²(v))), v = √(2/π)·(x + 0.044715x³).
func GELUTanhGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapGELUTanhGrad(dx, x, dy, n, size))
}

// MapGELUTanhGrad is GELUTanhGrad as a Map.
func MapGELUTanhGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsGELUTanhGrad, rowsGELUTanhGradWide}}
}

func rowsGELUTanhGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * GELUTanhSlope1(v)
		}
	}
}

// Hardsigmoid computes n·size elements of y = min(max(x + 3, 0), 6) / 6.
func Hardsigmoid(p *Pool, y, x []float32, n, size int) { p.each(MapHardsigmoid(y, x, n, size)) }

// MapHardsigmoid is Hardsigmoid as a Map.
func MapHardsigmoid(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsHardsigmoid, rowsHardsigmoidWide}}
}

func rowsHardsigmoid(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = min(max(v+3, 0), 6) / 6
		}
	}
}

// HardsigmoidGrad computes n·size elements of ∂x = ∂y / 6 where −3 < x < 3, else 0.
func HardsigmoidGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapHardsigmoidGrad(dx, x, dy, n, size))
}

// MapHardsigmoidGrad is HardsigmoidGrad as a Map.
func MapHardsigmoidGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsHardsigmoidGrad, rowsHardsigmoidGradWide}}
}

func rowsHardsigmoidGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Where(v, -3, Where(3, v, dy[i]/6, 0), max(v+3, 0))
		}
	}
}

// Hardswish computes n·size elements of y = x·min(max(x + 3, 0), 6) / 6.
func Hardswish(p *Pool, y, x []float32, n, size int) { p.each(MapHardswish(y, x, n, size)) }

// MapHardswish is Hardswish as a Map.
func MapHardswish(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsHardswish, rowsHardswishWide}}
}

func rowsHardswish(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = float32(v*min(max(v+3, 0), 6)) / 6
		}
	}
}

// HardswishGrad computes n·size elements of ∂x = 0 where x ≤ −3, ∂y where x ≥ 3, else ∂y·(x/3 + ½).
func HardswishGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapHardswishGrad(dx, x, dy, n, size))
}

// MapHardswishGrad is HardswishGrad as a Map.
func MapHardswishGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsHardswishGrad, rowsHardswishGradWide}}
}

func rowsHardswishGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Where(v, -3, float32(dy[i]*Where(3, v, v/3+0.5, 1)), max(v+3, 0))
		}
	}
}

// Hardtanh computes n·size elements of y = min(max(x, least), most).
func Hardtanh(p *Pool, y, x []float32, n, size int, least, most float32) {
	p.each(MapHardtanh(y, x, n, size, least, most))
}

// MapHardtanh is Hardtanh as a Map.
func MapHardtanh(y, x []float32, n, size int, least, most float32) Map {
	return Map{z: y[:n*size], x: x[:n*size], c: constants{least, most}, f: mapping{rowsHardtanh, rowsHardtanhWide}}
}

func rowsHardtanh(y, x, _, _ []float32, c constants, rows, columns, stride int) {
	least, most := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = min(max(v, least), most)
		}
	}
}

// HardtanhGrad computes n·size elements of ∂x = ∂y where least < y < most, else 0.
func HardtanhGrad(p *Pool, dx, y, dy []float32, n, size int, least, most float32) {
	p.each(MapHardtanhGrad(dx, y, dy, n, size, least, most))
}

// MapHardtanhGrad is HardtanhGrad as a Map.
func MapHardtanhGrad(dx, y, dy []float32, n, size int, least, most float32) Map {
	return Map{z: dx[:n*size], x: y[:n*size], y: dy[:n*size], c: constants{least, most}, f: mapping{rowsHardtanhGrad, rowsHardtanhGradWide}}
}

func rowsHardtanhGrad(dx, y, dy, _ []float32, c constants, rows, columns, stride int) {
	least, most := c[0], c[1]
	for r := range rows {
		y := y[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(y)], dy[r*stride:][:len(y)]
		for i, v := range y {
			dx[i] = Where(v, least, Where(most, v, dy[i], 0), v-least)
		}
	}
}

// Hinge returns the mean of max(0, 1 − u·x), with u = 2t − 1 over n·size elements.
func Hinge(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsHinge, termsHingeWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
}

func termsHinge(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += max(1-float32(((t[i]+t[i])-1)*v), 0)
	}
	return sum.Sum()
}

// HingeGrad computes n·size elements of ∂x = −∂loss·u / (n·size) where u·x < 1, else 0, with u = 2t − 1.
func HingeGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapHingeGrad(dx, dloss, x, t, n, size))
}

// MapHingeGrad is HingeGrad as a Map.
func MapHingeGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsHingeGrad, rowsHingeGradWide}}
}

func rowsHingeGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			e := (t[i] + t[i]) - 1
			dx[i] = float32(max(Sign(1-float32(e*v)), 0)*(0-e)) * scale
		}
	}
}

// Huber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta) over n·size elements.
func Huber(p *Pool, x, t []float32, n, size int, delta float32) float32 {
	return terms{termsHuber, termsHuberWide}.mean(p, x[:n*size], t[:n*size], nil, constants{delta, float32(0.5 * delta)})
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

// KL returns the mean of classes·t·(log t − x), 0 where t is 0 over n·size elements.
func KL(p *Pool, x, t []float32, n, size int, classes float32) float32 {
	return terms{termsKL, termsKLWide}.mean(p, x[:n*size], t[:n*size], nil, constants{classes})
}

func termsKL(x, t, _ []float32, c constants) float32 {
	classes := c[0]
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(classes * Where(t[i], 0, float32(t[i]*(Log1(t[i])-v)), float32(t[i]*Sign(v))))
	}
	return sum.Sum()
}

// KLGrad computes n·size elements of ∂x = −∂loss·classes·t / (n·size).
func KLGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int, classes float32) {
	p.each(MapKLGrad(dx, dloss, x, t, n, size, classes))
}

// MapKLGrad is KLGrad as a Map.
func MapKLGrad(dx []float32, dloss float32, x, t []float32, n, size int, classes float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{classes, dloss / float32(n*size)}, f: mapping{rowsKLGrad, rowsKLGradWide}}
}

func rowsKLGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	classes, scale := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(classes*float32((0-max(t[i], 0))*max(Sign(v), 1))) * scale
		}
	}
}

// LeakyReLU computes n·size elements of y = x where x > 0, else slope·x.
func LeakyReLU(p *Pool, y, x []float32, n, size int, slope float32) {
	p.each(MapLeakyReLU(y, x, n, size, slope))
}

// MapLeakyReLU is LeakyReLU as a Map.
func MapLeakyReLU(y, x []float32, n, size int, slope float32) Map {
	return Map{z: y[:n*size], x: x[:n*size], c: constants{slope}, f: mapping{rowsLeakyReLU, rowsLeakyReLUWide}}
}

func rowsLeakyReLU(y, x, _, _ []float32, c constants, rows, columns, stride int) {
	slope := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Where(v, 0, v, float32(slope*v))
		}
	}
}

// LeakyReLUGrad computes n·size elements of ∂x = ∂y where x > 0, else slope·∂y.
func LeakyReLUGrad(p *Pool, dx, x, dy []float32, n, size int, slope float32) {
	p.each(MapLeakyReLUGrad(dx, x, dy, n, size, slope))
}

// MapLeakyReLUGrad is LeakyReLUGrad as a Map.
func MapLeakyReLUGrad(dx, x, dy []float32, n, size int, slope float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], c: constants{slope}, f: mapping{rowsLeakyReLUGrad, rowsLeakyReLUGradWide}}
}

func rowsLeakyReLUGrad(dx, x, dy, _ []float32, c constants, rows, columns, stride int) {
	slope := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Where(v, 0, dy[i], float32(slope*dy[i])+max(v, 0))
		}
	}
}

// Logarithm computes n·size elements of y = log(x).
func Logarithm(p *Pool, y, x []float32, n, size int) { p.each(MapLogarithm(y, x, n, size)) }

// MapLogarithm is Logarithm as a Map.
func MapLogarithm(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsLogarithm, rowsLogarithmWide}}
}

func rowsLogarithm(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Log1(v)
		}
	}
}

// LogarithmGrad computes n·size elements of ∂x = ∂y / x.
func LogarithmGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapLogarithmGrad(dx, x, dy, n, size))
}

// MapLogarithmGrad is LogarithmGrad as a Map.
func MapLogarithmGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsLogarithmGrad, rowsLogarithmGradWide}}
}

func rowsLogarithmGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] / v
		}
	}
}

// MAE returns the mean of |x − t| over n·size elements.
func MAE(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsMAE, termsMAEWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
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
	return terms{termsMSE, termsMSEWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
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

// Mish computes n·size elements of y = x·tanh(log(1 + exp(x))).
func Mish(p *Pool, y, x []float32, n, size int) { p.each(MapMish(y, x, n, size)) }

// MapMish is Mish as a Map.
func MapMish(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsMish, rowsMishWide}}
}

func rowsMish(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Mish1(v)
		}
	}
}

// MishGrad computes n·size elements of ∂x = ∂y·(w + x·sigmoid(x)·(1 − w²)), w = tanh(log(1 + exp(x))).
func MishGrad(p *Pool, dx, x, dy []float32, n, size int) { p.each(MapMishGrad(dx, x, dy, n, size)) }

// MapMishGrad is MishGrad as a Map.
func MapMishGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsMishGrad, rowsMishGradWide}}
}

func rowsMishGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * MishSlope1(v)
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

// Negative computes n·size elements of y = min(x, 0).
func Negative(p *Pool, y, x []float32, n, size int) { p.each(MapNegative(y, x, n, size)) }

// MapNegative is Negative as a Map.
func MapNegative(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsNegative, rowsNegativeWide}}
}

func rowsNegative(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = min(v, 0)
		}
	}
}

// NegativeGrad computes n·size elements of ∂x = 0 where x > 0, else ∂y.
func NegativeGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapNegativeGrad(dx, x, dy, n, size))
}

// MapNegativeGrad is NegativeGrad as a Map.
func MapNegativeGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsNegativeGrad, rowsNegativeGradWide}}
}

func rowsNegativeGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = Where(v, 0, 0, dy[i]+max(v, 0))
		}
	}
}

// Poisson returns the mean of exp(x) − t·x over n·size elements.
func Poisson(p *Pool, x, t []float32, n, size int) float32 {
	return terms{termsPoisson, termsPoissonWide}.mean(p, x[:n*size], t[:n*size], nil, constants{})
}

func termsPoisson(x, t, _ []float32, _ constants) float32 {
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += Exp1(v) - float32(t[i]*v)
	}
	return sum.Sum()
}

// PoissonGrad computes n·size elements of ∂x = ∂loss·(exp(x) − t) / (n·size).
func PoissonGrad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
	p.each(MapPoissonGrad(dx, dloss, x, t, n, size))
}

// MapPoissonGrad is PoissonGrad as a Map.
func MapPoissonGrad(dx []float32, dloss float32, x, t []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsPoissonGrad, rowsPoissonGradWide}}
}

func rowsPoissonGrad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = (Exp1(v) - t[i]) * scale
		}
	}
}

// RSqrt computes n·size elements of y = 1 / √x.
func RSqrt(p *Pool, y, x []float32, n, size int) { p.each(MapRSqrt(y, x, n, size)) }

// MapRSqrt is RSqrt as a Map.
func MapRSqrt(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsRSqrt, rowsRSqrtWide}}
}

func rowsRSqrt(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = RSqrt1(v)
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

// ReLU6 computes n·size elements of y = min(max(x, 0), 6).
func ReLU6(p *Pool, y, x []float32, n, size int) { p.each(MapReLU6(y, x, n, size)) }

// MapReLU6 is ReLU6 as a Map.
func MapReLU6(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsReLU6, rowsReLU6Wide}}
}

func rowsReLU6(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = min(max(v, 0), 6)
		}
	}
}

// ReLU6Grad computes n·size elements of ∂x = ∂y where 0 < y < 6, else 0.
func ReLU6Grad(p *Pool, dx, y, dy []float32, n, size int) { p.each(MapReLU6Grad(dx, y, dy, n, size)) }

// MapReLU6Grad is ReLU6Grad as a Map.
func MapReLU6Grad(dx, y, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: y[:n*size], y: dy[:n*size], f: mapping{rowsReLU6Grad, rowsReLU6GradWide}}
}

func rowsReLU6Grad(dx, y, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		y := y[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(y)], dy[r*stride:][:len(y)]
		for i, v := range y {
			dx[i] = Where(v, 0, Where(6, v, dy[i], 0), v)
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

// SELU computes n·size elements of y = λ·x where x > 0, else λα·(exp(x) − 1), λ = 1.0507, α = 1.6733.
func SELU(p *Pool, y, x []float32, n, size int) { p.each(MapSELU(y, x, n, size)) }

// MapSELU is SELU as a Map.
func MapSELU(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsSELU, rowsSELUWide}}
}

func rowsSELU(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Where(v, 0, float32(1.050701*v), float32(1.7580993*ELU1(v)))
		}
	}
}

// SELUGrad computes n·size elements of ∂x = ∂y·λ where x > 0, else ∂y·λα·exp(x), λ = 1.0507, α = 1.6733.
func SELUGrad(p *Pool, dx, x, dy []float32, n, size int) { p.each(MapSELUGrad(dx, x, dy, n, size)) }

// MapSELUGrad is SELUGrad as a Map.
func MapSELUGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsSELUGrad, rowsSELUGradWide}}
}

func rowsSELUGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * Where(v, 0, 1.050701, float32(1.7580993*Exp1(v)))
		}
	}
}

// SharedBCELogits returns the mean of b·max(x, 0) + a·max(−x, 0) + (a + b)·log(1 + exp(−|x|)) over n·size elements.
func SharedBCELogits(p *Pool, x, a, b []float32, n, size int) float32 {
	return terms{termsSharedBCELogits, termsSharedBCELogitsWide}.mean(p, x[:n*size], a[:n*size], b[:n*size], constants{})
}

func termsSharedBCELogits(x, a, b []float32, _ constants) float32 {
	a, b = a[:len(x)], b[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += (float32(b[i]*max(v, 0)) + float32(a[i]*max(0-v, 0))) + float32((a[i]+b[i])*SoftplusBelow1(v))
	}
	return sum.Sum()
}

// SharedBCELogitsGrad computes n·size elements of ∂x = ∂loss·(b·sigmoid(x) − a·sigmoid(−x)) / (n·size).
func SharedBCELogitsGrad(p *Pool, dx []float32, dloss float32, x, a, b []float32, n, size int) {
	p.each(MapSharedBCELogitsGrad(dx, dloss, x, a, b, n, size))
}

// MapSharedBCELogitsGrad is SharedBCELogitsGrad as a Map.
func MapSharedBCELogitsGrad(dx []float32, dloss float32, x, a, b []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: a[:n*size], u: b[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsSharedBCELogitsGrad, rowsSharedBCELogitsGradWide}}
}

func rowsSharedBCELogitsGrad(dx, x, a, b []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, a, b := dx[r*stride:][:len(x)], a[r*stride:][:len(x)], b[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = (float32(b[i]*Sigmoid1(v)) - float32(a[i]*Sigmoid1(0-v))) * scale
		}
	}
}

// SiLU computes n·size elements of y = x·sigmoid(x).
func SiLU(p *Pool, y, x []float32, n, size int) { p.each(MapSiLU(y, x, n, size)) }

// MapSiLU is SiLU as a Map.
func MapSiLU(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsSiLU, rowsSiLUWide}}
}

func rowsSiLU(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = SiLU1(v)
		}
	}
}

// SiLUGrad computes n·size elements of ∂x = ∂y·p·(1 + x·(1 − p)), p = sigmoid(x).
func SiLUGrad(p *Pool, dx, x, dy []float32, n, size int) { p.each(MapSiLUGrad(dx, x, dy, n, size)) }

// MapSiLUGrad is SiLUGrad as a Map.
func MapSiLUGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsSiLUGrad, rowsSiLUGradWide}}
}

func rowsSiLUGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * SiLUSlope1(v)
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

// Sine computes n·size elements of y = sin(x), NaN beyond |x| = 12868.
func Sine(p *Pool, y, x []float32, n, size int) { p.each(MapSine(y, x, n, size)) }

// MapSine is Sine as a Map.
func MapSine(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsSine, rowsSineWide}}
}

func rowsSine(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Sin1(v)
		}
	}
}

// SmoothL1 returns the mean, with e = x − t, of ½e²/beta where |e| < beta, else |e| − ½·beta over n·size elements.
func SmoothL1(p *Pool, x, t []float32, n, size int, beta float32) float32 {
	return terms{termsSmoothL1, termsSmoothL1Wide}.mean(p, x[:n*size], t[:n*size], nil, constants{beta, float32(0.5 * beta)})
}

func termsSmoothL1(x, t, _ []float32, c constants) float32 {
	beta, scale := c[0], c[1]
	t = t[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum[i&15] += Where(beta, e2, float32(float32(0.5*e)*(e/beta)), e2-scale)
	}
	return sum.Sum()
}

// SmoothL1Grad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = (x − t)/beta is cut to ±1.
func SmoothL1Grad(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int, beta float32) {
	p.each(MapSmoothL1Grad(dx, dloss, x, t, n, size, beta))
}

// MapSmoothL1Grad is SmoothL1Grad as a Map.
func MapSmoothL1Grad(dx []float32, dloss float32, x, t []float32, n, size int, beta float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], c: constants{beta, dloss / float32(n*size)}, f: mapping{rowsSmoothL1Grad, rowsSmoothL1GradWide}}
}

func rowsSmoothL1Grad(dx, x, t, _ []float32, c constants, rows, columns, stride int) {
	beta, scale := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t := dx[r*stride:][:len(x)], t[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = max(min((v-t[i])/beta, 1), -1) * scale
		}
	}
}

// Softplus computes n·size elements of y = log(1 + exp(beta·x)) / beta.
func Softplus(p *Pool, y, x []float32, n, size int, beta float32) {
	p.each(MapSoftplus(y, x, n, size, beta))
}

// MapSoftplus is Softplus as a Map.
func MapSoftplus(y, x []float32, n, size int, beta float32) Map {
	return Map{z: y[:n*size], x: x[:n*size], c: constants{beta}, f: mapping{rowsSoftplus, rowsSoftplusWide}}
}

func rowsSoftplus(y, x, _, _ []float32, c constants, rows, columns, stride int) {
	beta := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = Softplus1(float32(beta*v)) / beta
		}
	}
}

// SoftplusGrad computes n·size elements of ∂x = ∂y·sigmoid(beta·x).
func SoftplusGrad(p *Pool, dx, x, dy []float32, n, size int, beta float32) {
	p.each(MapSoftplusGrad(dx, x, dy, n, size, beta))
}

// MapSoftplusGrad is SoftplusGrad as a Map.
func MapSoftplusGrad(dx, x, dy []float32, n, size int, beta float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], c: constants{beta}, f: mapping{rowsSoftplusGrad, rowsSoftplusGradWide}}
}

func rowsSoftplusGrad(dx, x, dy, _ []float32, c constants, rows, columns, stride int) {
	beta := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = dy[i] * Sigmoid1(float32(beta*v))
		}
	}
}

// Softsign computes n·size elements of y = x / (1 + |x|).
func Softsign(p *Pool, y, x []float32, n, size int) { p.each(MapSoftsign(y, x, n, size)) }

// MapSoftsign is Softsign as a Map.
func MapSoftsign(y, x []float32, n, size int) Map {
	return Map{z: y[:n*size], x: x[:n*size], f: mapping{rowsSoftsign, rowsSoftsignWide}}
}

func rowsSoftsign(y, x, _, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		y := y[r*stride:][:len(x)]
		for i, v := range x {
			y[i] = v / (1 + Abs(v))
		}
	}
}

// SoftsignGrad computes n·size elements of ∂x = ∂y / (1 + |x|)².
func SoftsignGrad(p *Pool, dx, x, dy []float32, n, size int) {
	p.each(MapSoftsignGrad(dx, x, dy, n, size))
}

// MapSoftsignGrad is SoftsignGrad as a Map.
func MapSoftsignGrad(dx, x, dy []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: dy[:n*size], f: mapping{rowsSoftsignGrad, rowsSoftsignGradWide}}
}

func rowsSoftsignGrad(dx, x, dy, _ []float32, _ constants, rows, columns, stride int) {
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, dy := dx[r*stride:][:len(x)], dy[r*stride:][:len(x)]
		for i, v := range x {
			e := 1 + Abs(v)
			dx[i] = (dy[i] / e) / e
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

// WeightedBCE returns the mean of −(t·log x + (1 − t)·log(1 − x)), each logarithm at least −100, each times its u over
// n·size elements.
func WeightedBCE(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedBCE, termsWeightedBCEWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedBCE(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32((0 - (float32(t[i]*max(Log1(v), -100)) + float32((1-t[i])*max(LogRest1(v), -100)))) * u[i])
	}
	return sum.Sum()
}

// WeightedBCEGrad computes n·size elements of ∂x = ∂loss·(x − t)/max(x·(1 − x), 1e-12) / (n·size), each times its u.
func WeightedBCEGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedBCEGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedBCEGrad is WeightedBCEGrad as a Map.
func MapWeightedBCEGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsWeightedBCEGrad, rowsWeightedBCEGradWide}}
}

func rowsWeightedBCEGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(((v-t[i])/max(float32(v*(1-v)), 1e-12))*u[i]) * scale
		}
	}
}

// WeightedBCELogits returns the mean of max(x, 0) − x·t + log(1 + exp(−|x|)), each times its u over n·size elements.
func WeightedBCELogits(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedBCELogits, termsWeightedBCELogitsWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedBCELogits(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32((float32(v*(Where(v, 0, 1, 0)-t[i])) + SoftplusBelow1(v)) * u[i])
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

// WeightedHinge returns the mean of max(0, 1 − u·x), with u = 2t − 1, each times its u over n·size elements.
func WeightedHinge(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedHinge, termsWeightedHingeWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedHinge(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(max(1-float32(((t[i]+t[i])-1)*v), 0) * u[i])
	}
	return sum.Sum()
}

// WeightedHingeGrad computes n·size elements of ∂x = −∂loss·u / (n·size) where u·x < 1, else 0, with u = 2t − 1, each
// times its u.
func WeightedHingeGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedHingeGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedHingeGrad is WeightedHingeGrad as a Map.
func MapWeightedHingeGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsWeightedHingeGrad, rowsWeightedHingeGradWide}}
}

func rowsWeightedHingeGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			e := (t[i] + t[i]) - 1
			dx[i] = float32(float32(max(Sign(1-float32(e*v)), 0)*(0-e))*u[i]) * scale
		}
	}
}

// WeightedHuber returns the mean, with e = x − t, of ½e² where |e| ≤ delta, else delta·(|e| − ½·delta), each times its
// u over n·size elements.
func WeightedHuber(p *Pool, x, t, u []float32, n, size int, delta float32) float32 {
	return terms{termsWeightedHuber, termsWeightedHuberWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{delta, float32(0.5 * delta)})
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

// WeightedKL returns the mean of classes·t·(log t − x), 0 where t is 0, each times its u over n·size elements.
func WeightedKL(p *Pool, x, t, u []float32, n, size int, classes float32) float32 {
	return terms{termsWeightedKL, termsWeightedKLWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{classes})
}

func termsWeightedKL(x, t, u []float32, c constants) float32 {
	classes := c[0]
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32(float32(classes*Where(t[i], 0, float32(t[i]*(Log1(t[i])-v)), float32(t[i]*Sign(v)))) * u[i])
	}
	return sum.Sum()
}

// WeightedKLGrad computes n·size elements of ∂x = −∂loss·classes·t / (n·size), each times its u.
func WeightedKLGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int, classes float32) {
	p.each(MapWeightedKLGrad(dx, dloss, x, t, u, n, size, classes))
}

// MapWeightedKLGrad is WeightedKLGrad as a Map.
func MapWeightedKLGrad(dx []float32, dloss float32, x, t, u []float32, n, size int, classes float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{classes, dloss / float32(n*size)}, f: mapping{rowsWeightedKLGrad, rowsWeightedKLGradWide}}
}

func rowsWeightedKLGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	classes, scale := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(float32(classes*float32((0-max(t[i], 0))*max(Sign(v), 1)))*u[i]) * scale
		}
	}
}

// WeightedMAE returns the mean of |x − t|, each times its u over n·size elements.
func WeightedMAE(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedMAE, termsWeightedMAEWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
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
	return terms{termsWeightedMSE, termsWeightedMSEWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
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

// WeightedPoisson returns the mean of exp(x) − t·x, each times its u over n·size elements.
func WeightedPoisson(p *Pool, x, t, u []float32, n, size int) float32 {
	return terms{termsWeightedPoisson, termsWeightedPoissonWide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{})
}

func termsWeightedPoisson(x, t, u []float32, _ constants) float32 {
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		sum[i&15] += float32((Exp1(v) - float32(t[i]*v)) * u[i])
	}
	return sum.Sum()
}

// WeightedPoissonGrad computes n·size elements of ∂x = ∂loss·(exp(x) − t) / (n·size), each times its u.
func WeightedPoissonGrad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
	p.each(MapWeightedPoissonGrad(dx, dloss, x, t, u, n, size))
}

// MapWeightedPoissonGrad is WeightedPoissonGrad as a Map.
func MapWeightedPoissonGrad(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{dloss / float32(n*size)}, f: mapping{rowsWeightedPoissonGrad, rowsWeightedPoissonGradWide}}
}

func rowsWeightedPoissonGrad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	scale := c[0]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32((Exp1(v)-t[i])*u[i]) * scale
		}
	}
}

// WeightedSmoothL1 returns the mean, with e = x − t, of ½e²/beta where |e| < beta, else |e| − ½·beta, each times its u
// over n·size elements.
func WeightedSmoothL1(p *Pool, x, t, u []float32, n, size int, beta float32) float32 {
	return terms{termsWeightedSmoothL1, termsWeightedSmoothL1Wide}.mean(p, x[:n*size], t[:n*size], u[:n*size], constants{beta, float32(0.5 * beta)})
}

func termsWeightedSmoothL1(x, t, u []float32, c constants) float32 {
	beta, scale := c[0], c[1]
	t, u = t[:len(x)], u[:len(x)]
	var sum Lanes
	for i, v := range x {
		e := v - t[i]
		e2 := Abs(e)
		sum[i&15] += float32(Where(beta, e2, float32(float32(0.5*e)*(e/beta)), e2-scale) * u[i])
	}
	return sum.Sum()
}

// WeightedSmoothL1Grad computes n·size elements of ∂x = ∂loss·e / (n·size), where e = (x − t)/beta is cut to ±1, each
// times its u.
func WeightedSmoothL1Grad(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int, beta float32) {
	p.each(MapWeightedSmoothL1Grad(dx, dloss, x, t, u, n, size, beta))
}

// MapWeightedSmoothL1Grad is WeightedSmoothL1Grad as a Map.
func MapWeightedSmoothL1Grad(dx []float32, dloss float32, x, t, u []float32, n, size int, beta float32) Map {
	return Map{z: dx[:n*size], x: x[:n*size], y: t[:n*size], u: u[:n*size], c: constants{beta, dloss / float32(n*size)}, f: mapping{rowsWeightedSmoothL1Grad, rowsWeightedSmoothL1GradWide}}
}

func rowsWeightedSmoothL1Grad(dx, x, t, u []float32, c constants, rows, columns, stride int) {
	beta, scale := c[0], c[1]
	for r := range rows {
		x := x[r*stride:][:columns]
		dx, t, u := dx[r*stride:][:len(x)], t[r*stride:][:len(x)], u[r*stride:][:len(x)]
		for i, v := range x {
			dx[i] = float32(max(min((v-t[i])/beta, 1), -1)*u[i]) * scale
		}
	}
}
