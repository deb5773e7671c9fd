package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// report is all of a run, as --json writes it.
type report struct {
	Machine machine   `json:"machine"`
	Rounds  int       `json:"rounds"`
	Seconds float64   `json:"seconds"` // of a peer in a round
	Results []*result `json:"results"`
}

// writeJSON writes all figures.
func (r *report) writeJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "\t")
	return e.Encode(r)
}

// wrong returns an error if something was not measured that could have been: a peer that is missing is none.
func (r *report) wrong() error {
	var all []error
	for _, one := range r.Results {
		if one.Problem != "" && one.Install == "" {
			all = append(all, fmt.Errorf("%s, %s, %s: %s", one.Workload, one.Task, one.Title, one.Problem))
		}
	}
	return errors.Join(all...)
}

// write writes the report as tables of Markdown: training and prediction in one, products in another, for each number
// of cores; then who is missing.
func (r *report) write(w io.Writer) {
	m := r.Machine
	fmt.Fprintf(w, "%s, %s, %s, %d cores. One core copies %.1f GB/s from memory to memory.\n", m.CPU, m.System, m.Go, m.Cores, m.Copy)
	fmt.Fprintf(w, "%d rounds of %g s each.%s\n", r.Rounds, r.Seconds, r.versions())
	var cores []int
	absent := map[string]bool{}
	var lines []string
	for _, one := range r.Results {
		if len(cores) == 0 || cores[len(cores)-1] != one.Cores {
			cores = append(cores, one.Cores)
		}
		if one.Install != "" && !absent[one.Title] {
			absent[one.Title] = true
			lines = append(lines, fmt.Sprintf("%s: %s (%s)", one.Title, one.Problem, one.Install))
		}
	}
	for _, n := range cores {
		steps := [][]string{{"workload", "step", "peer", "median", "lowest", "highest", "× nnc", "allocations", "memory"}}
		products := [][]string{{"product", "peer", "GFLOP/s", "lowest", "highest", "× nnc's time", "of the FMA loop"}}
		for _, one := range r.Results {
			switch {
			case one.Cores != n || one.Install != "":
			case one.FLOP > 0:
				products = append(products, one.product())
			default:
				steps = append(steps, one.step())
			}
		}
		for _, t := range [][][]string{steps, products} {
			if len(t) > 1 {
				fmt.Fprintf(w, "\n%s\n\n", plural(n, "core"))
				writeTable(w, t)
			}
		}
	}
	if len(lines) > 0 {
		fmt.Fprintf(w, "\nMissing\n\n- %s\n", strings.Join(lines, "\n- "))
	}
}

// versions lists the libraries that took part, nnc and the loop aside.
func (r *report) versions() string {
	var all []string
	for _, one := range r.Results {
		if one.Version != "" && one.Peer != "fma" && !strings.HasPrefix(one.Title, "nnc") && !slices.Contains(all, one.Version) {
			all = append(all, one.Version)
		}
	}
	if all == nil {
		return ""
	}
	return " " + strings.Join(all, ", ") + "."
}

func (one *result) step() []string {
	row := []string{one.Workload, one.Task, one.Title}
	if one.Problem != "" {
		return append(row, one.Problem, "", "", "", "", "")
	}
	return append(row, duration(one.NS.Median), duration(one.NS.Low), duration(one.NS.High), ratio(one.NS.Ratio), whole(one.Allocations), mebibytes(one.Memory))
}

// product has rates instead of times: the highest time is the lowest rate.
func (one *result) product() []string {
	row := []string{one.Task, one.Title}
	if one.Problem != "" {
		return append(row, one.Problem, "", "", "", "")
	}
	rate := func(ns float64) string { return strconv.FormatFloat(one.FLOP/ns, 'f', 1, 64) }
	share, times := "–", "–"
	if one.Share > 0 {
		share = fmt.Sprintf("%.0f %%", 100*one.Share)
	}
	if one.Peer != "fma" {
		times = ratio(one.NS.Ratio)
	}
	return append(row, rate(one.NS.Median), rate(one.NS.High), rate(one.NS.Low), times, share)
}

// duration writes nanoseconds with three digits.
func duration(ns float64) string {
	for _, unit := range []string{"ns", "µs", "ms"} {
		if math.Round(ns) < 1000 {
			return significant(ns) + " " + unit
		}
		ns /= 1000
	}
	return significant(ns) + " s"
}

func ratio(x float64) string {
	if x == 0 {
		return "–"
	}
	return significant(x)
}

// significant writes three digits, or all that stand before the point.
func significant(x float64) string {
	switch {
	case x >= 99.95:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 9.995:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func whole(x *float64) string {
	if x == nil {
		return "–"
	}
	return strconv.FormatFloat(*x, 'f', 0, 64)
}

func mebibytes(n int64) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%d MiB", (n+1<<19)>>20)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// writeTable writes rows as a table of Markdown whose columns are aligned, the first of them as its head.
func writeTable(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			if len(row) == len(widths) && !(i > 0 && i+1 < len(row) && row[i+1] == "" && cell != "") { // a problem may stick out
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
	}
	line := func(row []string) {
		var b strings.Builder
		for i, cell := range row {
			fmt.Fprintf(&b, "| %s%s ", cell, strings.Repeat(" ", max(0, widths[i]-utf8.RuneCountInString(cell))))
		}
		fmt.Fprintln(w, b.String()+"|")
	}
	line(rows[0])
	for _, n := range widths {
		fmt.Fprint(w, "|"+strings.Repeat("-", n+2))
	}
	fmt.Fprintln(w, "|")
	for _, row := range rows[1:] {
		line(row)
	}
}
