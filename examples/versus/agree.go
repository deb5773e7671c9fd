package main

import (
	"fmt"
	"math"
)

const (
	tolerance = 1e-4 // relative to the value, or to 1 where it is smaller: float32 sums in another order
	masked    = 0.1  // the same where each draws masks of its own
)

// tolerance is how far values of the task may lie apart, relative to the value, or to 1 where it is smaller.
func (t task) tolerance() float64 {
	if t.what == "dropout" {
		return masked
	}
	return tolerance
}

// agree returns an error unless a peer's values are nnc's: the losses of the first steps, or what is predicted.
func (t task) agree(want, got []float32) error {
	if len(want) != len(got) {
		return fmt.Errorf("gives %d values, nnc %d", len(got), len(want))
	}
	for i, w := range want {
		w, g := float64(w), float64(got[i])
		if !(math.Abs(w-g) <= t.tolerance()*max(1, math.Abs(w))) { // a NaN does not agree
			return fmt.Errorf("value %d is %.6g, nnc's %.6g", i+1, g, w)
		}
	}
	return nil
}
