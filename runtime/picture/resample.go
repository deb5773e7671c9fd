package picture

// taps are the pixels along an axis that make a pixel of the result: those from the first on, with their weights.
type taps struct {
	first   int
	weights []int32 // in units of 2⁻²²
}

// end is the pixel behind the last.
func (t taps) end() int { return t.first + len(t.weights) }

// weightBits is the number of binary places of a weight.
const weightBits = 22

// resample says how n pixels along an axis become pixels [from, from+count) of size: each is the mean of those under a
// triangle around its place, half as wide as a pixel of the result is, or of the image where that is larger, on either
// side. So an image that grows is interpolated linearly, and of one that shrinks every pixel counts. The weights are
// rounded as Pillow's resize with BILINEAR rounds them, which torchvision's Resize uses.
func resample(n, size, from, count int) []taps {
	scale := float64(n) / float64(size)
	support := max(scale, 1)
	shrink := 1 / support
	all := make([]taps, count)
	share := make([]float64, 0, int(2*support)+3)
	for i := range all {
		center := float64((float64(from+i) + 0.5) * scale)
		first := max(int(center-support+0.5), 0)
		end := min(int(center+support+0.5), n)
		share = share[:0]
		sum := 0.0
		for x := first; x < end; x++ {
			w := triangle(float64((float64(x) - center + 0.5) * shrink))
			share = append(share, w)
			sum += w
		}
		t := taps{first, make([]int32, len(share))}
		for x, w := range share {
			t.weights[x] = int32(0.5 + float64(w/sum*(1<<weightBits)))
		}
		all[i] = t
	}
	return all
}

// triangle is 1 at 0, 0 from 1 on, and linear between.
func triangle(x float64) float64 {
	if x < 0 {
		x = -x
	}
	return max(1-x, 0)
}

// mean is the pixel that t makes of those in line, which stand so far apart.
func (t taps) mean(line []uint8, apart int) uint8 {
	sum, at := int32(1)<<(weightBits-1), t.first*apart
	for _, w := range t.weights {
		sum += w * int32(line[at])
		at += apart
	}
	return uint8(min(sum>>weightBits, 255))
}
