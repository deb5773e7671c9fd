// Forecast tells how much power a town will take in the next 24 hours, by a model that `nnc train` has trained on the hours
// before; or how far such forecasts were off, beside those that need no model.
//
// What comes in are a table of hours and the weight file; what goes out is text, the forecasts those of `nnc predict`.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"time"
)

//go:generate go run ./makedata load.csv
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test forecast.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("forecast: ")
	weights := flag.String("weights", "forecast.safetensors", "what nnc train saved")
	table := flag.String("table", "load.csv", "the hours so far, the last ones last")
	compare := flag.Int("compare", 0, "instead of a forecast, how far off so many forecasts were, the last that can be judged")
	flag.Parse()
	if err := run(os.Stdout, *weights, *table, *compare); err != nil {
		log.Fatal(err)
	}
}

// run reads the hours, and writes the forecast behind the last, or the comparison of the last so many forecasts.
func run(w io.Writer, weights, table string, compare int) error {
	f, err := newForecaster(weights)
	if err != nil {
		return err
	}
	hours, err := readHours(table, f.codec.Columns())
	if err != nil {
		return err
	}
	if compare > 0 {
		return f.compare(w, hours, compare)
	}
	for _, h := range hours {
		if err := f.history.Add(h.cells); err != nil {
			return fmt.Errorf("%s: the hour %s: %w", table, h.time.Format(layout), err)
		}
	}
	next, err := f.forecast()
	if err != nil {
		return fmt.Errorf("%s: %w", table, err)
	}
	for k, load := range next {
		at := hours[len(hours)-1].time.Add(time.Duration(k+1) * time.Hour)
		fmt.Fprintf(w, "%s  %5.1f MW  %s\n", at.Format(layout), load, strings.Repeat("#", max(0, int(load/4))))
	}
	return nil
}
