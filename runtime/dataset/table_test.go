package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// What losses take their targets for.
var (
	byMSE          = &data.Judged{Loss: "mse", Kind: data.Quantity, Link: data.Identity}
	byMAE          = &data.Judged{Loss: "mae", Kind: data.Quantity, Link: data.Identity}
	byCrossEntropy = &data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}
	byPoisson      = &data.Judged{Loss: "poisson", Kind: data.Count, Link: data.Exp}
	byHinge        = &data.Judged{Loss: "hinge", Kind: data.Flag, Link: data.Score}
	byKL           = &data.Judged{Loss: "kl", Kind: data.Distribution, Link: data.Exp}
	byBCELogits    = &data.Judged{Loss: "bce_logits", Kind: data.Flag, Link: data.Sigmoid}
)

// writeFile writes a file named name in a folder of its own.
func writeFile(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func features(n int) []data.Port { return []data.Port{{Name: "features", Shape: []int{n}}} }

func integers(n int) []data.Port {
	return []data.Port{{Name: "tokens", Shape: []int{n}, Int: true, Limit: 9}}
}

func regression(n int) []data.Port {
	return []data.Port{{Name: "target", Shape: []int{n}, Judged: byMSE}}
}

func classOf(n int) []data.Port {
	return []data.Port{{Name: "target", Int: true, Limit: n, Judged: byCrossEntropy}}
}

var yesOrNo = []data.Port{{Name: "target", Shape: []int{1}, Judged: byBCELogits}}

// gather is all rows of d.
func gather(d *Set) (inputs, targets []data.Block) {
	for _, f := range d.inputs {
		inputs = append(inputs, data.NewBlock(f.port, d.Rows()))
	}
	for _, f := range d.targets {
		targets = append(targets, data.NewBlock(f.port, d.Rows()))
	}
	d.Gather(allRows(d.Rows()), inputs, targets)
	return inputs, targets
}

func TestLoadTable(t *testing.T) {
	path := writeFile(t, "t.csv", "\xef\xbb\xbfsize, colour ,const,price\n1,red,0.1,10\n\n,blue,0.1,20\n3,,0.1,30\n100,green,2.1,1000\n")
	l, err := Load(Training{
		Data: []string{path}, Select: Select{Target: []string{"price"}},
		Valid: "last:1", Inputs: features(5), Targets: regression(1),
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"size", "colour", "const"}, l.Codec.Columns())
	in, out := gather(l.Train)
	// The statistics are those of the first three rows: size 1, 3; price 10, 20, 30. Classes come from all rows.
	assert.Equal(t, []float32{
		-1, 0, 0, 1, 0,
		0, 1, 0, 0, 0,
		1, 0, 0, 0, 0,
	}, in[0].Float)
	assert.Equal(t, []float32{-1.2247449, 0, 1.2247449}, out[0].Float) // ±√(3/2)
	in, out = gather(l.Valid)
	// A column that never varied in training has deviation 1. No row to train on is green: it is a text never seen.
	assert.Equal(t, []string{
		"size: 1 of 4 values are missing: the mean, 2, stands for them",
		"colour: 1 of 4 values are missing: all indicators 0",
		"colour: no row to train on has green: taken as texts never seen, all indicators 0",
	}, l.Notes)
	assert.Equal(t, []float32{98, 0, 0, 0, 2}, in[0].Float)
	assert.InDelta(t, 980/8.1649658, out[0].Float[0], 1e-4)

	require.NoError(t, l.Codec.Decode(out[0].Float, out[0].Float))
	assert.Equal(t, []float32{1000}, out[0].Float)
}

func TestLoadTableUnscaled(t *testing.T) {
	path := writeFile(t, "t.csv", "a,y\n1,10\n,20\n4,30\n")
	l, err := Load(Training{Data: []string{path}, Select: Select{Target: []string{"y"}}, Scale: data.ScaleNone, Inputs: features(1), Targets: regression(1)})
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{1, 2.5, 4}, in[0].Float, "an empty cell is the mean as it stands")
	assert.Equal(t, []float32{10, 20, 30}, out[0].Float)
	assert.Nil(t, l.Valid)
}

