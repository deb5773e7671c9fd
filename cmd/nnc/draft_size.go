package main

import "math"

// sizes are those of a first model.
type sizes struct {
	layers, width int // hidden
	below         int // the rows below which these are used; 0: no bound
	wide          bool
	batch, epochs int
	steps         int // in all
	patience      int // epochs without a better held-out loss
}

// bySize are the hidden layers by the rows that there are: with few rows a large model learns them by heart.
var bySize = []sizes{
	{below: 200, layers: 1, width: 16},
	{below: 2_000, layers: 2, width: 32},
	{below: 20_000, layers: 2, width: 64},
	{layers: 2, width: 128},
}

// What a first training is like.
const (
	fewSteps               = 3000 // of a training, as far as its bounds allow
	fewEpochs, manyEpochs  = 10, 300
	smallBatch, largeBatch = 8, 256
)

// sizesFor are the sizes of a first model for so many rows, of which some are held out, of so many values. Layers go by the rows, and are twice as
// wide where more values come in than they have elements. A batch is about a fiftieth of the rows, a power of two.
func sizesFor(rows, heldOut, values int) sizes {
	var s sizes
	for _, s = range bySize {
		if rows < s.below {
			break
		}
	}
	if values > s.width {
		s.width, s.wide = 2*s.width, true
	}
	s.batch = smallBatch
	for s.batch < largeBatch && s.batch*2 <= rows/50 {
		s.batch *= 2
	}
	for s.batch > rows {
		s.batch /= 2
	}
	perEpoch := (rows - heldOut + s.batch - 1) / s.batch
	s.epochs = min(max((fewSteps+perEpoch-1)/perEpoch, fewEpochs), manyEpochs)
	s.steps, s.patience = s.epochs*perEpoch, max(3, s.epochs/5)
	return s
}

// embeddingWidth is how many numbers stand for one of so many texts: the square root of their number.
func embeddingWidth(texts int) int {
	return min(max(int(math.Round(math.Sqrt(float64(texts)))), 2), 32)
}
