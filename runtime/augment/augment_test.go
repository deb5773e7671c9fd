package augment

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func parsed(t testing.TB, text string) *Plan {
	t.Helper()
	p, err := Parse(text)
	require.NoError(t, err)
	return p
}

// ramp is an image whose values are 1, 2, 3 and so on.
func ramp(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i + 1)
	}
	return v
}

func TestParse(t *testing.T) {
	p := parsed(t, "cutout=3, shift=2,flip,rotate=7.5,brightness=0.2,vflip")
	assert.Equal(t, "flip,vflip,rotate=7.5,shift=2,brightness=0.2,cutout=3", p.String())
	assert.True(t, p.Moves())
	assert.False(t, parsed(t, "brightness=1").Moves())
	for text, want := range map[string]string{
		"":             `"" is none of flip, vflip, rotate=DEGREES, shift=PIXELS, brightness=PART, cutout=PIXELS`,
		"flop":         `"flop" is none of`,
		"flip,flip":    "flip stands twice",
		"flip=1":       "write flip",
		"shift":        "write shift=PIXELS",
		"shift=1.5":    "shift=1.5: a whole number above 0 and up to",
		"shift=0":      "above 0",
		"shift=-1":     "above 0",
		"rotate=181":   "rotate=181: a number above 0 and up to 180 is wanted",
		"rotate=nan":   "above 0",
		"brightness=2": "up to 1 is wanted",
		"cutout=":      "cutout=: a whole number",
	} {
		_, err := Parse(text)
		assert.ErrorContains(t, err, want, text)
	}
	assert.NoError(t, p.Suits(4, 9))
	assert.EqualError(t, p.Suits(3, 9), "cutout=3: images of 3 × 9 pixels allow 2 at most")
	assert.EqualError(t, p.Suits(9, 2), "shift=2: images of 9 × 2 pixels allow 1 at most")
}

func TestMirrors(t *testing.T) {
	m := New(nil, 2, 3, 2, 0)
	v := ramp(12)
	m.flip(v)
	assert.Equal(t, []float32{2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11}, v)
	v = ramp(12)
	m.vflip(v)
	assert.Equal(t, []float32{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8}, v)
}

// All shifts of an image, by their definition: the pixel that comes to (y, x) was at (y−down, x−right).
func TestShift(t *testing.T) {
	m := New(nil, 2, 3, 4, 0)
	for down := -2; down <= 2; down++ {
		for right := -3; right <= 3; right++ {
			v, want := ramp(24), make([]float32, 24)
			for i := range want {
				c, y, x := i/12, i/4%3-down, i%4-right
				if y >= 0 && y < 3 && x >= 0 && x < 4 {
					want[i] = ramp(24)[c*12+y*4+x]
				}
			}
			m.shift(v, down, right)
			assert.Equal(t, want, v, "%d, %d", down, right)
		}
	}
}

func TestCut(t *testing.T) {
	m := New(nil, 1, 3, 4, 0)
	for _, c := range []struct {
		top, left, n int
		want         []float32
	}{
		{0, 1, 2, []float32{1, 0, 0, 4, 5, 0, 0, 8, 9, 10, 11, 12}},
		{-1, -1, 2, []float32{0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}},
		{2, 3, 2, []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0}},
	} {
		v := ramp(12)
		m.cut(v, c.top, c.left, c.n)
		assert.Equal(t, c.want, v)
	}
}

func TestBrightness(t *testing.T) {
	v := []float32{0, 0.5, 1}
	New(nil, 1, 1, 3, 1).brighten(v, 1.5)
	assert.Equal(t, []float32{0, 0.75, 1}, v)
	v = []float32{0, 0.5, 1}
	New(nil, 1, 1, 3, 0).brighten(v, 1.5)
	assert.Equal(t, []float32{0, 0.75, 1.5}, v)
}

// What testdata/make.py says torchvision does, in float64, and quarters of a turn to the bit.
func TestRotate(t *testing.T) {
	text, err := os.ReadFile("testdata/rotate.json")
	require.NoError(t, err)
	var cases []struct {
		Shape         [3]int
		Degrees       float64
		Image, Turned []float64
	}
	require.NoError(t, json.Unmarshal(text, &cases))
	require.NotEmpty(t, cases)
	for _, c := range cases {
		v := make([]float32, len(c.Image))
		for i, x := range c.Image {
			v[i] = float32(x)
		}
		New(nil, c.Shape[0], c.Shape[1], c.Shape[2], 0).rotate(v, c.Degrees)
		for i, x := range c.Turned {
			assert.InDelta(t, x, float64(v[i]), 1e-6, "%v by %g, element %d", c.Shape, c.Degrees, i)
		}
	}
	for _, n := range []int{3, 4} {
		v, want := ramp(n*n), make([]float32, n*n)
		for y := range n {
			for x := range n {
				want[(n-1-x)*n+y] = v[y*n+x]
			}
		}
		New(nil, 1, n, n, 0).rotate(v, 90)
		assert.Equal(t, want, v)
		v = ramp(n * n)
		New(nil, 1, n, n, 0).rotate(v, -180)
		slices.Reverse(v)
		assert.Equal(t, ramp(n*n), v)
	}
}

