package dataset

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// classCodec is the codec of a table whose target is one of three colours.
func classCodec(t *testing.T) *data.Codec {
	t.Helper()
	l, err := Load(Training{
		Data:   []string{writeFile(t, "t.csv", "size,colour\n1,red\n2,blue\n3,green\n")},
		Select: Select{Target: []string{"colour"}}, Inputs: features(1), Targets: classOf(3),
	})
	require.NoError(t, err)
	return l.Codec
}

func TestBadRowsToJudge(t *testing.T) {
	for name, tt := range map[string]struct {
		text, want string
		sel        Select
	}{
		"unseen class":   {text: "size,colour\n1,red\n2,pink\n", want: `%s:3:3: column "colour": "pink" is not a class that the model knows (blue, green, red)`},
		"empty target":   {text: "size,colour\n1,\n", want: `%s:2:3: column "colour": the value is missing`},
		"no target":      {text: "size,color\n1,red\n", want: `%s: there is no column "colour", did you mean "color"? (it is the target; the columns are size, color)`},
		"no feature":     {text: "colour\nred\n", want: `%s: there is no column "size"`},
		"another target": {text: "size,colour\n1,red\n", sel: Select{Target: []string{"size"}}, want: "%s: --target names size, but the weights were trained on the target colour"},
		"other features": {text: "size,age,colour\n1,2,red\n", sel: Select{Features: []string{"size", "age"}}, want: "%s: --features names size, age, but the weights were trained with size: leave --features out"},
		"input's other":  {text: "size,age,colour\n1,2,red\n", sel: Select{Features: []string{"features=age"}}, want: "%s: --features names age, but the weights were trained with size: leave --features out"},
		"dropped":        {text: "size,colour\n1,red\n", sel: Select{Drop: []string{"size"}}, want: "%s: --drop names size, but the weights were trained with it"},
		"text":           {text: "size,colour\nbig,red\n", want: `%s:2:1: column "size": "big" is not a number`},
		"no row":         {text: "size,colour\n", want: "%s: there is a header but no row"},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "rows.csv", tt.text)
			r, err := OpenRows(Rows{Data: []string{path}, Select: tt.sel, Inputs: features(1), Targets: classOf(3), Judge: true}, classCodec(t))
			if err == nil {
				defer r.Close()
				_, err = r.ReadAll(features(1), classOf(3))
			}
			assert.ErrorContains(t, err, strings.ReplaceAll(tt.want, "%s", path))
		})
	}
}

// The flags of training may stand again where the weights say the same.
func TestFlagsThatAgreeWithTheWeights(t *testing.T) {
	path := writeFile(t, "rows.csv", "size,note,colour\n1,x,red\n")
	for _, sel := range []Select{
		{Target: []string{"colour"}, Features: []string{"size"}},
		{Target: []string{"colour"}, Features: []string{"features=size"}},
		{Drop: []string{"note"}},
	} {
		r, err := OpenRows(Rows{Data: []string{path}, Select: sel, Inputs: features(1), Targets: classOf(3), Judge: true}, classCodec(t))
		require.NoError(t, err)
		require.NoError(t, r.Close())
	}
}

