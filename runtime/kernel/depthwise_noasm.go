//go:build !amd64 || purego

package kernel

const fourPositions = 4

func (p *bordered) compute(c, weights, bias []float32, line, position, lines, positions, placeY, lineY int) {
}

func (p *bordered) addGradsOf(sums, dy []float32, at [4]int, taps, lines, positions int) {}
