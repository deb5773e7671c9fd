package kernel

// Ignored is the class that takes no part in a cross-entropy.
const Ignored = -100

// CrossEntropy writes softmax(x) to probabilities [n, classes] and returns the mean of −ln softmax(x)[c] over
// the rows whose class c is not Ignored, 0 if there is none.
func CrossEntropy(p *Pool, probabilities, x []float32, c []int32, n, classes int) float32 {
	var lanes Lanes
	counted := 0
	for r := range n {
		row := x[r*classes:][:classes]
		top, sum := softmax(probabilities[r*classes:][:classes], row)
		if c[r] != Ignored {
			lanes[r&15] += float32(Log(float64(sum)) - (float64(row[c[r]]) - float64(top)))
			counted++
		}
	}
	return lanes.Sum() / float32(max(counted, 1))
}

// CrossEntropyGrad computes ∂x = (p − onehot(c))·(∂loss/m) for each of n rows, where m is the number of rows
// whose class is not Ignored; at the others ∂x is 0.
func CrossEntropyGrad(p *Pool, dx []float32, dloss float32, probabilities []float32, c []int32, n, classes int) {
	counted := 0
	for _, class := range c[:n] {
		if class != Ignored {
			counted++
		}
	}
	scale := dloss / float32(max(counted, 1))
	for r, class := range c[:n] {
		row := dx[r*classes:][:classes]
		if class == Ignored {
			clear(row)
			continue
		}
		for k, v := range probabilities[r*classes:][:classes] {
			if k == int(class) {
				v--
			}
			row[k] = v * scale
		}
	}
}
