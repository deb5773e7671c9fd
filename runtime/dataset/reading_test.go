package dataset

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// loadText loads a table of the target y.
func loadText(t *testing.T, text string, width int, change ...func(*Training)) (*Loaded, error) {
	t.Helper()
	q := Training{
		Data: []string{writeFile(t, "t.csv", text)}, Select: Select{Target: []string{"y"}}, Valid: "0", Scale: data.ScaleNone,
		Inputs: features(width), Targets: regression(1),
	}
	for _, c := range change {
		c(&q)
	}
	return Load(q)
}

// A missing value is the mean, whether the cell is empty or says NA; the count is told.
func TestMissingValues(t *testing.T) {
	const text = "a,k,y\n1,NA,1\nNA,x,2\n,NA,3\n4,x,4\n?,x,5\n"
	l, err := loadText(t, text, 3)
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []float32{
		1, 1, 0,
		2.5, 0, 1,
		2.5, 1, 0,
		4, 0, 1,
		2.5, 0, 1,
	}, in[0].Float, "in a column of texts NA is a text")
	assert.Equal(t, []string{"a: 3 of 5 values are missing: the mean, 2.5, stands for them"}, l.Notes)

	l, err = loadText(t, text, 4, func(q *Training) { q.MissingIndicator = true })
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []float32{1, 0, 2.5, 1}, []float32{in[0].Float[0], in[0].Float[1], in[0].Float[4], in[0].Float[5]})
	stored, err := l.Codec.Text()
	require.NoError(t, err)
	again, err := data.ParseCodec([]byte(stored))
	require.NoError(t, err)
	row := make([]float32, 4)
	require.NoError(t, again.Encode(row, []string{"n/a", "x"}))
	assert.Equal(t, []float32{2.5, 1, 0, 1}, row)

	own := func(missing ...string) func(*Training) {
		return func(q *Training) { q.Writing = &data.Writing{Missing: missing} }
	}
	l, err = loadText(t, "a,y\n1,1\n999,2\n3,3\nnone,4\n", 1, own("999", "none"))
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []float32{1, 2, 3, 2}, in[0].Float)
	_, err = loadText(t, "a,y\n1,1\nNA,2\n3,3\n", 1, own("999"))
	assert.ErrorContains(t, err, `t.csv:3:1: column "a": "NA" is not a number: 2 of 3 cells are numbers`)
}

// A column is one of numbers if at least half of its cells that are not missing are.
func TestKindsOfColumns(t *testing.T) {
	_, err := loadText(t, "a,y\n1,1\nb,2\nc,3\nNA,4\n", 4)
	assert.NoError(t, err, "one of three: texts, NA among them")
	_, err = loadText(t, "a,y\n1,1\nb,2\nNA,4\n,5\n", 1)
	assert.ErrorContains(t, err, `t.csv:3:1: column "a": "b" is not a number: 1 of 2 cells are numbers`)
	_, err = loadText(t, "a,y\n1,1\nb,2\n", 2, func(q *Training) { q.Text = []string{"a"} })
	assert.NoError(t, err, "said to be texts")
	l, err := loadText(t, "a,y\n$1,1\n5 %,2\nsoon,3\n", 1, func(q *Training) { q.Number = []string{"a"} })
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []float32{1, 5, 3}, in[0].Float)
	assert.Equal(t, []string{`a: 1 of 3 values are missing (1 no numbers, such as "soon"): the mean, 3, stands for them`}, l.Notes)
	row := make([]float32, 1)
	require.NoError(t, l.Codec.Encode(row, []string{"7 km"}), "and so it is in prediction")
	assert.Equal(t, float32(7), row[0])

	// What would accept the cells is named.
	for cell, flag := range map[string]string{
		`"1,234.5"`: "--thousands ,", `"0,5"`: "--decimal ,", "$5": "--number 'a b'", "5%": "--number 'a b'", "−5": "--number 'a b'",
	} {
		_, err = loadText(t, "a b,y\n1,1\n2,2\n"+cell+",3\n", 1)
		assert.ErrorContains(t, err, "t.csv:4:1: ")
		assert.ErrorContains(t, err, "accept it with "+flag)
	}
	l, err = loadText(t, "a;y\n1.000,5;1\n2;2\n", 1, func(q *Training) {
		q.Sep, q.Writing = ';', &data.Writing{Decimal: ",", Thousands: "."}
	})
	require.NoError(t, err)
	in, _ = gather(l.Train)
	assert.Equal(t, []float32{1000.5, 2}, in[0].Float)
}

