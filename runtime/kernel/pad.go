package kernel

// Padding is the geometry of a border around images: Planes of Height×Width places get Top, Bottom, Left and Right rows and
// columns. At each place there are Inner elements side by side: images have Planes of one element where channels are
// first, and one plane of Inner channels where they are last.
type Padding struct {
	Planes, Height, Width, Inner int
	Top, Bottom, Left, Right     int
}

// around is what stands in a border.
type around uint8

const (
	oneValue around = iota
	mirrored        // without the outermost place itself; less than there are places
	outermost
	continued // as if the image began anew; at most as much as there are places
)

// source returns the place that stands at one outside of so many, or inside; −1 for a value that is none of theirs.
func (a around) source(at, size int) int {
	if at >= 0 && at < size {
		return at
	}
	switch a {
	case mirrored:
		if at < 0 {
			return -at
		}
		return 2*(size-1) - at
	case outermost:
		return min(max(at, 0), size-1)
	case continued:
		return (at + size) % size
	}
	return -1
}

// padding is what a kernel works on that makes borders, y being the padded images, or brings gradients back from them.
type padding struct {
	y, x   []float32
	g      *Padding
	around around
	value  float32
	back   bool
	count  int // planes
	each   int // planes of a tile
}

// Pad puts a border of one value around the images x: y [n, planes, Top+height+Bottom, Left+width+Right, inner].
func Pad(p *Pool, y, x []float32, n int, g *Padding, value float32) {
	s := padding{y: y, x: x, g: g, value: value}
	s.run(p, n)
}

// PadReflect puts a border around images that mirrors what is inside, without the outermost rows and columns themselves.
func PadReflect(p *Pool, y, x []float32, n int, g *Padding) {
	s := padding{y: y, x: x, g: g, around: mirrored}
	s.run(p, n)
}

// PadReplicate puts a border around images that repeats the outermost rows and columns.
func PadReplicate(p *Pool, y, x []float32, n int, g *Padding) {
	s := padding{y: y, x: x, g: g, around: outermost}
	s.run(p, n)
}

// PadCircular puts a border around images in which they begin anew.
func PadCircular(p *Pool, y, x []float32, n int, g *Padding) {
	s := padding{y: y, x: x, g: g, around: continued}
	s.run(p, n)
}

// PadGrad computes ∂x of Pad: ∂y without its border.
func PadGrad(p *Pool, dx, dy []float32, n int, g *Padding) {
	s := padding{back: true, y: dy, x: dx, g: g}
	s.run(p, n)
}

// PadReflectGrad computes ∂x of PadReflect, as do those that follow of the others: the sum of ∂y at the place itself and at
// those where it stands in the border. The terms of its own row come first, then those of the others from the first row on; in
// each row that of its own column, then those of the others from the first on.
func PadReflectGrad(p *Pool, dx, dy []float32, n int, g *Padding) {
	s := padding{back: true, y: dy, x: dx, g: g, around: mirrored}
	s.run(p, n)
}

// PadReplicateGrad computes ∂x of PadReplicate.
func PadReplicateGrad(p *Pool, dx, dy []float32, n int, g *Padding) {
	s := padding{back: true, y: dy, x: dx, g: g, around: outermost}
	s.run(p, n)
}

// PadCircularGrad computes ∂x of PadCircular.
func PadCircularGrad(p *Pool, dx, dy []float32, n int, g *Padding) {
	s := padding{back: true, y: dy, x: dx, g: g, around: continued}
	s.run(p, n)
}

// run goes through the planes of n rows.
func (s *padding) run(p *Pool, n int) {
	s.count = n * s.g.Planes
	s.each = max(s.count, 1)
	if size := s.g.padded() * s.g.wide(); p.shares(s.count * size) {
		s.each = max(elementsTogether/size, 1)
	}
	if tiles := (s.count + s.each - 1) / s.each; tiles > 1 {
		p.run(job{tile: func(j *job, tile int) { j.padding.tile(tile) }, padding: *s}, tiles)
		return
	}
	s.tile(0)
}

func (s *padding) tile(tile int) {
	narrow, wide := s.g.Height*s.g.narrow(), s.g.padded()*s.g.wide()
	for i := tile * s.each; i < min(tile*s.each+s.each, s.count); i++ {
		if x, y := s.x[i*narrow:][:narrow], s.y[i*wide:][:wide]; s.back {
			s.gather(x, y)
		} else {
			s.pad(y, x)
		}
	}
}

// padded returns the number of rows with the border; wide that of elements of each, and narrow without the border.
func (g *Padding) padded() int { return g.Top + g.Height + g.Bottom }
func (g *Padding) wide() int   { return (g.Left + g.Width + g.Right) * g.Inner }
func (g *Padding) narrow() int { return g.Width * g.Inner }

// pad pads a plane, row by row.
func (s *padding) pad(y, x []float32) {
	g := s.g
	narrow, wide := g.narrow(), g.wide()
	for i := -g.Top; i < g.Height+g.Bottom; i++ {
		row := y[(i+g.Top)*wide:][:wide]
		from := s.around.source(i, g.Height)
		if from < 0 {
			s.fill(row)
			continue
		}
		source := x[from*narrow:][:narrow]
		copy(row[g.Left*g.Inner:], source)
		if s.around == oneValue {
			s.fill(row[:g.Left*g.Inner])
			s.fill(row[g.Left*g.Inner+narrow:])
			continue
		}
		for k := range g.Left + g.Right {
			j := outside(k, g.Left, g.Width)
			copy(row[(j+g.Left)*g.Inner:][:g.Inner], source[s.around.source(j, g.Width)*g.Inner:])
		}
	}
}

func (s *padding) fill(row []float32) {
	for i := range row {
		row[i] = s.value
	}
}

// outside returns the place of number k of a border, before which there are so many and within it size places.
func outside(k, before, size int) int {
	if k < before {
		return k - before
	}
	return k - before + size
}

// gather adds up the gradients of a plane: first each row's own, then those of the border.
func (s *padding) gather(dx, dy []float32) {
	g := s.g
	narrow, wide := g.narrow(), g.wide()
	for i := range g.Height {
		to, from := dx[i*narrow:][:narrow], dy[(i+g.Top)*wide:][:wide]
		copy(to, from[g.Left*g.Inner:])
		s.addSides(to, from)
	}
	if s.around == oneValue {
		return
	}
	for k := range g.Top + g.Bottom {
		i := outside(k, g.Top, g.Height)
		to, from := dx[s.around.source(i, g.Height)*narrow:][:narrow], dy[(i+g.Top)*wide:][:wide]
		accumulate(to, from[g.Left*g.Inner:])
		s.addSides(to, from)
	}
}

// addSides adds what stands beside a row to the columns that it is of.
func (s *padding) addSides(to, from []float32) {
	if s.around == oneValue {
		return
	}
	g := s.g
	for k := range g.Left + g.Right {
		j := outside(k, g.Left, g.Width)
		accumulate(to[s.around.source(j, g.Width)*g.Inner:][:g.Inner], from[(j+g.Left)*g.Inner:])
	}
}

// accumulate adds x to as many sums.
func accumulate(sums, x []float32) {
	x = x[:len(sums)]
	if len(sums) < worthAssembling {
		for i, v := range x {
			sums[i] += v
		}
		return
	}
	m := MapAdd(sums, sums, x, 1, len(sums))
	m.strip(0, 1, len(sums), len(sums))
}

// worthAssembling is the number of elements from which on assembly is faster.
const worthAssembling = 16
