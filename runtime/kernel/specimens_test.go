package kernel

import (
	"slices"
)

// specimens are all kernels but those with a test file of their own, which are there.
var specimens = []specimen{
	unary("ReLU", ReLU, MapReLU), unary("Tanh", Tanh, MapTanh), unary("Sigmoid", Sigmoid, MapSigmoid),
	binary("Add", Add, MapAdd), binary("Mul", Mul, MapMul),
	binary("ReLUGrad", ReLUGrad, MapReLUGrad), binary("TanhGrad", TanhGrad, MapTanhGrad), binary("SigmoidGrad", SigmoidGrad, MapSigmoidGrad),
	lossGrad("MSEGrad", MSEGrad, MapMSEGrad), lossGrad("MAEGrad", MAEGrad, MapMAEGrad), lossGrad("BCELogitsGrad", BCELogitsGrad, MapBCELogitsGrad),
	lossGrad("HuberGrad", func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int) {
		HuberGrad(p, dx, dloss, x, t, n, size, huberDelta)
	}, func(dx []float32, dloss float32, x, t []float32, n, size int) Map {
		return MapHuberGrad(dx, dloss, x, t, n, size, huberDelta)
	}),
	weightedGrad("WeightedMSEGrad", WeightedMSEGrad, MapWeightedMSEGrad), weightedGrad("WeightedMAEGrad", WeightedMAEGrad, MapWeightedMAEGrad),
	weightedGrad("WeightedBCELogitsGrad", WeightedBCELogitsGrad, MapWeightedBCELogitsGrad),
	weightedGrad("WeightedHuberGrad", func(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int) {
		WeightedHuberGrad(p, dx, dloss, x, t, u, n, size, huberDelta)
	}, func(dx []float32, dloss float32, x, t, u []float32, n, size int) Map {
		return MapWeightedHuberGrad(dx, dloss, x, t, u, n, size, huberDelta)
	}),
	mean("MSE", MSE), mean("MAE", MAE), mean("BCELogits", BCELogits),
	mean("Huber", func(p *Pool, x, t []float32, n, size int) float32 { return Huber(p, x, t, n, size, huberDelta) }),
	weightedMean("WeightedMSE", WeightedMSE), weightedMean("WeightedMAE", WeightedMAE), weightedMean("WeightedBCELogits", WeightedBCELogits),
	weightedMean("WeightedHuber", func(p *Pool, x, t, u []float32, n, size int) float32 {
		return WeightedHuber(p, x, t, u, n, size, huberDelta)
	}),

	{name: "Softmax", area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { Softmax(p, d[0], s[0], n, a) }}
	}},
	{name: "SoftmaxGrad", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, rowwise: true, inPlace: []int{1},
			run: func(p *Pool, d, s [][]float32, n int) { SoftmaxGrad(p, d[0], s[0], s[1], n, a) }}
	}},
	crossEntropies("", 0), crossEntropies(", smoothed", 0.1),
	{name: "CrossEntropy, without probabilities", area: reduction, axes: 1, least: [3]int{0, 1}, rare: true, at: func(a, _ int) call {
		return call{dst: []extent{whole(2)}, src: []extent{rows(a), labels(rows(1), a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[0][0], d[0][1] = CrossEntropy(p, nil, s[0], ints(s[1]), n, a, 0)
			}}
	}},
	crossEntropyGrads("", 0), crossEntropyGrads(", smoothed", 0.1),
	weightedCrossEntropies("", 0), weightedCrossEntropies(", smoothed", 0.1),
	weightedCrossEntropyGrads("", 0), weightedCrossEntropyGrads(", smoothed", 0.1),
	{name: "RowShares", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), whole(1)}, src: []extent{rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) { d[1][0] = RowShares(p, d[0], s[0], n, a) }}
	}},
	{name: "Finite", area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{whole(1)}, src: []extent{rows(a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				if d[0][0] = 0; Finite(p, s[0][:n*a]) {
					d[0][0] = 1
				}
			}}
	}},
	{name: "ClipScale", area: reduction, axes: 2, at: func(a, b int) call {
		return call{dst: []extent{whole(1)}, src: []extent{rows(a), whole(b)},
			run: func(p *Pool, d, s [][]float32, n int) { d[0][0] = ClipScale(p, [][]float32{s[0][:n*a], s[1][:b]}, 0.5) }}
	}},

	{name: "OneHot", area: movement, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{indices(rows(1), a)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { OneHot(p, d[0], ints(s[0]), n, a) }}
	}},
	{name: "Concat", area: movement, axes: 2, at: func(a, b int) call {
		return call{dst: []extent{rows(a + 3 + b)}, src: []extent{rows(a), rows(b)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Concat(p, d[0], n, Part{s[0], a}, Part{nil, 3}, Part{s[1], b}) }}
	}},
	{name: "Split", area: movement, axes: 2, at: func(a, b int) call {
		return call{dst: []extent{rows(a), rows(b)}, src: []extent{rows(a + 3 + b)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { Split(p, s[0], n, Part{d[0], a}, Part{nil, 3}, Part{d[1], b}) }}
	}},
	forwards("Linear", Linear), forwards("LinearRows", LinearRows),
	forwardsWithoutBias("Linear, without bias", Linear), forwardsWithoutBias("LinearRows, without bias", LinearRows),
	{name: "LinearThen, without bias", area: product, axes: 2, rare: true, at: func(in, out int) call {
		return call{dst: []extent{rows(out)}, src: []extent{rows(in), whole(in * out), rows(out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				LinearThen(p, d[0], s[0], s[1], nil, nil, n, in, out, scaled(d[0], d[0], s[2], 2))
			}}
	}},
	followed("LinearThen", LinearThen), followed("LinearRowsThen", LinearRowsThen),
	followedGradInputs("LinearGradInputThen", LinearGradInputThen), followedGradInputs("LinearGradInputRowsThen", LinearGradInputRowsThen),
	{name: "Chain", area: elementwise, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), rows(a)}, src: []extent{rows(a), rows(a)}, inPlace: []int{0, 1},
			run: func(p *Pool, d, s [][]float32, n int) {
				Chain(p, n, a, scaled(d[0], s[0], s[1], 2), scaled(d[1], d[0], d[0], -3))
			}}
	}},
	gradInputs("LinearGradInput", LinearGradInput), gradInputs("LinearGradInputRows", LinearGradInputRows),
	gradWeights("LinearGradWeight", LinearGradWeight, 1), gradWeights("LinearGradWeightRows", LinearGradWeightRows, 1),
	gradWeights("LinearGradWeight, 3 positions", LinearGradWeight, 3), gradWeights("LinearGradWeightRows, 3 positions", LinearGradWeightRows, 3),
	gradWeights("LinearGradWeight, 300 positions", LinearGradWeight, 300),
	gradBiases("LinearGradBias", 1), gradBiases("LinearGradBias, 3 positions", 3), gradBiases("LinearGradBias, 300 positions", 300),

	update("SGD", 1, func(p *Pool, d [][]float32, g []float32, size int) { SGD(p, d[0], g, 0.5, 0.1, size, 0) }),
	update("SGD, with decay", 1, func(p *Pool, d [][]float32, g []float32, size int) { SGD(p, d[0], g, 0.5, 0.1, size, 0.03) }),
	update("Momentum", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		Momentum(p, d[0], d[1], g, 0.5, 0.1, 3, size, 0.9, 0.5, 0.03)
	}),
	firstUpdate("Momentum, the first step", func(p *Pool, w, v, g []float32, size int) {
		Momentum(p, w, v, g, 0.5, 0.1, 0, size, 0.9, 0.5, 0.03)
	}),
	update("Nesterov", 2, func(p *Pool, d [][]float32, g []float32, size int) {
		Nesterov(p, d[0], d[1], g, 0.5, 0.1, 3, size, 0.9, 0, 0.03)
	}),
	firstUpdate("Nesterov, the first step", func(p *Pool, w, v, g []float32, size int) {
		Nesterov(p, w, v, g, 0.5, 0.1, 0, size, 0.9, 0.5, 0)
	}),
	update("Adam", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		Adam(p, d[0], d[1], d[2], g, 0.5, 0.1, 2, size, 0.9, 0.999, 1e-8, 0.03)
	}),
	update("Adam, without decay", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		Adam(p, d[0], d[1], d[2], g, 1, 0.1, 2, size, 0.9, 0.999, 1e-8, 0)
	}),
	update("AdamW", 3, func(p *Pool, d [][]float32, g []float32, size int) {
		AdamW(p, d[0], d[1], d[2], g, 0.5, 0.1, 2, 0.01, size, 0.9, 0.999, 1e-8)
	}),
}