// All mistakes of the columns come at once.
func TestProblemsComeTogether(t *testing.T) {
	_, err := loadText(t, "a,b,c,y\n1,x,1,1\n2,2,1,\n\"3,5\",3,inf,3\n", 3)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 4)
	for i, want := range []string{`:4:1: column "a"`, `:2:3: column "b"`, `:4:9: column "c"`, `:3:7: column "y"`} {
		assert.Contains(t, lines[i], want)
	}
	_, err = loadText(t, "a,b,y\n1,2,3\n", 1, func(q *Training) { q.Drop, q.ID, q.Target = []string{"c"}, []string{"d"}, []string{"z"} })
	require.Error(t, err)
	for _, want := range []string{`no column "c"`, `no column "d"`, `no column "z"`} {
		assert.ErrorContains(t, err, want)
	}
}

// Numbers that only a flag accepts are no texts, though every cell is one; names that hold digits are.
func TestColumnsWrittenOtherwise(t *testing.T) {
	for cells, want := range map[string]string{
		"\"1,5\" 2 \"0,25\"":      "accept it with --decimal ,; or take the column as texts with --text a",
		"\"1,234\" 5 \"1,000\"":   "accept it with --thousands ,; or",
		"$5 NA $7":                "accept it with --number a; or",
		"5% 7.5% 3%":              "accept it with --number a; or",
		"\u22125 \u22126 \u22127": "accept it with --number a; or",
		"\"$1,234.5\" $5 $6":      "accept it with --thousands , --number a; or",
		"A1 B2 A1":                "",
		"2024-01-02 2024-02-03 x": "",
		"5doors 3doors 5doors":    "",
	} {
		c := strings.Fields(cells)
		text := fmt.Sprintf("a,y\n%s,1\n%s,2\n%s,3\n", c[0], c[1], c[2])
		_, err := loadText(t, text, 1, func(q *Training) { q.Inputs = []data.Port{{Name: "f", Shape: []int{len(distinct(c))}}} })
		if want == "" {
			assert.NoError(t, err, "%s", cells)
			continue
		}
		assert.ErrorContains(t, err, `t.csv:2:1: column "a": `, "%s", cells)
		assert.ErrorContains(t, err, want, "%s", cells)
		_, err = loadText(t, text, 3, func(q *Training) { q.Text = []string{"a"} })
		assert.NoError(t, err, "%s", cells)
	}
	_, err := loadText(t, "a,y\n1,\"1,5\"\n2,\"2,5\"\n", 1)
	assert.ErrorContains(t, err, `t.csv:2:3: column "y": "1,5" is not a number (see also "2,5" in line 3): accept it with --decimal ,; this target is a quantity`)
}

func distinct(cells []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(cells)))
}

// Rows are left out of columns of many different texts too, and do not keep an index from being one.
func TestMissingTargetsBesideNumbersAndAnIndex(t *testing.T) {
	text := ",a,y\n"
	for i := range 60 {
		switch i {
		case 20, 55:
			text += fmt.Sprintf("%d,%d,\n", i, i*i)
		case 56:
			text += fmt.Sprintf("%d,,%d\n", i, i)
		default:
			text += fmt.Sprintf("%d,%d,%d\n", i, i*i, i)
		}
	}
	_, err := loadText(t, text, 1)
	assert.ErrorContains(t, err, `t.csv:22:8: column "y": the value is missing (see also an empty cell in line 57): a row without`)
	l, err := loadText(t, text, 1, func(q *Training) { q.SkipMissingTarget, q.Valid = true, "0" })
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, l.Codec.Columns())
	assert.Equal(t, 58, l.Train.Rows())
	_, targets := gather(l.Train)
	assert.Equal(t, []float32{19, 21}, targets[0].Float[19:21])
	assert.Equal(t, []float32{54, 56, 57}, targets[0].Float[53:56])
}