func TestSelect(t *testing.T) {
	text := "a,b,c,y\n1,2,x,3\n4,5,z,6\n"
	for name, tt := range map[string]struct {
		sel   Select
		width int
		want  []string
	}{
		"all":      {Select{}, 4, []string{"a", "b", "c"}},
		"drop":     {Select{Drop: []string{"a", "c"}}, 1, []string{"b"}},
		"features": {Select{Features: []string{"c", "a"}}, 3, []string{"c", "a"}},
		"both":     {Select{Features: []string{"a"}, Drop: []string{"b"}}, 1, []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.sel.Target = []string{"y"}
			l, err := Load(Training{Data: []string{writeFile(t, "t.csv", text)}, Select: tt.sel, Inputs: features(tt.width), Targets: regression(1)})
			require.NoError(t, err)
			assert.Equal(t, tt.want, l.Codec.Columns())
		})
	}
}

// Each bad table gives one clear error. %s stands for the file.
func TestBadTables(t *testing.T) {
	many := "id,y\n"
	for i := range 60 {
		many += fmt.Sprintf("k%02d,1\n", i)
	}
	late := "x,y\n" + strings.Repeat("1,2\n", 100) + "word,2\n"
	for name, tt := range map[string]struct {
		text, want string
		sel        Select
		inputs     []data.Port
		targets    []data.Port
	}{
		"empty":             {text: "", want: "%s: the file is empty"},
		"header only":       {text: "x,y\n", want: "%s: there is a header but no row"},
		"not UTF-8":         {text: "x,y\n1,2\n\xff,3\n", want: "%s:3:1: the text is not UTF-8"},
		"header not UTF-8":  {text: "x,\xff\n1,2\n", want: "%s:1:3: the text is not UTF-8"},
		"too few cells":     {text: "x,y\n1,2\n3\n", want: "%s:3: 1 cell, but the header names 2 columns"},
		"too many cells":    {text: "x,y\n1,2\n1,2,3\n", want: "%s:3: 3 cells, but the header names 2 columns"},
		"two equal names":   {text: "x,y,x\n1,2,3\n", want: `%s:1:5: columns 1 and 3 are both named "x"`},
		"no name":           {text: ",y\n1,2\n", want: "%s:1:1: column 1 has no name"},
		"semicolons":        {text: "x;y\n1;2\n", want: "%s:1:1: there is only one column, named \"x;y\": if its parts are columns, say so with --sep ';'"},
		"lone quote":        {text: "x,y\n1,2\n1,a\"b\n", want: "%s:3:4: a lone quote in a cell"},
		"open quote":        {text: "x,y\n1,\"2\n3,4\n", want: "%s:3:5: the quoted cell of the row that starts in line 2 ends wrongly"},
		"word":              {text: late, want: `%s:102:1: column "x": "word" is not a number: 100 of 101 cells are numbers; if it stands for a missing value, empty the cell or say --missing word; or take the column as texts with --text x, or leave it out with --drop x`},
		"nan":               {text: "x,y\n1,2\ninf,3\n", want: `%s:3:1: column "x": "inf" is not a finite number`},
		"inf":               {text: "x,y\n1,2\n 2, -Inf\n", want: `%s:3:4: column "y": "-Inf" is not a finite number`},
		"huge":              {text: "x,y\n1,2\n1e999,3\n", want: `%s:3:1: column "x": "1e999" is not a finite number`},
		"too large":         {text: "x,y\n1e308,2\n-1e308,3\n", want: `column "x": its values are too large to standardise`},
		"no value":          {text: "x,z,y\n1,,2\n2,,3\n", want: `%s: column "z" has no value in any row: leave it out with --drop z`},
		"no training value": {text: "x,y\n,2\n1,3\n", want: `column "x" has no value in the training part`},
		"too many classes":  {text: many, want: `%s: column "id": more than 50 different texts, such as k00, k01, k02: leave it out with --drop id`},
		"target missing":    {text: "x,price\n1,2\n", sel: Select{Target: []string{"prize"}}, want: `%s: --target: there is no column "prize", did you mean "price"? (the columns are x, price)`},
		"drop missing":      {text: "x,y\n1,2\n", sel: Select{Target: []string{"y"}, Drop: []string{"zzz"}}, want: `%s: --drop: there is no column "zzz" (the columns are x, y)`},
		"feature twice":     {text: "x,y\n1,2\n", sel: Select{Target: []string{"y"}, Features: []string{"x", "x"}}, want: "--features names \"x\" twice"},
		"target as feature": {text: "x,y\n1,2\n", sel: Select{Target: []string{"y"}, Features: []string{"y"}}, want: "both in --target and in --features"},
		"nothing left":      {text: "x,y\n1,2\n", sel: Select{Target: []string{"y"}, Drop: []string{"x"}}, want: "no column is left as a feature"},
		"no target":         {text: "x,y\n1,2\n", sel: Select{Target: []string{}}, want: "which column is the target? Name it with --target"},
		"empty target":      {text: "x,y\n1,2\n1,\n", want: `%s:3:3: column "y": the value is missing: a row without a target cannot be learned from; leave such rows out with --skip-missing-target`},
		"text target":       {text: "x,y\n1,2\n1,two\n", want: `%s:3:3: column "y": "two" is not a number: 1 of 2 cells are numbers; if it stands for a missing value`},
		"width":             {text: "x,k,y\n1,a,2\n1,b,2\n", want: "%s: the columns make 3 features, but the model's input features takes 1:\n  1 number from x\n  2 indicators from k (a, b)\nwrite `input features[3]` (or `linear 3->…`"},
		"class index":       {text: "x,y\n1,0\n2,4\n3,7\n", targets: classOf(5), want: `%s:4:3: column "y": class index 7 out of range [0, 5)`},
		"class count":       {text: "x,y\n1,a\n2,b\n3,c\n4,d\n", targets: classOf(3), want: "%s: target \"y\" has 4 classes (a, b, c, d) but the model gives 3 outputs: write `linear 4`"},
		"third class":       {text: "x,y\n1,a\n2,b\n3,c\n", targets: yesOrNo, want: `%s:4:3: column "y": "c" is a third class (after a, b)`},
		"one class":         {text: "x,y\n1,a\n2,a\n", targets: yesOrNo, want: `column "y" has only one class ("a")`},
		"two inputs":        {text: "x,y\n1,2\n", inputs: append(features(1), data.Port{Name: "b", Shape: []int{1}}), want: "%s: which columns make the inputs features, b? Name them, as in --features features=a,b; one input may be left to take the others"},
		"not an integer":    {text: "x,y\n1,2\n1.5,2\n", inputs: integers(1), want: `%s:3:1: column "x": "1.5" is not an integer`},
		"text for integers": {text: "x,y\nred,2\n", inputs: integers(1), want: `%s:2:1: column "x": "red" is not an integer`},
		"empty integer":     {text: "y,x\n1,\n", inputs: integers(1), want: `%s:2:3: column "x": the value is missing, and of integers there is no mean`},
		"integer range":     {text: "x,w,y\n1,2,3\n0,9,3\n", inputs: integers(2), want: `%s:3:3: column "w": 9 is out of range [0, 9)`},
		"negative integer":  {text: "x,y\n-1,3\n", inputs: integers(1), want: `%s:2:1: column "x": -1 is out of range [0, 9)`},
		"integers":          {text: "x,w,y\n1,2,3\n", inputs: integers(3), want: "%s: the model's input tokens takes 3 integers, but 2 columns feed it (x, w)\nwrite `input tokens[2] of 9`, or choose columns with --features or --drop"},
	} {
		t.Run(name, func(t *testing.T) {
			q := Training{Data: []string{writeFile(t, "t.csv", tt.text)}, Select: tt.sel, Inputs: tt.inputs, Targets: tt.targets}
			if q.Target == nil {
				q.Target = []string{"y"}
			}
			if q.Inputs == nil {
				q.Inputs = features(1)
			}
			if q.Targets == nil {
				q.Targets = regression(1)
			}
			if name == "no training value" {
				q.Valid = "last:1"
			}
			_, err := Load(q)
			require.Error(t, err)
			assert.Contains(t, err.Error(), strings.ReplaceAll(tt.want, "%s", q.Data[0]))
		})
	}
}

