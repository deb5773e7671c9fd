package dataset

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// inspectText looks at a table of the target y.
func inspectText(t *testing.T, text string, change ...func(*Inspection)) (*Summary, error) {
	t.Helper()
	q := Inspection{Data: []string{writeFile(t, "t.csv", text)}, Select: Select{Target: []string{"y"}}}
	for _, c := range change {
		c(&q)
	}
	return Inspect(q)
}

// goalOf is what a target of these cells seems to be.
func goalOf(t *testing.T, cells []string, change ...func(*Inspection)) (Goal, error) {
	t.Helper()
	s, err := inspectText(t, "a,y\n"+strings.Join(numbered(cells), ""), change...)
	if err != nil {
		return Goal{}, err
	}
	return s.Goals[0], nil
}

// numbered are rows of a number and a target.
func numbered(cells []string) []string {
	rows := make([]string, len(cells))
	for i, cell := range cells {
		rows[i] = fmt.Sprintf("%g,%s\n", float64(i*i)+0.5, cell)
	}
	return rows
}

func repeated(times int, cells ...string) []string {
	var all []string
	for range times {
		all = append(all, cells...)
	}
	return all
}

// Features are of the kinds that training finds, and make as many values.
func TestInspectFeatures(t *testing.T) {
	var b strings.Builder
	b.WriteString(",area,heat,city,same,void,key,y\n")
	for i := range 60 {
		fmt.Fprintf(&b, "%d,%g,%s,c%d,7,,k%d,%g\n", i, 0.5*float64(i%9), []string{"gas", "oil", "NA", ""}[i%4], i%55, i, 1.5*float64(i))
	}
	s, err := inspectText(t, b.String())
	require.NoError(t, err)
	assert.Equal(t, 60, s.Rows)
	assert.Equal(t, 6, s.HeldOut)
	assert.Equal(t, []string{"the first column (without a name) counts the rows and is left out"}, s.Notes)
	names := map[string]Feature{}
	for _, f := range s.Features {
		names[f.Name] = f
	}
	assert.Len(t, names, 6)
	assert.Equal(t, Feature{Name: "area", Shown: "area", Kind: data.KindNumber, Width: 1}, names["area"])
	assert.Equal(t, Feature{Name: "heat", Shown: "heat", Kind: data.KindClass, Width: 3, Missing: 15, Texts: []string{"NA", "gas", "oil"}}, names["heat"])
	assert.Equal(t, data.KindIndex, names["city"].Kind, "more texts than indicators")
	assert.Len(t, names["city"].Texts, 55)
	assert.False(t, names["city"].Unique)
	assert.True(t, names["key"].Unique)
	assert.True(t, names["same"].Constant)
	assert.Equal(t, Feature{Name: "void", Shown: "void", Missing: 60}, names["void"])
}

// Where an indicator of missing values is asked for, it counts as training counts it: by the rows that train.
func TestInspectWidthsAreThoseOfTraining(t *testing.T) {
	for _, missing := range []int{0, 1, 17, 44, 59} {
		rows := numbered(repeated(20, "red", "green", "blue"))
		rows[missing] = strings.Replace(rows[missing], rows[missing][:strings.IndexByte(rows[missing], ',')], "", 1)
		text := "a,y\n" + strings.Join(rows, "")
		s, err := inspectText(t, text, func(q *Inspection) { q.MissingIndicator = true })
		require.NoError(t, err)
		assert.Equal(t, 1, s.Features[0].Missing)
		_, err = loadText(t, text, s.Features[0].Width, func(q *Training) {
			q.Valid, q.Targets, q.MissingIndicator = "", classOf(3), true
		})
		assert.NoError(t, err)
	}
}