// A column without a name that counts the rows is pandas' index. One that nothing asks for may be anything.
func TestIndexColumns(t *testing.T) {
	l, err := loadText(t, ",a,y\n7,5,1\n8,3,2\n9,4,3\n", 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, l.Codec.Columns())
	assert.Equal(t, []string{"the first column (without a name) counts the rows and is left out"}, l.Notes)
	l, err = loadText(t, "Unnamed: 0,a,y\n0,5,1\n1,3,2\n", 1)
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, l.Codec.Columns())
	l, err = loadText(t, "Unnamed: 0,a,y\n3,5,1\n1,3,2\n", 2)
	require.NoError(t, err, "this one counts nothing")
	assert.Equal(t, []string{"Unnamed: 0", "a"}, l.Codec.Columns())
	assert.Equal(t, []string{"Unnamed: 0 is a feature: if it is the index of pandas, leave it out with --drop 'Unnamed: 0'"}, l.Notes)
	l, err = loadText(t, "a,y,\n5,1,\n3,2,\n", 1)
	require.NoError(t, err, "a spreadsheet's trailing comma")
	assert.Equal(t, []string{"column 3 has neither a name nor a value and is left out"}, l.Notes)
	_, err = loadText(t, "a,,y\n1,5,1\n2,3,2\n", 2)
	assert.ErrorContains(t, err, "t.csv:1:3: column 2 has no name: name it, choose the others with --features, or leave it out with --drop ''")
	_, err = loadText(t, ",y\n,1\n", 1)
	assert.ErrorContains(t, err, "no column is left as a feature")
	for _, change := range []func(*Training){
		func(q *Training) { q.Features = []string{"a"} }, func(q *Training) { q.Drop = []string{""} },
	} {
		_, err = loadText(t, ",a,y\n3,5,1\n3,3,2\n", 1, change)
		assert.NoError(t, err)
	}
	_, err = loadText(t, "a,b,a,y\n1,2,3,4\n", 1, func(q *Training) { q.Features = []string{"b"} })
	assert.NoError(t, err)
	_, err = loadText(t, "a,b,a,y\n1,2,3,4\n", 3)
	assert.ErrorContains(t, err, `t.csv:1:5: columns 1 and 3 are both named "a"`)
	_, err = loadText(t, "a,b,a,y\n1,2,3,4\n", 1, func(q *Training) { q.Features = []string{"a"} })
	assert.ErrorContains(t, err, `t.csv:1:5: --features: columns 1 and 3 are both named "a": rename one`)

	rows := ""
	for i := range 12 {
		rows += fmt.Sprintf("%d,%d,1\n", i+100, i*i)
	}
	l, err = loadText(t, "house no,a,y\n"+rows, 2)
	require.NoError(t, err)
	require.Len(t, l.Notes, 1)
	assert.Contains(t, l.Notes[0], "house no counts the rows: if it is no feature, leave it out with --drop 'house no'")
}

// Rows without a target are an error, or left out where that is asked for.
func TestMissingTargets(t *testing.T) {
	const text = "a,y\n1,1\n2,\n3,NA\n4,4\n"
	_, err := loadText(t, text, 1)
	assert.ErrorContains(t, err, `t.csv:3:3: column "y": the value is missing (see also "NA" in line 4): a row without a target cannot be learned from; leave such rows out with --skip-missing-target`)
	l, err := loadText(t, text, 1, func(q *Training) { q.SkipMissingTarget = true })
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{1, 4}, in[0].Float)
	assert.Equal(t, []float32{1, 4}, out[0].Float)
	assert.Equal(t, []string{"2 rows without a target left out, of 4"}, l.Notes)
	_, err = loadText(t, "a,y\n1,\n", 1, func(q *Training) { q.SkipMissingTarget = true })
	assert.ErrorContains(t, err, "no row has a target")
	_, err = loadText(t, "a,y\n1,\n2,x\n1,1\n1,2\n", 1, func(q *Training) { q.SkipMissingTarget = true })
	assert.ErrorContains(t, err, `t.csv:3:3: column "y": "x" is not a number`)

	r, err := OpenRows(Rows{Data: []string{writeFile(t, "e.csv", text)}, Reading: Reading{SkipMissingTarget: true}, Inputs: features(1), Targets: regression(1), Judge: true}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	set, err := r.ReadAll(features(1), regression(1))
	require.NoError(t, err)
	assert.Equal(t, 2, set.Rows())
	assert.Equal(t, []string{"2 rows without a target left out"}, r.Remarks())
}