func TestLongRowIsRefused(t *testing.T) {
	endless := "x,y\n1,\"" + strings.Repeat("a", 16<<20+1<<16)
	_, err := Load(Training{
		Data: []string{writeFile(t, "t.csv", endless)}, Select: Select{Target: []string{"y"}}, Inputs: features(1), Targets: regression(1),
	})
	assert.ErrorContains(t, err, "a row after line 1 is longer than 16 MiB; is a quote not closed?")
}

func TestClassTargets(t *testing.T) {
	for name, tt := range map[string]struct {
		cells   string
		targets []data.Port
		ints    []int32
		floats  []float32
		classes []string
	}{
		"indices":             {cells: "2 0 2", targets: classOf(3), ints: []int32{2, 0, 2}, classes: []string{"0", "1", "2"}},
		"indices as floats":   {cells: "2.0 0 1", targets: classOf(3), ints: []int32{2, 0, 1}, classes: []string{"0", "1", "2"}},
		"names in byte order": {cells: "b a Z b", targets: classOf(3), ints: []int32{2, 1, 0, 2}, classes: []string{"Z", "a", "b"}},
		"integer names":       {cells: "3 1 2", targets: classOf(3), ints: []int32{2, 0, 1}, classes: []string{"1", "2", "3"}},
		"zero and one":        {cells: "1 0 1", targets: yesOrNo, floats: []float32{1, 0, 1}, classes: []string{"0", "1"}},
		"two names":           {cells: "yes no no", targets: yesOrNo, floats: []float32{1, 0, 0}, classes: []string{"no", "yes"}},
		"only zeros":          {cells: "0 0", targets: yesOrNo, floats: []float32{0, 0}, classes: []string{"0", "1"}},
	} {
		t.Run(name, func(t *testing.T) {
			text := "x,y\n1," + strings.ReplaceAll(tt.cells, " ", "\n2,") + "\n"
			l, err := Load(Training{
				Data: []string{writeFile(t, "t.csv", text)}, Select: Select{Target: []string{"y"}}, Inputs: features(1), Targets: tt.targets,
			})
			require.NoError(t, err)
			_, out := gather(l.Train)
			assert.Equal(t, tt.ints, out[0].Int)
			assert.Equal(t, tt.floats, out[0].Float)
			assert.Equal(t, tt.classes, l.Codec.Classes())

			// Reading the same file with the codec gives the same values.
			r, err := OpenRows(Rows{Data: []string{writeFile(t, "t.csv", text)}, Inputs: features(1), Targets: tt.targets, Judge: true}, l.Codec)
			require.NoError(t, err)
			defer r.Close()
			again, err := r.ReadAll(features(1), tt.targets)
			require.NoError(t, err)
			_, same := gather(again)
			assert.Equal(t, out, same)
		})
	}
}