const huberDelta = 0.5

func unary(name string, kernel func(p *Pool, y, x []float32, n, size int), mapped func(y, x []float32, n, size int) Map) specimen {
	return specimen{name: name, area: elementwise, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a)}, elementwise: true, rowwise: true, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], n, a) }}
	}, mapped: func(d, s [][]float32, n, a int) Map { return mapped(d[0], s[0], n, a) }}
}

func binary(name string, kernel func(p *Pool, z, x, y []float32, n, size int), mapped func(z, x, y []float32, n, size int) Map) specimen {
	return specimen{name: name, area: elementwise, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, elementwise: true, rowwise: true, inPlace: []int{0, 1},
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], n, a) }}
	}, mapped: func(d, s [][]float32, n, a int) Map { return mapped(d[0], s[0], s[1], n, a) }}
}

func lossGrad(name string, kernel func(p *Pool, dx []float32, dloss float32, x, t []float32, n, size int), mapped func(dx []float32, dloss float32, x, t []float32, n, size int) Map) specimen {
	return specimen{name: name, area: elementwise, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a)}, elementwise: true, inPlace: []int{0, 1},
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], 0.75, s[0], s[1], n, a) }}
	}, mapped: func(d, s [][]float32, n, a int) Map { return mapped(d[0], 0.75, s[0], s[1], n, a) }}
}

