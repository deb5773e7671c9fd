package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/compiler"
)

type statsCommand struct {
	JSON bool `help:"Write one JSON object."`
	inspected
}

func (statsCommand) Help() string {
	return "For each layer: the shape of what it makes, its parameters, floating-point operations (FLOP) and bytes for one\n" +
		"row. Then the totals, the memory that the model works in, what the step makes in one pass over memory (a product with\n" +
		"what follows it element by element, or a chain of that), and the tables of which it updates only some rows.\n\n" +
		"    nnc stats house.nn"
}

func (c *statsCommand) Run(s *session) error {
	sp, o, err := c.open(s)
	if err != nil {
		return err
	}
	stats, list, err := compiler.Measure(sp.name, sp.text, o)
	if err := s.judge(sp, list, err); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.stdout).Encode(stats)
	}
	return writeStats(s.stdout, stats)
}

// writeStats writes the table of layers, and the memory.
func writeStats(out io.Writer, stats *compiler.Stats) error {
	width, bytes := len(stats.Model), 0
	for _, l := range stats.Layers {
		width = max(width, len(l.Name))
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%-*s\toutput\tparameters\tFLOP forward\tbackward\tbytes\t\n", width, stats.Model)
	for _, l := range stats.Layers {
		shape := strings.ReplaceAll(fmt.Sprint(l.Output), " ", ", ")
		fmt.Fprintf(w, "%-*s\t%s\t%d\t%d\t%d\t%d\t\n", width, l.Name, shape, l.Parameters, l.Forward, l.Backward, l.Bytes)
		bytes += l.Bytes
	}
	fmt.Fprintf(w, "%-*s\t\t%d\t%d\t%d\t%d\t\n", width, "total", stats.Parameters, stats.Forward, stats.Backward, bytes)
	w.Flush()
	for _, line := range strings.SplitAfter(table.String(), "\n") {
		io.WriteString(out, strings.TrimPrefix(line, "  ")) // the padding of the first column
	}
	fmt.Fprintf(out, "\nparameters  %d bytes\n", stats.ParameterBytes)
	if stats.Step != nil {
		if frozen := stats.Parameters - stats.Trained; frozen > 0 {
			fmt.Fprintf(out, "frozen      %s\n", counted(frozen, "parameter"))
		}
		fmt.Fprintf(out, "optimiser   %d bytes\n", stats.OptimiserBytes)
		fmt.Fprintf(out, "step        %d bytes for up to %s (no plan is below %d)\n", stats.Step.Bytes, counted(stats.Step.Rows, "row"), stats.Step.Bound)
	}
	_, err := fmt.Fprintf(out, "prediction  %d bytes for up to %s at a time\n", stats.Predict.Bytes, counted(stats.Predict.Rows, "row"))
	for i, values := range stats.Fused {
		head := ""
		if i == 0 {
			head = "\nin one pass over memory\n"
		}
		_, err = fmt.Fprintf(out, "%s  %s\n", head, strings.Join(values, " → "))
	}
	for i, name := range stats.Scattered {
		head := ""
		if i == 0 {
			head = "\nupdated only in the rows that a batch uses\n"
		}
		_, err = fmt.Fprintf(out, "%s  %s\n", head, name)
	}
	return err
}