// Without a codec a table's numbers are taken as they stand.
func TestRawRows(t *testing.T) {
	for name, tt := range map[string]struct {
		text, want string
		sel        Select
		targets    []data.Port
		judge      bool
		x          []float32
		ints       []int32
	}{
		"to predict":        {text: "a,b\n1,2\n3,4\n", targets: classOf(3), x: []float32{1, 2, 3, 4}},
		"to judge":          {text: "a,k,b\n1,2,2\n3,0,4\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), judge: true, x: []float32{1, 2, 3, 4}, ints: []int32{2, 0}},
		"target not needed": {text: "a,k,b\n1,oops,2\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), x: []float32{1, 2}},
		"target not there":  {text: "a,b\n1,2\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), x: []float32{1, 2}},
		"dropped":           {text: "a,c,b\n1,x,2\n", sel: Select{Drop: []string{"c"}}, targets: classOf(3), x: []float32{1, 2}},
		"class index":       {text: "a,k,b\n1,0,2\n1,3,2\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), judge: true, want: `:3:3: column "k": class index 3 out of range [0, 3)`},
		"half a class":      {text: "a,k,b\n1,0.5,2\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), judge: true, want: "class index 0.5 out of range"},
		"class name":        {text: "a,k,b\n1,red,2\n", sel: Select{Target: []string{"k"}}, targets: classOf(3), judge: true, want: `"red" is not a number`},
		"which target":      {text: "a,b\n1,2\n", targets: classOf(3), judge: true, want: "which column is the target?"},
		"empty":             {text: "a,b\n1,\n", targets: classOf(3), want: `:2:3: column "b": the value is missing, and without the statistics`},
		"width":             {text: "a,b,c\n1,2,3\n", targets: classOf(3), want: "there are 3 feature columns (a, b, c), but the model's input features takes 2: the weights do not say which columns they want, so every column is a feature; take the others out of the file"},
		"width to judge":    {text: "a,b,c,k\n1,2,3,0\n", sel: Select{Target: []string{"k"}}, judge: true, targets: classOf(3), want: "there are 3 feature columns (a, b, c), but the model's input features takes 2: the weights do not say which columns they want, so every column but the target is a feature"},
		"two quantities":    {text: "a,b,c\n1,2,3\n", sel: Select{Target: []string{"a", "b"}}, judge: true, targets: regression(1), want: "--target names 2 columns (a, b), but what the model learns takes 1: target; name 1 column, or let the model end with `linear 2`"},
		"one of three":      {text: "a,b,c\n1,2,3\n", sel: Select{Target: []string{"a"}}, judge: true, targets: regression(3), want: "--target names 1 column (a), but what the model learns takes 3: target (3 columns); name 3 columns, or let the model end with `linear 1`"},
		"two targets":       {text: "a,b,c\n1,2,3\n", sel: Select{Target: []string{"a", "b"}}, judge: true, targets: classOf(3), want: "--target names 2 columns (a, b), but what the model learns takes 1: target; name 1 column"},
		"a sequence":        {text: "a,b\n1,2\n", sel: Select{Target: []string{"b"}}, judge: true, targets: []data.Port{{Name: "next", Shape: []int{7}, Int: true, Limit: 3, Judged: byCrossEntropy}}, want: `target "next" has a class at each of 7 positions, which a table cannot give`},
		"not NaN":           {text: "a,y,b\n1,inf,2\n", sel: Select{Target: []string{"y"}}, judge: true, targets: regression(1), want: `:2:3: column "y": "inf" is not a finite number`},
	} {
		t.Run(name, func(t *testing.T) {
			q := Rows{Data: []string{writeFile(t, "rows.csv", tt.text)}, Select: tt.sel, Inputs: features(2), Targets: tt.targets, Judge: tt.judge}
			var x, y []data.Block
			r, err := OpenRows(q, nil)
			if err == nil {
				defer r.Close()
				x = []data.Block{data.NewBlock(features(2)[0], 4)}
				if tt.judge {
					y = []data.Block{data.NewBlock(tt.targets[0], 4)}
				}
				var n int
				n, err = r.Read(x, y, 4)
				if tt.want == "" {
					require.NoError(t, err)
					assert.Equal(t, tt.x, x[0].Rows(0, n, 2).Float)
					if tt.judge {
						assert.Equal(t, tt.ints, y[0].Rows(0, n, 1).Int)
					}
					_, err = r.Read(x, y, 4)
					assert.True(t, errors.Is(err, io.EOF))
					return
				}
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// In a table of one column an empty line is an empty cell, so that predictions stand beside their rows.
func TestEmptyLinesOfOneColumn(t *testing.T) {
	l, err := Load(Training{
		Data:   []string{writeFile(t, "t.csv", "size,price\n1,10\n\n3,30\n")},
		Select: Select{Target: []string{"price"}}, Scale: data.ScaleNone, Inputs: features(1), Targets: regression(1),
	})
	require.NoError(t, err)
	read := func(text string, codec *data.Codec) (*Set, error) {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "rows.csv", text)}, Inputs: features(1), Targets: regression(1)}, codec)
		require.NoError(t, err)
		defer r.Close()
		return r.ReadAll(features(1), nil)
	}
	for text, want := range map[string][]float32{
		"size\n1\n\n3\n":                 {1, 2, 3},
		"size\r\n1\r\n\r\n\r\n3\r\n":     {1, 2, 2, 3},
		"size\n\n1\n\"\n\n 3\"\r\n\n\n4": {2, 1, 3, 2, 2, 4},
		"\n\nsize\n1\n  \n3\n\n":         {1, 2, 3},
	} {
		d, err := read(text, l.Codec)
		require.NoError(t, err)
		in, _ := gather(d)
		assert.Equal(t, want, in[0].Float, "%q", text)
	}

	// Mistakes keep their places, in the empty lines and after them.
	for text, want := range map[string]string{
		"size\n1\n\n\nx\n":  `:5:1: column "size": "x" is not a number`,
		"size\n1\n\n1,2\n":  ":4: 2 cells, but the header names 1 column",
		"size\n\n1\n\xff\n": ":4:1: the text is not UTF-8",
	} {
		_, err := read(text, l.Codec)
		assert.ErrorContains(t, err, want)
	}
	_, err = read("size\n1\n\n3\n", nil)
	assert.ErrorContains(t, err, ":3:1: column \"size\": the value is missing")
}

// A column that the model does not use is remarked upon; the target's is not.
func TestNotes(t *testing.T) {
	r, err := OpenRows(Rows{Data: []string{writeFile(t, "rows.csv", "id,colour,size,x\n1,red,2,3\n")}, Inputs: features(1), Targets: classOf(3)}, classCodec(t))
	require.NoError(t, err)
	defer r.Close()
	require.Len(t, r.Notes(), 1)
	assert.Contains(t, r.Notes()[0], "the model does not use 2 columns: id, x")
	assert.Equal(t, []string{"blue", "green", "red"}, r.Codec().Classes())
	assert.Equal(t, data.ScaleStandard, r.Codec().Scale())
}

// Held-out rows of another file go through the training's statistics.
func TestValidData(t *testing.T) {
	l, err := Load(Training{
		Data: []string{writeFile(t, "t.csv", codecTable)}, Select: Select{Target: []string{"price"}},
		ValidData: []string{writeFile(t, "v.csv", "price,colour,size\n30,pink,3\n")},
		Inputs:    features(3), Targets: regression(1),
	})
	require.NoError(t, err)
	assert.Equal(t, 3, l.Train.Rows())
	x, y := gather(l.Valid)
	assert.Equal(t, []float32{0, 0, 0}, x[0].Float)
	assert.Equal(t, []float32{0}, y[0].Float)
}

// Every line of a table of one column is a row, those at the end that are empty aside.
func FuzzOneColumn(f *testing.F) {
	f.Add("1\n\n3\n")
	f.Add("\n\n1\r\n\r\n2")
	f.Add("\"a\n\n\"\n\nb\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := format.NewCSV(strings.NewReader("x\n"+text), "t.csv", format.Layout{})
		require.NoError(t, err)
		var rows []string
		line := 1
		for {
			cells, err := c.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				assert.True(t, strings.HasPrefix(err.Error(), "t.csv:"), "%v", err)
				return
			}
			require.Equal(t, line+1, c.Place(0).Line)
			line += 1 + strings.Count(cells[0], "\n")
			rows = append(rows, cells[0])
		}
		if strings.ContainsAny(text, "\"\r") {
			return // cells of several lines, or lines that end in more than one way
		}
		var want []string
		if text = strings.TrimRight(text, "\n"); text != "" {
			want = strings.Split(text, "\n")
		}
		assert.Equal(t, want, rows)
	})
}

// Columns that are not used are told, an index without a name is not.
func TestUnusedColumns(t *testing.T) {
	l, err := loadText(t, "a,y\n1,2\n3,4\n", 1)
	require.NoError(t, err)
	for header, want := range map[string][]string{
		",a,y": nil, "Unnamed: 0,a,y": nil, "a,,y": nil,
		"b,a,y": {"the model does not use 1 column: b"}, "a,Unnamed: 0,b": {"the model does not use 2 columns: Unnamed: 0, b"},
	} {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "n.csv", header+"\n1,2,3\n")}, Inputs: features(1), Targets: regression(1)}, l.Codec)
		require.NoError(t, err)
		require.Len(t, r.Notes(), len(want), header)
		for i, note := range r.Notes() {
			assert.Contains(t, note, want[i])
		}
		require.NoError(t, r.Close())
	}
}
