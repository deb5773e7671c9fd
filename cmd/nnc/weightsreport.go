package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/grammar/diag"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/numeral"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// weightsReport is what nnc weights tells of a file.
type weightsReport struct {
	File     string            `json:"file"`
	Tensors  []tensorReport    `json:"tensors"` // in the file's order
	Elements int               `json:"elements"`
	Bytes    int               `json:"bytes"` // of the elements, in the file
	Metadata map[string]string `json:"metadata"`
	Model    *modelReport      `json:"model,omitempty"` // nil where the file is not compared with one

	mapped bool
}

// tensorReport is what it tells of a tensor. Its numbers are null where elements are not finite, and of no elements.
type tensorReport struct {
	Name      string   `json:"name"`
	Here      *string  `json:"here,omitempty"` // with a map, what it is called here; "-" where it is left out
	Rows      int      `json:"rows,omitempty"` // with a map that takes the first rows only: how many
	DType     string   `json:"dtype"`
	Shape     []int    `json:"shape"`
	Elements  int      `json:"elements"`
	Min       *float64 `json:"min"`
	Mean      *float64 `json:"mean"`
	Max       *float64 `json:"max"`
	Norm      *float64 `json:"norm"`
	NotFinite int      `json:"not_finite"`
}

// report describes a file's tensors as they are there.
func (c *weightsCommand) report(path string, tensors []weights.Tensor, meta map[string]string, m *weights.Mapping) *weightsReport {
	r := &weightsReport{File: path, Tensors: []tensorReport{}, Metadata: meta, mapped: m != nil}
	if meta == nil {
		r.Metadata = map[string]string{}
	}
	for i := range tensors {
		t := describeTensor(&tensors[i])
		if m != nil {
			here, rows, _ := m.Name(t.Name) // it has renamed all of them
			t.Here, t.Rows = &here, rows
		}
		r.Elements += t.Elements
		r.Bytes += t.Elements * tensors[i].DType.Size()
		r.Tensors = append(r.Tensors, t)
	}
	return r
}

func describeTensor(t *weights.Tensor) tensorReport {
	r := tensorReport{Name: t.Name, DType: string(t.DType), Shape: append([]int{}, t.Shape...), Elements: len(t.F32) + len(t.I64)}
	least, most, sum, squares := math.Inf(1), math.Inf(-1), 0.0, 0.0
	add := func(x float64) {
		if x-x != 0 {
			r.NotFinite++
		}
		least, most = min(least, x), max(most, x)
		sum += x
		squares += float64(x * x)
	}
	for _, x := range t.F32 {
		add(float64(x))
	}
	for _, x := range t.I64 {
		add(float64(x))
	}
	if r.Elements > 0 && r.NotFinite == 0 {
		mean, norm := sum/float64(r.Elements), math.Sqrt(squares)
		r.Min, r.Mean, r.Max, r.Norm = &least, &mean, &most, &norm
	}
	return r
}

// write writes the report as JSON or as text.
func (r *weightsReport) write(out io.Writer, asJSON, norm bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	var text strings.Builder
	r.table(&text, norm)
	for _, t := range r.Tensors {
		if t.NotFinite > 0 {
			fmt.Fprintf(&text, "\nnot finite: %s of %s; nnc takes no such weights\n", counted(t.NotFinite, "element"), shownName(t.Name))
		}
	}
	r.metadata(&text)
	if r.Model != nil {
		r.Model.write(&text)
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// table lists the tensors, texts to the left and numbers to the right.
func (r *weightsReport) table(text *strings.Builder, norm bool) {
	head := []string{"tensor", "type", "shape", "elements", "min", "mean", "max"}
	if norm {
		head = append(head[:4], "norm")
	}
	numbers := 2 // the first column of numbers, behind one more of texts with a map
	if r.mapped {
		head = slices.Insert(head, 1, "here")
		numbers++
	}
	rows := [][]string{head}
	for _, t := range r.Tensors {
		row := []string{shownName(t.Name)}
		if t.Rows > 0 {
			row[0] += fmt.Sprintf("[:%d]", t.Rows)
		}
		if r.mapped {
			row = append(row, shownName(*t.Here))
		}
		row = append(row, t.DType, listOf(t.Shape), strconv.Itoa(t.Elements))
		if norm {
			row = append(row, shownNumber(t.Norm))
		} else {
			row = append(row, shownNumber(t.Min), shownNumber(t.Mean), shownNumber(t.Max))
		}
		rows = append(rows, row)
	}
	total := slices.Repeat([]string{""}, len(head))
	total[0], total[numbers+1] = counted(len(r.Tensors), "tensor"), strconv.Itoa(r.Elements)
	rows = append(rows, total)
	writeColumns(text, rows, numbers+1)
}

// writeColumns writes rows with two blanks between columns, those from number on aligned to the right.
func writeColumns(text *strings.Builder, rows [][]string, number int) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			blanks := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i >= number {
				line += blanks + cell + "  "
			} else {
				line += cell + blanks + "  "
			}
		}
		text.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// metadata writes what else the file says. What training did to the data is told in a line.
func (r *weightsReport) metadata(text *strings.Builder) {
	if len(r.Metadata) == 0 {
		return
	}
	text.WriteString("\nmetadata\n")
	rows := [][]string{}
	for _, key := range slices.Sorted(maps.Keys(r.Metadata)) {
		value := shownText(r.Metadata[key])
		if whose := data.Whose(r.Metadata); key == data.CodecKey && whose != "" {
			value = whose
		}
		rows = append(rows, []string{"  " + shownName(key), value})
	}
	writeColumns(text, rows, 2)
}

// longestShown is how many characters of a name or a text of a file are shown.
const longestShown = 100

// shownName is a name as a table shows it: quoted where it is not plain.
func shownName(name string) string {
	cut := name
	if runes := []rune(name); len(runes) > longestShown {
		cut = string(runes[:longestShown])
	}
	odd := func(r rune) bool { return r == ' ' || r == '"' || diag.Hostile(r) || !strconv.IsPrint(r) }
	if cut == "" || strings.ContainsFunc(cut, odd) {
		cut = strconv.Quote(cut)
	}
	if len(cut) < len(name) {
		cut += "…"
	}
	return cut
}

// shownText is a text on a line.
func shownText(text string) string {
	if runes := []rune(text); len(runes) > longestShown {
		return strconv.Quote(string(runes[:longestShown])) + "…"
	}
	return strconv.Quote(text)
}

// shownNumber is a number of a table, – where there is none.
func shownNumber(x *float64) string {
	if x == nil {
		return "–"
	}
	return numeral.Short(*x)
}

// listOf writes a shape as specs do.
func listOf(shape []int) string {
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}
