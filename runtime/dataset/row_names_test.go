package dataset

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// A column that tells rows apart is named before the count of values that it makes too large.
func TestColumnsThatMakeOneValueTooMany(t *testing.T) {
	names := func(first func(row int) string) string {
		text := "order id,size,y\n"
		for r := range 12 {
			text += fmt.Sprintf("%s,%d,%d\n", first(r), r%5, r)
		}
		return text
	}
	counter := names(func(r int) string { return fmt.Sprint(r + 7) })
	for name, tt := range map[string]struct {
		text    string
		columns Select
		takes   int
		want    string // "": no such line
	}{
		"counter":       {text: counter, takes: 1, want: "%s: order id counts the rows: leave it out with --id 'order id'\n"},
		"number":        {text: names(func(r int) string { return fmt.Sprint(50 - 3*r) }), takes: 1, want: "%s: order id has another value in every row: if it only tells rows apart, leave it out with --id 'order id'\n"},
		"text":          {text: names(func(r int) string { return fmt.Sprint("A", r) }), takes: 1, want: "%s: order id has another value in every row: if it only tells rows apart, leave it out with --id 'order id'\n"},
		"fractions":     {text: names(func(r int) string { return fmt.Sprint(float64(r) + 0.5) }), takes: 1},
		"too few":       {text: counter, takes: 3},
		"chosen":        {text: counter, columns: Select{Features: []string{"order id", "size"}}, takes: 1},
		"hardly a row":  {text: "order id,size,y\n1,5,1\n2,5,2\n3,6,3\n", takes: 1},
		"texts recur":   {text: names(func(r int) string { return fmt.Sprint("A", r/2) }), takes: 1},
		"with an empty": {text: names(func(r int) string { return fmt.Sprintf("A%d", r)[:min(2*r, 2)] + fmt.Sprint(r)[:min(r, 1)] }), takes: 1},
	} {
		path := writeFile(t, "orders.csv", tt.text)
		tt.columns.Target = []string{"y"}
		_, err := Load(Training{Data: []string{path}, Select: tt.columns, Inputs: features(tt.takes), Targets: regression(1)})
		want := path + ": the columns make "
		if tt.want != "" {
			want = fmt.Sprintf(tt.want, path) + want
		}
		if assert.Error(t, err, name) {
			assert.Equal(t, want, err.Error()[:min(len(want), len(err.Error()))], name)
		}
	}
}
