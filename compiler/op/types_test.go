package op_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// What does not fit is refused by the card, before anything is computed.
func TestTypesRefuse(t *testing.T) {
	step, rate := ir.Type{Kind: ir.I64}, ir.Type{Kind: ir.F64}
	for name, c := range map[string]struct {
		card  *ir.Op
		types []ir.Type
		want  string
	}{
		"batchnorm: no counter":       {op.BatchNorm(0, 0.1, false), []ir.Type{ir.Row(3), ir.Whole(3), ir.Whole(3), ir.Whole(3)}, "f32[3] is no counter"},
		"batchnorm: other channels":   {op.BatchNorm(0, 0.1, false), []ir.Type{ir.Row(4, 3), ir.Whole(4), ir.Whole(4), step}, "f32[4] does not fit the channels of x f32[n, 4, 3]"},
		"batchnorm: another weight":   {op.BatchNorm(0, 0.1, true), []ir.Type{ir.Row(3), ir.Whole(3), ir.Whole(3), step, ir.Whole(3), ir.Whole(4)}, "f32[4] does not fit"},
		"batchnorm: no weight":        {op.BatchNorm(0, 0.1, true), []ir.Type{ir.Row(3), ir.Whole(3), ir.Whole(3), step}, "4 operands"},
		"batchnorm: four axes":        {op.BatchNormPredict(0, false), []ir.Type{ir.Row(2, 2, 2, 2), ir.Whole(2), ir.Whole(2)}, "x f32[n, 2, 2, 2, 2] has no channels"},
		"batchnorm gradient":          {op.BatchNormGrad(false), []ir.Type{ir.Row(3), ir.Whole(3), ir.Whole(3), ir.Row(4)}, "operands of types"},
		"concat: another shape":       {op.Concat(2, 0), []ir.Type{ir.Row(2, 3), ir.Row(2, 4)}, "f32[n, 2, 4] does not fit beside f32[n, 2, 3] along axis 0"},
		"concat: another rank":        {op.Concat(2, 0), []ir.Type{ir.Row(2), ir.Row(2, 1)}, "does not fit"},
		"concat: no such axis":        {op.Concat(2, 1), []ir.Type{ir.Row(2), ir.Row(2)}, "along axis 1"},
		"concat: integers":            {op.Concat(2, 0), []ir.Type{ir.Classes(4, 2), ir.Classes(4, 2)}, "does not fit"},
		"concat: no rows":             {op.Concat(2, 0), []ir.Type{ir.Whole(2), ir.Whole(2)}, "does not fit"},
		"concat: too few":             {op.Concat(2, 0), []ir.Type{ir.Row(2)}, "1 operands, not 2"},
		"split: another sum":          {op.Split([]int{2, 3}, 0), []ir.Type{ir.Row(6)}, "f32[n, 6] has no axis 0 of 5"},
		"split: no such axis":         {op.Split([]int{2, 3}, 1), []ir.Type{ir.Row(5)}, "has no axis 1 of 5"},
		"split gradient":              {op.SplitGrad([]int{2, 3}, 0, []int{0, 1}), []ir.Type{ir.Row(2), ir.Row(2)}, "is not the gradient of part 2, of 3 along axis 0"},
		"onehot: real numbers":        {op.OneHot(3), []ir.Type{ir.Row(3)}, "no integers in [0, 3)"},
		"onehot: another range":       {op.OneHot(3), []ir.Type{ir.Classes(4)}, "i32[n] of 4 are no integers in [0, 3)"},
		"embedding: another range":    {op.Embedding(), []ir.Type{ir.Classes(4, 2), ir.Whole(5, 3)}, "there is no row of W f32[5, 3] for each of i32[n, 2] of 4"},
		"embedding: real numbers":     {op.Embedding(), []ir.Type{ir.Row(2), ir.Whole(5, 3)}, "for each of f32[n, 2]"},
		"embedding: no matrix":        {op.Embedding(), []ir.Type{ir.Classes(4), ir.Whole(4)}, "there is no row of W f32[4]"},
		"embedding gradient":          {op.EmbeddingGrad(), []ir.Type{ir.Row(2, 3), ir.Classes(4)}, "∂y f32[n, 2, 3] does not fit i32[n] of 4"},
		"weighted sum: arrays":        {op.WeightedSum(1, 1), []ir.Type{{}, ir.Row()}, "f32[n] is no scalar"},
		"weighted sum: too many":      {op.WeightedSum(1), []ir.Type{{}, {}}, "2 operands for 1 weights"},
		"cross-entropy: more classes": {op.CrossEntropy(0), []ir.Type{ir.Row(3), ir.Classes(4)}, "classes i32[n] of 4 do not fit f32[n, 3]"},
		"linear: another input":       {op.Linear(false), []ir.Type{ir.Row(3), ir.Whole(2, 4)}, "x f32[n, 3] does not fit W f32[2, 4]"},
		"linear: another bias":        {op.Linear(true), []ir.Type{ir.Row(3), ir.Whole(2, 3), ir.Whole(3)}, "b f32[3] does not fit W f32[2, 3]"},
		"layernorm: another weight":   {op.LayerNorm(1e-5, true, false), []ir.Type{ir.Row(3), ir.Whole(4)}, "w or b f32[4] does not fit x f32[n, 3]"},
		"layernorm: no bias":          {op.LayerNorm(1e-5, true, true), []ir.Type{ir.Row(3), ir.Whole(3)}, "2 operands"},
		"maxpool: no planes":          {op.MaxPool(window(2, 2, 0)), []ir.Type{ir.Row(6, 7)}, "x f32[n, 6, 7] has no planes"},
		"maxpool: a large kernel":     {op.MaxPool(window(7, 1, 0)), []ir.Type{ir.Row(1, 6, 7)}, "do not fit x f32[n, 1, 6, 7]"},
		"maxpool: a wide border":      {op.MaxPool(window(3, 1, 2)), []ir.Type{ir.Row(1, 6, 7)}, "do not fit x f32[n, 1, 6, 7]"},
		"maxpool gradient":            {op.MaxPoolGrad(window(2, 2, 0), 6, 7), []ir.Type{ir.Classes(42, 1, 3, 3), ir.Row(1, 3, 4)}, "does not fit x f32[n, 1, 6, 7]"},
		"maxpool: other places":       {op.MaxPoolGrad(window(2, 2, 0), 6, 7), []ir.Type{ir.Classes(41, 1, 3, 3), ir.Row(1, 3, 3)}, "places i32[n, 1, 3, 3] of 41 do not fit x f32[n, 1, 6, 7]"},
		"maxpool1d: an image":         {op.MaxPool(op.Window{KernelH: 2, StrideH: 2}), []ir.Type{ir.Row(1, 6, 7)}, "x f32[n, 1, 6, 7] has no planes"},
		"avgpool1d: a large kernel":   {op.AvgPool(op.Window{KernelH: 7, StrideH: 1}), []ir.Type{ir.Row(6, 7)}, "do not fit x f32[n, 6, 7]"},
		"avgpool gradient":            {op.AvgPoolGrad(op.Window{KernelH: 2, StrideH: 2}, 6), []ir.Type{ir.Row(4, 7)}, "∂y f32[n, 4, 7] does not fit x f32[n, 6, 7]"},
		"avgpool gradient: no axes":   {op.AvgPoolGrad(window(2, 2, 0), 6, 7), []ir.Type{ir.Row(4, 7)}, "∂y f32[n, 4, 7] has no planes"},
		"mse: another shape":          {op.MSE(), []ir.Type{ir.Row(3), ir.Row(4)}, "operands of types f32[n, 3] and f32[n, 4]"},
		"sgd: another gradient":       {op.SGD(0, 0, 0, false), []ir.Type{ir.Whole(3), ir.Whole(4), {}, {}}, "operands of types f32[3] and f32[4]"},
		"sgd: a rate in float64":      {op.SGD(0, 0, 0, false), []ir.Type{ir.Whole(3), ir.Whole(3), {}, rate}, "scalar 1 is f64[], not f32[]"},
		"sgd: no momentum":            {op.SGD(0.9, 0, 0, false), []ir.Type{ir.Whole(3), ir.Whole(3), {}, {}, step}, "5 operands for 1 slots and 3 scalars"},
		"adam: no step":               {op.AdamRates(0.9, 0.999), []ir.Type{rate}, "are no rate and no step"},
		"schedule: no total":          {op.CosineSchedule(0, 0), []ir.Type{rate, step}, "are no rate and steps"},
		"reshape: another size":       {op.Reshape(2, 3), []ir.Type{ir.Row(5)}, "f32[n, 5] cannot take the shape [2, 3]"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.card.Types(c.types)
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// window is a square one.
func window(kernel, stride, pad int) op.Window {
	return op.Window{KernelH: kernel, KernelW: kernel, StrideH: stride, StrideW: stride, PadH: pad, PadW: pad}
}
