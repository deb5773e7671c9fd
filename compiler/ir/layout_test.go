package ir

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
)

// byPanels lists the elements of a shape as they lie in panels, from the definition: panel by panel, for each element
// behind the first axis, the panel's outputs side by side.
func byPanels(s Shape) (elements []int) {
	terms := 1
	for _, d := range s[1:] {
		terms *= d
	}
	for first := 0; first < s[0]; first += 16 {
		for k := range terms {
			for out := first; out < min(first+16, s[0]); out++ {
				elements = append(elements, out*terms+k)
			}
		}
	}
	return elements
}

func TestPanels(t *testing.T) {
	for _, s := range []Shape{{1, 1}, {3, 2}, {16, 5}, {17, 5}, {15, 1}, {33, 7}, {64, 3}, {40}, {20, 3, 2, 2}, {5, 1, 3, 3}, {32, 2, 1, 1}} {
		t.Run(s.String(), func(t *testing.T) {
			for at, element := range byPanels(s) {
				assert.Equal(t, at, Panels.Index(s, element), "element %d", element)
				assert.Equal(t, element, RowMajor.Index(s, element))
			}
		})
	}
}

// A weight [2, 3] of at most 16 outputs is simply transposed; of 18 outputs the last two stand in a panel of their own.
func TestPanelsByHand(t *testing.T) {
	assert.Equal(t, []int{0, 2, 4, 1, 3, 5}, indices(Shape{2, 3}))
	assert.Equal(t, []int{
		0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31,
		32, 34, 33, 35}, indices(Shape{18, 2}))
}

func indices(s Shape) (at []int) {
	for i := range s.Size() {
		at = append(at, Panels.Index(s, i))
	}
	return at
}

func TestLayoutsOfANode(t *testing.T) {
	value := func(l Layout, dims ...int) *Value { return &Value{Type: Whole(dims...), Layout: l} }
	node := func(op *Op, values ...*Value) *Node {
		return &Node{Op: op, In: values[:len(values)-1], Out: values[len(values)-1:]}
	}
	row, panels := value(RowMajor, 4, 3), value(Panels, 4, 3)
	either := Layouts{Operands: map[int][]Layout{1: {Panels, RowMajor}}, Results: map[int][]Layout{0: {Panels}}}

	fixed := node(&Op{Layouts: either}, row, panels, panels)
	assert.Equal(t, []Layout{RowMajor}, fixed.May(0, false), "what the card does not name")
	assert.Equal(t, []Layout{Panels, RowMajor}, fixed.May(1, false))
	assert.Equal(t, []Layout{Panels}, fixed.May(0, true))
	assert.Equal(t, []Layout{RowMajor}, fixed.May(1, true))
	assert.Empty(t, fixed.Alike())

	alike := node(&Op{Order: Alike}, panels, value(RowMajor), value(RowMajor, 3, 4), panels)
	assert.Equal(t, []*Value{panels, panels}, alike.Alike(), "those of the first operand's type")

	for _, c := range []struct {
		node *Node
		want bool
	}{
		{fixed, true},
		{node(&Op{Layouts: either}, row, row, panels), true},
		{node(&Op{Layouts: either}, panels, panels, panels), false},
		{node(&Op{Layouts: either}, row, panels, row), false},
		{node(&Op{}, row, row), true},
		{node(&Op{}, panels, row), false},
		{node(&Op{}, row, panels), false},
		{alike, true},
		{node(&Op{Order: Alike}, row, row, row), true},
		{node(&Op{Order: Alike}, panels, row, panels), false},
		{node(&Op{Order: Alike}, panels, panels, row), false},
		{node(&Op{Order: Free}, panels, row, row), true},
		{node(&Op{Order: Free}, panels), true},
	} {
		assert.Equal(t, c.want, c.node.Fits(), "%v %v", c.node.Op, slices.Concat(c.node.In, c.node.Out))
	}
	assert.Equal(t, []string{"", " in panels"}, []string{RowMajor.String(), Panels.String()})
}
