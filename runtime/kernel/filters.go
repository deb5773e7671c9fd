package kernel

// ToFilters puts a convolution's weight x [out, in/groups, window], whose window is kernel rows times kernel columns, into
// the order of Conv2D: for each group a matrix [out/groups, window·in/groups] in panels, see ToPanels. Its terms are numbered
// by kernel row, kernel column and channel, those of x by channel, row and column.
func ToFilters(p *Pool, y, x []float32, out, in, window, groups int) {
	channels := in / groups
	terms := channels * window
	for o := range out {
		first, width := panelOf(o, out/groups)
		to := y[first*terms:][:width*terms]
		for c := range channels {
			for k, v := range x[o*terms+c*window:][:window] {
				to[(k*channels+c)*width+o-first] = v
			}
		}
	}
}

// FromFilters puts a convolution's weight in the order of Conv2D into that of y [out, in/groups, window]: the inverse of
// ToFilters.
func FromFilters(p *Pool, y, x []float32, out, in, window, groups int) {
	channels := in / groups
	terms := channels * window
	for o := range out {
		first, width := panelOf(o, out/groups)
		from := x[first*terms:][:width*terms]
		for c := range channels {
			row := y[o*terms+c*window:][:window]
			for k := range row {
				row[k] = from[(k*channels+c)*width+o-first]
			}
		}
	}
}

// panelOf returns the first output of the panel in which an output lies, of groups of each, and how many the panel has.
func panelOf(out, each int) (first, width int) {
	at := out % each / panel * panel // in its group
	return out - out%each + at, min(panel, each-at)
}
