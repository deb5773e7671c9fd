package weights

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMappingLetsStartAnew(t *testing.T) {
	want := []Want{
		{Name: "stem.weight"}, {Name: "head1.weight"}, {Name: "head1.bias"}, {Name: "head2.weight", Also: []string{"twin.weight"}},
		{Name: "norm.count", DType: I64, Counter: true},
	}
	missing := func(d *Difference) (list []string) {
		for _, w := range d.Missing {
			list = append(list, w.Name)
		}
		return list
	}
	compared := func(text string, names ...string) (*Difference, *Mapping, error) {
		f, m := named(names...), parsed(t, text)
		require.NoError(t, m.Rename(f))
		d := f.Compare(want)
		return d, m, m.StartAnew(d)
	}

	d, m, err := compared("fc = stem.weight\n  - = head1.*\n-=head2.weight\n- = norm.*\n- = *.bias", "fc")
	require.NoError(t, err)
	require.NoError(t, d.Err())
	assert.True(t, d.Fits())
	assert.Equal(t, want[1:4], d.Anew)
	assert.Len(t, d.Fit, 2, "a counter begins at 0 as before")
	assert.ErrorContains(t, m.Whole(), `map:2:3: by this line "head1.*" starts anew, which only nnc train --init can have`)

	d, _, err = compared("- = head1.bias", "stem.weight")
	require.NoError(t, err)
	assert.Equal(t, []string{"head1.weight", "head2.weight"}, missing(d), "only what is named may be missing")

	d, m, err = compared("fc = stem.weight", "fc")
	require.NoError(t, err)
	require.NoError(t, m.Whole())
	assert.Len(t, d.Missing, 3)
	assert.Empty(t, d.Anew)

	for text, message := range map[string]string{
		"\n - = head3.*":                        `map:2:6: the model has no tensor "head3.*"`,
		"- = head1.wieght":                      `map:1:5: the model has no tensor "head1.wieght", did you mean "head1.weight"?`,
		"- = *.weight":                          `map:1:5: "stem.weight" is to start anew, but is in the weights: take the line away, or leave theirs out`,
		"stem.weight = head1.bias\n- = head1.*": `map:2:5: "head1.bias" is to start anew, but is in the weights ("stem.weight" in the file, by map:1:1)`,
	} {
		d, _, err := compared(text, "stem.weight")
		assert.ErrorContains(t, err, message)
		assert.NotEmpty(t, d.Missing)
	}
	_, _, err = compared("- = head2.weight", "stem.weight", "twin.weight")
	assert.ErrorContains(t, err, `"head2.weight" is to start anew, but is in the weights`)
}

// What started anew has no name of theirs, and keeps its own.
func TestWhatStartsAnewKeepsItsName(t *testing.T) {
	turned, err := parsed(t, "fc.* = linear1.*\n- = linear2.*\nx = -").Turned()
	require.NoError(t, err)
	f := named("linear1.weight", "linear2.weight")
	require.NoError(t, turned.Rename(f))
	assert.Equal(t, []string{"fc.weight", "linear2.weight"}, names(f))
}