// What a target seems to be.
func TestInspectGoals(t *testing.T) {
	for _, tt := range []struct {
		what    string
		cells   []string
		kind    data.TargetKind
		classes []string
		counts  []int
	}{
		{"texts", repeated(4, "red", "green", "blue"), data.Class, []string{"blue", "green", "red"}, []int{4, 4, 4}},
		{"two texts", []string{"yes", "no", "yes"}, data.Flag, []string{"no", "yes"}, []int{1, 2}},
		{"NA among texts", []string{"yes", "NA", "yes"}, data.Flag, []string{"NA", "yes"}, []int{1, 2}},
		{"0 and 1", []string{"0", "1", "1"}, data.Flag, []string{"0", "1"}, []int{1, 2}},
		{"0 and 1 in two ways", []string{"0.0", "1", "1.0"}, data.Flag, []string{"0", "1"}, []int{1, 2}},
		{"-1 and 1", []string{"-1", "1", "1"}, data.Flag, []string{"-1", "1"}, []int{1, 2}},
		{"1 and 2", []string{"2", "1", "1"}, data.Flag, []string{"1", "2"}, []int{2, 1}},
		{"1 and 2 in two ways", []string{"2", "1", "1.0"}, data.Quantity, nil, nil},
		{"from 0 on", repeated(3, "0", "1", "2", "2"), data.Class, []string{"0", "1", "2"}, []int{3, 3, 6}},
		{"from 1 on", repeated(3, "1", "3", "2", "2"), data.Class, []string{"1", "2", "3"}, []int{3, 6, 3}},
		{"with a hole", repeated(3, "0", "1", "3"), data.Quantity, nil, nil},
		{"from 3 on", repeated(9, "3", "4", "5"), data.Quantity, nil, nil},
		{"few of each", []string{"0", "1", "2"}, data.Quantity, nil, nil},
		{"fractions", []string{"0.5", "1", "2.25"}, data.Quantity, nil, nil},
	} {
		g, err := goalOf(t, tt.cells)
		if assert.NoError(t, err, tt.what) {
			assert.Equal(t, tt.kind, g.Kind, tt.what)
			assert.Equal(t, tt.classes, g.Classes, tt.what)
			assert.Equal(t, tt.counts, g.Counts, tt.what)
		}
	}
	g, err := goalOf(t, repeated(3, "0", "1", "2"), func(q *Inspection) { q.Number = []string{"y"} })
	require.NoError(t, err)
	assert.Equal(t, data.Quantity, g.Kind, "said to be numbers")
	assert.Equal(t, []float64{0, 2, 1, 1}, []float64{g.Min, g.Max, g.Mean, g.Median})
	assert.True(t, g.Whole)
	assert.Equal(t, 3, g.Different)
	g, err = goalOf(t, []string{"1.5", "", "3", "NA", "8"}, func(q *Inspection) { q.SkipMissingTarget = true })
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1.5, 8, 12.5 / 3, 3}, []float64{g.Min, g.Max, g.Mean, g.Median}, 1e-12)
}

// Among texts NA is one, where rows without a target are left out too; of a pipe that is known too late.
func TestInspectNAAmongTexts(t *testing.T) {
	const text = "a,y\n1,red\n2,NA\n3,blue\n4,\n5,NA\n"
	skip := func(q *Inspection) { q.SkipMissingTarget = true }
	s, err := inspectText(t, text, skip)
	require.NoError(t, err)
	assert.Equal(t, 4, s.Rows)
	assert.Equal(t, []string{"NA", "blue", "red"}, s.Goals[0].Classes)
	assert.Equal(t, []int{2, 1, 1}, s.Goals[0].Counts)

	r, w, err := os.Pipe()
	require.NoError(t, err)
	stdin := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = stdin }()
	_, err = w.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	_, err = inspectText(t, "", skip, func(q *Inspection) { q.Data = []string{format.Stdin} })
	assert.ErrorContains(t, err, `stdin:3:3: column "y": "NA" would be a class of its own (see also "NA" in line 6)`)
}

