package kernel

// Ignored is the class that takes no part in a cross-entropy.
const Ignored = -100

// CrossEntropy writes softmax(x) to probabilities [n, classes], unless that is nil, and returns the mean of
// −ln softmax(x)[c] over the rows whose class c is not Ignored, 0 if there is none, and how many there are. Of a
// row's term, the share of smoothing is instead the mean of −ln softmax(x) over all classes.
func CrossEntropy(p *Pool, probabilities, x []float32, c []int32, n, classes int, smoothing float64) (loss, counted float32) {
	e := entropies{y: probabilities, x: x, c: c, n: n, classes: classes, smoothing: smoothing}
	return e.only(p)
}

// WeightedCrossEntropy is CrossEntropy of n rows of so many positions each, every position's term times the weight w of
// its row, and divided by the sum of the weights of those that count, which is returned too. Where that is 0, so is the
// loss.
func WeightedCrossEntropy(p *Pool, probabilities, x []float32, c []int32, w []float32, n, positions, classes int, smoothing float64) (loss, total float32) {
	e := entropies{y: probabilities, x: x, c: c, w: w, n: n * positions, positions: positions, classes: classes, smoothing: smoothing}
	return e.only(p)
}

// Labels says how a loss takes classes: how many there are, at how many positions of a row, which of them is left out, the
// share of smoothing, and the weight of each, nil where all are 1.
type Labels struct {
	Classes, Positions int
	Ignored            int32
	Smoothing          float64
	Weights            []float32
}

// LabelledCrossEntropy is CrossEntropy of n rows by g: each position's −ln softmax(x)[c] is times the weight of its class c,
// −ln softmax(x) of each class times that of the class, and their sum is divided by Σ of the weights of the positions'
// classes. w, a weight for each row, may be nil; it is multiplied in everywhere.
func LabelledCrossEntropy(p *Pool, probabilities, x []float32, c []int32, w []float32, n int, g *Labels) (loss, total float32) {
	e := entropies{y: probabilities, x: x, c: c, w: w, n: n * g.Positions, positions: g.Positions, classes: g.Classes, smoothing: g.Smoothing, labels: g}
	return e.only(p)
}

// LabelledCrossEntropyGrad computes the gradient of it, of probabilities.
func LabelledCrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, w []float32, n int, g *Labels) {
	e := entropies{y: dx, x: probabilities, c: c, w: w, n: n * g.Positions, positions: g.Positions, classes: g.Classes, smoothing: g.Smoothing, dloss: dloss, labels: g}
	e.gradient(p)
}

// ignored is the class that is left out.
func (g *Labels) ignored() int32 {
	if g == nil {
		return Ignored
	}
	return g.Ignored
}

// weighs tells whether the classes have weights.
func (g *Labels) weighs() bool { return g != nil && g.Weights != nil }

// weight returns that of a class.
func (g *Labels) weight(class int32) float32 {
	if !g.weighs() {
		return 1
	}
	return g.Weights[class]
}

// entropies is what a cross-entropy works on, or its gradient: y is the result for n rows. w may be nil, every weight
// being 1, else it has one for so many positions. Rows are terms of one mean, or where there are spans of two in turn.
type entropies struct {
	y, x, w               []float32
	c                     []int32
	n, positions, classes int
	spans                 bool
	smoothing             float64
	labels                *Labels   // nil: all classes count alike
	terms                 *partSums // of rows from the group first on
	first                 int
	right, wrong, dloss   float32 // of the gradient, as what follows
	weights               [mostMeans]float64
}

// mostMeans is the number of means that rows are terms of in turn, at most.
const mostMeans = 2

// mean returns which of the means a row is a term of.
func (e *entropies) mean(row int) int {
	if e.spans {
		return row & 1
	}
	return 0
}

// weight returns that of a row.
func (e *entropies) weight(row int) float32 {
	if e.w == nil {
		return 1
	}
	return e.w[row/e.positions]
}

// totals returns the sum of the weights of rows that count, of each mean.
func (e *entropies) totals() (totals [mostMeans]float64) {
	for row, class := range e.c[:e.n] {
		if class != e.labels.ignored() {
			totals[e.mean(row)] += float64(float64(e.weight(row)) * float64(e.labels.weight(class)))
		}
	}
	return totals
}

