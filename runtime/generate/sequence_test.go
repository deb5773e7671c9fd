package generate

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// recorder is a model that notes what it reads: its scores are the number of positions that it sees, and the last token.
type recorder struct {
	context  int
	seen     []int32
	computed int
}

func (r *recorder) Next(token int32, logits []float32) error {
	if len(r.seen) == r.context {
		return errors.New("the context is full")
	}
	r.seen = append(r.seen, token)
	r.computed++
	logits[0], logits[1] = float32(len(r.seen)), float32(token)
	return nil
}

func (r *recorder) Reset()          { r.seen = nil }
func (r *recorder) Context() int    { return r.context }
func (r *recorder) Vocabulary() int { return 2 }

func TestAFullWindowBeginsAnewWithItsLaterHalf(t *testing.T) {
	for _, c := range []struct {
		context int
		seen    [][]int32 // behind each token
	}{
		{1, [][]int32{{0}, {1}, {2}}},
		{2, [][]int32{{0}, {0, 1}, {1, 2}, {2, 3}}},
		{3, [][]int32{{0}, {0, 1}, {0, 1, 2}, {2, 3}, {2, 3, 4}, {4, 5}}},
		{4, [][]int32{{0}, {0, 1}, {0, 1, 2}, {0, 1, 2, 3}, {2, 3, 4}, {2, 3, 4, 5}, {4, 5, 6}}},
	} {
		m := &recorder{context: c.context, seen: []int32{9}}
		s := NewSequence(m)
		for i, seen := range c.seen {
			logits, err := s.Append(int32(i))
			require.NoError(t, err)
			assert.Equal(t, seen, m.seen, "a context of %d", c.context)
			assert.Equal(t, []float32{float32(len(seen)), float32(i)}, logits)
		}
	}
}

func TestManyTokensAtOnceAreAsManyOneByOne(t *testing.T) {
	for context := 1; context <= 6; context++ {
		for count := 1; count <= 20; count++ {
			one, many := &recorder{context: context}, &recorder{context: context}
			single, whole := NewSequence(one), NewSequence(many)
			var tokens []int32
			for i := range int32(count) {
				tokens = append(tokens, i)
				_, err := single.Append(i)
				require.NoError(t, err)
			}
			_, err := whole.Append(tokens...)
			require.NoError(t, err)
			assert.Equal(t, one.seen, many.seen)
			assert.LessOrEqual(t, many.computed, context, "no position is read that the window leaves behind")
		}
	}
}

func TestAnEmptySequenceHasNoScores(t *testing.T) {
	logits, err := NewSequence(&recorder{context: 3}).Append()
	require.NoError(t, err)
	assert.Nil(t, logits)
}
