package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// context is how many unchanged lines a difference shows around what has changed.
const context = 3

// writeDiff writes the difference of two texts in the unified form, nothing if there is none.
func writeDiff(out io.Writer, name string, before, after []byte) error {
	a, b := lines(before), lines(after)
	edits := difference(a, b)
	w := bufio.NewWriter(out)
	header := false
	for i := 0; i < len(edits); {
		if edits[i].sign == ' ' {
			i++
			continue
		}
		if !header {
			fmt.Fprintf(w, "--- %s\n+++ %s\n", name, name)
			header = true
		}
		i = writeHunk(w, edits, i)
	}
	return w.Flush()
}

// edit is a line of a difference: kept, taken away or put in. at counts the lines before it in both texts.
type edit struct {
	sign   byte // ' ', '-' or '+'
	line   []byte
	before int
	after  int
}

// writeHunk writes the changes from edit i on that are near one another, and returns where to go on.
func writeHunk(w *bufio.Writer, edits []edit, i int) int {
	last := i // the last change
	for k := i; k < len(edits) && k-last <= 2*context; k++ {
		if edits[k].sign != ' ' {
			last = k
		}
	}
	from, to := max(0, i-context), min(len(edits), last+context+1)
	var removed, added int
	for _, e := range edits[from:to] {
		if e.sign != '+' {
			removed++
		}
		if e.sign != '-' {
			added++
		}
	}
	fmt.Fprintf(w, "@@ -%s +%s @@\n", lineRange(edits[from].before, removed), lineRange(edits[from].after, added))
	for _, e := range edits[from:to] {
		w.WriteByte(e.sign)
		w.Write(e.line)
		if !bytes.HasSuffix(e.line, []byte("\n")) {
			w.WriteString("\n\\ No newline at end of file\n")
		}
	}
	return to
}

// lineRange writes where a hunk stands in a text: its first line, and how many there are.
func lineRange(before, n int) string {
	switch n {
	case 0:
		return fmt.Sprintf("%d,0", before)
	case 1:
		return fmt.Sprint(before + 1)
	}
	return fmt.Sprintf("%d,%d", before+1, n)
}

// lines cuts a text behind each newline.
func lines(text []byte) [][]byte {
	if len(text) == 0 {
		return nil
	}
	cut := bytes.SplitAfter(text, []byte("\n"))
	if last := len(cut) - 1; len(cut[last]) == 0 {
		cut = cut[:last]
	}
	return cut
}

// mostSteps bounds the search for a shortest difference; two texts further apart than this have little to show
// line by line.
const mostSteps = 1000

// difference returns the edits that make b of a, as few as there can be unless there are very many.
//
// Source: Myers, "An O(ND) difference algorithm and its variations", Algorithmica 1986, the greedy algorithm.
func difference(a, b [][]byte) []edit {
	start := 0
	for start < len(a) && start < len(b) && bytes.Equal(a[start], b[start]) {
		start++
	}
	endA, endB := len(a), len(b)
	for endA > start && endB > start && bytes.Equal(a[endA-1], b[endB-1]) {
		endA, endB = endA-1, endB-1
	}
	signs := script(a[start:endA], b[start:endB])
	var edits []edit
	i, j := 0, 0
	put := func(sign byte) {
		e := edit{sign: sign, before: i, after: j}
		if sign != '+' {
			e.line = a[i]
			i++
		}
		if sign != '-' {
			e.line = b[j]
			j++
		}
		edits = append(edits, e)
	}
	for i < start {
		put(' ')
	}
	for _, sign := range signs {
		put(sign)
	}
	for i < len(a) {
		put(' ')
	}
	return edits
}

// script returns the signs of the edits that make b of a.
func script(a, b [][]byte) []byte {
	n, m := len(a), len(b)
	reach := map[int]int{1: 0} // by diagonal: how far into a
	var trace []map[int]int
	for d := 0; d <= min(n+m, mostSteps); d++ {
		before := make(map[int]int, len(reach))
		for k, x := range reach {
			before[k] = x
		}
		trace = append(trace, before)
		for k := -d; k <= d; k += 2 {
			x := reach[k-1] + 1
			if k == -d || k != d && reach[k-1] < reach[k+1] {
				x = reach[k+1]
			}
			for x < n && x-k < m && x-k >= 0 && bytes.Equal(a[x], b[x-k]) {
				x++
			}
			reach[k] = x
			if x >= n && x-k >= m {
				return backtrack(trace, n, m)
			}
		}
	}
	return append(bytes.Repeat([]byte{'-'}, n), bytes.Repeat([]byte{'+'}, m)...)
}

// backtrack follows the search from its end to its start.
func backtrack(trace []map[int]int, x, y int) []byte {
	var signs []byte
	for d := len(trace) - 1; d > 0; d-- {
		reach, k := trace[d], x-y
		from := k - 1
		if k == -d || k != d && reach[k-1] < reach[k+1] {
			from = k + 1
		}
		fromX := reach[from]
		fromY := fromX - from
		for x > fromX && y > fromY {
			signs = append(signs, ' ')
			x, y = x-1, y-1
		}
		sign := byte('-')
		if from == k+1 {
			sign = '+'
		}
		signs = append(signs, sign)
		x, y = fromX, fromY
	}
	for ; x > 0 && y > 0; x, y = x-1, y-1 {
		signs = append(signs, ' ')
	}
	for i, j := 0, len(signs)-1; i < j; i, j = i+1, j-1 {
		signs[i], signs[j] = signs[j], signs[i]
	}
	return signs
}