// A long cell is cut between two characters.
func TestQuoted(t *testing.T) {
	for cell, want := range map[string]string{
		"":                              `""`,
		strings.Repeat("a", 40):         `"` + strings.Repeat("a", 40) + `"`,
		strings.Repeat("a", 41):         `"` + strings.Repeat("a", 40) + `"…`,
		strings.Repeat("a", 39) + "éé":  `"` + strings.Repeat("a", 39) + `"…`,
		strings.Repeat("a", 37) + "😀ab": `"` + strings.Repeat("a", 37) + `"…`,
		"a" + strings.Repeat("é", 30):   `"a` + strings.Repeat("é", 19) + `"…`,
	} {
		assert.Equal(t, want, phrase.Quoted(cell))
	}
	assert.Equal(t, `"`+strings.Repeat(`\x80`, 36)+`"…`, phrase.Quoted(strings.Repeat("\x80", 50)), "no character at all")
}

// The real table that the house example is trained on.
func TestCaliforniaHousing(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "california-housing.csv")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the California housing table is not here")
	}
	q := Training{
		Data: []string{path}, Select: Select{Target: []string{"median_house_value"}}, Seed: 1, Inputs: features(13), Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	assert.Equal(t, 2064, l.Valid.Rows())
	assert.Equal(t, 20640-2064, l.Train.Rows())
	assert.Equal(t, []string{"<1H OCEAN", "INLAND", "ISLAND", "NEAR BAY", "NEAR OCEAN"}, l.Codec.Column(8).Classes)
	in, out := gather(l.Train)
	for i := range 8 {
		sum, squares := 0.0, 0.0
		for r := range l.Train.Rows() {
			v := float64(in[0].Float[r*13+i])
			sum += v
			squares += v * v
		}
		n := float64(l.Train.Rows())
		assert.InDelta(t, 0, sum/n, 1e-6)
		if i != 4 { // total_bedrooms has empty cells, which pull its deviation below 1
			assert.InDelta(t, 1, squares/n, 1e-5)
		}
	}
	assert.Len(t, out[0].Float, l.Train.Rows())

	q.Inputs = features(8)
	_, err = Load(q)
	assert.ErrorContains(t, err, "the columns make 13 features, but the model's input features takes 8")
	assert.ErrorContains(t, err, "5 indicators from ocean_proximity (<1H OCEAN, INLAND, ISLAND, NEAR BAY, NEAR OCEAN)")
}

