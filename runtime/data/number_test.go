package data

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNumbersAreDecimal(t *testing.T) {
	for cell, want := range map[string]CellKind{
		"": CellEmpty, "  ": CellEmpty, "1": CellNumber, " -1.5e-3 ": CellNumber, "+.5": CellNumber, "1e-999": CellNumber,
		"nan": CellNotFinite, "-INF": CellNotFinite, "Infinity": CellNotFinite, "1e999": CellNotFinite,
		"0x10": CellText, "1_000": CellText, "1,5": CellText, "-": CellText, "e5": CellText, "１": CellText, "infinite": CellText,
	} {
		_, _, kind := ParseCell(cell)
		assert.Equal(t, want, kind, "%q", cell)
	}
}
