package data

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNumbersAreDecimal(t *testing.T) {
	for cell, want := range map[string]CellKind{
		"": CellEmpty, "  ": CellEmpty, "1": CellNumber, " -1.5e-3 ": CellNumber, "+.5": CellNumber, "1e-999": CellNumber,
		"+nan": CellNotFinite, "-INF": CellNotFinite, "Infinity": CellNotFinite, "1e999": CellNotFinite,
		"0x10": CellText, "1_000": CellText, "1,5": CellText, "+": CellText, "e5": CellText, "１": CellText, "infinite": CellText,
		"NA": CellMissing, " n/a ": CellMissing, "?": CellMissing, "-": CellMissing, "<NA>": CellMissing, "nan": CellMissing,
		"1.#IND": CellMissing, "na": CellText, "--": CellText,
	} {
		var w Writing
		_, _, kind := w.Parse(cell)
		assert.Equal(t, want, kind, "%q", cell)
	}
}

func TestNumbersAsTheyAreWritten(t *testing.T) {
	text := math.NaN() // stands for a text
	for _, tt := range []struct {
		w     Writing
		cells map[string]float64
	}{
		{Writing{Thousands: ","}, map[string]float64{
			"1,234.5": 1234.5, "-1,234,567": -1234567, "12": 12, "1234": 1234, "1,23": text, "1234,567": text, ",123": text, "1,234,5.0": text,
		}},
		{Writing{Decimal: ","}, map[string]float64{"3,5": 3.5, "-0,25e1": -2.5, ",5": .5, "3.5": text, "7": 7, "1,2,3": text}},
		{Writing{Decimal: ",", Thousands: "."}, map[string]float64{"1.234,5": 1234.5, "1.234": 1234, "1.2": text}},
		{Writing{Thousands: " "}, map[string]float64{"12 345": 12345, "12 34": text, "1\u202f234\u00a0567": 1234567}},
	} {
		require.NoError(t, tt.w.Verify())
		for cell, want := range tt.cells {
			_, v, kind := tt.w.Parse(cell)
			if want != want {
				assert.Equal(t, CellText, kind, "%q by %+v", cell, tt.w)
				continue
			}
			assert.Equal(t, CellNumber, kind, "%q by %+v", cell, tt.w)
			assert.Equal(t, want, v, "%q by %+v", cell, tt.w)
		}
	}
	missing := Writing{Missing: []string{"999", "none"}}
	for cell, want := range map[string]CellKind{"999": CellMissing, "none": CellMissing, "": CellEmpty, "NA": CellText, "99": CellNumber} {
		_, _, kind := missing.Parse(cell)
		assert.Equal(t, want, kind, "%q", cell)
	}
	for _, w := range []Writing{{Thousands: "."}, {Decimal: "7"}, {Thousands: ",,"}, {Decimal: "-"}, {Thousands: ",", Decimal: ","}} {
		assert.Error(t, w.Verify(), "%+v", w)
	}
}

func TestSignsAroundNumbers(t *testing.T) {
	var w Writing
	for cell, want := range map[string]float64{
		"$5": 5, "5%": 5, "\u22125": -5, "-$5": -5, "5 km": 5, "€ 1.5": 1.5, "20 °C": 20, "7": 7, "(1.30)": -1.3, "($5)": -5,
	} {
		_, v, kind := w.ParseSigned(cell)
		assert.Equal(t, CellNumber, kind, "%q", cell)
		assert.Equal(t, want, v, "%q", cell)
	}
	for _, cell := range []string{"five", "1-2", "$", "--5", "12/2020", "(-5)", "(5"} {
		_, _, kind := w.ParseSigned(cell)
		assert.Equal(t, CellText, kind, "%q", cell)
	}
}

func TestFlagThatAcceptsACell(t *testing.T) {
	var w Writing
	for cell, want := range map[string]string{
		"1,234.5": "--thousands ,", "3,5": "--decimal ,", "1.234,5": "--decimal , --thousands .", "1 234": "--thousands ' '",
		"$5": "--number 'a b'", "\u22125": "--number 'a b'", "oak": "",
	} {
		assert.Equal(t, want, w.FlagFor("a b", cell), "%q", cell)
	}
}