// Whatever the text, and however it is to be read, it is an error with its place or a codec that can be read back and
// model values that are finite.
func FuzzTable(f *testing.F) {
	for _, text := range []string{
		"x,k,y\n1,a,2\n,b,3\n", "\xef\xbb\xbfx,y\r\n\"1\",2\r\n", "x,y\n1,\"2\n", "x,y\nnan,1e999\n", ",,\n\n\xff",
		",x,y\n1,NA,2\n2,$5,3\n", "x;y\n1,5;2\n  \n", "{\"x\": 1, \"y\": 2}\n{\"y\": \"3\", \"x\": null}\n", "x,x,y\n1,2,3\n", "x,y\n1,\n2,1\n",
		",y\n,00",
	} {
		f.Add([]byte(text), uint8(0))
		f.Add([]byte(text), uint8(255))
	}
	f.Fuzz(func(t *testing.T, text []byte, options uint8) {
		how := Reading{MissingIndicator: options&1 != 0, SkipMissingTarget: options&2 != 0}
		if options&4 != 0 {
			how.Layout.Sep = ';'
		}
		if options&8 != 0 {
			how.Writing = &data.Writing{Decimal: ",", Missing: []string{"x"}}
		}
		sel := Select{Target: []string{"y"}}
		if options&16 != 0 {
			sel.Number = []string{"x"}
		}
		path := writeFile(t, "t.csv", string(text))
		for _, targets := range [][]data.Port{regression(1), classOf(3), yesOrNo} {
			src, err := openSource([]string{path}, format.Open, how.Layout, features(1), targets)
			if err != nil {
				assert.Contains(t, err.Error(), "t.csv")
				continue
			}
			if src.table == nil {
				continue // arrays
			}
			table, err := readTable(src.table, how, nil, sel, features(1), targets)
			require.NoError(t, src.Close())
			if err != nil {
				assert.True(t, strings.HasPrefix(err.Error(), path), "%v", err)
				continue
			}
			width := 0
			for _, c := range table.inputs[0] {
				width += max(1, len(c.names)) // of a number none is kept
			}
			codec, set, err := table.fit(allRows(table.rows), features(width), targets, data.ScaleStandard)
			if err != nil {
				continue
			}
			stored, err := codec.Text()
			require.NoError(t, err)
			_, err = data.ParseCodec([]byte(stored))
			require.NoError(t, err)
			in, _ := gather(set)
			for _, v := range in[0].Float {
				require.True(t, v-v == 0)
			}
		}
	})
}
