package train

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// compared is rows of an output of that size beside the truth.
func compared(t *testing.T, by *data.Judged, classes, size int, out []float32, truth data.Block) *comparison {
	t.Helper()
	c := &comparison{target: &data.Target{Name: "t", Judged: *by, Count: classes}, size: size, longest: by.Longest}
	require.NoError(t, c.take(out, truth))
	return c
}

// measured is a metric's value over the comparisons together.
func measured(k metric, parts ...*comparison) float64 {
	gathers := k.start(Metric{Name: k.name, Number: min(k.usual, 1)})
	for _, c := range parts {
		gathers.add(c)
	}
	return gathers.value()
}

// counted is the confusion of the classes.
func counted(c *comparison) []confusion {
	o := judgedOutput{comparison: *c, confusions: newConfusions(c.target, maxReported)}
	o.count()
	return o.confusions
}

// Two elements per row. First: truth 3, −0.5, 2, 7 and prediction 2.5, 0, 2, 8, for which mae is 1/2, mse 3/8 and r2
// 1 − 1.5/29.1875. Second: a truth that never varies, met but once.
func TestMetricsOfQuantities(t *testing.T) {
	y, truth := []float32{2.5, 1, 0, 2, 2, 3, 8, 4}, []float32{3, 1, -0.5, 1, 2, 1, 7, 1}
	together := compared(t, byMSE, 0, 2, y, data.Block{Float: truth})
	first := compared(t, byMSE, 0, 2, y[:6], data.Block{Float: truth[:6]})
	last := compared(t, byMSE, 0, 2, y[6:], data.Block{Float: truth[6:]})
	for _, parts := range [][]*comparison{{together}, {first, last}} {
		assert.InDelta(t, (4*0.5+0+1+2+3)/8, measured(mae, parts...), 1e-12)
		assert.InDelta(t, 1.3919410907075054, measured(rmse, parts...), 1e-12) // √((1.5 + 14)/8)
		assert.InDelta(t, (1-1.5/29.1875)/2, measured(r2, parts...), 1e-12)
	}
	assert.Equal(t, 1.0, measured(r2, compared(t, byMSE, 0, 1, []float32{4, 4}, data.Block{Float: []float32{4, 4}})))

	const far = 1 << 22 // a large mean does not swallow the spread
	c := compared(t, byMSE, 0, 1, []float32{far + 1, far + 1, far + 1}, data.Block{Float: []float32{far, far + 1, far + 2}})
	assert.InDelta(t, 0, measured(r2, c), 1e-9)
}

// The link is of the output, not of the truth: exp makes the rate 4 of log 4, and 4 visits stay 4.
func TestLinkIsOfTheOutput(t *testing.T) {
	byRate := &data.Judged{Loss: "poisson", Kind: data.Quantity, Link: data.Exp}
	c := compared(t, byRate, 0, 1, []float32{1.3862944}, data.Block{Float: []float32{4}})
	assert.InDelta(t, 0, measured(mae, c), 1e-6)
}

func TestMetricsOfClasses(t *testing.T) {
	c := compared(t, byCrossEntropy, 3, 3, []float32{
		9, 1, 0,
		0, 9, 1,
		0, 9, 1,
		5, 5, 5,
		0, 0, 1,
	}, data.Block{Int: []int32{0, 1, 0, 1, kernel.Ignored}})
	assert.Equal(t, 0.5, measured(accuracy, c))
	m := counted(c)
	assert.Equal(t, []confusion{{{1, 1, 0}, {1, 1, 0}, {0, 0, 0}}}, m)
	scores := m[0].scores([]string{"a", "b", "c"})
	assert.Equal(t, []classScore{{"a", 0.5, 0.5, 0.5, 2}, {"b", 0.5, 0.5, 0.5, 2}}, scores[:2])
	assert.Equal(t, "{c – – – 0}", fmt.Sprint(scores[2]))

	c = compared(t, byBCELogits, 2, 2, []float32{0, 0.1, -3, 4}, data.Block{Float: []float32{0, 1, 1, 1}})
	assert.Equal(t, 0.75, measured(accuracy, c))
	m = counted(c)
	assert.Equal(t, []confusion{{{1, 0}, {1, 2}}}, m)
	assert.Equal(t, classScore{"yes", 1, 2. / 3, 0.8, 3}, m[0].scores([]string{"no", "yes"})[1])

	byProbability := &data.Judged{Loss: "bce", Kind: data.Flag, Link: data.Identity}
	c = compared(t, byProbability, 2, 2, []float32{0.4, 0.1, 0.6, 0.9}, data.Block{Float: []float32{0, 1, 1, 1}})
	assert.Equal(t, 0.75, measured(accuracy, c))

	c = compared(t, byCrossEntropy, 2, 2, []float32{1, 2}, data.Block{Int: []int32{kernel.Ignored}})
	assert.Equal(t, "–", number(measured(accuracy, c)))
}