// Targets that have the names of columns take these in whatever order --target has.
func TestTargetsByName(t *testing.T) {
	both := []data.Port{{Name: "low", Shape: []int{1}, Judged: byMSE}, {Name: "high", Int: true, Limit: 2, Judged: byCrossEntropy}}
	for _, order := range [][]string{{"low", "high"}, {"high", "low"}} {
		l, err := Load(Training{
			Data: []string{writeFile(t, "t.csv", "x,high,low\n1,a,5\n2,b,6\n")}, Select: Select{Target: order}, Scale: data.ScaleNone,
			Inputs: features(1), Targets: both,
		})
		require.NoError(t, err)
		_, out := gather(l.Train)
		assert.Equal(t, []float32{5, 6}, out[0].Float)
		assert.Equal(t, []int32{0, 1}, out[1].Int)
		assert.Equal(t, []string{"low"}, l.Codec.Targets()[0].Names())
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "e.csv", "high,low,x\nb,7,1\n")}, Select: Select{Target: order}, Inputs: features(1), Targets: both, Judge: true}, l.Codec)
		require.NoError(t, err)
		defer r.Close()
	}
}

// A text that training never saw is counted, or refused.
func TestUnseenTexts(t *testing.T) {
	l, err := loadText(t, "k,y\na,1\nb,2\n", 2)
	require.NoError(t, err)
	open := func(refuse bool) *RowReader {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "n.csv", "k\na\nc\n\nd\nc\n")}, Reading: Reading{RefuseUnseen: refuse}, Inputs: features(2), Targets: regression(1)}, l.Codec)
		require.NoError(t, err)
		t.Cleanup(func() { r.Close() })
		return r
	}
	r := open(false)
	set, err := r.ReadAll(features(2), nil)
	require.NoError(t, err)
	in, _ := gather(set)
	assert.Equal(t, []float32{1, 0, 0, 0, 0, 0, 0, 0, 0, 0}, in[0].Float)
	assert.Equal(t, []string{"k: 1 value missing: all indicators 0", "k: 3 cells of a text that training never saw (c, d): all indicators 0"}, r.Remarks())
	_, err = open(true).ReadAll(features(2), nil)
	assert.ErrorContains(t, err, `n.csv:3:1: column "k": "c" is a text that training never saw (it saw a, b)`)
}

// An input of integers takes texts by their place, and has one integer for texts never seen where its limit leaves it.
func TestIndicesOfTexts(t *testing.T) {
	const text = "city,y\nRome,1\nOslo,2\nRome,3\n"
	inputs := func(limit int) func(*Training) {
		return func(q *Training) {
			q.Inputs, q.Index = []data.Port{{Name: "city", Shape: []int{1}, Int: true, Limit: limit}}, []string{"city"}
		}
	}
	l, err := loadText(t, text, 0, inputs(3))
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []int32{1, 0, 1}, in[0].Int)
	assert.Equal(t, []string{"city as its place among 2 texts: Oslo, Rome", "target y: as they stand"}, l.Codec.Describe())
	stored, err := l.Codec.Text()
	require.NoError(t, err)
	again, err := data.ParseCodec([]byte(stored))
	require.NoError(t, err)
	block := []data.Block{{Int: make([]int32, 1)}}
	require.NoError(t, again.EncodeInputs(block, []string{"Lima"}))
	assert.Equal(t, int32(2), block[0].Int[0])

	l, err = loadText(t, text, 0, inputs(2))
	require.NoError(t, err)
	assert.ErrorContains(t, l.Codec.EncodeInputs(block, []string{"Lima"}), "make it 3")
	_, err = loadText(t, text, 0, inputs(1))
	assert.ErrorContains(t, err, `column "city" has 2 different texts, but its input takes integers below 1: write `+"`of 3`")
}

