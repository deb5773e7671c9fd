package kernel

import (
	"fmt"
	"slices"
	"strings"
	"unsafe"
)

// specimen is a kernel at all the sizes that it may have. The tests that hold for every kernel go over specimens, and
// TestEveryKernelHasASpecimen finds those that lack one.
type specimen struct {
	name   string // the kernel's, and behind a comma what is special
	area   area
	axes   int    // how many sizes there are besides the number of rows: a, then b
	least  [3]int // the smallest number of rows, a and b
	rows   int    // the largest number of rows; 0: any
	rare   bool   // every fourth size is enough
	at     func(a, b int) call
	mapped func(d, s [][]float32, n, a int) Map // the same as a map, of an element-wise kernel
}

// area is what a fuzz target takes specimens from.
type area int

const (
	product area = iota
	elementwise
	reduction
	optimiser
	random
	movement // of numbers that stay what they are
)

// kernel is the name of the exported function.
func (s specimen) kernel() string {
	name, _, _ := strings.Cut(s.name, ",")
	return name
}

// within returns the sizes that the specimen may have next to those: the number of rows, a and b.
func (s specimen) within(at [3]int) [3]int {
	for i, least := range s.least {
		at[i] = max(at[i], least)
	}
	if s.rows > 0 {
		at[0] = min(at[0], s.rows)
	}
	return at
}

// asChain is a chain of the kernel's map alone; the reference is the kernel itself.
func (s specimen) asChain() specimen {
	chain := s.instead(func(p *Pool, d, src [][]float32, n, a, _ int) { Chain(p, n, a, s.mapped(d, src, n, a)) })
	chain.name = "Chain, of Map" + s.name
	return chain
}

// instead is a specimen of another kernel, whose reference is this one.
func (s specimen) instead(run func(p *Pool, d, src [][]float32, n, a, b int)) specimen {
	other := s
	other.at = func(a, b int) call {
		c := s.at(a, b)
		reference := c.run
		c.run = func(p *Pool, d, src [][]float32, n int) {
			if asReference {
				reference(p, d, src, n)
				return
			}
			run(p, d, src, n, a, b)
		}
		return c
	}
	return other
}

// then is a product [n, b] with a inputs that the kernel's map follows: its first source is the product's result y, its
// destination behind that or, in place, y too. The reference is one after the other.
func (s specimen) then(inPlace bool) specimen {
	name := "LinearThen, then Map" + s.name
	if inPlace {
		name += ", in place"
	}
	return specimen{name: name, area: product, axes: 2, least: [3]int{s.least[0], 0, s.least[1]}, rare: true, at: func(in, out int) call {
		in = min(in, 70) // what follows does not see how many; LinearThen's own specimen has more
		f := s.at(out, 0)
		c := call{dst: []extent{rows(out)}, src: append([]extent{rows(in), whole(in * out), whole(out)}, f.src[min(1, len(f.src)):]...)}
		if !inPlace {
			c.dst = append(c.dst, f.dst...)
		}
		c.run = func(p *Pool, d, src [][]float32, n int) {
			y := d[0]
			z, x := d[len(d)-1:], append([][]float32{y}, src[3:]...)
			if asReference {
				Linear(p, y, src[0], src[1], src[2], nil, n, in, out)
				f.run(p, z, x, n)
				return
			}
			LinearThen(p, y, src[0], src[1], src[2], nil, n, in, out, s.mapped(z, x, n, out))
		}
		return c
	}}
}

// withMaps are all specimens, and what becomes of those that are maps.
func withMaps() []specimen {
	all := slices.Clone(specimens)
	for _, s := range specimens {
		if s.mapped != nil {
			all = append(all, s.asChain(), s.then(false), s.then(true))
		}
	}
	return all
}

// call is a kernel of certain sizes, its arrays and the laws that it obeys.
type call struct {
	name        string // of the specimen
	dst, src    []extent
	run         func(p *Pool, d, s [][]float32, n int)
	elementwise bool  // element i of the destination depends on element i of every array
	rowwise     bool  // row r depends on row r of the sources that have rows, and on nothing that n decides
	inPlace     []int // the sources whose memory the first destination may take
}

// extent says how many elements an array has, and of which kind.
type extent struct {
	perRow, whole int
	state         bool // a destination that is read too
	limit         int  // the elements are int32s below it, and Ignored where that may be; 0: they are float32s
	ignored       bool
}

// of returns the number of elements for n rows.
func (e extent) of(n int) int { return n*e.perRow + e.whole }

func rows(size int) extent { return extent{perRow: size} }

func whole(size int) extent { return extent{whole: size} }

func state(e extent) extent {
	e.state = true
	return e
}

func indices(e extent, limit int) extent {
	e.limit = limit
	return e
}

func labels(e extent, limit int) extent {
	e.limit, e.ignored = limit, true
	return e
}

// ints is an array of int32s.
func ints(x []float32) []int32 {
	return unsafe.Slice((*int32)(unsafe.Pointer(unsafe.SliceData(x))), len(x))
}

// states tells whether there is a destination that is read.
func (c call) states() bool {
	return slices.ContainsFunc(c.dst, func(e extent) bool { return e.state })
}

// also adds specimens to the table: those of a kernel with a test file of its own.
func also(more ...specimen) bool {
	specimens = append(specimens, more...)
	return true
}

// calls are all specimens at a few sizes, for laws that need no more.
func calls() []call {
	var all []call
	for _, s := range specimens {
		sizes := [][2]int{{}, {19}, {7, 6}, {21, 37}}[s.axes:]
		for _, size := range sizes[:1+s.axes/2] {
			c := s.at(size[0], size[1])
			c.name = s.name
			all = append(all, c)
		}
	}
	return all
}

// title tells calls of one specimen apart.
func (c call) title() string {
	var size []string
	for _, e := range slices.Concat(c.dst, c.src) {
		size = append(size, fmt.Sprint(e.of(1)))
	}
	return c.name + " " + strings.Join(size, ",")
}
