package main

import "slices"

// figures is what the times of one task in one peer come to, in nanoseconds per step.
type figures struct {
	Median float64 `json:"median"` // of all stretches
	Low    float64 `json:"low"`    // the lowest median of a round
	High   float64 `json:"high"`   // the highest
	Ratio  float64 `json:"ratio"`  // to nnc: the median of what it is in each round; 0 without nnc
}

// summarise returns the figures of a peer's rounds. Those of nnc are the rounds of the same number.
func summarise(rounds, nnc [][]float64) figures {
	var all, ratios []float64
	medians := make([]float64, len(rounds))
	for i, round := range rounds {
		all = append(all, round...)
		medians[i] = median(round)
		if i < len(nnc) {
			ratios = append(ratios, medians[i]/median(nnc[i]))
		}
	}
	f := figures{Median: median(all), Low: slices.Min(medians), High: slices.Max(medians)}
	if len(ratios) > 0 {
		f.Ratio = median(ratios)
	}
	return f
}

// median returns the middle one of some values, or the mean of the two in the middle.
func median(values []float64) float64 {
	s := slices.Sorted(slices.Values(values))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}
