package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The README shows what the program prints.
func TestReadme(t *testing.T) {
	var printed bytes.Buffer
	require.NoError(t, run(&printed))
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.Contains(t, string(readme), printed.String())
}

// The bill is linear and the data are free of noise, so the least of the loss is at the menu itself: weight
// [[1.1·prices], [0.1·prices]], bias 0.
func TestLearnsTheMenu(t *testing.T) {
	for _, seed := range []uint64{1, 2, 3} {
		m := NewRestaurant()
		random := rand.New(rand.NewPCG(seed, 0))
		orders, bills := make([]float32, 3*RestaurantBatch), make([]float32, 2*RestaurantBatch)
		for range steps {
			fill(random, orders, bills)
			_, err := m.Train(orders, bills)
			require.NoError(t, err)
		}
		want := map[string][]float32{"linear1.weight": make([]float32, 6), "linear1.bias": make([]float32, 2)}
		for i, price := range prices {
			want["linear1.weight"][i] = (1 + service) * price
			want["linear1.weight"][3+i] = service * price
		}
		for _, p := range m.Params() {
			got := make([]float32, p.Len())
			require.NoError(t, p.Get(got))
			assert.InDeltaSlice(t, want[p.Name], got, 0.001, "%s from seed %d", p.Name, seed)
		}
	}
}

// One step from weights that are all zero: outputs 0, so that with a bill y of order x the gradient of the mean of
// the two squared errors is −y·xᵀ, and of the bias −y.
func TestFirstStep(t *testing.T) {
	m := NewRestaurant()
	for _, p := range m.Params() {
		require.NoError(t, p.Set(make([]float32, p.Len())))
	}
	x := []float32{2, 1, 3}
	y := []float32{40, 4}
	out, err := m.Forward(x)
	require.NoError(t, err)
	assert.Equal(t, []float32{0, 0}, out)
	loss, err := m.Loss(y)
	require.NoError(t, err)
	assert.Equal(t, float32((40*40+4*4)/2), loss)
	require.NoError(t, m.Backward())
	weight, bias := m.Params()[0], m.Params()[1]
	grad := make([]float32, 6)
	require.NoError(t, weight.Grad(grad))
	assert.Equal(t, []float32{-80, -40, -120, -8, -4, -12}, grad)
	require.NoError(t, bias.Grad(grad[:2]))
	assert.Equal(t, []float32{-40, -4}, grad[:2])
	require.NoError(t, m.Step())
	got := make([]float32, 6)
	require.NoError(t, weight.Get(got))
	assert.InDeltaSlice(t, []float32{0.8, 0.4, 1.2, 0.08, 0.04, 0.12}, got, 1e-6)
}

func TestBill(t *testing.T) {
	total, fee := bill([3]float32{2, 1, 3})
	assert.InDelta(t, 54.56, total, 1e-5) // 49.60 for the dishes
	assert.InDelta(t, 4.96, fee, 1e-6)
}
