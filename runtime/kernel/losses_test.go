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

	specimen{name: "LogSoftmax", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmax(p, d[0], s[0], n, a) }}
	}},
	specimen{name: "LogSoftmaxGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { LogSoftmaxGrad(p, d[0], s[0], s[1], n, a) }}
	}},
)
