package answer

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// scoresOf makes scores that are low but where something is said.
func scoresOf(asked *Asked, length int, said map[[3]int]float32) [][]float32 {
	scores := make([][]float32, len(asked.Windows))
	for i := range scores {
		scores[i] = make([]float32, 2*length)
		for j := range scores[i] {
			scores[i][j] = -10
		}
	}
	for at, v := range said { // window, position, 0 or 1
		scores[at[0]][2*at[1]+at[2]] = v
	}
	return scores
}

func TestBest(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 3)
	asked, err := w.Encode("who saw the fox", "é b c d e f g h i j")
	require.NoError(t, err)
	best := func(n int, said map[[3]int]float32) []Answer {
		answers, err := w.Best(asked, scoresOf(asked, 12, said), n)
		require.NoError(t, err)
		return answers
	}

	got := best(1, map[[3]int]float32{{0, 6, 0}: 2, {0, 7, 1}: 3})[0]
	assert.Equal(t, Answer{Text: "é b", Start: 0, End: 4, RuneStart: 0, RuneEnd: 3, Score: 5, Window: 0, First: 6, Last: 7}, got)

	assert.Equal(t, "c", best(1, map[[3]int]float32{{0, 8, 0}: 5, {0, 7, 1}: 5, {0, 8, 1}: 1})[0].Text, "no end before the start")
	assert.Equal(t, "é b c", best(1, map[[3]int]float32{{0, 6, 0}: 5, {0, 9, 1}: 5, {0, 8, 1}: 1})[0].Text, "at most 3 tokens")
	assert.Equal(t, "h", best(1, map[[3]int]float32{{2, 7, 0}: 1, {2, 7, 1}: 1, {2, 1, 0}: 9, {2, 2, 1}: 9, {2, 10, 1}: 9, {2, 0, 0}: 9, {2, 11, 1}: 9})[0].Text,
		"neither the question, nor a [SEP], nor padding")

	equal := best(3, map[[3]int]float32{{0, 6, 0}: 1, {0, 7, 1}: 1, {0, 8, 1}: 1, {2, 8, 0}: 1, {2, 9, 1}: 1})
	assert.Equal(t, []string{"é b", "é b c", "i j"}, texts(equal), "of equals the first")

	// "d e" is in windows 0 and 1, and stands once, by its better score.
	twice := best(4, map[[3]int]float32{{0, 9, 0}: 1, {0, 10, 1}: 1, {1, 6, 0}: 2, {1, 7, 1}: 2, {2, 6, 0}: 1, {2, 6, 1}: 2})
	assert.Equal(t, []string{"d e", "g", "d", "d e f"}, texts(twice))
	assert.Equal(t, []float64{4, 3, -8, -8}, []float64{twice[0].Score, twice[1].Score, twice[2].Score, twice[3].Score})
	assert.Equal(t, 1, twice[0].Window)

	short, err := w.Encode("who", "a b")
	require.NoError(t, err)
	all, err := w.Best(short, scoresOf(short, 12, nil), 10)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "a b", "b"}, texts(all), "all that there are")
}

func texts(answers []Answer) (list []string) {
	for _, a := range answers {
		list = append(list, a.Text)
	}
	return list
}

// Scores that are no numbers are passed over; where there is nothing else, that is an error.
func TestBestWithout(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 3)
	asked, err := w.Encode("who", "a b")
	require.NoError(t, err)
	nan, infinite := float32(math.NaN()), float32(math.Inf(-1))
	scores := scoresOf(asked, 12, map[[3]int]float32{{0, 3, 0}: nan, {0, 3, 1}: 5, {0, 4, 0}: 1, {0, 4, 1}: 1})
	answers, err := w.Best(asked, scores, 5)
	require.NoError(t, err)
	assert.Equal(t, []string{"b"}, texts(answers))
	_, err = w.Best(asked, scoresOf(asked, 12, map[[3]int]float32{{0, 3, 0}: nan, {0, 4, 0}: infinite}), 1)
	assert.ErrorIs(t, err, ErrScores)
	_, err = w.Best(asked, nil, 1)
	assert.EqualError(t, err, "scores of 0 windows, but the question has 1")
	_, err = w.Best(asked, [][]float32{make([]float32, 7)}, 1)
	assert.EqualError(t, err, "window 0: 7 scores, but each of 12 positions has a start and an end")
}

// The n best are those of all answers, written out and sorted.
func TestBestOfAll(t *testing.T) {
	w := smallWindows(t, 12, 3, 4, 4)
	asked, err := w.Encode("who saw the fox", "a seen cats b c d e f g h i j")
	require.NoError(t, err)
	for seed := range uint64(200) {
		draw := rand.New(rand.NewPCG(seed, 1))
		scores := scoresOf(asked, 12, nil)
		for i := range scores {
			for j := range scores[i] {
				scores[i][j] = float32(draw.IntN(6)) // so few that many are equal
			}
		}
		var all []Answer
		for i, x := range asked.Windows {
			for a := range x.Tokens {
				for b := a; b < min(len(x.Tokens), a+4); b++ {
					all = append(all, Answer{Start: x.Tokens[a].Start, End: x.Tokens[b].End, RuneStart: x.Tokens[a].RuneStart, RuneEnd: x.Tokens[b].RuneEnd,
						Score: float64(scores[i][2*(x.First+a)] + scores[i][2*(x.First+b)+1]), Window: i, First: x.First + a, Last: x.First + b})
				}
			}
		}
		slices.SortStableFunc(all, func(a, b Answer) int { return int(b.Score - a.Score) })
		var want []Answer
		for _, a := range all {
			if !slices.ContainsFunc(want, func(o Answer) bool { return o.Start == a.Start && o.End == a.End }) {
				a.Text = asked.Passage[a.Start:a.End]
				want = append(want, a)
			}
		}
		for _, n := range []int{1, 3, 10, len(want) + 5} {
			got, err := w.Best(asked, scores, n)
			require.NoError(t, err)
			require.Equal(t, want[:min(n, len(want))], got, "seed %d, %d best", seed, n)
		}
	}
}
