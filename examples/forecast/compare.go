package main

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"
)

const (
	day  = 24 // hours
	week = 7 * day
)

// naive are forecasts that need no model: each takes an hour's load from one that is known, so many hours before it, k
// being how far ahead it lies.
var naive = []struct {
	name   string
	before func(k int) int
}{
	{"the last hour that is known", func(k int) int { return k }},
	{"the same hour of the day before", func(k int) int { return day }},
	{"the same hour of the week before", func(k int) int { return week }},
}

// compare writes the mean absolute errors of the last so many forecasts that can be judged, over all of their hours: the
// model's and those of what needs none.
func (f *forecaster) compare(w io.Writer, hours []hour, forecasts int) error {
	first := len(hours) - ahead - forecasts // the last hour that the first of them knows
	if first < week {
		return fmt.Errorf("%d forecasts of %d hours, from hours of a week before them, take %d hours: there are %d", forecasts, ahead, forecasts+ahead+week, len(hours))
	}
	sums := make([]float64, 1+len(naive))
	for now, h := range hours[:len(hours)-ahead] {
		if err := f.history.Add(h.cells); err != nil {
			return fmt.Errorf("the hour %s: %w", h.time.Format(layout), err)
		}
		if now < first {
			continue
		}
		next, err := f.forecast()
		if err != nil {
			return err
		}
		for k := 1; k <= ahead; k++ {
			load := hours[now+k].load
			sums[0] += math.Abs(next[k-1] - load)
			for i := range naive {
				sums[1+i] += math.Abs(hours[now+k-naive[i].before(k)].load - load)
			}
		}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for i, sum := range sums {
		name := "the model"
		if i > 0 {
			name = naive[i-1].name
		}
		fmt.Fprintf(table, "%s\t%6.3f MW\n", name, sum/float64(forecasts*ahead))
	}
	return table.Flush()
}
