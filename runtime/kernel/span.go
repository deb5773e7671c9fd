package kernel

// Span writes softmax(x) along the positions to probabilities [n, 2, positions], unless that is nil, and returns the mean of two
// means: of −ln softmax(x)[t] of starts, t[r, 0], over the rows where that is not Ignored, and the same of ends, t[r, 1]; then
// these two, each with the number of rows that it is over. A mean of none is 0, one of a row whose score x[t] is LeftOut +∞.
func Span(p *Pool, probabilities, x []float32, t []int32, n, positions int) (loss, start, starts, end, ends float32) {
	return WeightedSpan(p, probabilities, x, t, nil, n, positions)
}

// WeightedSpan is Span with weighted means, every row's terms times its weight w and divided by the sum of the weights of those
// that count, which stands in place of their number. Where that is 0, so is the mean.
func WeightedSpan(p *Pool, probabilities, x []float32, t []int32, w []float32, n, positions int) (loss, start, starts, end, ends float32) {
	e := entropies{y: probabilities, x: x, c: t, w: w, n: 2 * n, positions: 2, classes: positions, spans: true}
	means, weights := e.means(p)
	return float32(means[0]*0.5) + float32(means[1]*0.5), means[0], weights[0], means[1], weights[1]
}

// SpanGrad computes ∂x = (p − onehot(t))·(½∂loss/m), where m is the number of rows whose start, or end, is not Ignored; at the
// other rows ∂x is 0.
func SpanGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, t []int32, n, positions int) {
	WeightedSpanGrad(p, dx, dloss, probabilities, t, nil, n, positions)
}

// WeightedSpanGrad is SpanGrad with every row's gradient times its weight w, and divided by the sum of the weights of those that
// count instead of m.
func WeightedSpanGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, t []int32, w []float32, n, positions int) {
	e := entropies{y: dx, x: probabilities, c: t, w: w, n: 2 * n, positions: 2, classes: positions, spans: true, dloss: dloss * 0.5}
	e.gradient(p)
}
