//go:build !purego

package kernel

//go:generate go run -C _asm . -file depthwise -out ../depthwise_amd64.s -stubs ../depthwise_stubs_amd64.go -pkg kernel

// fourPositions is how many positions assembly computes at a time.
const fourPositions = 4

// compute computes some positions of some lines of those that have been copied.
func (p *bordered) compute(c, weights, bias []float32, line, position, lines, positions, placeY, lineY int) {
	w := p.w
	_ = c[(lines-1)*lineY+(positions-1)*placeY+p.columns-1]
	if len(weights) == 0 {
		sumsOfNothing(c, bias, lines, positions, p.columns, placeY, lineY)
		return
	}
	var bias0 *float32
	if bias != nil {
		bias0 = &bias[:p.columns][0]
	}
	x := &p.plane[p.at(p.line+line, position, 0, 0)]
	along, row := w.across.tap*p.apart, p.width*p.apart
	down, step, lineX := w.rows.tap*row-w.across.taps*along, w.across.step*p.apart, w.rows.step*row
	if p.columns <= halfPanel {
		depthwiseAVX2(&c[0], x, &weights[0], bias0, lines, positions, p.columns, w.rows.taps, w.across.taps, down, along, step, lineX, placeY, lineY)
	} else {
		depthwiseWide(&c[0], x, &weights[0], bias0, lines, positions, p.columns, w.rows.taps, w.across.taps, down, along, step, lineX, placeY, lineY)
	}
}

// addGradsOf adds what some positions of some lines have to the gradients of a few taps, whose elements lie there.
func (p *bordered) addGradsOf(sums, dy []float32, at [4]int, taps, lines, positions int) {
	w := p.w
	channels := w.channels
	_, _ = dy[(lines*positions-1)*channels+p.columns-1], sums[taps*panel-1]
	step := w.across.step * p.apart
	skip := w.rows.step*p.width*p.apart - positions*step
	x := &p.plane[at[0]]
	if p.columns <= halfPanel {
		depthwiseGradAVX2(&sums[0], x, &dy[0], at[1]-at[0], at[2]-at[0], at[3]-at[0], lines, positions, p.columns, taps, step, skip, channels)
	} else {
		depthwiseGradWide(&sums[0], x, &dy[0], at[1]-at[0], at[2]-at[0], at[3]-at[0], lines, positions, p.columns, taps, step, skip, channels)
	}
}

// sumsOfNothing computes positions that no tap meets.
func sumsOfNothing(c, bias []float32, lines, positions, columns, placeY, lineY int) {
	for i := range lines {
		for j := range positions {
			clear(c[i*lineY+j*placeY:][:columns])
		}
		if bias != nil {
			addBias(c[i*lineY:], bias, positions, columns, placeY)
		}
	}
}