// Several tables are one, whatever the order of their columns; a line of JSON is a row.
func TestSeveralTables(t *testing.T) {
	a := writeFile(t, "a.csv", "a,b,y\n1,2,3\n")
	b := writeFile(t, "b.csv.gz", gzippedFile(t, "y,a,b\n6,4,5\n"))
	c := writeFile(t, "c.jsonl", "{\"b\": 8, \"a\": \"7\", \"y\": 9}\n\n{\"y\": 12, \"a\": null}\n")
	q := Training{
		Data: []string{a, b, c}, Select: Select{Target: []string{"y"}}, Valid: "0", Scale: data.ScaleNone,
		Inputs: features(2), Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{1, 2, 4, 5, 7, 8, 4, 5}, in[0].Float, "the last row's values are the means")
	assert.Equal(t, []float32{3, 6, 9, 12}, out[0].Float)

	for text, want := range map[string]string{
		"a,y\n1,2\n":         `d.csv: there is no column "b", which the first file has`,
		"a,b,c,y\n1,2,3,4\n": `d.csv: the first file has no column "c"`,
		"a,b,y\n1,x,3\n":     `d.csv:2:3: column "b": "x" is not a number`,
	} {
		q.Data = []string{a, b, writeFile(t, "d.csv", text)}
		_, err := Load(q)
		assert.ErrorContains(t, err, want)
	}
	q.Data = []string{a, a + "x"}
	_, err = Load(q)
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestTablesWithoutAHeader(t *testing.T) {
	l, err := loadText(t, "5|1\n6|2\n", 1, func(q *Training) {
		q.Layout, q.Target = format.Layout{Sep: '|', NoHeader: true}, []string{"2"}
	})
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{5, 6}, in[0].Float)
	assert.Equal(t, []float32{1, 2}, out[0].Float)
	assert.Equal(t, []string{"1"}, l.Codec.Columns())
}

// Each file of several may have an index of its own.
func TestIndexOfEachFile(t *testing.T) {
	a := writeFile(t, "a.csv", ",a,y\n0,5,1\n1,7,2\n")
	b := writeFile(t, "b.csv", ",a,y\n0,6,3\n1,9,4\n2,8,5\n")
	q := Training{Data: []string{a, b, a}, Select: Select{Target: []string{"y"}}, Valid: "0", Inputs: features(1), Targets: regression(1)}
	l, err := Load(q)
	require.NoError(t, err)
	assert.Equal(t, []string{"a"}, l.Codec.Columns())
	assert.Equal(t, 7, l.Train.Rows())
	q.Data = []string{a, writeFile(t, "c.csv", ",a,y\n5,6,3\n6,9,4\n")}
	_, err = Load(q)
	assert.ErrorContains(t, err, "a.csv:1:1: column 1 has no name")
	q.Data = []string{writeFile(t, "d.jsonl", "{\"\": 5, \"a\": 1, \"y\": 2}\n{\"\": 3, \"a\": 1, \"y\": 2}\n")}
	_, err = Load(q)
	assert.ErrorContains(t, err, "d.jsonl: column 1 has no name")
	_, err = loadText(t, "a,b,y\n"+strings.Repeat("10000000000000000,1,2\n1,2,3\n", 6)+"3,4,5\n", 2)
	assert.NoError(t, err)
	l, err = loadText(t, "a,b,y\n"+strings.Repeat("10000000000000000,1,2\n", 12), 2)
	require.NoError(t, err)
	assert.Empty(t, l.Notes, "such numbers count nothing: each is its successor, as float64 has it")
}

