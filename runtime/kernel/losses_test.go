package kernel

// smoothBeta and klClasses are those of specimens.
const (
	smoothBeta = 0.4
	klClasses  = 7
)

var _ = also(
	mean("Hinge", Hinge), mean("Poisson", Poisson), mean("BCE", BCE),
	mean("SmoothL1", func(p *Pool, x, t []float32, n, size int) float32 { return SmoothL1(p, x, t, n, size, smoothBeta) }),
	weightedMean("WeightedHinge", WeightedHinge), weightedMean("WeightedPoisson", WeightedPoisson), weightedMean("WeightedBCE", WeightedBCE),
	weightedMean("WeightedSmoothL1", func(p *Pool, x, t, u []float32, n, size int) float32 {
		return WeightedSmoothL1(p, x, t, u, n, size, smoothBeta)
	}),
	lossGrad("HingeGrad", HingeGrad, MapHingeGrad), lossGrad("PoissonGrad", PoissonGrad, MapPoissonGrad), lossGrad("BCEGrad", BCEGrad, MapBCEGrad),
	lossGrad("SmoothL1Grad", func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
		SmoothL1Grad(p, dx, dloss, x, t, n, size, smoothBeta)
	}, func(dx []float32, dloss float32, x, t []float32, n, size int) Map {
		return MapSmoothL1Grad(dx, dloss, x, t, n, size, smoothBeta)
	}),
	weightedGrad("WeightedHingeGrad", WeightedHingeGrad, MapWeightedHingeGrad), weightedGrad("WeightedPoissonGrad", WeightedPoissonGrad, MapWeightedPoissonGrad),
	weightedGrad("WeightedBCEGrad", WeightedBCEGrad, MapWeightedBCEGrad),
	weightedGrad("WeightedSmoothL1Grad", func(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
		WeightedSmoothL1Grad(p, dx, dloss, x, t, u, n, size, smoothBeta)
	}, func(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
		return MapWeightedSmoothL1Grad(dx, dloss, x, t, u, n, size, smoothBeta)
	}),

	mean("KL", func(p *Pool, x, t []float32, n, size int) float32 { return KL(p, x, t, n, size, float32(size)) }),
	weightedMean("WeightedKL", func(p *Pool, x, t, u []float32, n, size int) float32 {
		return WeightedKL(p, x, t, u, n, size, float32(size))
	}),
	lossGrad("KLGrad", func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
		KLGrad(p, dx, dloss, x, t, n, size, klClasses)
	}, func(dx []float32, dloss float32, x, t []float32, n, size int) Map {
		return MapKLGrad(dx, dloss, x, t, n, size, klClasses)
	}),
	weightedGrad("WeightedKLGrad", func(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
		WeightedKLGrad(p, dx, dloss, x, t, u, n, size, klClasses)
	}, func(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
		return MapWeightedKLGrad(dx, dloss, x, t, u, n, size, klClasses)
	}),
	unary("Exponential", Exponential, MapExponential),

	specimen{name: "CosineLoss", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{whole(2)}, src: []extent{rows(a), rows(a)},
			run: func(p *Pool, d, s [][]float32, n int) { d[0][0], d[0][1] = CosineLoss(p, s[0], s[1], n, a) }}
	}},
	specimen{name: "CosineLossGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { CosineLossGrad(p, d[0], 0.75, s[0], s[1], n, a) }}
	}},
	specimen{name: "WeightedCosineLoss", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{whole(2)}, src: []extent{rows(2 * a), rows(2 * a), rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[0][0], d[0][1] = WeightedCosineLoss(p, s[0], s[1], s[2], n, 2, a)
			}}
	}},
	specimen{name: "WeightedCosineLossGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a)}, src: []extent{rows(2 * a), rows(2 * a), rows(1)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				WeightedCosineLossGrad(p, d[0], 0.75, s[0], s[1], s[2], n, 2, a)
			}}
	}},

	labelled(", by weights", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}}, false), labelled(", by weights and rows", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}}, true),
	labelled(", smoothed by weights", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}, Smoothing: 0.2}, true), labelled(", without a class", &Labels{}, false),
	labelledGrad(", by weights", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}}, false), labelledGrad(", by weights and rows", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}}, true),
	labelledGrad(", smoothed by weights", &Labels{Weights: []float32{0.5, 2, 1, 0.25, 3}, Smoothing: 0.2}, true), labelledGrad(", without a class", &Labels{}, false),
	weightedMean("SharedBCELogits", SharedBCELogits),
	weightedGrad("SharedBCELogitsGrad", SharedBCELogitsGrad, MapSharedBCELogitsGrad),
	specimen{name: "PosShares", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		g := &PosWeights{Size: a, Of: []float32{3}}
		return call{dst: []extent{rows(a), rows(a)}, src: []extent{rows(a), rows(a)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { PosShares(p, d[0], d[1], s[0], s[1], n, g) }}
	}},
	specimen{name: "NLL", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		g := &Labels{Classes: a, Positions: 2, Ignored: Ignored}
		return call{dst: []extent{whole(2)}, src: []extent{rows(2 * a), g.extent(a), rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) { d[0][0], d[0][1] = NLL(p, s[0], ints(s[1]), s[2], n, g) }}
	}},
	specimen{name: "NLLGrad", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		g := &Labels{Classes: a, Positions: 2, Ignored: Ignored}
		return call{dst: []extent{rows(2 * a)}, src: []extent{labels(rows(2), a)},
			run: func(p *Pool, d, s [][]float32, n int) { NLLGrad(p, d[0], 0.75, ints(s[0]), nil, n, g) }}
	}},

	specimen{name: "LogSoftmax", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmax(p, d[0], s[0], n, a) }}
	}},
	specimen{name: "LogSoftmaxGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmaxGrad(p, d[0], s[0], s[1], n, a) }}
	}},
)

// of returns the labels for so many classes at two positions, with weights of the first few, of which one is left out.
func (g Labels) of(classes int) *Labels {
	g.Classes, g.Positions, g.Ignored = classes, 2, Ignored
	if g.Weights == nil {
		g.Ignored = 0
		return &g
	}
	few := g.Weights
	g.Weights = make([]float32, classes)
	for i := range g.Weights {
		g.Weights[i] = few[i%len(few)]
	}
	return &g
}

func labelled(special string, by *Labels, weighs bool) specimen {
	return specimen{name: "LabelledCrossEntropy" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		g := by.of(a)
		return call{dst: []extent{rows(2 * a), whole(2)}, src: []extent{rows(2 * a), g.extent(a), rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[1][0], d[1][1] = LabelledCrossEntropy(p, d[0], s[0], ints(s[1]), some(s[2], weighs), n, g)
			}}
	}}
}

func labelledGrad(special string, by *Labels, weighs bool) specimen {
	return specimen{name: "LabelledCrossEntropyGrad" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		g := by.of(a)
		return call{dst: []extent{rows(2 * a)}, src: []extent{rows(2 * a), g.extent(a), rows(1)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				LabelledCrossEntropyGrad(p, d[0], 0.75, s[0], ints(s[1]), some(s[2], weighs), n, g)
			}}
	}}
}

// extent is of labels below classes, none of which is out of range: where another class is left out, the usual one is not
// among them.
func (g *Labels) extent(classes int) extent {
	e := labels(rows(2), classes)
	e.ignored = g.Ignored == Ignored
	return e
}

// some is x, or nil.
func some(x []float32, there bool) []float32 {
	if there {
		return x
	}
	return nil
}
