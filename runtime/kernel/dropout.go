package kernel

import "github.com/nnc-lang/nnc/runtime/rng"

// DropoutMask fills n·size elements: element i of the step is 0 if word i mod 4 of the stream's block at
// (step, i/4) is below probability·2³², else 1/(1 − probability).
func DropoutMask(p *Pool, mask []float32, step uint64, stream rng.Stream, n, size int, probability float64) {
	mask = mask[:n*size]
	threshold, scale := uint64(float64(probability*(1<<32))), float32(1/(1-probability))
	for i := 0; i < len(mask); i += 4 {
		for j, word := range stream.Block(step, uint64(i/4)) {
			if i+j == len(mask) {
				break
			}
			mask[i+j] = scale
			if uint64(word) < threshold {
				mask[i+j] = 0
			}
		}
	}
}
