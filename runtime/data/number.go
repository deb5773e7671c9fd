package data

import (
	"math"
	"strconv"
	"strings"
)

// CellKind is what the text of a cell is.
type CellKind int

const (
	CellEmpty CellKind = iota
	CellNumber
	CellNotFinite // nan, inf, or a number beyond float64
	CellText
)

// ParseCell reads a cell, spaces around it aside. Numbers are decimal, as in -12.5e3; a comma, an underscore or
// a hexadecimal digit makes a text.
func ParseCell(cell string) (string, float64, CellKind) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return "", 0, CellEmpty
	}
	for i := range len(cell) {
		switch c := cell[i]; {
		case '0' <= c && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			switch strings.ToLower(strings.TrimLeft(cell, "+-")) {
			case "nan", "inf", "infinity":
				return cell, 0, CellNotFinite
			}
			return cell, 0, CellText
		}
	}
	v, err := strconv.ParseFloat(cell, 64)
	switch {
	case err == nil:
		return cell, v, CellNumber
	case math.IsInf(v, 0):
		return cell, 0, CellNotFinite
	}
	return cell, 0, CellText
}

// isFinite reports whether v is neither NaN nor infinite.
func isFinite(v float64) bool { return v-v == 0 }