func weightedGrad(name string, kernel func(p *Pool, dx []float32, dloss float32, x, t, u []float32, n, size int), mapped func(dx []float32, dloss float32, x, t, u []float32, n, size int) Map) specimen {
	return specimen{name: name, area: elementwise, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), rows(a), rows(a)}, elementwise: true, inPlace: []int{0, 1, 2},
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], 0.75, s[0], s[1], s[2], n, a) }}
	}, mapped: func(d, s [][]float32, n, a int) Map { return mapped(d[0], 0.75, s[0], s[1], s[2], n, a) }}
}

// mean is a loss, which is the destination here.
func mean(name string, kernel func(p *Pool, x, t []float32, n, size int) float32) specimen {
	return specimen{name: name, area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{whole(1)}, src: []extent{rows(a), rows(a)},
			run: func(p *Pool, d, s [][]float32, n int) { d[0][0] = kernel(p, s[0], s[1], n, a) }}
	}}
}

func weightedMean(name string, kernel func(p *Pool, x, t, u []float32, n, size int) float32) specimen {
	return specimen{name: name, area: reduction, axes: 1, at: func(a, _ int) call {
		return call{dst: []extent{whole(1)}, src: []extent{rows(a), rows(a), rows(a)},
			run: func(p *Pool, d, s [][]float32, n int) { d[0][0] = kernel(p, s[0], s[1], s[2], n, a) }}
	}}
}

func crossEntropies(special string, smoothing float64) specimen {
	return specimen{name: "CrossEntropy" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a), whole(2)}, src: []extent{rows(a), labels(rows(1), a)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[1][0], d[1][1] = CrossEntropy(p, d[0], s[0], ints(s[1]), n, a, smoothing)
			}}
	}}
}

func crossEntropyGrads(special string, smoothing float64) specimen {
	return specimen{name: "CrossEntropyGrad" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(a)}, src: []extent{rows(a), labels(rows(1), a)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				CrossEntropyGrad(p, d[0], 0.75, s[0], ints(s[1]), n, a, smoothing)
			}}
	}}
}

// The weighted ones have two positions a row.
func weightedCrossEntropies(special string, smoothing float64) specimen {
	return specimen{name: "WeightedCrossEntropy" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a), whole(2)}, src: []extent{rows(2 * a), labels(rows(2), a), rows(1)},
			run: func(p *Pool, d, s [][]float32, n int) {
				d[1][0], d[1][1] = WeightedCrossEntropy(p, d[0], s[0], ints(s[1]), s[2], n, 2, a, smoothing)
			}}
	}}
}

func weightedCrossEntropyGrads(special string, smoothing float64) specimen {
	return specimen{name: "WeightedCrossEntropyGrad" + special, area: reduction, axes: 1, least: [3]int{0, 1}, at: func(a, _ int) call {
		return call{dst: []extent{rows(2 * a)}, src: []extent{rows(2 * a), labels(rows(2), a), rows(1)}, inPlace: []int{0},
			run: func(p *Pool, d, s [][]float32, n int) {
				WeightedCrossEntropyGrad(p, d[0], 0.75, s[0], ints(s[1]), s[2], n, 2, a, smoothing)
			}}
	}}
}

