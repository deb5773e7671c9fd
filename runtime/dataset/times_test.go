package dataset

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Rows that are not in the order of time are told of, where a column of --id tells when they were.
func TestRowsThatAreNotInOrder(t *testing.T) {
	const rows = 30
	day := func(form string) func(int) string {
		return func(i int) string { return time.Date(2024, 1, 20, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(form) }
	}
	back := func(of func(int) string) func(int) string { return func(i int) string { return of(rows - i) } }
	shuffled := func(of func(int) string) func(int) string { return func(i int) string { return of(i * 7 % rows) } }
	number := func(i int) string { return fmt.Sprint(i) }
	for name, tt := range map[string]struct {
		of    func(int) string
		group bool
		want  string
	}{
		"rising":         {of: day("2006-01-02")},
		"day first":      {of: day("2/1/2006")},
		"month first":    {of: day("1/2/2006")},
		"falling":        {of: back(day("2006-01-02")), want: "s.csv run backwards in time, by t: "},
		"falling days":   {of: back(day("2/1/2006")), want: "s.csv run backwards in time, by t: "},
		"falling number": {of: back(number), want: "s.csv run backwards in time, by t: "},
		"shuffled":       {of: shuffled(day("2006-01-02")), want: "s.csv are not in the order of t, 6 of 29 steps go back: "},
		"names":          {of: func(i int) string { return fmt.Sprint("row ", rows-i) }},
		"a gap":          {of: func(i int) string { return strings.Repeat(fmt.Sprint(rows-i), min(1, i%9)) }},
		"equal":          {of: func(int) string { return "5" }},
		"two shops":      {of: func(i int) string { return number(i % 15) }, group: true},
		"two shops back": {of: func(i int) string { return number(15 - i%15) }, group: true, want: "s.csv run backwards in time, by t: "},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			b.WriteString("t,y,z,shop\n")
			for i := range rows {
				fmt.Fprintf(&b, "%s,%d,%d,%c\n", tt.of(i), i, i, 'a'+i/15)
			}
			q := ofWindows(t, b.String(), 4, 1, 1)
			q.ID, q.Drop, q.Valid = []string{"t"}, []string{"shop"}, "0"
			if tt.group {
				q.Drop, q.Group = nil, "shop"
			}
			l, err := Load(q)
			require.NoError(t, err)
			notes := strings.Join(l.Notes, "\n")
			if tt.want == "" {
				assert.NotContains(t, notes, "rows of ")
			} else {
				assert.Contains(t, notes, tt.want)
			}
		})
	}
}

// Dates that are taken for features of a series may tell its rows apart.
func TestDatesOfASeries(t *testing.T) {
	var b strings.Builder
	b.WriteString("day,y\n")
	for i := range 80 {
		fmt.Fprintf(&b, "%s,%d\n", time.Date(2024, 1, 20+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), i)
	}
	_, err := Load(ofWindows(t, b.String(), 4, 1, 1))
	assert.ErrorContains(t, err, "(they look like dates), such as 2024-01-20, 2024-01-21, 2024-01-22: say with --id day that it tells the rows of the series apart, or make numbers of it")
}