// A row is right if its start and its end are those of the best span; what is ignored of it does not count, nor does a row of
// which both are.
func TestExactMatchOfSpans(t *testing.T) {
	scores := []float32{
		0, 0, 3, 0, 0, 0, 0, 5, // 2 to 3: 1 to 3 is too long
		9, 0, 0, 9, 0, 0, 0, 0, // 0 to 1
		9, 0, 0, 9, 0, 0, 0, 0,
		9, 0, 0, 9, 0, 0, 0, 0,
		9, 0, 0, 9, 0, 0, 0, 0,
	}
	none := int32(kernel.Ignored)
	for _, c := range []struct {
		truth []int32
		want  float64
	}{
		{[]int32{3, 3, 0, 1, 0, 1, 0, 1, 0, 1}, 0.8},
		{[]int32{2, 3, 0, 1, 0, 1, 0, 1, 0, 1}, 1},
		{[]int32{1, 3, 0, 1, 0, 2, 0, 1, 0, 1}, 0.6},
		{[]int32{none, none, 0, none, none, 0, none, 1, none, none}, 2. / 3},
	} {
		assert.InDelta(t, c.want, measured(exactMatch, compared(t, bySpan, 0, 8, scores, data.Block{Int: c.truth})), 1e-12, "%v", c.truth)
	}
	assert.Equal(t, "–", number(measured(exactMatch, compared(t, bySpan, 0, 8, scores[:8], data.Block{Int: []int32{none, none}}))))
}

// Of every metric and kind of target, the right predictions have a better value than wrong ones.
func TestBetterIsBetter(t *testing.T) {
	cases := map[data.TargetKind]struct {
		by            *data.Judged
		classes, size int
		right, wrong  []float32
		truth         data.Block
	}{
		data.Quantity: {byMSE, 0, 1, []float32{1, 2, 4}, []float32{2, 1, 1}, data.Block{Float: []float32{1, 2, 4}}},
		data.Count:    {byPoisson, 0, 1, []float32{0, -30, 1.3862944}, []float32{1, 1, 0}, data.Block{Float: []float32{1, 0, 4}}},
		data.Vector:   {byCosine, 0, 2, []float32{1, 2, 3, 4}, []float32{2, 1, 4, 3}, data.Block{Float: []float32{1, 2, 3, 4}}},
		data.Distribution: {byKL, 0, 2, []float32{-0.6931472, -0.6931472, -0.2876821, -1.3862944}, []float32{0, -30, -30, 0},
			data.Block{Float: []float32{0.5, 0.5, 0.75, 0.25}}},
		data.Class: {byCrossEntropy, 2, 2, []float32{9, 0, 0, 9}, []float32{0, 9, 0, 9}, data.Block{Int: []int32{0, 1}}},
		data.Span:  {bySpan, 0, 6, []float32{9, 0, 0, 9, 0, 0}, []float32{0, 9, 0, 0, 0, 0}, data.Block{Int: []int32{0, 1}}},
		data.Flag:  {byBCELogits, 2, 1, []float32{9, -9}, []float32{-9, -9}, data.Block{Float: []float32{1, 0}}},
	}
	for _, k := range metrics {
		for _, kind := range k.suits {
			tt, ok := cases[kind]
			require.True(t, ok, "%s of a %s", k.name, kind)
			right := measured(k, compared(t, tt.by, tt.classes, tt.size, tt.right, tt.truth))
			wrong := measured(k, compared(t, tt.by, tt.classes, tt.size, tt.wrong, tt.truth))
			assert.NotEqual(t, right, wrong, "%s of a %s", k.name, kind)
			assert.Equal(t, k.higher, right > wrong, "%s of a %s: %g is right, %g is wrong", k.name, kind, right, wrong)
		}
	}
}
