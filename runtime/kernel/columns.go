package kernel

// columnwise is what a kernel works on that adds up columns of rows of size elements, whose terms are those of x, dy [terms, size]
// and mean, rstd [terms]. Each result may be nil, and mean: 0.
type columnwise struct {
	sums, products         []float32
	x, mean, rstd, dy      []float32
	terms, positions, size int
}

// mostShared is the number of columns of a tile: four cache lines of each row.
const mostShared = 64

// run computes the results; of no terms they are 0.
func (c *columnwise) run(p *Pool) {
	if tiles := (c.size + mostShared - 1) / mostShared; tiles > 1 && p.shares(c.terms*c.size) {
		p.run(job{tile: func(j *job, tile int) {
			j.columns.compute(tile*mostShared, min(tile*mostShared+mostShared, j.columns.size))
		}, columns: *c}, tiles)
		return
	}
	c.compute(0, c.size)
}

// compute computes the results of columns from one to another.
func (c *columnwise) compute(from, to int) {
	if c.terms == 0 {
		if c.sums != nil {
			clear(c.sums[from:to])
		}
		if c.products != nil {
			clear(c.products[from:to])
		}
		return
	}
	if c.sums != nil {
		columnSums(c.sums[from:to], c.dy[from:], c.terms, c.positions, to-from, c.size)
	}
	if c.products != nil {
		c.normalProducts(c.products[from:to], from)
	}
}

// normalProducts computes Σ ∂y·(x − mean)·rstd of the columns from one on.
func (c *columnwise) normalProducts(dst []float32, column int) {
	for from, to := 0, 0; from < c.terms; from = to {
		to = blockEnd(from, c.terms, c.positions)
		mean, rstd, dy, x := zeros[:to-from], c.rstd[from:to], c.dy[from*c.size+column:], c.x[from*c.size+column:]
		if c.mean != nil {
			mean = c.mean[from:to]
		}
		if columnProductsOfRows(dst, mean, rstd, dy, x, to-from, c.size, from == 0) {
			continue
		}
		for j := 0; j < len(dst); j += panel {
			width := min(panel, len(dst)-j)
			var sums [panel]float32
			for r, m := range mean {
				x, s := x[r*c.size+j:][:width], rstd[r]
				for k, d := range dy[r*c.size+j:][:width] {
					sums[k] += float32(d * float32((x[k]-m)*s))
				}
			}
			joinColumns(dst[j:][:width], sums[:], from == 0)
		}
	}
}

// fewColumns is how many columns are added up in four blocks at a time. Of more, the sums wait less for each other.
const fewColumns = 2 * panel

// columnSums adds up the columns of x [terms, columns], whose rows begin stride elements apart, as a product with ones
// would: dst [columns].
func columnSums(dst, x []float32, terms, positions, columns, stride int) {
	fours := downwards{x: x, stride: stride}
	for from, to := 0, 0; from < terms; from = to {
		if columns <= fewColumns {
			if to = fours.fours(dst[:columns], from, terms, positions); to > from {
				continue
			}
		}
		to = blockEnd(from, terms, positions)
		if sumRows(dst, x[from*stride:], columns, to-from, stride, from == 0) {
			continue
		}
		for j := 0; j < columns; j += panel {
			width := min(panel, columns-j)
			var sums [panel]float32
			for r := from; r < to; r++ {
				for k, v := range x[r*stride+j:][:width] {
					sums[k] += v
				}
			}
			joinColumns(dst[j:][:width], sums[:], from == 0)
		}
	}
}

// joinColumns stores the sums of the first block and adds those of later ones.
func joinColumns(dst []float32, sums []float32, first bool) {
	if first {
		copy(dst, sums)
		return
	}
	for k := range dst {
		dst[k] += sums[k]
	}
}
