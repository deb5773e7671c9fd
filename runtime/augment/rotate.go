package augment

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// rotate turns the image about its middle by an angle in degrees, counter-clockwise. A pixel of the result is
// interpolated linearly between the four around the point that comes to its place; outside the image there are zeros.
func (m *Images) rotate(values []float32, degrees float64) {
	cos, sin := rng.Turn(uint32(int64(math.Floor(float64(degrees*(0x1p32/360)) + 0.5))))
	copy(m.other, values)
	plane := m.height * m.width
	middleY, middleX := float64(float64(m.height-1)/2), float64(float64(m.width-1)/2)
	for y := range m.height {
		dy := float64(y) - middleY
		// Of x = 0; a pixel further to the right is cos further to the right and sin further down.
		fromY, fromX := float64(dy*cos)-float64(middleX*sin)+middleY, -float64(dy*sin)-float64(middleX*cos)+middleX
		for x := range m.width {
			sy, sx := fromY+float64(float64(x)*sin), fromX+float64(float64(x)*cos)
			top, left := math.Floor(sy), math.Floor(sx)
			down, right := float32(sy-top), float32(sx-left)
			t, l := int(top), int(left)
			for at := y*m.width + x; at < len(values); at += plane {
				from := at - (y*m.width + x)
				upper := m.between(from, t, l, right)
				values[at] = upper + float32(down*(m.between(from, t+1, l, right)-upper))
			}
		}
	}
}

// between is the value that far to the right of a pixel of a plane, towards the next.
func (m *Images) between(plane, y, x int, right float32) float32 {
	if y < 0 || y >= m.height {
		return 0
	}
	var a, b float32
	row := m.other[plane+y*m.width:][:m.width]
	if x >= 0 && x < m.width {
		a = row[x]
	}
	if x+1 >= 0 && x+1 < m.width {
		b = row[x+1]
	}
	return a + float32(right*(b-a))
}
