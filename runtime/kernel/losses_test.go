package kernel

// smoothBeta is the beta of specimens.
const smoothBeta = 0.4

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

	specimen{name: "LogSoftmax", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmax(p, d[0], s[0], n, a) }}
	}},
	specimen{name: "LogSoftmaxGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmaxGrad(p, d[0], s[0], s[1], n, a) }}
	}},
)