// What a flag says of the writing is added to what the weights know.
func TestFlagsBesideTheStoredWriting(t *testing.T) {
	l, err := loadText(t, "a,y\n\"1,5\",1\n999,2\n\"2,5\",3\n", 1, func(q *Training) {
		q.Writing = &data.Writing{Decimal: ",", Missing: []string{"999"}}
	})
	require.NoError(t, err)
	read := func(cell string, w data.Writing) (float32, error) {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "n.csv", "a\n"+cell+"\n")}, Reading: Reading{Writing: &w}, Inputs: features(1), Targets: regression(1)}, l.Codec)
		if err != nil {
			return 0, err
		}
		defer r.Close()
		set, err := r.ReadAll(features(1), nil)
		if err != nil {
			return 0, err
		}
		in, _ := gather(set)
		return in[0].Float[0], nil
	}
	v, err := read(`"1.000,5"`, data.Writing{Thousands: "."})
	require.NoError(t, err)
	assert.Equal(t, float32(1000.5), v)
	v, err = read("999", data.Writing{Thousands: "."})
	require.NoError(t, err)
	assert.Equal(t, float32(2), v, "still missing")
	v, err = read(`"0,5"`, data.Writing{Missing: []string{"none"}})
	require.NoError(t, err)
	assert.Equal(t, float32(0.5), v)
	_, err = read("1", data.Writing{Thousands: ","})
	assert.ErrorContains(t, err, "cannot stand both before a fraction and between thousands")
}

// In a class target of numbers NA is a missing value, among texts it is a class.
func TestMissingClasses(t *testing.T) {
	load := func(cells string, classes int, skip bool) (*Loaded, error) {
		return loadText(t, "a,y\n1,"+strings.ReplaceAll(cells, " ", "\n2,")+"\n", 1, func(q *Training) {
			q.Targets, q.SkipMissingTarget = classOf(classes), skip
		})
	}
	_, err := load("0 1 NA 1", 2, false)
	assert.ErrorContains(t, err, `t.csv:4:3: column "y": the value is missing: a row without a target cannot be learned from`)
	l, err := load("0 1 NA 1  0", 2, true)
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []int32{0, 1, 1, 0}, out[0].Int)
	assert.Equal(t, []float32{1, 2, 2, 2}, in[0].Float)
	l, err = load("DE NA US NA", 3, true)
	require.NoError(t, err)
	assert.Equal(t, []string{"DE", "NA", "US"}, l.Codec.Classes())

	// 1.0 is the class 1, as pandas writes it in a column with gaps.
	l, err = load("1 2 1", 2, false)
	require.NoError(t, err)
	r, err := OpenRows(Rows{Data: []string{writeFile(t, "n.csv", "a,y\n1,1.0\n2,2.0\n")}, Inputs: features(1), Targets: classOf(2), Judge: true}, l.Codec)
	require.NoError(t, err)
	defer r.Close()
	set, err := r.ReadAll(features(1), classOf(2))
	require.NoError(t, err)
	_, out = gather(set)
	assert.Equal(t, []int32{0, 1}, out[0].Int)
}

// The loss that suits is named where another does not.
func TestOtherLosses(t *testing.T) {
	target := func(ports []data.Port) func(*Training) { return func(q *Training) { q.Targets = ports } }
	_, err := loadText(t, "a,y\n1,x\n2,y\n3,z\n", 1, target(classOf(2)))
	require.ErrorContains(t, err, "has 3 classes (x, y, z) but the model gives 2 outputs: write `linear 3`")
	assert.NotContains(t, err.Error(), "the loss of")
	_, err = loadText(t, "a,y\n1,x\n2,y\n3,z\n", 1, target(yesOrNo))
	assert.ErrorContains(t, err, "the loss of 3 classes is `cross_entropy`, after `linear 3`")
	_, err = loadText(t, "a,y\n1,0.5\n2,1.5\n3,2.5\n4,3.5\n5,9\n", 1, target(classOf(2)))
	assert.ErrorContains(t, err, "if it is a quantity rather than a class, the loss is `mse`, after `linear 1`")
	_, err = loadText(t, "a,y\n1,0.2\n2,0.5\n3,0.2\n", 1, target(yesOrNo))
	assert.ErrorContains(t, err, "holds numbers between 0 and 1")
	_, err = loadText(t, "a,y\n1,red\n2,blue\n3,1\n", 1)
	assert.ErrorContains(t, err, "if its texts are classes, the loss is `cross_entropy`")
}

