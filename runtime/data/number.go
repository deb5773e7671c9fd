package data

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// cellKind is what the text of a cell is.
type cellKind int

const (
	cellEmpty cellKind = iota
	cellNumber
	cellNotFinite // nan, inf, or a number beyond float64
	cellText
)

// parseCell reads a cell, spaces around it aside. Numbers are decimal, as in -12.5e3; a comma, an underscore or
// a hexadecimal digit makes a text.
func parseCell(cell string) (string, float64, cellKind) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return "", 0, cellEmpty
	}
	for i := range len(cell) {
		switch c := cell[i]; {
		case '0' <= c && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			switch strings.ToLower(strings.TrimLeft(cell, "+-")) {
			case "nan", "inf", "infinity":
				return cell, 0, cellNotFinite
			}
			return cell, 0, cellText
		}
	}
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case err == nil:
		return cell, v, cellNumber
	case math.IsInf(v, 0):
		return cell, 0, cellNotFinite
	}
	return cell, 0, cellText
}

// quoted is a cell for a message, shortened.
func quoted(cell string) string {
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

// isFinite reports whether v is neither NaN nor infinite.
func isFinite(v float64) bool { return v-v == 0 }
