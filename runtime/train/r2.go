package train

// r2 is 1 − Σ(y − t)²/Σ(t − mean)², averaged over the elements of a row. Of an element that never varies it is 1
// if it is always met, else 0.
var r2 = metric{
	name: "r2", suits: numbers, higher: true,
	inTraining: true, inEvaluation: true,
	start: func(Metric) tally { return new(variation) },
}

// variation gathers, by element of a row, how far the truth varies and predictions miss it.
type variation struct {
	rows    int
	squared []float64 // Σ (y − t)²
	mean    []float64 // of t
	spread  []float64 // Σ (t − mean)², by Welford's update, which a large mean does not swallow
}

func (v *variation) add(c *comparison) {
	if v.squared == nil {
		v.squared, v.mean, v.spread = make([]float64, c.size), make([]float64, c.size), make([]float64, c.size)
	}
	for at := 0; at < len(c.actual); at += c.size {
		v.rows++
		for i := range v.squared {
			truth := c.actual[at+i]
			e := c.predicted[at+i] - truth
			v.squared[i] += float64(e * e)
			d := truth - v.mean[i]
			v.mean[i] += d / float64(v.rows)
			v.spread[i] += float64(d * (truth - v.mean[i]))
		}
	}
}

func (v *variation) value() float64 {
	sum := 0.0
	for i, s := range v.squared {
		switch {
		case v.spread[i] > 0:
			sum += 1 - s/v.spread[i]
		case s == 0:
			sum++
		}
	}
	return sum / float64(len(v.squared))
}
