package kernel

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// threeMaps are tanh, then its gradient for itself, then the product with x: an order that shows in the bits.
func threeMaps(z, x []float32, n, size int) []Map {
	return []Map{MapTanh(z, x, n, size), MapTanhGrad(z, z, x, n, size), MapMul(z, z, x, n, size)}
}

func TestChainIsItsMapsOneAfterTheOther(t *testing.T) {
	for _, count := range []int{0, 1, 7, chainTile - 1, chainTile, chainTile + 1, 3*chainTile + 5, worthMapping - 1, worthMapping, worthMapping + mapTile + 3} {
		x, want := draw("x", count, true), make([]float32, count)
		Tanh(nil, want, x, 1, count)
		TanhGrad(nil, want, want, x, 1, count)
		Mul(nil, want, want, x, 1, count)
		for _, workers := range []int{1, 2, 3} {
			z := make([]float32, count)
			Chain(pool(t, workers), 1, count, threeMaps(z, x, 1, count)...)
			sameBits(t, want, z, "%d elements, %d workers", count, workers)
		}
	}
}

// strip computes what stands in its rows and columns, and nothing else.
func TestStripOfAMap(t *testing.T) {
	const rows, stride = 5, 40
	x, y := draw("x", rows*stride, true), draw("y", rows*stride, true)
	all := make([]float32, rows*stride)
	TanhGrad(nil, all, x, y, rows, stride)
	for _, s := range []struct{ row, column, rows, columns int }{{0, 0, 5, 40}, {1, 16, 3, 16}, {4, 32, 1, 8}, {0, 39, 5, 1}, {2, 3, 2, 0}} {
		t.Run(fmt.Sprint(s), func(t *testing.T) {
			z, want := make([]float32, rows*stride), make([]float32, rows*stride)
			for r := range s.rows {
				from := (s.row+r)*stride + s.column
				copy(want[from:from+s.columns], all[from:])
			}
			m := MapTanhGrad(z, x, y, rows, stride)
			m.strip(s.row*stride+s.column, s.rows, s.columns, stride)
			sameBits(t, want, z, "strip")
		})
	}
}

func TestMapsAllocateNothing(t *testing.T) {
	for _, count := range []int{100, worthMapping} {
		x, z := draw("x", count, true), make([]float32, count)
		for name, p := range map[string]*Pool{"alone": nil, "two": pool(t, 2)} {
			assert.Zero(t, testing.AllocsPerRun(20, func() {
				ReLU(p, z, x, 1, count)
				Chain(p, 1, count, MapTanh(z, x, 1, count), MapTanhGrad(z, z, x, 1, count))
				MSE(p, z, x, 1, count)
			}), "%s, %d elements", name, count)
		}
	}
}

// Assembly cannot be interrupted, so a call has only so many elements, and all of them together are those of the strip.
func TestAStripIsMappedInPieces(t *testing.T) {
	const rows, columns, stride = 20_001, 5, 7
	x := make([]float32, rows*stride)
	for i := range x {
		x[i] = 1
	}
	calls := 0
	f := mapping{portable: func(z, x, _, _ []float32, _ constants, rows, columns, stride int) {
		calls++
		assert.LessOrEqual(t, rows*columns, mostMapped)
		for i := range rows {
			for j := range columns {
				z[i*stride+j] = x[i*stride+j] + 1
			}
		}
	}}
	m := Map{f: f, z: x, x: x}
	m.strip(0, rows, columns, stride)
	assert.Equal(t, 4, calls)
	for i, v := range x {
		want := float32(1)
		if i%stride < columns {
			want = 2
		}
		if v != want {
			t.Fatalf("element %d is %v", i, v)
		}
	}
	m.strip(0, 5, 0, stride)
	assert.Equal(t, 4, calls, "no columns")
}
