package kernel

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"testing"
	"unsafe"
)

// The harness runs a kernel as it is called, with its assembly for every width of registers that the processor has, and
// compares every bit with what portable code makes of the same arrays. The arrays of the first run lie where a mistake shows: right before or behind a page that faults, or
// somewhere between, at any distance from 64 bytes. Destinations are full of NaNs of a kind that nothing else has.

// Poisons fill destinations. A result that is one was not written, or was computed from what stood there.
const (
	poison          = 0x7fc0beef
	referencePoison = 0x7fc0dead
)

// asReference says that a kernel runs to be compared with.
var asReference bool

// experiment is a kernel of certain sizes with arrays of certain contents, and what portable code makes of them.
type experiment struct {
	specimen string
	at       [3]int
	fill     fill
	seed     uint64
	n        int
	call     call
	src, dst [][]float32 // as they are before; destinations count only where they are states
	want     [][]float32 // destinations after
	rand     *rand.Rand
	memory   *memory
	pool     *Pool
}

// place is where an array lies.
type place int

const (
	atEnd place = iota
	atStart
	between
	places
)

func (p place) String() string {
	return [...]string{"right before a guarded page", "right behind a guarded page", "between"}[p]
}

// newExperiment draws the contents, which begin with those bits, and computes what is right.
func newExperiment(m *memory, s specimen, at [3]int, f fill, seed uint64, bits []byte) (e *experiment, err error) {
	n := at[0]
	e = &experiment{
		specimen: s.name, at: at, fill: f, seed: seed,
		n: n, call: s.at(at[1], at[2]), rand: rand.New(rand.NewPCG(seed, 0)), memory: m,
	}
	draw := func(x extent) []float32 {
		y := f.array(e.rand, x, n)
		if x.limit == 0 {
			bits = lay(y, bits)
		}
		return y
	}
	for _, x := range e.call.src {
		e.src = append(e.src, draw(x))
	}
	for _, x := range e.call.dst {
		d := make([]float32, x.of(n))
		if x.state {
			d = draw(x)
		}
		e.dst = append(e.dst, d)
		d = append([]float32{}, d...)
		if !x.state {
			flood(d, referencePoison)
		}
		e.want = append(e.want, d)
	}
	asReference = true
	defer func() { asReference = false }()
	err = e.attempt(func() { portably(func() { e.call.run(nil, e.want, clone(e.src), n) }) })
	if err != nil {
		err = fmt.Errorf("%s: the portable kernel: %w", e, err)
	}
	return e, err
}

func (e *experiment) String() string {
	return fmt.Sprintf("%s: n=%d a=%d b=%d, %v, seed %d", e.specimen, e.at[0], e.at[1], e.at[2], e.fill, e.seed)
}

// way is a way to compute, by its name.
type way struct {
	name string
	in   func(f func()) // runs f in this way
}

// compare runs the kernel at every width with its arrays there, the first destination in the memory of source over unless
// that is −1.
func (e *experiment) compare(p place, over int) error {
	for _, w := range widths() {
		var err error
		w.in(func() { err = e.compareOnce(p, over) })
		if err != nil {
			return fmt.Errorf("%s, %s: %w", e, w.name, err)
		}
	}
	return nil
}

// compareOnce is compare for the width that is used.
func (e *experiment) compareOnce(p place, over int) error {
	var d, s []fenced
	for i, x := range e.src {
		s = append(s, e.memory.array(i, x, p, e.rand.IntN(16)))
	}
	for i, x := range e.dst {
		if i == 0 && over >= 0 {
			d = append(d, s[over])
			continue
		}
		y := e.memory.array(len(e.src)+i, x, p, e.rand.IntN(16))
		if !e.call.dst[i].state {
			flood(y.inner, poison)
		}
		d = append(d, y)
	}
	err := e.attempt(func() { e.call.run(e.pool, inners(d), inners(s), e.n) })
	for i := 0; i < len(d) && err == nil; i++ {
		if err = cmp.Or(difference(e.want[i], d[i].inner), d[i].untouched()); err != nil {
			err = fmt.Errorf("destination %d: %w", i, err)
		}
	}
	for i := 0; i < len(s) && err == nil; i++ {
		if i != over {
			err = same(e.src[i], s[i].inner)
		}
		if err = cmp.Or(err, s[i].untouched()); err != nil {
			err = fmt.Errorf("source %d: %w", i, err)
		}
	}
	if err != nil {
		where := ""
		if over >= 0 {
			where = fmt.Sprintf(", in place of source %d", over)
		}
		err = fmt.Errorf("arrays %v%s: %w", p, where, err)
	}
	return err
}

