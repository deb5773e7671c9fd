package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSizesOfAFirstModel(t *testing.T) {
	for _, tt := range []struct {
		rows, heldOut, values int
		want                  sizes
	}{
		{1, 0, 3, sizes{below: 200, layers: 1, width: 16, batch: 1, epochs: 300, steps: 300, patience: 60}},
		{7, 0, 3, sizes{below: 200, layers: 1, width: 16, batch: 4, epochs: 300, steps: 600, patience: 60}},
		{150, 15, 4, sizes{below: 200, layers: 1, width: 16, batch: 8, epochs: 177, steps: 3009, patience: 35}},
		{199, 19, 17, sizes{below: 200, layers: 1, width: 32, wide: true, batch: 8, epochs: 131, steps: 3013, patience: 26}},
		{200, 20, 16, sizes{below: 2000, layers: 2, width: 32, batch: 8, epochs: 131, steps: 3013, patience: 26}},
		{2_000, 200, 64, sizes{below: 20000, layers: 2, width: 64, batch: 32, epochs: 53, steps: 3021, patience: 10}},
		{20_000, 2_000, 8, sizes{layers: 2, width: 128, batch: 256, epochs: 43, steps: 3053, patience: 8}},
		{1_000_000, 100_000, 200, sizes{layers: 2, width: 256, wide: true, batch: 256, epochs: 10, steps: 35160, patience: 3}},
	} {
		assert.Equal(t, tt.want, sizesFor(tt.rows, tt.heldOut, tt.values), "%d rows of %d values", tt.rows, tt.values)
	}
	assert.Equal(t, []int{2, 7, 10, 32, 32}, []int{embeddingWidth(3), embeddingWidth(51), embeddingWidth(100), embeddingWidth(1024), embeddingWidth(60_000)})
}