// What training would refuse is refused, and so is what nothing can be learnt from.
func TestInspectErrors(t *testing.T) {
	skip := func(q *Inspection) { q.SkipMissingTarget = true }
	var many, prices []string
	for i := range 40 {
		prices = append(prices, fmt.Sprintf("$%d", i))
		many = append(many, fmt.Sprintf("text %d", i))
	}
	for _, tt := range []struct {
		cells []string
		say   []func(*Inspection)
		want  string
	}{
		{[]string{"1", "", "3"}, nil, `t.csv:3:5: column "y": the value is missing: a row without a target cannot be learned from`},
		{[]string{"red", "", "blue"}, nil, `t.csv:3:5: column "y": the value is missing`},
		{[]string{"red", "NA", "NA", "NA", "NA", "NA", ""}, nil, `column "y": there are empty cells`},
		{[]string{"1", "2", "3,4"}, nil, `t.csv`},
		{[]string{"1", "2", "n/k", "4"}, nil, `column "y": "n/k" is not a number: 3 of 4 cells are numbers`},
		{[]string{"1", "2", "inf"}, nil, `"inf" is not a finite number`},
		{[]string{"7", "7", "7"}, nil, `t.csv: column "y" is 7 in every row: there is nothing to learn`},
		{[]string{"red", "red"}, nil, `column "y" is "red" in every row`},
		{[]string{"", ""}, []func(*Inspection){skip}, "t.csv: no row has a target"},
		{[]string{"0", "NA", "1"}, []func(*Inspection){skip}, `t.csv:3:5: column "y": "NA" would be a class of its own: empty such cells`},
		{prices, nil, `40 different texts in 40 rows, such as $0, $1, $2: accept them as numbers with --number y`},
		{many, nil, `40 different texts in 40 rows, such as text 0, text 1, text 2: neither`},
	} {
		_, err := goalOf(t, tt.cells, tt.say...)
		assert.ErrorContains(t, err, tt.want)
	}
	_, err := inspectText(t, "a,b,y\n1,x,1\n2,1,2\nz,3,2\n", func(q *Inspection) { q.Target = nil })
	assert.ErrorContains(t, err, "which column is the target? Name it with --target, perhaps --target y (the columns are a, b, y)")
	var usage UsageError
	assert.ErrorAs(t, err, &usage)
	_, err = inspectText(t, "first name,last\n1,2\n", func(q *Inspection) { q.Target = nil })
	assert.ErrorContains(t, err, "perhaps --target last (")
	_, err = inspectText(t, "a,b,y\n1,x,1\n2,1,2\nz,3,2\n")
	assert.ErrorContains(t, err, `t.csv:4:1: column "a": "z" is not a number`)
	assert.ErrorContains(t, err, `t.csv:2:3: column "b": "x" is not a number`, "all at once")
	_, err = inspectText(t, "a,y\n")
	assert.ErrorContains(t, err, "there is a header but no row")
	_, err = Inspect(Inspection{Data: []string{writeFile(t, "a.npy", "\x93NUMPY")}, Select: Select{Target: []string{"y"}}})
	assert.ErrorContains(t, err, "holds arrays, and this needs a table")
	_, err = Inspect(Inspection{Data: []string{writeFile(t, "a.jsonl", "{}\n{}\n")}})
	assert.Error(t, err)
	_, err = Inspect(Inspection{})
	assert.ErrorContains(t, err, "no data")
}

// Texts that a flag would take as numbers are classes of a target, which is told; as features they are an error.
func TestInspectNumbersAsPeopleWriteThem(t *testing.T) {
	s, err := inspectText(t, "a,y\n1,5%\n2,6%\n3,7%\n")
	require.NoError(t, err)
	assert.Equal(t, "--number y", s.Goals[0].NumberBy)
	assert.Equal(t, data.Class, s.Goals[0].Kind)
	_, err = inspectText(t, "a,b,y\n\"1,000\",$5,1\n\"2,500\",$6,2\n\"3,000\",$7,3\n")
	assert.ErrorContains(t, err, `t.csv:2:1: column "a": "1,000" is not a number`)
	assert.ErrorContains(t, err, "--thousands ,")
	assert.ErrorContains(t, err, `"$5" is not a number`)
}

// Several files are one table, and one file may be JSON lines.
func TestInspectSeveralFiles(t *testing.T) {
	csv, lines := writeFile(t, "a.csv", "a,y\n1,2\n3,7\n"), writeFile(t, "b.jsonl", "{\"y\": 5, \"a\": 4}\n")
	s, err := Inspect(Inspection{Data: []string{csv, lines}, Select: Select{Target: []string{"y"}}})
	require.NoError(t, err)
	assert.Equal(t, 3, s.Rows)
	assert.Equal(t, []float64{2, 7, 5}, []float64{s.Goals[0].Min, s.Goals[0].Max, s.Goals[0].Median})
}

