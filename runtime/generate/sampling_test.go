package generate

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// logits are the logarithms of numbers in proportion to probabilities.
func logits(p ...float64) []float32 {
	x := make([]float32, len(p))
	for i := range p {
		x[i] = float32(math.Log(p[i]))
	}
	return x
}

// matches draws often, and compares how often each token comes with the probabilities: within five deviations.
func matches(t *testing.T, s Sampling, x []float32, p ...float64) {
	t.Helper()
	const n = 100_000
	sampler, err := NewSampler(s)
	require.NoError(t, err)
	counts := make([]float64, len(x))
	for at := range uint64(n) {
		token, err := sampler.Pick(x, at)
		require.NoError(t, err)
		counts[token]++
	}
	for i, p := range p {
		if p == 0 {
			assert.Zero(t, counts[i], "token %d takes no part", i)
			continue
		}
		assert.InDelta(t, p, counts[i]/n, 5*math.Sqrt(p*(1-p)/n), "token %d", i)
	}
}

func TestTokensComeAsOftenAsTheirProbability(t *testing.T) {
	x := logits(1, 4, 2, 3)
	matches(t, Sampling{Temperature: 1}, x, 0.1, 0.4, 0.2, 0.3)
	matches(t, Sampling{Temperature: 1, Seed: 7}, x, 0.1, 0.4, 0.2, 0.3)
	for i := range x {
		x[i] += 500 // what is added to all changes nothing
	}
	matches(t, Sampling{Temperature: 1}, x, 0.1, 0.4, 0.2, 0.3)
}

// At a temperature of 2 the weights are the roots of the probabilities, at ½ their squares.
func TestTemperatureIsAPowerOfTheProbabilities(t *testing.T) {
	x := logits(1, 16, 4, 9)
	matches(t, Sampling{Temperature: 2}, x, 0.1, 0.4, 0.2, 0.3)
	x = logits(1, 2, 3)
	matches(t, Sampling{Temperature: 0.5}, x, 1.0/14, 4.0/14, 9.0/14)
}

func TestTemperatureZeroTakesTheLargestAndOfEqualsTheFirst(t *testing.T) {
	s, err := NewSampler(Sampling{})
	require.NoError(t, err)
	for at := range uint64(5) {
		token, err := s.Pick([]float32{1, 3, -2, 3}, at)
		require.NoError(t, err)
		assert.EqualValues(t, 1, token)
	}
	matches(t, Sampling{Temperature: 1e-300}, []float32{1, 3, -2}, 0, 1, 0)
}

func TestTopKKeepsTheLargestAndOfEqualsTheFirst(t *testing.T) {
	x := logits(1, 4, 2, 3)
	matches(t, Sampling{Temperature: 1, TopK: 2}, x, 0, 4.0/7, 0, 3.0/7)
	matches(t, Sampling{Temperature: 1, TopK: 1}, x, 0, 1, 0, 0)
	matches(t, Sampling{Temperature: 1, TopK: 4}, x, 0.1, 0.4, 0.2, 0.3)
	matches(t, Sampling{Temperature: 1, TopK: 400}, x, 0.1, 0.4, 0.2, 0.3)
	matches(t, Sampling{Temperature: 1, TopK: 3}, logits(1, 1, 2, 1, 1), 0.25, 0.25, 0.5, 0, 0)
}

