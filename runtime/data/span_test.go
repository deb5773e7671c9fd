package data

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// scored is the scores of a sequence, of starts and of ends.
func scored(starts, ends []float32) (scores []float32) {
	for i := range starts {
		scores = append(scores, starts[i], ends[i])
	}
	return scores
}

func TestBestSpan(t *testing.T) {
	const none = kernel.LeftOut
	for _, c := range []struct {
		name         string
		starts, ends []float32
		longest      int
		start, end   int
	}{
		{"the largest of each", []float32{0, 5, 1, 0}, []float32{0, 1, 2, 9}, 30, 1, 3},
		{"not so far apart", []float32{0, 5, 1, 0}, []float32{0, 1, 2, 9}, 2, 2, 3},
		{"one position at a time", []float32{0, 5, 1, 0}, []float32{0, 1, 2, 9}, 1, 3, 3},
		{"an end is never before its start", []float32{0, 0, 9}, []float32{9, 0, 1}, 30, 2, 2},
		{"of equals the smallest start", []float32{1, 0, 1}, []float32{0, 0, 0}, 30, 0, 0},
		{"then the smallest end", []float32{1, 0, 0}, []float32{0, 2, 2}, 30, 0, 1},
		{"what is left out never is", []float32{-1, none, -3}, []float32{-2, none, -5}, 30, 0, 0},
		{"nor a start at it", []float32{none, none, -3}, []float32{none, none, -5}, 30, 2, 2},
		{"nothing is left", []float32{none, none}, []float32{none, none}, 30, -100, -100},
		{"one position", []float32{-7}, []float32{-7}, 1, 0, 0},
	} {
		start, end := BestSpan(scored(c.starts, c.ends), c.longest)
		assert.Equal(t, [2]int{c.start, c.end}, [2]int{start, end}, c.name)
	}
}

// Among whole scores, which are often equal, it is what a search through all pairs in their order finds.
func TestBestSpanIsTheFirstOfTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		scores := make([]float32, 2*(1+r.IntN(9)))
		for i := range scores {
			scores[i] = float32(r.IntN(4))
		}
		longest, best := 1+r.IntN(9), float32(-1)
		var want [2]int
		for i := range len(scores) / 2 {
			for j := i; j < len(scores)/2; j++ {
				if sum := scores[2*i] + scores[2*j+1]; j < i+longest && sum > best {
					want, best = [2]int{i, j}, sum
				}
			}
		}
		start, end := BestSpan(scores, longest)
		assert.Equal(t, want, [2]int{start, end}, "%v, up to %d", scores, longest)
	}
}

func TestTargetOfSpans(t *testing.T) {
	port := Port{Name: "answer", Shape: []int{2}, Int: true, Limit: 6, Judged: &Judged{Loss: "span", Kind: Span, Longest: 2, Mask: "seen"}}
	for v, fine := range map[float32]bool{0: true, 5: true, -100: true, 6: false, -1: false, 1.5: false, 1e30: false} {
		assert.Equal(t, fine, port.CheckJudged(v) == nil, "%v", v)
	}
	at, err := port.CheckSpan([]int32{-100, 2}, Block{Int: []int32{1, 0, 0, 1, 1, 1}})
	assert.Equal(t, 1, at)
	assert.EqualError(t, err, "2 is a position that seen leaves out: its number there is 0")
	at, err = port.CheckSpan([]int32{3, 2}, Block{})
	assert.Equal(t, 1, at)
	assert.EqualError(t, err, "2 is before 3, where the span starts: its end is its last position")
	for _, fine := range [][]int32{{2, 2}, {2, 3}, {2, -100}, {-100, 2}, {-100, -100}} {
		_, err = port.CheckSpan(fine, Block{})
		assert.NoError(t, err, "%v", fine)
	}
	_, err = port.CheckSpan([]int32{0, 3}, Block{Float: []float32{-1, 0, 0, 0.5, 1, 1}})
	assert.NoError(t, err)

	target := TargetsOf([]Port{{Name: "x", Shape: []int{6}}}, []Port{port})[0]
	start, end := target.Span(scored([]float32{0, 5, 1, 0}, []float32{0, 1, 2, 9}))
	assert.Equal(t, [2]int{2, 3}, [2]int{start, end})
	text, err := json.Marshal(target)
	require.NoError(t, err)
	assert.JSONEq(t, `{"name":"answer","loss":"span","kind":"span","link":"identity","longest":2}`, string(text))
}
