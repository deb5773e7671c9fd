package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// CellKind is what the text of a cell is, where it stands in a column of numbers.
type CellKind int

// The kinds of cells.
const (
	CellEmpty   CellKind = iota
	CellMissing          // a text that stands for a missing value, such as NA
	CellNumber
	CellNotFinite // inf, or a number beyond float64
	CellText
)

// Writing is how the numbers of a table are written. The zero value is decimal, as in -12.5e3, with the usual texts
// for a missing value.
type Writing struct {
	Thousands string   `json:"thousands,omitempty"` // between groups of three digits, such as ","
	Decimal   string   `json:"decimal,omitempty"`   // before the fraction; "" is "."
	Missing   []string `json:"missing,omitempty"`   // texts that stand for a missing value, beside an empty cell; nil: UsualMissing
}

// With is w with what o says in its place.
func (w Writing) With(o Writing) Writing {
	if o.Thousands != "" {
		w.Thousands = o.Thousands
	}
	if o.Decimal != "" {
		w.Decimal = o.Decimal
	}
	if o.Missing != nil {
		w.Missing = o.Missing
	}
	return w
}

// usualMissing are what pandas takes for a missing value, and two more that tables have.
var usualMissing = []string{
	"#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
	"NaN", "None", "n/a", "nan", "null", "?", "-",
}

// UsualMissing are the texts that stand for a missing value in a column of numbers where nothing else is said.
func UsualMissing() []string { return slices.Clone(usualMissing) }

// Verify reports what is wrong with a writing.
func (w *Writing) Verify() error {
	decimal := w.decimal()
	for _, sep := range []string{w.Thousands, decimal} {
		if sep != "" && (utf8.RuneCountInString(sep) != 1 || strings.ContainsAny(sep, "0123456789+-eE")) {
			return fmt.Errorf("%q cannot separate digits: write one character", sep)
		}
	}
	if w.Thousands == decimal {
		return fmt.Errorf("%q cannot stand both before a fraction and between thousands", decimal)
	}
	const most = 1000
	if len(w.Missing) > most {
		return fmt.Errorf("more than %d texts that stand for a missing value", most)
	}
	return nil
}

func (w *Writing) decimal() string {
	if w.Decimal == "" {
		return "."
	}
	return w.Decimal
}

// Parse reads a cell, spaces around it aside: its text and, of a CellNumber, its value.
func (w *Writing) Parse(cell string) (text string, v float64, kind CellKind) {
	text = strings.TrimSpace(cell)
	if text == "" {
		return "", 0, CellEmpty
	}
	if w.Missing != nil && slices.Contains(w.Missing, text) { // such as 999
		return text, 0, CellMissing
	}
	v, kind = w.number(text)
	if kind != CellNumber && w.Missing == nil && slices.Contains(usualMissing, text) {
		return text, 0, CellMissing
	}
	return text, v, kind
}

// ParseSigned is Parse for a column that was said to be one of numbers: currency, per cent and degree signs, letters
// of a unit and spaces around a number are taken off, a Unicode minus is a minus, and so are parentheses.
func (w *Writing) ParseSigned(cell string) (text string, v float64, kind CellKind) {
	if text, v, kind = w.Parse(cell); kind != CellText {
		return text, v, kind
	}
	bare := strings.ReplaceAll(text, "\u2212", "-")
	sign := ""
	if strings.HasPrefix(bare, "(") && strings.HasSuffix(bare, ")") { // as accounts write what is below 0
		sign, bare = "-", bare[1:len(bare)-1]
	}
	if rest, negative := strings.CutPrefix(bare, "-"); negative && sign == "" {
		sign, bare = "-", rest
	}
	around := func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsLetter(r) || strings.ContainsRune("$%°'", r) || unicode.Is(unicode.Sc, r)
	}
	bare = strings.TrimFunc(bare, around)
	if sign != "" && strings.HasPrefix(bare, "-") {
		return text, 0, CellText
	}
	v, kind = w.number(sign + bare)
	return text, v, kind
}

// number reads a text that is not empty.
func (w *Writing) number(text string) (float64, CellKind) {
	if w.Thousands != "" || w.Decimal != "" {
		var ok bool
		if text, ok = w.plain(text); !ok {
			return 0, CellText
		}
	}
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '+', c == '-', c == '.', c == 'e', c == 'E':
		default:
			switch strings.ToLower(strings.TrimLeft(text, "+-")) {
			case "inf", "infinity", "nan":
				return 0, CellNotFinite
			}
			return 0, CellText
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err == nil:
		return v, CellNumber
	case errors.Is(err, strconv.ErrRange) && math.IsInf(v, 0):
		return 0, CellNotFinite
	}
	return 0, CellText
}

// noBreaks makes the spaces that typesetters put between thousands, which no line is broken at, spaces as any.
var noBreaks = strings.NewReplacer("\u00a0", " ", "\u202f", " ")

// plain writes a number with a point before its fraction and nothing between its thousands.
func (w *Writing) plain(text string) (string, bool) {
	whole, fraction, point := strings.Cut(text, w.decimal())
	if strings.Contains(whole, ".") && w.Thousands != "." {
		return "", false // a point that is no decimal one
	}
	if w.Thousands == " " {
		whole = noBreaks.Replace(whole)
	}
	if w.Thousands != "" {
		groups := strings.Split(whole, w.Thousands)
		for i, g := range groups {
			if first := len(strings.TrimLeft(g, "+-")); i > 0 && len(g) != 3 || i == 0 && len(groups) > 1 && (first < 1 || first > 3) {
				return "", false
			}
		}
		whole = strings.Join(groups, "")
	}
	if point {
		whole += "." + fraction
	}
	return whole, true
}

// otherWriting is a way to write numbers, with the flags for it.
type otherWriting struct {
	Writing
	flags string
}

// otherWritings are tried for columns that are not read as numbers.
var otherWritings = []otherWriting{
	{Writing{}, ""},
	{Writing{Thousands: ","}, "--thousands ,"},
	{Writing{Decimal: ","}, "--decimal ,"},
	{Writing{Decimal: ",", Thousands: "."}, "--decimal , --thousands ."},
	{Writing{Thousands: " "}, "--thousands ' '"},
	{Writing{Thousands: "'"}, `--thousands "'"`},
}

// FlagFor is the flag, or the flags, with which cells that are not all numbers would be, except for those that stand
// for a missing value; empty if there is none. column is named in it as a shell takes it.
func (w *Writing) FlagFor(column string, cells ...string) string {
	tried := otherWritings
	if w.Thousands != "" || w.Decimal != "" {
		tried = []otherWriting{{*w, ""}}
	}
	for _, try := range tried {
		if try.flags != "" && allNumbers(cells, try.Parse) {
			return try.flags
		}
	}
	for _, try := range tried {
		if allNumbers(cells, try.ParseSigned) {
			return strings.TrimPrefix(try.flags+" "+phrase.Option("--number", column), " ")
		}
	}
	return ""
}

// allNumbers reports whether the cells are numbers, as parse takes them, or stand for missing values; one at least is.
func allNumbers(cells []string, parse func(string) (string, float64, CellKind)) bool {
	some := false
	for _, cell := range cells {
		_, _, kind := parse(cell)
		if kind != CellNumber && kind != CellMissing {
			return false
		}
		some = some || kind == CellNumber
	}
	return some
}

// isFinite reports whether v is neither NaN nor infinite.
func isFinite(v float64) bool { return v-v == 0 }
