package dataset

import (
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/format"
)

// noHeader is what a message about columns adds where more than half of their names are numbers: the first line of the
// file may be a row. at are the places of the names; nil where they do not stand in the file.
func noHeader(names []string, at []format.Place) string {
	numbers := 0
	for _, name := range names {
		if _, err := strconv.ParseFloat(strings.TrimSpace(name), 64); err == nil {
			numbers++
		}
	}
	if at == nil || 2*numbers <= len(names) {
		return ""
	}
	return "; if the first line is a row and names no columns, say --no-header, which names them 1, 2 and so on"
}
