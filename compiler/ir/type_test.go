package ir

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTypeText(t *testing.T) {
	for want, typ := range map[string]Type{
		"f32[]":            {},
		"i32[]":            {Kind: I32},
		"f32[n]":           Row(),
		"f32[n, 1]":        Row(1),
		"f32[n, 3, 28, 5]": Row(3, 28, 5),
		"f32[64, 13]":      Whole(64, 13),
		"f32[7]":           Whole(7),
		"i32[n] of 10":     Classes(10),
		"i32[n, 4] of 9":   Classes(9, 4),
	} {
		assert.Equal(t, want, typ.String())
	}
}

func TestShape(t *testing.T) {
	for _, c := range []struct {
		shape      Shape
		text       string
		size, last int
	}{
		{nil, "[]", 1, 1},
		{Shape{5}, "[5]", 5, 5},
		{Shape{3, 28, 7}, "[3, 28, 7]", 588, 7},
		{Shape{4, 1}, "[4, 1]", 4, 1},
	} {
		assert.Equal(t, c.text, c.shape.String())
		assert.Equal(t, c.size, c.shape.Size(), c.text)
		assert.Equal(t, c.last, c.shape.Last(), c.text)
	}
}

func TestTypesAreEqualInAllTheirParts(t *testing.T) {
	types := []Type{{}, {Kind: I32}, Row(), Row(2), Row(3), Row(2, 3), Row(3, 2), Row(6), Whole(2), Whole(2, 3), Classes(2), Classes(3), Classes(2, 2)}
	for i, a := range types {
		for j, b := range types {
			assert.Equal(t, i == j, a.Equal(b), "%v and %v", a, b)
		}
		assert.Equal(t, i < 2, a.Scalar(), "%v", a)
	}
	assert.True(t, Type{Shape: Shape{}}.Equal(Type{}), "a scalar, however it is written")
}

func TestTensor(t *testing.T) {
	for _, c := range []struct {
		typ           Type
		length        int
		rows, columns int
	}{
		{Row(3, 4), 60, 15, 4},
		{Row(7), 35, 5, 7},
		{Row(), 5, 5, 1},
		{Whole(3, 4), 12, 3, 4},
		{Whole(4), 4, 1, 4},
		{Type{}, 1, 1, 1},
	} {
		x := NewTensor(c.typ, 5)
		assert.Equal(t, make([]float64, c.length), x.Data, "%v", c.typ)
		assert.Equal(t, c.typ, x.Type)
		rows, columns := x.Matrix()
		assert.Equal(t, [2]int{c.rows, c.columns}, [2]int{rows, columns}, "%v", c.typ)
		assert.Equal(t, c.length, x.Rows*c.typ.Shape.Size(), "%v", c.typ)
	}
}
