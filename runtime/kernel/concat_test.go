package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestConcatLaysRowsSideBySide(t *testing.T) {
	x, y := []float32{1, 2, 3, 4}, []float32{5, 6}
	z := []float32{9, 9, 9, 9, 9, 9, 9, 9, 9, 9}
	Concat(nil, z, 2, Part{x, 2}, Part{nil, 1}, Part{y, 1}, Part{y, 1})
	assert.Equal(t, []float32{1, 2, 0, 5, 5, 3, 4, 0, 6, 6}, z)
}

func TestSplitCutsRows(t *testing.T) {
	x, y := make([]float32, 4), make([]float32, 2)
	Split(nil, []float32{1, 2, 5, 3, 4, 6}, 2, Part{x, 2}, Part{y, 1})
	assert.Equal(t, []float32{1, 2, 3, 4}, x)
	assert.Equal(t, []float32{5, 6}, y)
}

func TestPartsAllocateNothing(t *testing.T) {
	x, y, z := make([]float32, 8), make([]float32, 4), make([]float32, 12)
	loss := float32(1)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		Concat(nil, z, 4, Part{x, 2}, Part{y, 1})
		Split(nil, z, 4, Part{x, 2}, Part{y, 1})
		loss = WeightedSum(loss, 2, 1, 0.5)
	}))
}

func TestOneHot(t *testing.T) {
	y := []float32{9, 9, 9, 9, 9, 9}
	OneHot(nil, y, []int32{2, 0}, 2, 3)
	assert.Equal(t, []float32{0, 0, 1, 1, 0, 0}, y)
}

func TestWeightedSumRoundsEachTerm(t *testing.T) {
	const x, y, z, u, v, w = 1.1, -2.3, 1e-3, 0.7, 1.9, 3
	want := float32(float32(u)*float32(x)) + float32(float32(v)*float32(y))
	want += float32(float32(w) * float32(z))
	sameBits(t, []float32{want}, []float32{WeightedSum(x, y, z, u, v, w)}, "three terms")
	assert.Equal(t, float32(0.5), WeightedSum(2, 0.25))
}
