package dataset

import (
	"fmt"
	"time"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// dateForms are how people write a day, with or without a time. Days and months may change places.
var dateForms = []string{
	"2006-1-2", "2006/1/2", "2006.1.2", "2.1.2006", "2/1/2006", "1/2/2006", "2-1-2006", "1-2-2006", "2.1.06", "2/1/06", "1/2/06",
	"2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006", "2-Jan-2006", "2-Jan-06", "2006-1",
	time.RFC3339, "2006-1-2 15:04", "2006-1-2 15:04:05", "2006-1-2T15:04:05", "2006-1-2T15:04", "2006-01-02 15:04:05Z07:00",
	"2.1.2006 15:04", "2/1/2006 15:04", "1/2/2006 15:04", "2.1.2006 15:04:05", "2/1/2006 15:04:05", "1/2/2006 15:04:05",
}

// mostDates bounds the texts that are looked at.
const mostDates = 1000

// dates reports whether all of a column's texts, those aside that stand for a missing value, are dates.
func (c *tableColumn) dates() bool {
	n := 0
	for _, name := range c.names[:min(len(c.names), mostDates)] {
		if _, _, kind := c.writing.Parse(name); kind == data.CellMissing {
			continue
		}
		if !isDate(name) {
			return false
		}
		n++
	}
	return n > 0
}

func isDate(text string) bool {
	const longest = 40
	if len(text) > longest {
		return false
	}
	for _, form := range dateForms {
		if _, err := time.Parse(form, text); err == nil {
			return true
		}
	}
	return false
}

// noteDates tells of dates that are taken as texts, an indicator for each day, where nobody said so.
func (t *table) noteDates(c *tableColumn) {
	if c.kind == data.KindClass && !c.target && !c.many && c.required == "" && c.dates() {
		flag := "--drop"
		if c.ordered {
			flag = "--id"
		}
		t.notes = append(t.notes, fmt.Sprintf("%s looks like dates: as texts they make %s; leave it out with %s, or make numbers of it, such as the year and the month",
			phrase.Visible(c.name), phrase.Counted(len(c.names), "indicator"), phrase.Option(flag, c.name)))
	}
}
