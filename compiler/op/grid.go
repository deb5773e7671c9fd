package op

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// grid is what a shape is for what works on rows and columns: planes of places, at each of which some elements lie side
// by side.
type grid struct{ planes, height, width, inner int }

// gridOf returns the grid of a shape: [D] is one line, [T, D] one column of places of D elements.
func gridOf(s ir.Shape) (grid, error) {
	switch len(s) {
	case 1:
		return grid{1, 1, s[0], 1}, nil
	case 2:
		return grid{1, s[0], 1, s[1]}, nil
	case 3:
		return grid{s[0], s[1], s[2], 1}, nil
	}
	return grid{}, fmt.Errorf("%v is neither [D] nor [T, D] nor [C, H, W]", s)
}

// lying returns the grid as it lies in memory at a node whose Order is Planes.
func (g grid) lying(n *ir.Node) grid {
	if n.ChannelsLast() {
		return grid{1, g.height, g.width, g.planes}
	}
	return g
}

// fields are those of a kernel's struct.
func (g grid) fields() ir.Attrs {
	return wholes("Planes", g.planes, "Height", g.height, "Width", g.width, "Inner", g.inner)
}

// resized returns the shape with other numbers of rows and columns, as functions of what they are.
func resized(s ir.Shape, rows, columns func(size int) int) ir.Shape {
	s = slices.Clone(s)
	switch len(s) {
	case 1:
		s[0] = columns(s[0])
	case 2:
		s[0] = rows(s[0])
	case 3:
		s[1], s[2] = rows(s[1]), columns(s[2])
	}
	return s
}
