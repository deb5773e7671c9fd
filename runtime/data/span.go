package data

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// BestSpan finds where a span starts and ends by the scores of a sequence, [positions, 2]: the start and the end, start ≤ end <
// start + longest, whose sum is the largest; of equals the smallest start, then the smallest end. A position whose score is
// kernel.LeftOut takes no part; where that leaves none, both are kernel.Ignored.
func BestSpan(scores []float32, longest int) (start, end int) {
	start, end = kernel.Ignored, kernel.Ignored
	best, found := 0.0, false
	positions := len(scores) / 2
	for i := range positions {
		first := scores[2*i]
		if first <= kernel.LeftOut {
			continue
		}
		for j := i; j < positions && j-i < longest; j++ {
			last := scores[2*j+1]
			if last <= kernel.LeftOut {
				continue
			}
			if sum := float64(first) + float64(last); !found || sum > best {
				start, end, best, found = i, j, sum, true
			}
		}
	}
	return start, end
}

// Span is where one row of the model's output says that a span starts and ends, see BestSpan. The target must be a span.
func (t *Target) Span(out []float32) (start, end int) { return BestSpan(out, t.Longest) }

// CheckSpan returns an error if a row of p is no span: if it ends before it starts, or if a position is one that its mask leaves
// out, of which these are the numbers of the row; an empty block stands for no mask. at says which of the two it is.
func (p *Port) CheckSpan(row []int32, mask Block) (at int, err error) {
	if start, end := row[0], row[1]; 0 <= end && end < start {
		return 1, fmt.Errorf("%d is before %d, where the span starts: its end is its last position", end, start)
	}
	for at, i := range row {
		if i >= 0 && (mask.Int != nil && mask.Int[i] == 0 || mask.Float != nil && mask.Float[i] == 0) {
			return at, fmt.Errorf("%d is a position that %s leaves out: its number there is 0", i, p.Judged.Mask)
		}
	}
	return 0, nil
}