// all compares it everywhere that the arrays may lie.
func (e *experiment) all() error {
	for p := range places {
		if err := e.compare(p, -1); err != nil {
			return err
		}
	}
	for k, over := range e.call.inPlace {
		if err := e.compare(place(k+e.n)%places, over); err != nil {
			return err
		}
	}
	return nil
}

// attempt turns a fault of f, and a panic, into an error.
func (e *experiment) attempt(f func()) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		switch r := recover().(type) {
		case nil:
		case interface{ Addr() uintptr }:
			err = fmt.Errorf("touches memory %s\n%s", e.memory.of(r.Addr()), debug.Stack())
		default:
			err = fmt.Errorf("%v\n%s", r, debug.Stack())
		}
	}()
	f()
	return nil
}

// memory is where arrays lie: one region each.
type memory struct{ regions [][]float32 }

// fence is the number of floats around an array that are looked at.
const fence = 64

// poisoned is a fence as it was.
var poisoned = slices.Repeat([]float32{math.Float32frombits(poison)}, fence)

// fenced is an array and what stands around it.
type fenced struct{ inner, before, behind []float32 }

// array puts a copy of x there. Between, it begins offset floats behind a multiple of 64 bytes.
func (m *memory) array(region int, x []float32, p place, offset int) fenced {
	for len(m.regions) <= region {
		m.regions = append(m.regions, mapped(0))
	}
	need := fence + 16 + len(x) + fence
	if len(m.regions[region]) < need {
		m.regions[region] = mapped(need)
	}
	r := m.regions[region]
	from := fence + offset
	switch p {
	case atEnd:
		from = len(r) - len(x)
	case atStart:
		from = 0
	}
	to := from + len(x)
	y := fenced{r[from:to:to], r[max(0, from-fence):from], r[to:min(len(r), to+fence)]}
	copy(y.inner, x)
	copy(y.before, poisoned)
	copy(y.behind, poisoned)
	return y
}

// of says where an address lies.
func (m *memory) of(addr uintptr) string {
	for i, r := range m.regions {
		first := uintptr(unsafe.Pointer(unsafe.SliceData(r)))
		behind := first + 4*uintptr(len(r))
		switch {
		case addr < first && first-addr <= 4096:
			return fmt.Sprintf("%d bytes before array %d, of sources and then destinations", first-addr, i)
		case addr >= behind && addr-behind < 4096:
			return fmt.Sprintf("%d bytes behind array %d, of sources and then destinations", addr-behind, i)
		}
	}
	return fmt.Sprintf("at %#x", addr)
}

// untouched reports what was written around the array.
func (f fenced) untouched() error {
	for _, side := range [][]float32{f.before, f.behind} {
		if equal(side, poisoned[:len(side)]) {
			continue
		}
		for i, v := range side {
			if math.Float32bits(v) != poison {
				if &side[0] == unsafe.SliceData(f.behind) {
					return fmt.Errorf("writes float %d behind it", i)
				}
				return fmt.Errorf("writes float %d before it", len(side)-i)
			}
		}
	}
	return nil
}

// equal compares every bit.
func equal(x, y []float32) bool { return bytes.Equal(raw(x), raw(y)) }

func raw(x []float32) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(x))), 4*len(x))
}

func inners(a []fenced) [][]float32 {
	var all [][]float32
	for _, f := range a {
		all = append(all, f.inner)
	}
	return all
}

func flood(x []float32, bits uint32) {
	v := math.Float32frombits(bits)
	for i := range x {
		x[i] = v
	}
}

