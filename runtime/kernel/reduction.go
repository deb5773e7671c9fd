package kernel

// laneBlock is the number of terms that the lanes of a reduction take before their sum is joined to the others.
const laneBlock = 4096

// Lanes is the running sum of a reduction of at most 4,096 terms: term i is added to lane i mod 16.
type Lanes [16]float32

// Sum joins the lanes: l with l+8, then with l+4, l+2, l+1. As one expression, Go's compiler takes it into its caller.
func (s *Lanes) Sum() float32 {
	return (((s[0] + s[8]) + (s[4] + s[12])) + ((s[2] + s[10]) + (s[6] + s[14]))) +
		(((s[1] + s[9]) + (s[5] + s[13])) + ((s[3] + s[11]) + (s[7] + s[15])))
}

// Sum is the running sum of a reduction of any number of terms: each 4,096 of them are summed in Lanes, and these
// sums are added in their order.
type Sum struct {
	lanes Lanes
	count int // terms so far
	total float32
}

// Add adds the next term.
func (s *Sum) Add(x float32) {
	if s.count&(laneBlock-1) == 0 {
		s.join()
	}
	s.lanes[s.count&15] += x
	s.count++
}

// join takes the lanes to the total.
func (s *Sum) join() {
	s.total += s.lanes.Sum()
	s.lanes = Lanes{}
}

// Total returns the sum of the terms so far.
func (s *Sum) Total() float32 {
	lanes := s.lanes
	return s.total + lanes.Sum()
}
