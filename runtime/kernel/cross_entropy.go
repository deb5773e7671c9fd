package kernel

// Ignored is the class that takes no part in a cross-entropy.
const Ignored = -100

// CrossEntropy writes softmax(x) to probabilities [n, classes], unless that is nil, and returns the mean of
// −ln softmax(x)[c] over the rows whose class c is not Ignored, 0 if there is none, and how many there are. Of a
// row's term, the share of smoothing is instead the mean of −ln softmax(x) over all classes.
func CrossEntropy(p *Pool, probabilities, x []float32, c []int32, n, classes int, smoothing float64) (loss, counted float32) {
	var sum Sum
	count := 0
	for group := range groups(n, classes) {
		g := groupOf(group, n, classes)
		var s softmaxSums
		s.softmax(probabilities, x, g, classes)
		for r, class := range c[g.first:][:g.rows] {
			term := float32(0)
			if class != Ignored {
				term = s.crossEntropy(r, x[(g.first+r)*classes:][:classes], class, smoothing)
				count++
			}
			sum.Add(term)
		}
	}
	counted = float32(count)
	return sum.Total() / max(counted, 1), counted
}

// WeightedCrossEntropy is CrossEntropy of n rows of so many positions each, every position's term times the weight w of
// its row, and divided by the sum of the weights of those that count, which is returned too. Where that is 0, so is the
// loss.
func WeightedCrossEntropy(p *Pool, probabilities, x []float32, c []int32, w []float32, n, positions, classes int, smoothing float64) (loss, total float32) {
	var sum Sum
	weights := 0.0
	for group := range groups(n*positions, classes) {
		g := groupOf(group, n*positions, classes)
		var s softmaxSums
		s.softmax(probabilities, x, g, classes)
		for r, class := range c[g.first:][:g.rows] {
			weight, term := w[(g.first+r)/positions], float32(0)
			if class != Ignored {
				term = s.crossEntropy(r, x[(g.first+r)*classes:][:classes], class, smoothing)
				weights += float64(weight)
			}
			sum.Add(float32(term * weight))
		}
	}
	if weights == 0 {
		return 0, 0
	}
	total = float32(weights)
	return sum.Total() / total, total
}

// crossEntropy is the term of row r of the group, which is x.
func (s *softmaxSums) crossEntropy(r int, x []float32, class int32, smoothing float64) float32 {
	score := float64(x[class]) - float64(s.top[r])
	if smoothing != 0 { // 0·(−∞) is no number
		var sum [1]float32
		for from := 0; from < len(x); from += laneBlock {
			addDifferences(sum[:], s.top[r:], x[from:], 1, min(laneBlock, len(x)-from))
		}
		mean := float64(sum[0]) / float64(len(x))
		score = float64((1-smoothing)*score) + float64(smoothing*mean)
	}
	return float32(Log(float64(s.total[r])) - score)
}

// CrossEntropyGrad computes ∂x = (p − t)·(∂loss/m) for each of n rows, where m is the number of rows whose class
// c is not Ignored, and t is smoothing/classes, at c 1 − smoothing more; at the other rows ∂x is 0.
func CrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, n, classes int, smoothing float64) {
	counted := 0
	for _, class := range c[:n] {
		if class != Ignored {
			counted++
		}
	}
	scale := dloss / float32(max(counted, 1))
	t := targetsOf(smoothing, classes)
	var scales [mostTogether]float32
	for r := range scales {
		scales[r] = scale
	}
	for group := range groups(n, classes) {
		t.gradient(dx, probabilities, c, scales[:], groupOf(group, n, classes))
	}
}

// WeightedCrossEntropyGrad is CrossEntropyGrad of n rows of so many positions each, every position's gradient times the
// weight w of its row, and divided by the sum of the weights of those that count instead of m.
func WeightedCrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, w []float32, n, positions, classes int, smoothing float64) {
	weights := 0.0
	for r, class := range c[:n*positions] {
		if class != Ignored {
			weights += float64(w[r/positions])
		}
	}
	t := targetsOf(smoothing, classes)
	for group := range groups(n*positions, classes) {
		g := groupOf(group, n*positions, classes)
		var scales [mostTogether]float32
		for r := range g.rows {
			if weights != 0 {
				scales[r] = float32(float64(dloss) * float64(w[(g.first+r)/positions]) / weights)
			}
		}
		t.gradient(dx, probabilities, c, scales[:], g)
	}
}

// targets are the probabilities that a row's should have: at its class, and at the others.
type targets struct {
	right, wrong float32
	classes      int
}

func targetsOf(smoothing float64, classes int) targets {
	share := smoothing / float64(classes)
	return targets{float32(1 - smoothing + share), float32(share), classes}
}

// gradient computes ∂x = (p − t)·scale for a group of rows, 0 where the class is Ignored. There is a scale for each row
// of the group.
func (t targets) gradient(dx, probabilities []float32, c []int32, scale []float32, g together) {
	dx, probabilities, c = dx[g.first*t.classes:], probabilities[g.first*t.classes:], c[g.first:][:g.rows]
	var right [mostTogether]float32 // ∂x may stand in the place of the probabilities
	for r, class := range c {
		if class != Ignored {
			right[r] = (probabilities[r*t.classes+int(class)] - t.right) * scale[r]
		}
	}
	for from := 0; from < t.classes; from += laneBlock {
		scaleExcess(dx[from:], probabilities[from:], scale, g.rows, min(laneBlock, t.classes-from), t.wrong)
	}
	for r, class := range c {
		row := dx[r*t.classes:][:t.classes]
		if class == Ignored {
			clear(row)
		} else {
			row[class] = right[r]
		}
	}
}