// What is said of tables is an error beside arrays.
func TestReadingOfArrays(t *testing.T) {
	path := arrayFile(t, "x.npy", facets)
	for want, how := range map[string]Reading{
		"--missing-indicator": {MissingIndicator: true}, "--skip-missing-target": {SkipMissingTarget: true},
		"--unseen": {RefuseUnseen: true}, "--thousands": {Writing: &data.Writing{Thousands: ","}}, "--sep": {Layout: format.Layout{Sep: ';'}},
	} {
		_, err := Load(Training{Data: []string{path}, Reading: how, Inputs: []data.Port{facts}})
		assert.ErrorContains(t, err, want)
		_, err = OpenRows(Rows{Data: []string{path}, Reading: how, Inputs: []data.Port{facts}}, nil)
		assert.ErrorContains(t, err, want)
	}
}

// A column that was said to be one of numbers and holds none is an error, not a column of means.
func TestNumberColumnsWithoutNumbers(t *testing.T) {
	_, err := loadText(t, "a,b,y\n\"$54,626\",1,1\n\"$1,000\",2,2\n", 2, func(q *Training) { q.Number = []string{"a"} })
	assert.ErrorContains(t, err, `t.csv:2:1: column "a": "$54,626" is not a number, signs aside, nor is any other cell (see also "$1,000" in line 3): accept it with --thousands , --number a`)
	_, err = loadText(t, "a,b,y\nred,1,1\nblue,2,2\n", 2, func(q *Training) { q.Number = []string{"a"} })
	assert.ErrorContains(t, err, "leave the column out with --drop a")
}

// A new head on other statistics keeps the columns by their names, where the table has them.
func TestStartFromWeights(t *testing.T) {
	first, err := loadText(t, "a,b,y\n1,10,1\n3,30,2\n", 2, func(q *Training) { q.Scale = "" })
	require.NoError(t, err)
	load := func(text string, change func(*Training)) (*Loaded, error) {
		return loadText(t, text, 2, func(q *Training) {
			q.Scale, q.From = "", &Start{Codec: first.Codec, File: "w.safetensors", Rescale: true, NewTargets: true}
			if change != nil {
				change(q)
			}
		})
	}
	l, err := load("b,a,y\n100,0,1\n300,8,2\n", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, l.Codec.Columns())
	assert.Equal(t, 4.0, l.Codec.Column(0).Mean, "of the new rows")
	l, err = load("c,a,y\n100,0,1\n300,8,2\n", nil)
	require.NoError(t, err)
	assert.Equal(t, []string{"c", "a"}, l.Codec.Columns())
	assert.Contains(t, l.Notes, "columns and statistics are those of these rows, not of w.safetensors")

	keep := func(q *Training) { q.From = &Start{Codec: first.Codec, File: "w.safetensors"} }
	_, err = load("b,y\n100,1\n300,2\n", keep)
	assert.ErrorContains(t, err, `the columns that --init w.safetensors was trained with: there is no column "a"`)
	_, err = load("a,b,y\n1,1,1\n2,3,2\n", func(q *Training) { keep(q); q.Drop = []string{"a"} })
	assert.ErrorContains(t, err, `column "a" is both in --drop and in the columns that --init w.safetensors was trained with`)
	for want, change := range map[string]func(*Training){
		"--missing-indicator": func(q *Training) { q.MissingIndicator = true },
		"--text a":            func(q *Training) { q.Text = []string{"a"} },
		"--number a":          func(q *Training) { q.Number = []string{"a"} },
	} {
		_, err = load("a,b,y\n1,1,1\n2,3,2\n", func(q *Training) { keep(q); change(q) })
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, err, "said by w.safetensors")
	}
}

// Whole groups may make fewer rows than were asked for, which is said.
func TestGroupsThatDoNotFit(t *testing.T) {
	text := "a,g,y\n" + strings.Repeat("1,big,1\n2,big,2\n", 5) + "3,small,1\n4,small,2\n"
	l, err := loadText(t, text, 1, func(q *Training) { q.Group, q.Valid = "g", "0.3" })
	require.NoError(t, err)
	assert.Equal(t, 2, l.Valid.Rows())
	assert.Contains(t, l.Notes, "2 rows held out, of 3 that were asked for: groups stay whole")
}
