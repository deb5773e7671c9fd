package kernel

// downwards is columns whose terms are added up in blocks: x, or with a mean of each column (x − mean)², or with dy, too,
// ∂y·(x − mean)·rstd. Rows begin stride elements apart.
type downwards struct {
	mean, rstd, dy, x []float32
	stride            int
}

// fours adds to total the sums of some blocks that follow each other, the first of which begins at term from, and returns where
// they end: four times as many blocks as there are at a time, because a sum of few columns waits for each of its additions.
// Where there are too few blocks, or there is no assembly, it does nothing and returns from.
func (d *downwards) fours(total []float32, from, terms, positions int) (to int) {
	// Blocks that are alike, and how far those of different rows of the batch are apart; the last of a row is shorter.
	blocks, apart, last := 1, block, block
	switch {
	case !avx2:
		return from
	case positions <= block:
		apart = block / positions * positions
		last = apart
	case positions < 4*block && from%positions == 0:
		blocks, apart = (positions+block-1)/block, positions
		last = positions - (blocks-1)*block
	case positions < 4*block || from%positions+4*block > positions:
		return from
	}
	if to = from + 4*apart; to > terms {
		return from
	}
	if from == 0 {
		clear(total)
	}
	var sums [4][4 * panel]float32 // of each block, of four rows of the batch
	for j := 0; j < len(total); j += panel {
		width := min(panel, len(total)-j)
		for b := range blocks {
			rows := block
			if b == blocks-1 {
				rows = last
			}
			d.four(&sums[b], from+b*block, rows, apart, j, width)
		}
		for i := range 4 {
			for b := range blocks {
				joinColumns(total[j:][:width], sums[b][i*panel:], false)
			}
		}
	}
	return to
}
