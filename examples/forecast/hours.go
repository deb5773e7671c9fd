package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"
)

// hour is a line of the table.
type hour struct {
	time  time.Time
	load  float64  // MW
	cells []string // of the columns that the model takes
}

// layout is how the table writes a time.
const layout = "2006-01-02 15:04"

// readHours reads a table with the columns time, load and those named.
func readHours(path string, columns []string) ([]hour, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	table := csv.NewReader(file)
	header, err := table.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var fields []int
	for _, name := range append([]string{"time", "load"}, columns...) {
		i := slices.Index(header, name)
		if i < 0 {
			return nil, fmt.Errorf("%s: there is no column %q", path, name)
		}
		fields = append(fields, i)
	}
	var hours []hour
	for {
		line, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		h := hour{}
		at, _ := table.FieldPos(0)
		if h.time, err = time.Parse(layout, line[fields[0]]); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, at, err)
		}
		if h.load, err = strconv.ParseFloat(line[fields[1]], 64); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, at, err)
		}
		for _, i := range fields[2:] {
			h.cells = append(h.cells, line[i])
		}
		hours = append(hours, h)
	}
	if len(hours) == 0 {
		return nil, fmt.Errorf("%s: there is no hour", path)
	}
	return hours, nil
}