func forwards(name string, kernel func(p *Pool, y, x, w, b, scratch []float32, n, in, out int)) specimen {
	return specimen{name: name, area: product, axes: 2, at: func(in, out int) call {
		return call{dst: []extent{rows(out)}, src: []extent{rows(in), whole(in * out), whole(out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], s[2], nil, n, in, out) }}
	}}
}

func forwardsWithoutBias(name string, kernel func(p *Pool, y, x, w, b, scratch []float32, n, in, out int)) specimen {
	return specimen{name: name, area: product, axes: 2, at: func(in, out int) call {
		return call{dst: []extent{rows(out)}, src: []extent{rows(in), whole(in * out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], nil, nil, n, in, out) }}
	}}
}

func gradInputs(name string, kernel func(p *Pool, dx, dy, w, scratch []float32, n, in, out int)) specimen {
	return specimen{name: name, area: product, axes: 2, least: [3]int{0, 0, 1}, at: func(in, out int) call {
		return call{dst: []extent{rows(in)}, src: []extent{rows(out), whole(in * out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], nil, n, in, out) }}
	}}
}

// followed is a product that two maps follow, one in place.
func followed(name string, kernel func(p *Pool, y, x, w, b, scratch []float32, n, in, out int, maps ...Map)) specimen {
	return specimen{name: name, area: product, axes: 2, at: func(in, out int) call {
		return call{dst: []extent{rows(out), rows(out)}, src: []extent{rows(in), whole(in * out), whole(out), rows(out)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				kernel(p, d[0], s[0], s[1], s[2], nil, n, in, out, scaled(d[0], d[0], s[3], 2), scaled(d[1], s[3], d[0], -3))
			}}
	}}
}

func followedGradInputs(name string, kernel func(p *Pool, dx, dy, w, scratch []float32, n, in, out int, maps ...Map)) specimen {
	return specimen{name: name, area: product, axes: 2, least: [3]int{0, 0, 1}, at: func(in, out int) call {
		return call{dst: []extent{rows(in), rows(in)}, src: []extent{rows(out), whole(in * out), rows(in)}, rowwise: true,
			run: func(p *Pool, d, s [][]float32, n int) {
				kernel(p, d[0], s[0], s[1], nil, n, in, out, scaled(d[0], d[0], s[2], 2), scaled(d[1], s[2], d[0], -3))
			}}
	}}
}

func gradWeights(name string, kernel func(p *Pool, dw, x, dy, scratch []float32, n, positions, in, out int), positions int) specimen {
	return specimen{name: name, area: product, axes: 2, rows: 600 / positions, rare: positions > 3, at: func(in, out int) call {
		return call{dst: []extent{whole(in * out)}, src: []extent{rows(positions * in), rows(positions * out)},
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], s[0], s[1], nil, n, positions, in, out) }}
	}}
}

func gradBiases(name string, positions int) specimen {
	return specimen{name: name, area: product, axes: 1, rows: 600 / positions, rare: positions > 3, at: func(out, _ int) call {
		return call{dst: []extent{whole(out)}, src: []extent{rows(positions * out)},
			run: func(p *Pool, d, s [][]float32, n int) { LinearGradBias(p, d[0], s[0], n, positions, out) }}
	}}
}

// update is a kernel that updates a parameter and its slots, of n elements here.
func update(name string, arrays int, kernel func(p *Pool, d [][]float32, g []float32, size int)) specimen {
	return specimen{name: name, area: optimiser, at: func(_, _ int) call {
		return call{dst: slices.Repeat([]extent{state(rows(1))}, arrays), src: []extent{rows(1)}, elementwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d, s[0], n) }}
	}}
}

// firstUpdate does not read the slot.
func firstUpdate(name string, kernel func(p *Pool, w, v, g []float32, size int)) specimen {
	return specimen{name: name, area: optimiser, at: func(_, _ int) call {
		return call{dst: []extent{state(rows(1)), rows(1)}, src: []extent{rows(1)}, elementwise: true,
			run: func(p *Pool, d, s [][]float32, n int) { kernel(p, d[0], d[1], s[0], n) }}
	}}
}