// only returns the mean of all rows, and the sum of their weights.
func (e *entropies) only(p *Pool) (mean, weights float32) {
	means, totals := e.means(p)
	return means[0], totals[0]
}

// means returns the weighted means of the rows' terms, and the sums of the weights.
func (e *entropies) means(p *Pool) (means, weights [mostMeans]float32) {
	var sums [mostMeans]Sum
	if e.labels.weighs() {
		e.weights = e.totals()
	}
	if p.shares(e.n * e.classes) {
		e.terms = &p.crew.sums
		all, together := groups(e.n, e.classes), len(e.terms)/rowsTogether(e.classes)
		for ; e.first < all; e.first += together {
			tiles := min(together, all-e.first)
			p.run(job{tile: func(j *job, tile int) { j.entropies.share(tile) }, entropies: *e}, tiles)
			from, to := e.group(e.first).first, e.group(e.first+tiles-1).end()
			e.add(&sums, from, e.terms[:to-from])
		}
	} else {
		for i := range groups(e.n, e.classes) {
			var terms [mostTogether]float32
			g := e.group(i)
			e.compute(terms[:g.rows], g)
			e.add(&sums, g.first, terms[:g.rows])
		}
	}
	for i, total := range e.totals() {
		if total == 0 {
			continue
		}
		means[i], weights[i] = sums[i].Total(), float32(total)
		if !e.labels.weighs() { // else the terms are shares
			means[i] /= weights[i]
		}
	}
	return means, weights
}

// group returns a group of rows.
func (e *entropies) group(group int) together { return groupOf(group, e.n, e.classes) }

// share computes the terms of a group of rows where those of several groups lie side by side.
func (e *entropies) share(tile int) {
	g := e.group(e.first + tile)
	e.compute(e.terms[g.first-e.group(e.first).first:][:g.rows], g)
}

// add adds the terms of rows to their weighted sums.
func (e *entropies) add(sums *[mostMeans]Sum, first int, terms []float32) {
	for r, term := range terms {
		if !e.labels.weighs() {
			term = float32(term * e.weight(first+r))
		}
		sums[e.mean(first+r)].Add(term)
	}
}

// compute writes the probabilities and the terms of a group of rows, which are 0 where the class is Ignored.
func (e *entropies) compute(terms []float32, g together) {
	var s softmaxSums
	s.softmax(e.y, e.x, g, e.classes)
	if e.smoothing != 0 { // else 0·(−∞) would be no number
		clear(terms)
		x := e.x[g.first*e.classes:]
		for from := 0; from < e.classes; from += laneBlock {
			addDifferences(terms, s.top[:g.rows], x[from:], g.rows, min(laneBlock, e.classes-from))
		}
	}
	logarithms(s.total[:g.rows])
	for r, class := range e.c[g.first:][:g.rows] {
		if class == e.labels.ignored() {
			terms[r] = 0
			continue
		}
		x, top, total := e.x[(g.first+r)*e.classes:][:e.classes], float64(s.top[r]), float64(s.total[r])
		if e.spans && x[class] == LeftOut {
			if terms[r] = infinity(); e.weight(g.first+r) == 0 {
				terms[r] = 0 // 0·∞ would be no number
			}
			continue
		}
		if e.labels.weighs() {
			// The share in the mean: times a weight alone it may be too large for a float32.
			terms[r] = float32(float64(e.labels.term(x, class, top, total)*float64(e.weight(g.first+r))) / e.weights[0])
			continue
		}
		score := float64(x[class]) - top
		if e.smoothing != 0 {
			all := float64(terms[r])
			if all-all != 0 { // it may be too large for a float32 only
				all = excess(x, nil, top)
			}
			score = float64((1-e.smoothing)*score) + float64(e.smoothing*(all/float64(e.classes)))
		}
		terms[r] = float32(total - score)
	}
}

// term returns that of a position by weights of classes.
func (g *Labels) term(x []float32, class int32, top, total float64) float64 {
	own := float64(g.Weights[class])
	term := float64(own * (total - (float64(x[class]) - top)))
	if g.Smoothing != 0 {
		all := float64(g.sum()*total) - excess(x, g.Weights, top)
		term = float64((1-g.Smoothing)*term) + float64(g.Smoothing*(all/float64(g.Classes)))
	}
	return term
}

// sum returns that of the weights of all classes.
func (g *Labels) sum() (sum float64) {
	for _, w := range g.Weights {
		sum += float64(w)
	}
	return sum
}

