package kernel

// turn puts a convolution's weight into scratch as its gradient's B: for each group a matrix of which each term is a tap, in
// the order of phases from the last to the first, and a channel of A, and each column a channel of C. The weight has the channels of A in panels.
func (s *sliding) turn(p *Pool, scratch []float32) {
	weight := s.b
	s.b = scratch
	tiles := s.groups * s.strips()
	if elements := s.columns * s.groups * s.terms(); tiles > 1 && p != nil && elements >= worthMapping {
		p.run(job{tile: turnTile, sliding: *s, weight: weight}, tiles)
		return
	}
	for tile := range tiles {
		s.turnStrip(weight, tile)
	}
}

func turnTile(j *job, tile int) { j.sliding.turnStrip(j.weight, tile) }

// turnStrip does it for a strip of a group.
func (s *sliding) turnStrip(weight []float32, tile int) {
	group, column := tile/s.strips(), tile%s.strips()*panel
	width := min(panel, s.columns-column)
	to := s.b[(group*s.columns+column)*s.terms():]
	for number := range s.rows.phases * s.across.phases {
		w := s.window(number, group)
		for i := range w.rows.taps {
			for j := range w.across.taps {
				tap := s.rows.kernel*s.across.kernel - 1 - ((w.rows.lead+i*w.rows.skip)*s.across.kernel + w.across.lead + j*w.across.skip)
				for first := 0; first < w.count; first += panel {
					outs := min(panel, w.count-first)
					from := (group*w.count+first)*s.rows.kernel*s.across.kernel*s.columns + (tap*s.columns+column)*outs
					transpose(to, weight[from:], width, outs, width, outs)
					to = to[outs*width:]
				}
			}
		}
	}
}
