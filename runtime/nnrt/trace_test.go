package nnrt

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTraceKeepsTheFirst(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	var trace Trace
	trace.See("x", "", "", 2, 1, 2, 3, 4)
	trace.See("empty", "", "", 0)
	assert.Nil(t, trace.First())
	trace.See("y", "linear", "m.nn:1:1", 2, 0, 1, 2, inf, nan, 5)
	trace.See("z", "linear", "m.nn:2:1", 2, nan)
	assert.Equal(t, &NotFinite{Value: "y", By: "linear", At: "m.nn:1:1", Number: inf, Row: 1, Count: 2, Of: 6}, trace.First())
	assert.Equal(t, "y, which linear at m.nn:1:1 makes: +Inf in row 2 of the step, 2 of its 6 numbers", trace.First().String())

	bias := NewParam("bias", []float32{1, nan}, []float32{0, 1}, RowMajor, 2)
	trace = Trace{}
	trace.SeeParams([]Param{bias})
	assert.Equal(t, "the parameter bias as the step before left it: NaN, 1 of its 2 numbers", trace.First().String())

	frozen := NewParam("frozen", []float32{1}, nil, RowMajor, 1)
	params := []Param{bias, frozen}
	assert.True(t, Finite(nil, params), "it is about gradients")
	params[0].grad[1] = nan
	assert.False(t, Finite(nil, params))
	params[0].grad[1] = 0
	assert.Zero(t, testing.AllocsPerRun(10, func() { Finite(nil, params) }))
}
