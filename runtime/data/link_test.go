package data

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The expected values are those of math's functions.
func TestLinks(t *testing.T) {
	x := []float32{-1.5, 0, 2, 1e-9}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(float64(v))
	}
	for link, want := range map[Link]func(x float64) float64{
		Identity: func(x float64) float64 { return x },
		Sigmoid:  func(x float64) float64 { return 1 / (1 + math.Exp(-x)) },
		Softmax:  func(x float64) float64 { return math.Exp(x) / sum },
		Exp:      math.Exp,
		Score:    func(x float64) float64 { return x },
	} {
		y := make([]float32, len(x))
		apply(link, y, x)
		for i, v := range x {
			assert.InEpsilon(t, 1+want(float64(v)), 1+y[i], 1e-7, "%v of %g", link, v)
			assert.Equal(t, y[i], float32(link.at(x, i)), "%v of %g", link, v)
			if p := want(float64(v)); p > 0 {
				assert.InDelta(t, math.Log(p), link.log(x, i), 1e-12, "%v of %g", link, v)
			}
		}
	}
}

// A probability that float64 holds as 0 has a logarithm: 3 − ln(e³ + e⁸⁰³).
func TestLogProbability(t *testing.T) {
	target := Target{Judged: Judged{Kind: Class, Link: Softmax}, Count: 2}
	out := []float32{0, 0, 3, 803}
	assert.Equal(t, -800.0, target.LogProbability(1, 0, out))
	assert.Equal(t, -math.Ln2, target.LogProbability(0, 1, out))
	target.Link = Exp
	assert.Equal(t, 3.0, target.LogProbability(1, 0, out))
}

// A score speaks for the second class where its probability is above one half, be it ever so little.
func TestFlags(t *testing.T) {
	for _, tt := range []struct {
		link  Link
		x     float32
		class int
		p     float64
	}{
		{Sigmoid, 0, 0, 0.5},
		{Sigmoid, 1e-30, 1, 0.5},
		{Sigmoid, 2, 1, 0.8807970779778823},     // 1/(1 + e⁻²)
		{Sigmoid, -2, 0, 0.8807970779778823},    //
		{Sigmoid, -20, 0, 0.9999999979388464},   // 1/(1 + e⁻²⁰)
		{Identity, 0.5, 0, 0.5},                 // a probability already
		{Identity, 0.75, 1, 0.75},               //
		{Identity, 0.25, 0, 0.75},               //
		{Exp, float32(math.Log(0.75)), 1, 0.75}, // the logarithm of one
		{Score, 1e-30, 1, 1e-30},                // no probability: itself
		{Score, 0, 0, 0},                        //
		{Score, -3, 0, -3},                      //
	} {
		target := Target{Name: "t", Judged: Judged{Loss: "l", Kind: Flag, Link: tt.link}, Count: 2}
		name, p := target.Class(0, []float32{tt.x})
		assert.Equal(t, []string{"0", "1"}[tt.class], name, "%v of %g", tt.link, tt.x)
		assert.Equal(t, tt.class, target.ClassIndex(0, []float32{tt.x}))
		assert.InDelta(t, tt.p, p, 1e-7, "%v of %g", tt.link, tt.x)
	}
}

// Log-probabilities, as of log_softmax, speak for the class of the largest.
func TestClassesOfLogProbabilities(t *testing.T) {
	target := Target{Name: "t", Judged: Judged{Loss: "nll", Kind: Class, Link: Exp}, Count: 2}
	out := []float32{float32(math.Log(0.25)), float32(math.Log(0.75)), float32(math.Log(0.5)), float32(math.Log(0.5))}
	name, p := target.Class(0, out)
	assert.Equal(t, "1", name)
	assert.InDelta(t, 0.75, p, 1e-7)
	assert.Equal(t, 0, target.ClassIndex(1, out))
	require.NoError(t, target.Decode(out, out))
	assert.InDeltaSlice(t, []float32{0.25, 0.75, 0.5, 0.5}, out, 1e-7)
}

func TestNamesOfKindsAndLinks(t *testing.T) {
	for i := range max(len(targetKinds), len(links)) {
		kind, link := TargetKind(i%len(targetKinds)), Link(i%len(links))
		text, err := json.Marshal(Judged{Kind: kind, Link: link})
		require.NoError(t, err)
		var back Judged
		require.NoError(t, json.Unmarshal(text, &back))
		assert.Equal(t, Judged{Kind: kind, Link: link}, back)
	}
	_, err := TargetKind(9).MarshalText()
	assert.EqualError(t, err, "data.TargetKind(9) has no name")
	_, err = Link(9).MarshalText()
	assert.EqualError(t, err, "data.Link(9) has no name")
	var l Link
	assert.EqualError(t, l.UnmarshalText([]byte("logit")), `"logit" is none of identity, sigmoid, softmax, exp, score`)
}
