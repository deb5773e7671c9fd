package dataset

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIsDate(t *testing.T) {
	for _, text := range []string{
		"2024-01-31", "2024-1-3", "2024/01/31", "31.01.2024", "3.1.24", "31/01/2024", "1/31/2024", "31-01-2024", "2024-01",
		"31 Jan 2024", "31 January 2024", "Jan 31, 2024", "31-Jan-24",
		"2024-01-31 08:05", "2024-01-31 08:05:59", "2024-01-31T08:05:59", "2024-01-31T08:05:59Z", "2024-01-31T08:05:59.25+01:00", "31.1.2024 8:05", "1/31/2024 08:05",
	} {
		assert.True(t, isDate(text), text)
	}
	for _, text := range []string{"", "2024", "20240131", "2024-13-31", "31.31.2024", "1.2.3", "1/2", "may", "8:05", "gas", "192.168.0.1", "2024-01-31 and a text that goes on and on"} {
		assert.False(t, isDate(text), text)
	}
}

// Dates that are taken as texts are told, unless a flag says that they are.
func TestDatesAreTold(t *testing.T) {
	sold := func(days int) string {
		text := "date of sale,y\n"
		for r := range 2 * days {
			text += fmt.Sprintf("2024-%02d-%02d,%d\n", r%days/28+1, r%28+1, r)
		}
		return text + "NA,3\n,4\n"
	}
	path := writeFile(t, "sales.csv", sold(28))
	q := Training{Data: []string{path}, Select: Select{Target: []string{"y"}}, Inputs: features(29), Targets: regression(1)}
	l, err := Load(q)
	require.NoError(t, err)
	assert.Contains(t, l.Notes, "date of sale looks like dates: as texts they make 29 indicators; leave it out with --drop 'date of sale', or make numbers of it, such as the year and the month")
	q.Text = []string{"date of sale"}
	l, err = Load(q)
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprint(l.Notes), "looks like dates")
	q = Training{Data: []string{writeFile(t, "sales.csv", sold(56))}, Select: Select{Target: []string{"y"}}, Inputs: features(56), Targets: regression(1)}
	_, err = Load(q)
	assert.ErrorContains(t, err, "more than 50 different texts (they look like dates), such as 2024-01-01, 2024-01-02, 2024-01-03: leave it out with --drop 'date of sale', make numbers of it, such as the year and the month, or give it")
}