// Whatever the table, a model that is made by what Inspect says of it takes the table as it is trained.
func TestInspectAgreesWithTraining(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	cells := [][]string{
		{"1", "2.5", "-3", "4e2", "", "NA"},
		{"0", "1", "1.0"},
		{"red", "green", "blue", "NA", "?", ""},
		{"yes", "no", "Yes"},
		{"7"},
		{"0", "1", "2", "2"},
		{"1", "2", "3", "x"},
		{"a", "1", "b", "2", "c"},
		{"", "NA"},
		{"$1", "$2", "3"},
	}
	agreed := 0
	for range 600 {
		rows, columns := 2+r.IntN(80), 1+r.IntN(4)
		kinds := make([][]string, columns+1)
		var b strings.Builder
		for i := range columns {
			kinds[i] = cells[r.IntN(len(cells))]
			fmt.Fprintf(&b, "c%d,", i)
		}
		kinds[columns] = cells[r.IntN(len(cells))]
		b.WriteString("y\n")
		for range rows {
			for i, kind := range kinds {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteString(kind[r.IntN(len(kind))])
			}
			b.WriteByte('\n')
		}
		how := Reading{SkipMissingTarget: r.IntN(2) == 0, MissingIndicator: r.IntN(2) == 0}
		s, err := inspectText(t, b.String(), func(q *Inspection) { q.Reading = how })
		if err != nil {
			continue
		}
		width, drop := 0, []string(nil)
		for _, f := range s.Features {
			if f.Kind == "" {
				drop = append(drop, f.Name)
			}
			width += f.Width
		}
		g := s.Goals[0]
		targets := map[data.TargetKind][]data.Port{data.Quantity: regression(1), data.Flag: yesOrNo, data.Class: classOf(len(g.Classes))}[g.Kind]
		if width == 0 {
			continue
		}
		l, err := loadText(t, b.String(), width, func(q *Training) {
			q.Reading, q.Targets, q.Valid, q.Drop = how, targets, "", drop
		})
		if !assert.NoError(t, err, "%s", b.String()) {
			return
		}
		held := 0
		if l.Valid != nil {
			held = l.Valid.Rows()
		}
		assert.Equal(t, []int{s.Rows, s.HeldOut}, []int{l.Train.Rows() + held, held})
		agreed++
	}
	assert.Greater(t, agreed, 100)
}

// A column counts where every row has one more than the row before, whatever it begins with.
func TestInspectCounters(t *testing.T) {
	s, err := inspectText(t, "up,gap,down,half,y\n7,1,3,1.5,1\n8,2,2,2.5,4\n9,4,1,3.5,2\n")
	require.NoError(t, err)
	for _, f := range s.Features {
		assert.Equal(t, f.Name == "up", f.Counts, f.Name)
	}
}

func TestInspectProse(t *testing.T) {
	var b strings.Builder
	b.WriteString("a,name,y\n")
	for i := range 10 {
		fmt.Fprintf(&b, "%s %d it's good,Mr. A. B%d,%d\n", strings.TrimSpace(strings.Repeat("word ", 4+i)), i, i, i*i)
	}
	s, err := inspectText(t, b.String())
	require.NoError(t, err)
	// The nine shorter ones of the ten texts have 12 times "word" at most, and three others; of all words, "word", "it's" and
	// "good" occur again.
	assert.Equal(t, &Prose{Kind: data.Words, Length: 15, Known: 3}, s.Features[0].Prose)
	assert.Nil(t, s.Features[1].Prose, "names are no prose")
}

func TestInspectRunning(t *testing.T) {
	s, err := InspectRunning(writeFile(t, "t.txt", "ba\r\nab\r\n"), "")
	require.NoError(t, err)
	assert.Equal(t, []any{6, 3, 3, `\nab`}, []any{s.Symbols, s.Different, s.Vocabulary, s.List})
	assert.Len(t, s.Notes, 1)
	for name, text := range map[string]string{
		"t.csv": "a b c\n", "t.jsonl.gz": "{}", "cells.txt": "a,b\n1,2\n3,4\n", "tab.txt": "a\tb\n1\t2\n", "t.npy": string(npyText(t, labels)),
	} {
		s, err := InspectRunning(writeFile(t, name, text), "")
		assert.NoError(t, err)
		assert.Nil(t, s, name)
	}
	for _, text := range []string{"a, b\nc\n", "one line, with a comma", "no\ncells\nhere\n", "a,b\nc,d\n\ne,f,g\n",
		"Ten green bottles, hanging on the wall,\nten green bottles, standing in the hall,\n", "First; then the second\nnow; then what is to come\n"} {
		s, err := InspectRunning(writeFile(t, "t.txt", text), "")
		assert.NoError(t, err)
		assert.NotNil(t, s, text)
	}
	_, err = InspectRunning(writeFile(t, "t.txt", ""), "")
	assert.ErrorContains(t, err, "t.txt: the file is empty")
	_, err = InspectRunning(writeFile(t, "t.txt", "a\xff"), "")
	assert.ErrorContains(t, err, "t.txt:1:2: the byte <FF>")
	s, err = InspectRunning(writeFile(t, "t.txt", "a\xffa\r\n"), "byte")
	require.NoError(t, err)
	assert.Equal(t, &RunningSummary{Name: s.Name, Shown: s.Shown, Kind: data.Bytes, Symbols: 5, Different: 4, Vocabulary: 256}, s)
	_, err = InspectRunning(writeFile(t, "t.txt", "a b"), "word")
	assert.ErrorContains(t, err, "--tokens word: a text that a model continues is one of characters or bytes")
}
