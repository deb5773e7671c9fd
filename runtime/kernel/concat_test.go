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

// So many rows that workers share them, of few parts and of more than are shared.
func TestManyRowsAreJoinedAndCut(t *testing.T) {
	const n = 5000
	for _, sizes := range [][]int{{5, 3, 9}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}} {
		p := pool(t, 2)
		var parts, cut []Part
		total := 0
		for _, size := range sizes {
			parts, cut = append(parts, Part{draw("part", n*size, true), size}), append(cut, Part{make([]float32, n*size), size})
			total += size
		}
		parts[1].Of = nil
		y := make([]float32, n*total)
		Concat(p, y, n, parts...)
		from := 0
		for i, part := range parts {
			for _, r := range []int{0, 1, 481, 482, 2499, n - 1} {
				want := make([]float32, part.Size)
				if i != 1 {
					want = part.Of[r*part.Size:][:part.Size]
				}
				assert.Equal(t, want, y[r*total+from:][:part.Size], "row %d of part %d", r, i)
			}
			from += part.Size
		}
		cut[2].Of = nil
		Split(p, y, n, cut...)
		for i, part := range parts {
			if i != 1 && i != 2 {
				assert.Equal(t, part.Of, cut[i].Of, "part %d", i)
			}
		}
	}
}

func TestPartsAllocateNothing(t *testing.T) {
	x, y, z := make([]float32, 80000), make([]float32, 40000), make([]float32, 120000)
	loss := float32(1)
	for _, workers := range []int{1, 2} {
		p := pool(t, workers)
		assert.Zero(t, testing.AllocsPerRun(10, func() {
			Concat(p, z, 40000, Part{x, 2}, Part{y, 1})
			Split(p, z, 40000, Part{x, 2}, Part{y, 1})
			loss = WeightedSum(loss, 2, 1, 0.5)
		}), "%d workers", workers)
	}
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
