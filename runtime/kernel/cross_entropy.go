package kernel

// Ignored is the class that takes no part in a cross-entropy.
const Ignored = -100

// CrossEntropy writes softmax(x) to probabilities [n, classes], unless that is nil, and returns the mean of
// −ln softmax(x)[c] over the rows whose class c is not Ignored, 0 if there is none, and how many there are. Of a
// row's term, the share of smoothing is instead the mean of −ln softmax(x) over all classes.
func CrossEntropy(p *Pool, probabilities, x []float32, c []int32, n, classes int, smoothing float64) (loss, counted float32) {
	e := entropies{y: probabilities, x: x, c: c, n: n, classes: classes, smoothing: smoothing}
	return e.mean(p)
}

// WeightedCrossEntropy is CrossEntropy of n rows of so many positions each, every position's term times the weight w of
// its row, and divided by the sum of the weights of those that count, which is returned too. Where that is 0, so is the
// loss.
func WeightedCrossEntropy(p *Pool, probabilities, x []float32, c []int32, w []float32, n, positions, classes int, smoothing float64) (loss, total float32) {
	e := entropies{y: probabilities, x: x, c: c, w: w, n: n * positions, positions: positions, classes: classes, smoothing: smoothing}
	return e.mean(p)
}

// entropies is what a cross-entropy works on, or its gradient: y is the result for n rows. w may be nil, every weight
// being 1, else it has one for so many positions.
type entropies struct {
	y, x, w               []float32
	c                     []int32
	n, positions, classes int
	smoothing             float64
	terms                 *partSums // of rows from the group first on
	first                 int
	right, wrong, dloss   float32 // of the gradient, as what follows
	weights               float64
}

// weight returns that of a row.
func (e *entropies) weight(row int) float32 {
	if e.w == nil {
		return 1
	}
	return e.w[row/e.positions]
}

// total returns the sum of the weights of rows that count.
func (e *entropies) total() (total float64) {
	for row, class := range e.c[:e.n] {
		if class != Ignored {
			total += float64(e.weight(row))
		}
	}
	return total
}

// mean returns the weighted mean of the rows' terms, and the sum of the weights.
func (e *entropies) mean(p *Pool) (mean, weights float32) {
	var sum Sum
	if p.shares(e.n * e.classes) {
		e.terms = &p.crew.sums
		all, together := groups(e.n, e.classes), len(e.terms)/rowsTogether(e.classes)
		for ; e.first < all; e.first += together {
			tiles := min(together, all-e.first)
			p.run(job{tile: func(j *job, tile int) { j.entropies.share(tile) }, entropies: *e}, tiles)
			from, to := e.group(e.first).first, e.group(e.first+tiles-1).end()
			e.add(&sum, from, e.terms[:to-from])
		}
	} else {
		for i := range groups(e.n, e.classes) {
			var terms [mostTogether]float32
			g := e.group(i)
			e.compute(terms[:g.rows], g)
			e.add(&sum, g.first, terms[:g.rows])
		}
	}
	total := e.total()
	if total == 0 {
		return 0, 0
	}
	weights = float32(total)
	return sum.Total() / weights, weights
}

// group returns a group of rows.
func (e *entropies) group(group int) together { return groupOf(group, e.n, e.classes) }

// share computes the terms of a group of rows where those of several groups lie side by side.
func (e *entropies) share(tile int) {
	g := e.group(e.first + tile)
	e.compute(e.terms[g.first-e.group(e.first).first:][:g.rows], g)
}

// add adds the terms of rows to their weighted sum.
func (e *entropies) add(sum *Sum, first int, terms []float32) {
	for r, term := range terms {
		sum.Add(float32(term * e.weight(first+r)))
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
		if class == Ignored {
			terms[r] = 0
			continue
		}
		score := float64(e.x[(g.first+r)*e.classes+int(class)]) - float64(s.top[r])
		if e.smoothing != 0 {
			mean := float64(terms[r]) / float64(e.classes)
			score = float64((1-e.smoothing)*score) + float64(e.smoothing*mean)
		}
		terms[r] = float32(float64(s.total[r]) - score)
	}
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
	e.right, e.wrong, e.weights = float32(1-e.smoothing+share), float32(share), e.total()
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
	switch {
	case e.w == nil:
		return e.dloss / float32(max(e.weights, 1))
	case e.weights == 0:
		return 0
	}
	return float32(float64(e.dloss) * float64(e.weight(row)) / e.weights)
}

// backward computes ∂x = (p − t)·scale for a group of rows, 0 where the class is Ignored.
func (e *entropies) backward(group int) {
	g := e.group(group)
	dx, probabilities, c := e.y[g.first*e.classes:], e.x[g.first*e.classes:], e.c[g.first:][:g.rows]
	var scale, right [mostTogether]float32 // ∂x may stand in the place of the probabilities
	for r, class := range c {
		scale[r] = e.scale(g.first + r)
		if class != Ignored {
			right[r] = (probabilities[r*e.classes+int(class)] - e.right) * scale[r]
		}
	}
	for from := 0; from < e.classes; from += laneBlock {
		scaleExcess(dx[from:], probabilities[from:], scale[:g.rows], g.rows, min(laneBlock, e.classes-from), e.wrong)
	}
	for r, class := range c {
		row := dx[r*e.classes:][:e.classes]
		if class == Ignored {
			clear(row)
		} else {
			row[class] = right[r]
		}
	}
}
