// Package phrase makes the parts of messages that several packages need: lists, counts, quotations, shapes, and the
// nearest name.
package phrase

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxCompared bounds the names whose distance is worked out, in bytes.
const maxCompared = 64

// Suggest returns `, did you mean "x"?` with the name nearest to name, or nothing where none is near.
func Suggest(name string, names []string) string {
	best, bestDistance := "", 1+max(len(name), 3)/3
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if d < bestDistance && d < max(len(name), len(n)) { // something must be left of the name
			best, bestDistance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// distance is the Levenshtein distance of a and b: insertions, deletions and replacements of a byte.
func distance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	var row [maxCompared + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Listed writes names for a message, the first few of a long list.
func Listed(names []string) string {
	const most = 12
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s, … (%d in all)", strings.Join(names[:most], ", "), len(names))
}

// Counted is "1 column", "3 columns".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Quoted is a cell for a message, shortened.
func Quoted(cell string) string {
	const most = 40
	if len(cell) > most {
		end := most
		for end > most-utf8.UTFMax && !utf8.RuneStart(cell[end]) {
			end--
		}
		return strconv.Quote(cell[:end]) + "…"
	}
	return strconv.Quote(cell)
}

// Shape is a shape as a spec writes it: "[28, 28]".
func Shape(shape []int) string {
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}
