package augment

import (
	"strconv"

	"github.com/nnc-lang/nnc/runtime/rng"
)

// Images changes images of one size. It is for one goroutine.
type Images struct {
	plan                    *Plan
	channels, height, width int
	white                   float32 // values stay at or below; 0: there is no bound
	other                   []float32
	stream                  rng.Stream
}

// New makes what changes images [channels, height, width] by a plan that Suits them. Where white is above 0 no value
// gets larger than it.
func New(p *Plan, channels, height, width int, white float32) *Images {
	return &Images{plan: p, channels: channels, height: height, width: width, white: white, other: make([]float32, channels*height*width)}
}

// Begin begins an epoch, from 0, of a training with that seed.
func (m *Images) Begin(seed uint64, epoch int) {
	m.stream = rng.New(seed, "augment."+strconv.Itoa(epoch))
}

// Change changes the image in values that stands at a place of the epoch. The draws of term k are those of
// Block(place, k) of the epoch's stream: no term changes those of another.
func (m *Images) Change(values []float32, place int) {
	p := m.plan
	draw := func(k int) [4]uint32 { return m.stream.Block(uint64(place), uint64(k)) }
	if p.on[flip] && draw(flip)[0]>>31 == 1 {
		m.flip(values)
	}
	if p.on[vflip] && draw(vflip)[0]>>31 == 1 {
		m.vflip(values)
	}
	if p.on[rotate] {
		m.rotate(values, p.value[rotate]*symmetric(draw(rotate)[0]))
	}
	if p.on[shift] {
		w := draw(shift)
		m.shift(values, among(w[0], p.value[shift]), among(w[1], p.value[shift]))
	}
	if p.on[brightness] {
		m.brighten(values, float32(1+float64(p.value[brightness]*symmetric(draw(brightness)[0]))))
	}
	if p.on[cutout] {
		w := draw(cutout)
		n := int(p.value[cutout])
		m.cut(values, below(w[0], m.height)-n/2, below(w[1], m.width)-n/2, n)
	}
}

// symmetric is the number in (−1, 1) that a word stands for: (w + ½)·2⁻³¹ − 1.
func symmetric(w uint32) float64 { return float64((float64(w)+0.5)*0x1p-31) - 1 }

// below is an integer in [0, n): the upper word of w·n.
func below(w uint32, n int) int { return int(uint64(w) * uint64(n) >> 32) }

// among is an integer in [−n, n].
func among(w uint32, n float64) int { return below(w, 2*int(n)+1) - int(n) }

// flip mirrors the image, left and right.
func (m *Images) flip(values []float32) {
	for at := 0; at < len(values); at += m.width {
		row := values[at : at+m.width]
		for i, j := 0, len(row)-1; i < j; i, j = i+1, j-1 {
			row[i], row[j] = row[j], row[i]
		}
	}
}

// vflip mirrors the image, top and bottom.
func (m *Images) vflip(values []float32) {
	plane := m.height * m.width
	for c := 0; c < len(values); c += plane {
		for i, j := c, c+plane-m.width; i < j; i, j = i+m.width, j-m.width {
			a, b, t := values[i:i+m.width], values[j:j+m.width], m.other[:m.width]
			copy(t, a)
			copy(a, b)
			copy(b, t)
		}
	}
}

// shift moves the image down and to the right; where it comes from there are zeros.
func (m *Images) shift(values []float32, down, right int) {
	copy(m.other, values)
	clear(values)
	n := m.width - max(right, -right)
	for c := range m.channels {
		for y := max(down, 0); y < m.height+min(down, 0); y++ {
			to, from := (c*m.height+y)*m.width+max(right, 0), (c*m.height+y-down)*m.width+max(-right, 0)
			copy(values[to:to+n], m.other[from:from+n])
		}
	}
}

// brighten multiplies all values.
func (m *Images) brighten(values []float32, by float32) {
	for i, v := range values {
		v *= by
		if m.white > 0 {
			v = min(v, m.white)
		}
		values[i] = v
	}
}

// cut makes a square black, whose upper left corner is at top and left, of which a part may lie outside.
func (m *Images) cut(values []float32, top, left, n int) {
	from, to := max(left, 0), min(left+n, m.width)
	for c := range m.channels {
		for y := max(top, 0); y < min(top+n, m.height); y++ {
			row := (c*m.height + y) * m.width
			clear(values[row+from : row+to])
		}
	}
}