func TestTopPKeepsTheFewestThatReachItsShare(t *testing.T) {
	x := logits(1, 4, 2, 3)
	for _, c := range []struct {
		share float64
		p     []float64
	}{
		{0.01, []float64{0, 1, 0, 0}},
		{0.39, []float64{0, 1, 0, 0}},
		{0.41, []float64{0, 4.0 / 7, 0, 3.0 / 7}},
		{0.69, []float64{0, 4.0 / 7, 0, 3.0 / 7}},
		{0.71, []float64{0, 4.0 / 9, 2.0 / 9, 3.0 / 9}},
		{0.91, []float64{0.1, 0.4, 0.2, 0.3}},
		{1, []float64{0.1, 0.4, 0.2, 0.3}},
	} {
		matches(t, Sampling{Temperature: 1, TopP: c.share}, x, c.p...)
	}
	equal := []float32{5, 5, 5, 5} // whose sums are exact: half of the weight is two of them
	matches(t, Sampling{Temperature: 1, TopP: 0.5}, equal, 0.5, 0.5, 0, 0)
	matches(t, Sampling{Temperature: 1, TopP: 0.500001}, equal, 1.0/3, 1.0/3, 1.0/3, 0)
}

// The temperature comes first, then the most probable, then their share: of what the two largest have together the
// larger is more than half, of all it is not.
func TestFiltersFollowEachOther(t *testing.T) {
	matches(t, Sampling{Temperature: 1, TopP: 0.5}, logits(1, 4, 2, 3), 0, 4.0/7, 0, 3.0/7)
	matches(t, Sampling{Temperature: 1, TopK: 2, TopP: 0.5}, logits(1, 4, 2, 3), 0, 1, 0, 0)
	matches(t, Sampling{Temperature: 0.5, TopP: 0.5}, logits(1, 4, 2, 3), 0, 1, 0, 0) // 16/30 is more than half
}

func TestWhatHasNoProbabilityIsNeverChosen(t *testing.T) {
	never := float32(math.Inf(-1))
	matches(t, Sampling{Temperature: 1}, []float32{never, 0, never, 0, never}, 0, 0.5, 0, 0.5, 0)
	matches(t, Sampling{Temperature: 100, TopK: 4}, []float32{never, 0, never, 0, never}, 0, 0.5, 0, 0.5, 0)
}

func TestLogitsThatAreNoNumbersAreAnError(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, temperature := range []float64{0, 1} {
		s, err := NewSampler(Sampling{Temperature: temperature})
		require.NoError(t, err)
		for _, x := range [][]float32{{1, nan}, {nan, 1}, {1, inf}, {-inf, -inf}} {
			_, err = s.Pick(x, 0)
			assert.ErrorIs(t, err, ErrLogits, "%v", x)
		}
		_, err = s.Pick(nil, 0)
		assert.ErrorIs(t, err, ErrNoLogits)
	}
}

func TestAChoiceDependsOnSeedAndPlaceAlone(t *testing.T) {
	x := logits(1, 4, 2, 3)
	draw := func(seed uint64, order ...uint64) map[uint64]int32 {
		s, err := NewSampler(Sampling{Temperature: 1, TopP: 0.95, Seed: seed})
		require.NoError(t, err)
		tokens := map[uint64]int32{}
		for _, at := range order {
			tokens[at], err = s.Pick(x, at)
			require.NoError(t, err)
		}
		return tokens
	}
	var up, down []uint64
	for i := range uint64(100) {
		up, down = append(up, i), append(down, 99-i)
	}
	assert.Equal(t, draw(3, up...), draw(3, down...))
	assert.NotEqual(t, draw(3, up...), draw(4, up...))
}

func TestPickAllocatesNothing(t *testing.T) {
	s, err := NewSampler(Sampling{Temperature: 0.8, TopK: 30, TopP: 0.9})
	require.NoError(t, err)
	x := make([]float32, 65)
	assert.Zero(t, testing.AllocsPerRun(10, func() {
		_, err = s.Pick(x, 1)
	}))
	require.NoError(t, err)
}

func TestNewSamplerSaysWhatIsWrong(t *testing.T) {
	for _, s := range []Sampling{{Temperature: -1}, {Temperature: math.NaN()}, {Temperature: math.Inf(1)}, {TopK: -1}, {TopP: -0.1}, {TopP: 1.1}, {TopP: math.NaN()}} {
		_, err := NewSampler(s)
		assert.Error(t, err, "%+v", s)
	}
}
