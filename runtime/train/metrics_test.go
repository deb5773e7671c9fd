package train

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// The expected losses are torch.nn.functional's, in float64.
func TestLossSums(t *testing.T) {
	y := []float32{0.5, -1.25, 2, 3, -0.75, 100} // [3, 2]
	logits := []float32{1, 2, 3, 1000, -1000, 0, 0.5, 0.25, -3, 7, 7, 7}
	for _, tt := range []struct {
		loss    string
		out     []float32
		target  data.Block
		classes int
		want    float64
	}{
		{data.LossMSE, y, data.Block{Float: []float32{1, 0, 2, 1, 0.5, -7}}, 0, 1909.3958333333333},
		{data.LossMAE, y, data.Block{Float: []float32{1, 0, 2, 1, 0.5, -7}}, 0, 18.666666666666668},
		{data.LossBCELogits, y, data.Block{Float: []float32{1, 0, 0.25, 1, 0, 1}}, 0, 0.46473207237618236},
		{data.LossCrossEntropy, logits, data.Block{Int: []int32{2, 1, kernel.Ignored, 0}}, 3, 667.1687394177042},
		{data.LossCrossEntropy, logits[:3], data.Block{Int: []int32{kernel.Ignored}}, 3, 0},
	} {
		var whole, pieces lossSum
		whole.add(tt.loss, tt.out, tt.target, tt.classes)
		assert.InDelta(t, tt.want, whole.mean(), 1e-12*(1+tt.want), tt.loss)

		// Two calls add up to one.
		n, width := len(tt.out), max(1, tt.classes)
		for _, part := range [][2]int{{0, width}, {width, n}} {
			b := tt.target.Rows(part[0]/width, part[1]/width, 1)
			pieces.add(tt.loss, tt.out[part[0]:part[1]], b, tt.classes)
		}
		assert.Equal(t, whole.terms, pieces.terms, tt.loss)
		assert.InDelta(t, whole.sum, pieces.sum, 1e-9, tt.loss)
	}
}

func TestResiduals(t *testing.T) {
	// Two elements per row. First: truth 3, −0.5, 2, 7 and prediction 2.5, 0, 2, 8, for which mae is 1/2, mse 3/8
	// and r2 1 − 1.5/29.1875. Second: a truth that never varies, met but once.
	var r residuals
	for i, truth := range []float32{3, -0.5, 2, 7} {
		r.add([]float32{[]float32{2.5, 0, 2, 8}[i], 1 + float32(i)}, []float32{truth, 1})
	}
	assert.InDelta(t, (4*0.5+0+1+2+3)/8, r.mae(), 1e-12)
	assert.InDelta(t, 1.3919410907075054, r.rmse(), 1e-12) // √((1.5 + 14)/8)
	assert.InDelta(t, (1-1.5/29.1875)/2, r.r2(), 1e-12)

	var same residuals
	same.add([]float32{4}, []float32{4})
	same.add([]float32{4}, []float32{4})
	assert.Equal(t, 1.0, same.r2())

	// A large mean does not swallow the spread.
	var far residuals
	for _, v := range []float32{1 << 22, 1<<22 + 1, 1<<22 + 2} {
		far.add([]float32{1<<22 + 1}, []float32{v})
	}
	assert.InDelta(t, 0, far.r2(), 1e-9)
}

func TestHits(t *testing.T) {
	h := newHits(3)
	h.add(data.LossCrossEntropy, []float32{
		9, 1, 0,
		0, 9, 1,
		0, 9, 1,
		5, 5, 5,
		0, 0, 1,
	}, data.Block{Int: []int32{0, 1, 0, 1, kernel.Ignored}}, 3)
	assert.Equal(t, [][]int{{1, 1, 0}, {1, 1, 0}, {0, 0, 0}}, h.confusion)
	assert.Equal(t, 0.5, h.accuracy())
	assert.Equal(t, []classScore{
		{"a", 0.5, 0.5, 0.5, 2}, {"b", 0.5, 0.5, 0.5, 2}, {"c", 0, 0, 0, 0},
	}, h.scores([]string{"a", "b", "c"}))

	h = newHits(2)
	h.add(data.LossBCELogits, []float32{0, 0.1, -3, 4}, data.Block{Float: []float32{0, 1, 1, 1}}, 2)
	assert.Equal(t, [][]int{{1, 0}, {1, 2}}, h.confusion)
	assert.Equal(t, 0.75, h.accuracy())
	s := h.scores([]string{"no", "yes"})[1]
	assert.Equal(t, classScore{"yes", 1, 2. / 3, 0.8, 3}, s)

	many := newHits(maxReported + 1)
	many.add(data.LossCrossEntropy, make([]float32, maxReported+1), data.Block{Int: []int32{0}}, maxReported+1)
	assert.Nil(t, many.scores(nil))
	assert.Equal(t, 1.0, many.accuracy())
}