// excess returns Σ w·(x − top), w being 1 where it is nil.
func excess(x, w []float32, top float64) (sum float64) {
	for i, v := range x {
		d := float64(v) - top
		if w != nil {
			d *= float64(w[i])
		}
		sum += float64(d)
	}
	return sum
}

// CrossEntropyGrad computes ∂x = (p − t)·(∂loss/m) for each of n rows, where m is the number of rows whose class
// c is not Ignored, and t is smoothing/classes, at c 1 − smoothing more; at the other rows ∂x is 0.
func CrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, n, classes int, smoothing float64) {
	e := entropies{y: dx, x: probabilities, c: c, n: n, classes: classes, smoothing: smoothing, dloss: dloss}
	e.gradient(p)
}

// WeightedCrossEntropyGrad is CrossEntropyGrad of n rows of so many positions each, every position's gradient times the
// weight w of its row, and divided by the sum of the weights of those that count instead of m.
func WeightedCrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, w []float32, n, positions, classes int, smoothing float64) {
	e := entropies{y: dx, x: probabilities, c: c, w: w, n: n * positions, positions: positions, classes: classes, smoothing: smoothing, dloss: dloss}
	e.gradient(p)
}

// gradient computes that of the mean.
func (e *entropies) gradient(p *Pool) {
	share := e.smoothing / float64(e.classes)
	e.right, e.wrong, e.weights = float32(1-e.smoothing+share), float32(share), e.totals()
	if p.shares(e.n * e.classes) {
		p.run(job{tile: func(j *job, tile int) { j.entropies.backward(tile) }, entropies: *e}, groups(e.n, e.classes))
		return
	}
	for group := range groups(e.n, e.classes) {
		e.backward(group)
	}
}

// scale returns the factor of the gradient of a row.
func (e *entropies) scale(row int) float32 {
	switch weights := e.weights[e.mean(row)]; {
	case e.w == nil && !e.labels.weighs():
		return e.dloss / float32(max(weights, 1))
	case weights == 0:
		return 0
	default:
		return float32(float64(e.dloss) * float64(e.weight(row)) / weights)
	}
}

// backward computes ∂x = (p − t)·scale for a group of rows, 0 where the class is Ignored.
func (e *entropies) backward(group int) {
	g := e.group(group)
	dx, probabilities, c := e.y[g.first*e.classes:], e.x[g.first*e.classes:], e.c[g.first:][:g.rows]
	if e.labels.weighs() && e.smoothing != 0 {
		e.smoothedBackward(g)
		return
	}
	var scale, right [mostTogether]float32 // ∂x may stand in the place of the probabilities
	for r, class := range c {
		scale[r] = e.scale(g.first + r)
		if class != e.labels.ignored() {
			if e.labels.weighs() {
				scale[r] *= e.labels.weight(class)
			}
			right[r] = (probabilities[r*e.classes+int(class)] - e.right) * scale[r]
		}
	}
	for from := 0; from < e.classes; from += laneBlock {
		scaleExcess(dx[from:], probabilities[from:], scale[:g.rows], g.rows, min(laneBlock, e.classes-from), e.wrong)
	}
	for r, class := range c {
		row := dx[r*e.classes:][:e.classes]
		if class == e.labels.ignored() {
			clear(row)
		} else {
			row[class] = right[r]
		}
	}
}

// smoothedBackward does it by weights of classes and smoothing: ∂x = (a·p − t)·scale, where t is the share of each class,
// w·smoothing/classes, at c w·(1 − smoothing) more, and a their sum.
func (e *entropies) smoothedBackward(g together) {
	share := e.smoothing / float64(e.classes)
	for row := g.first; row < g.end(); row++ {
		dx, probabilities, class := e.y[row*e.classes:][:e.classes], e.x[row*e.classes:][:e.classes], e.c[row]
		if class == e.labels.Ignored {
			clear(dx)
			continue
		}
		own := float64((1 - e.smoothing) * float64(e.labels.Weights[class]))
		all, scale := own+float64(share*e.labels.sum()), float64(e.scale(row))
		for i, p := range probabilities {
			target := float64(share * float64(e.labels.Weights[i]))
			if int32(i) == class {
				target += own
			}
			dx[i] = float32((float64(all*float64(p)) - target) * scale)
		}
	}
}
