package format

import (
	"bufio"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func jsonTable(text string, lookahead int) (*Table, error) {
	return newJSONTable(bufio.NewReader(strings.NewReader(text)), "t.jsonl", lookahead)
}

func TestJSONLines(t *testing.T) {
	const text = "\xef\xbb\xbf{\"a\": 1.50, \"b\": \"x, \\\"y\\\"\", \"c\": true}\r\n\n {\"d\": null, \"a\": -2e3 }\n{}\n{\"a\":\"\"}"
	table, err := jsonTable(text, 10)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "c", "d"}, table.Header)
	var rows [][]string
	var lines []int
	for {
		cells, err := table.Next()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		rows = append(rows, append([]string{}, cells...))
		lines = append(lines, table.Place(0).Line)
	}
	assert.Equal(t, [][]string{{"1.50", `x, "y"`, "true", ""}, {"-2e3", "", "", ""}, {"", "", "", ""}, {"", "", "", ""}}, rows)
	assert.Equal(t, []int{1, 3, 4, 5}, lines)

	table, err = jsonTable("{\"a\": 1,   \"b\": \"2\"}\n", 1)
	require.NoError(t, err)
	_, err = table.Next()
	require.NoError(t, err)
	assert.Equal(t, "t.jsonl:1:7", table.Place(0).String())
	assert.Equal(t, "t.jsonl:1:17", table.Place(1).String())
}

// A list or an object is no cell, and does no harm where nobody asks for it.
func TestNestedJSONLines(t *testing.T) {
	table, err := jsonTable("{\"a\": 1, \"b\": [{\"a\": [2]}, 3]}\n{\"b\": {}, \"a\": 4}\n{\"a\": [\"]\"]}\n", 1)
	require.NoError(t, err)
	table.Expect([]string{"a"})
	for _, want := range []string{"1", "4"} {
		cells, err := table.Next()
		require.NoError(t, err)
		assert.Equal(t, []string{want, ""}, cells)
	}
	_, err = table.Next()
	assert.EqualError(t, err, `t.jsonl:3:7: the value of "a" is a list or an object: a cell is a text, a number, true, false or null`)
}

func TestBadJSONLines(t *testing.T) {
	for text, want := range map[string]string{
		"{\"a\": 1}\n{\"b\": 1}\n":       `t.jsonl:2:7: the key "b" occurs in none of the first line`,
		"{\"a\": 1}\n[1]\n":              "t.jsonl:2:2: each line must hold an object",
		"{\"a\": [1]}\n":                 `the value of "a" is a list or an object`,
		"{\"a\": {\"b\": 1}}\n":          `the value of "a" is a list or an object`,
		"{\"a\": 1, \"a\": 2}\n":         `the key "a" occurs twice`,
		"{\"a\": 1} {\"a\": 2}\n":        "stands after the object",
		"{\"a\": 1,\n\"b\": 2}\n":        "the line ends within its object",
		"{\"a\": NaN}\n":                 "no JSON",
		"{\"a\": \"\xff\"}\n":            "not UTF-8",
		"{\"a\": 1}\n{\"a\": tru}\n":     "t.jsonl:2:",
		"{}\n":                           "there is no value in it",
		"":                               "there is no value in it",
		strings.Repeat("[", 1e6) + "\n{": "each line must hold an object",
	} {
		table, err := jsonTable(text, 1)
		for err == nil {
			_, err = table.Next()
		}
		assert.ErrorContains(t, err, want, "%.60s", text)
		assert.ErrorContains(t, err, "t.jsonl", "%.60s", text)
	}
}

func FuzzJSONLines(f *testing.F) {
	f.Add("{\"a\": 1, \"b\": \"x\"}\n{\"a\": null}\n")
	f.Add("{\"a\":{}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, lookahead := range []int{1, 3} {
			table, err := jsonTable(text, lookahead)
			for err == nil {
				var cells []string
				if cells, err = table.Next(); err == nil {
					require.Len(t, cells, len(table.Header))
					require.Positive(t, table.Place(0).Column)
				}
			}
			if err != io.EOF {
				require.ErrorContains(t, err, "t.jsonl")
			}
		}
	})
}

// Where it is said which columns are wanted, other keys are of no interest, and of a pipe one may be missing at first.
func TestExpectedColumns(t *testing.T) {
	const text = "{\"a\": 1}\n{\"b\": 2, \"c\": 3}\n"
	table, err := jsonTable(text, 1)
	require.NoError(t, err)
	table.Expect([]string{"b", "a"})
	assert.Equal(t, []string{"a", "b"}, table.Header)
	first, err := table.Next()
	require.NoError(t, err)
	assert.Equal(t, []string{"1", ""}, first)
	second, err := table.Next()
	require.NoError(t, err)
	assert.Equal(t, []string{"", "2"}, second)

	table, err = jsonTable(text, 3)
	require.NoError(t, err)
	table.Expect([]string{"d"})
	assert.Equal(t, []string{"a", "b", "c"}, table.Header, "a file would have named it")
}

// The line that Excel takes the separator from is none of the table.
func TestSeparatorForExcel(t *testing.T) {
	for _, sep := range []rune{0, ';'} {
		table, err := NewCSV(strings.NewReader("sep=;\r\na;b\r\n1;2\r\n"), "t.csv", Layout{Sep: sep})
		require.NoError(t, err)
		assert.Equal(t, []string{"a", "b"}, table.Header)
		cells, err := table.Next()
		require.NoError(t, err)
		assert.Equal(t, []string{"1", "2"}, cells)
		assert.Equal(t, "t.csv:3:3", table.Place(1).String())
	}
	_, err := NewCSV(strings.NewReader("sep=;\n"), "t.csv", Layout{})
	assert.ErrorContains(t, err, "nothing after its first line")
	table, err := NewCSV(strings.NewReader("sep=,b\n1,2\n"), "t.csv", Layout{})
	require.NoError(t, err)
	assert.Equal(t, []string{"sep=", "b"}, table.Header)
}
