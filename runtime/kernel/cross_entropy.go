package kernel

// Ignored is the class that takes no part in a cross-entropy.
const Ignored = -100

// CrossEntropy writes softmax(x) to probabilities [n, classes], unless that is nil, and returns the mean of
// −ln softmax(x)[c] over the rows whose class c is not Ignored, 0 if there is none, and how many there are. Of a
// row's term, the share of smoothing is instead the mean of −ln softmax(x) over all classes.
func CrossEntropy(p *Pool, probabilities, x []float32, c []int32, n, classes int, smoothing float64) (loss, counted float32) {
	var sum Sum
	count := 0
	for r, class := range c[:n] {
		row := x[r*classes:][:classes]
		var to []float32
		if probabilities != nil {
			to = probabilities[r*classes:][:classes]
		}
		if class == Ignored {
			if to != nil {
				softmax(to, row)
			}
			sum.Add(0)
			continue
		}
		top, total := softmax(to, row)
		score := float64(row[class]) - float64(top)
		if smoothing != 0 { // 0·(−∞) is no number
			score = float64((1-smoothing)*score) + float64(smoothing*meanBelow(row, top))
		}
		sum.Add(float32(Log(float64(total)) - score))
		count++
	}
	counted = float32(count)
	return sum.Total() / max(counted, 1), counted
}

// meanBelow returns the mean of x − top.
func meanBelow(x []float32, top float32) float64 {
	var sum Sum
	for _, v := range x {
		sum.Add(v - top)
	}
	return float64(sum.Total()) / float64(len(x))
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
	share := smoothing / float64(classes)
	right, wrong := float32(1-smoothing+share), float32(share)
	for r, class := range c[:n] {
		row := dx[r*classes:][:classes]
		if class == Ignored {
			clear(row)
			continue
		}
		for k, v := range probabilities[r*classes:][:classes] {
			if k == int(class) {
				row[k] = (v - right) * scale
			} else {
				row[k] = (v - wrong) * scale
			}
		}
	}
}