// The same seed, epoch and place give the same image, whatever was changed before; others give others, and what a term
// draws does not depend on the other terms.
func TestPlaces(t *testing.T) {
	p := parsed(t, "shift=3,flip,rotate=20,cutout=2,brightness=0.5,vflip")
	changed := func(seed uint64, epoch, place int) string {
		m := New(p, 1, 8, 8, 0)
		m.Begin(seed, epoch)
		m.Change(ramp(64), 77) // leaves nothing behind
		v := ramp(64)
		m.Change(v, place)
		return fmt.Sprint(v)
	}
	want := changed(1, 2, 3)
	assert.Equal(t, want, changed(1, 2, 3))
	for _, other := range []string{changed(2, 2, 3), changed(1, 3, 3), changed(1, 2, 4)} {
		assert.NotEqual(t, want, other)
	}
	alone, both := New(parsed(t, "shift=3"), 1, 8, 8, 0), New(parsed(t, "shift=3,cutout=1"), 1, 8, 8, 0)
	alone.Begin(1, 0)
	both.Begin(1, 0)
	for place := range 20 {
		v, w := ramp(64), ramp(64)
		alone.Change(v, place)
		both.Change(w, place)
		differ := 0
		for i := range v {
			if v[i] != w[i] {
				differ++
			}
		}
		assert.LessOrEqual(t, differ, 1)
	}
}

// Draws are even: each shift as often as the others, half of the images mirrored, brightness around 1.
func TestDrawsAreEven(t *testing.T) {
	const n = 20000
	m := New(parsed(t, "shift=2"), 1, 5, 5, 0)
	m.Begin(9, 0)
	counts := map[int]int{}
	for place := range n {
		v := make([]float32, 25)
		v[12] = 1
		m.Change(v, place)
		counts[slices.Index(v, 1)]++
	}
	require.Len(t, counts, 25)
	for at, k := range counts {
		assert.InDelta(t, n/25, k, 6*math.Sqrt(n/25.), "%d", at)
	}
	m = New(parsed(t, "flip"), 1, 1, 2, 0)
	m.Begin(9, 0)
	mirrored := 0
	for place := range n {
		v := []float32{1, 0}
		m.Change(v, place)
		mirrored += int(v[1])
	}
	assert.InDelta(t, n/2, mirrored, 6*math.Sqrt(n/4.))
	m = New(parsed(t, "brightness=0.5"), 1, 1, 1, 0)
	m.Begin(9, 0)
	sum, low, high := 0.0, 2.0, 0.0
	for place := range n {
		v := []float32{1}
		m.Change(v, place)
		f := float64(v[0])
		sum, low, high = sum+f, min(low, f), max(high, f)
	}
	assert.InDelta(t, 1, sum/n, 6*0.5/math.Sqrt(3*n))
	assert.InDelta(t, 0.5, low, 1e-3)
	assert.InDelta(t, 1.5, high, 1e-3)
	assert.GreaterOrEqual(t, low, 0.5)
}

func TestNothingIsAllocated(t *testing.T) {
	m := New(parsed(t, "shift=3,flip,rotate=20,cutout=2,brightness=0.5,vflip"), 3, 16, 16, 1)
	m.Begin(1, 0)
	v := ramp(3 * 256)
	assert.Zero(t, testing.AllocsPerRun(20, func() { m.Change(v, 5) }))
}

func FuzzParse(f *testing.F) {
	f.Add("shift=2,flip")
	f.Add("rotate=1e-300,cutout=3")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(p.String())
		require.NoError(t, err)
		assert.Equal(t, p, again)
	})
}

func BenchmarkChange(b *testing.B) {
	for _, text := range []string{"shift=2,flip", "rotate=10", "shift=2,flip,rotate=10,brightness=0.2,cutout=4"} {
		b.Run(text, func(b *testing.B) {
			m := New(parsed(b, text), 1, 28, 28, 1)
			m.Begin(1, 0)
			v := ramp(784)
			for i := range b.N {
				m.Change(v, i)
			}
		})
	}
}
