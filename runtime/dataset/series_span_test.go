package dataset

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// A span lies within a row of the data, of which a series has none: --window refuses it, wherever the rows come from.
func TestNoSpanOfASeries(t *testing.T) {
	judged := &data.Judged{Loss: "span", Kind: data.Span, Mask: "m", Longest: 6}
	q := Training{
		Data:   []string{writeFile(t, "s.csv", "s,e,a,b,m\n5,5,1,2,1\n0,1,2,3,1\n4,5,3,4,0\n1,2,1,1,1\n0,0,2,2,1\n3,4,3,3,1\n1,1,0,0,1\n2,2,1,1,1\n0,3,1,2,1\n")},
		Select: Select{Target: []string{"s", "e"}, Features: []string{"x=a", "b", "m=m"}},
		Valid:  "0", Window: 6,
		Inputs:  []data.Port{{Name: "x", Shape: []int{6, 2}}, {Name: "m", Shape: []int{6}, Int: true, Limit: 2}},
		Targets: []data.Port{{Name: "target", Shape: []int{2}, Int: true, Limit: 6, Judged: judged}},
	}
	_, err := Load(q)
	var usage UsageError
	require.ErrorAs(t, err, &usage)
	assert.ErrorContains(t, err, "--window: the target target of the loss span is a start and an end within one row of the data")
}