// difference reports the first result that differs. A NaN is as good as any other, but not one that stood there before.
// What both leave as it was differs too.
func difference(want, got []float32) error {
	if equal(want, got) {
		return nil
	}
	for i, w := range want {
		g := math.Float32bits(got[i])
		switch {
		case math.Float32bits(w) == referencePoison:
			return fmt.Errorf("the portable kernel leaves element %d of %d as it was", i, len(want))
		case g == math.Float32bits(w) || w != w && got[i] != got[i] && g != poison:
		case g == poison:
			return fmt.Errorf("element %d of %d is left as it was, or computed from that, and should be %v", i, len(want), w)
		default:
			return fmt.Errorf("element %d of %d is %v (%08x), and should be %v (%08x)", i, len(want), got[i], g, w, math.Float32bits(w))
		}
	}
	return nil
}

// same reports the first element that was changed.
func same(want, got []float32) error {
	if equal(want, got) {
		return nil
	}
	for i, w := range want {
		if math.Float32bits(w) != math.Float32bits(got[i]) {
			return fmt.Errorf("writes element %d of %d", i, len(want))
		}
	}
	return nil
}

// sweep runs experiments with the specimen, of each size from 0 to 70 and others. Where thorough, each has arrays of every
// fill in turn; else one that takes long has those of one.
func sweep(m *memory, s specimen, seed uint64, thorough bool) error {
	k := 0
	try := func(at [3]int) error {
		at = s.within(at)
		fills := int(lastFill)
		if at[0]*max(1, at[1])*max(1, at[2]) > 500 && !thorough {
			fills = 1
		}
		for range fills {
			k++
			e, err := newExperiment(m, s, at, fill(k)%lastFill, seed+uint64(k), nil)
			if err == nil {
				err = e.all()
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	r := rand.New(rand.NewPCG(seed, 1))
	beside := [...]int{1, 2, 3, 4, 5, 6, 7, 8, 15, 16, 17, 33} // often
	step := 1
	switch {
	case testing.Short():
		step = 9
	case s.rare && !thorough:
		step = 4
	}
	for axis := range 1 + s.axes {
		for size := 0; size <= 70; size += step {
			if axis == 0 && s.rows > 0 && size > s.rows {
				break
			}
			var at [3]int
			for i := range at[:1+s.axes] {
				if at[i] = 1 + r.IntN(35); size%2 == 0 {
					at[i] = beside[r.IntN(len(beside))]
				}
			}
			at[axis] = size
			if err := try(at); err != nil {
				return err
			}
		}
	}
	if testing.Short() {
		return nil
	}
	for _, at := range large[s.axes] {
		if err := try(at); err != nil {
			return err
		}
	}
	if s.area == product && s.axes == 2 && (thorough || !s.rare) {
		return grid(m, s, seed, r)
	}
	return nil
}

// grid runs an experiment for every two sizes up to 20 and 36, the third being small: assembly for products has code of
// its own for each number of rows and of columns that are left over.
func grid(m *memory, s specimen, seed uint64, r *rand.Rand) error {
	for _, axes := range [][2]int{{0, 1}, {0, 2}, {1, 2}} {
		for i := 1; i <= 20; i++ {
			for k := 1; k <= 36; k++ {
				at := [3]int{1 + r.IntN(6), 1 + r.IntN(6), 1 + r.IntN(6)}
				at[axes[0]], at[axes[1]] = i, k
				seed++
				e, err := newExperiment(m, s, s.within(at), fill(k)%lastFill, seed, nil)
				if err == nil {
					err = e.compare(place(i+k)%places, -1)
				}
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// large are numbers of rows and sizes beside the small ones, around blocks, chunks and tiles.
var large = [3][][3]int{
	{{255}, {1027}, {2049}, {4097}, {10_007}},
	{{1, 257, 0}, {259, 1, 0}, {1, 4097, 0}, {67, 131, 0}, {3, 2051, 0}, {521, 17, 0}},
	{{1, 600, 333}, {7, 300, 37}, {197, 33, 49}, {401, 17, 20}, {2, 513, 131}, {769, 3, 5}, {64, 13, 64}, {3, 5, 521}},
}

func TestKernelsAgreeWithPortableCode(t *testing.T) {
	var m memory
	long := os.Getenv("NNC_LONG") != ""
	seeds := 1
	if long {
		seeds = 5
	}
	for _, s := range withMaps() {
		t.Run(s.name, func(t *testing.T) {
			for seed := range seeds {
				if err := sweep(&m, s, uint64(seed)<<32, long); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
