package kernel

// ToPanels puts a matrix x [out, terms] that lies row by row into panels: y holds panels of 16 outputs, one after the
// other; a panel holds, for each term upwards, its outputs side by side. The last panel may be narrower.
func ToPanels(p *Pool, y, x []float32, out, terms int) {
	for first := 0; first < out; first += panel {
		width := min(panel, out-first)
		to := y[first*terms:][:width*terms]
		for j := range width {
			for k, v := range x[(first+j)*terms:][:terms] {
				to[k*width+j] = v
			}
		}
	}
}

// FromPanels puts a matrix x [out, terms] that lies in panels row by row: the inverse of ToPanels.
func FromPanels(p *Pool, y, x []float32, out, terms int) {
	for first := 0; first < out; first += panel {
		width := min(panel, out-first)
		from := x[first*terms:][:width*terms]
		for j := range width {
			row := y[(first+j)*terms:][:terms]
			for k := range row {
				row[k] = from[k*width+j]
			}
		}
	}
}
