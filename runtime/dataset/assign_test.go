package dataset

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// A flat is judged by its facts, by its zone, and by the two rooms that it has most of.
var (
	flatInputs = []data.Port{
		{Name: "facts", Shape: []int{4}},
		{Name: "zone", Int: true, Limit: 5},
		{Name: "rooms", Shape: []int{2}, Int: true, Limit: 3},
	}
	flatTargets = []data.Port{{Name: "price", Shape: []int{1}, Judged: byMSE}}
)

const flats = "zone,area,first,state,second,floor,price\n" +
	"4,10,0,new,2,1,100\n" +
	"0,30,1,old,1,3,300\n"

func loadFlats(t testing.TB) *Loaded {
	t.Helper()
	l, err := Load(Training{
		Data:   []string{writeFile(t, "flats.csv", flats)},
		Select: Select{Target: []string{"price"}, Features: []string{"rooms=first", "second"}},
		Inputs: flatInputs, Targets: flatTargets,
	})
	require.NoError(t, err)
	return l
}

// The rooms are named, the zone is found by its name, the facts are the rest. Integers stay as they are.
func TestTableFeedsSeveralInputs(t *testing.T) {
	l := loadFlats(t)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{-1, 1, 0, -1, 1, 0, 1, 1}, in[0].Float) // area, new, old, floor
	assert.Equal(t, []int32{4, 0}, in[1].Int)
	assert.Equal(t, []int32{0, 2, 1, 1}, in[2].Int)
	assert.Equal(t, []float32{-1, 1}, out[0].Float)
	assert.Equal(t, []string{
		"facts from area, state, floor", "rooms from first, second",
		"numbers standardised: area, floor", "integers as they stand: zone, first, second",
		"state as 2 indicators: new, old", "target price: standardised",
	}, l.Codec.Describe())
}

// The codec keeps the assignment.
func TestCodecOfSeveralInputs(t *testing.T) {
	l := loadFlats(t)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":3,"scale":"standard","columns":[`+
		`{"name":"area","kind":"number","mean":20,"deviation":10},{"name":"state","kind":"class","classes":["new","old"]},{"name":"floor","kind":"number","mean":2,"deviation":1},`+
		`{"name":"zone","kind":"index","limit":5},{"name":"first","kind":"index","limit":3},{"name":"second","kind":"index","limit":3}],`+
		`"inputs":[{"name":"facts","columns":3},{"name":"zone","columns":1},{"name":"rooms","columns":2}],`+
		`"targets":[{"name":"price","loss":"mse","kind":"quantity","link":"identity","columns":[{"name":"price","kind":"number","mean":200,"deviation":100}]}]}`, text)
	c, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, l.Codec, c)
	require.NoError(t, c.Fits(flatInputs, flatTargets))

	// Other rows, in another order of columns, are read by it.
	path := writeFile(t, "rows.csv", "second,floor,zone,first,id,area,state\n2,2,3,1,7,,gone\n0,4,1,2,8,50,old\n")
	r, err := OpenRows(Rows{Data: []string{path}, Inputs: flatInputs, Targets: flatTargets}, c)
	require.NoError(t, err)
	defer r.Close()
	assert.Equal(t, []string{path + ": the model does not use 1 column: id"}, r.Notes())
	set, err := r.ReadAll(flatInputs, nil)
	require.NoError(t, err)
	in, _ := gather(set)
	assert.Equal(t, []float32{0, 0, 0, 0, 3, 0, 1, 2}, in[0].Float)
	assert.Equal(t, []int32{3, 1}, in[1].Int)
	assert.Equal(t, []int32{1, 2, 2, 0}, in[2].Int)
}

func TestRowsOutOfRange(t *testing.T) {
	path := writeFile(t, "rows.csv", "area,floor,state,zone,first,second\n1,1,new,4,0,0\n1,1,new,5,0,0\n")
	r, err := OpenRows(Rows{Data: []string{path}, Inputs: flatInputs, Targets: flatTargets}, loadFlats(t).Codec)
	require.NoError(t, err)
	defer r.Close()
	_, err = r.ReadAll(flatInputs, nil)
	assert.EqualError(t, err, path+`:3:9: column "zone": 5 is out of range [0, 5)`)
}

func TestEncodeInputs(t *testing.T) {
	c := loadFlats(t).Codec
	assert.Equal(t, []data.Port{
		{Name: "facts", Shape: []int{4}}, {Name: "zone", Shape: []int{1}, Int: true, Limit: 5}, {Name: "rooms", Shape: []int{2}, Int: true, Limit: 3},
	}, c.Inputs())
	var dst []data.Block
	for _, p := range c.Inputs() {
		dst = append(dst, data.NewBlock(p, 1))
	}
	want := []data.Block{{Float: []float32{1, 0, 1, 3}}, {Int: []int32{2}}, {Int: []int32{1, 0}}}
	cells := []string{"30", "old", "5", "2", "1", "0"} // in the order of Columns
	require.NoError(t, c.EncodeInputs(dst, cells))
	assert.Equal(t, want, dst)
	row := map[string]string{}
	for i, name := range c.Columns() {
		row[name] = cells[i]
	}
	dst[0], dst[1], dst[2] = data.NewBlock(c.Inputs()[0], 1), data.NewBlock(c.Inputs()[1], 1), data.NewBlock(c.Inputs()[2], 1)
	require.NoError(t, c.EncodeInputsMap(dst, row))
	assert.Equal(t, want, dst)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if c.EncodeInputs(dst, cells) != nil || c.EncodeInputsMap(dst, row) != nil {
			t.Fatal("an error")
		}
	}))

	// One slice does not hold it all.
	assert.Zero(t, c.Width())
	for _, err := range []error{c.Encode(nil, cells), c.EncodeMap(nil, row)} {
		assert.EqualError(t, err, "encode: the columns make facts[4], zone[1] of 5, rooms[2] of 3, not one input of real numbers: use EncodeInputs")
	}
	assert.EqualError(t, c.EncodeInputs(dst[:2], cells), "encode: 2 blocks for 3 inputs")
	assert.EqualError(t, c.EncodeInputs(dst, cells[:1]), "encode: 1 cell for 6 columns")
	assert.EqualError(t, c.EncodeInputs([]data.Block{dst[0], {Float: []float32{1}}, dst[2]}, cells), "encode: the block of input 2 has 0 integers, the columns make 1")
	cells[3] = "7"
	assert.EqualError(t, c.EncodeInputs(dst, cells), `column "zone": 7 is out of range [0, 5)`)
	cells[3] = ""
	assert.ErrorContains(t, c.EncodeInputs(dst, cells), `column "zone": the value is missing`)
	delete(row, "zone")
	assert.EqualError(t, c.EncodeInputsMap(dst, row), `encode: the row has no "zone"`)
}

func TestEncodeInputsOfOneInput(t *testing.T) {
	c := fitted(t, data.ScaleNone)
	dst := []data.Block{{Float: make([]float32, 3)}}
	require.NoError(t, c.EncodeInputs(dst, []string{"4.5", "red"}))
	assert.Equal(t, []float32{4.5, 0, 1}, dst[0].Float)
}

// Which columns feed which input, and who says so.
func TestAssign(t *testing.T) {
	a, b := data.Port{Name: "a", Shape: []int{1}}, data.Port{Name: "b", Shape: []int{2}}
	const columns = "a,p,q,r"
	for name, tt := range map[string]struct {
		features, drop string
		inputs         []data.Port
		want           string
	}{
		"all named":           {"a=p b=q r", "", []data.Port{a, b}, "p|q,r"},
		"named in two pieces": {"b=q a=p b=r", "", []data.Port{a, b}, "p|q,r"},
		"the rest":            {"a=p", "a", []data.Port{a, b}, "p|q,r"},
		"by its own name":     {"", "p", []data.Port{a, b}, "a|q,r"},
		"named over its name": {"a=p", "a", []data.Port{b, a}, "q,r|p"},
		"some left out":       {"b=q p", "", []data.Port{a, b}, "a|q,p"},
		"the only input":      {"", "p a", []data.Port{b}, "q,r"},
		"its name is allowed": {"b=q r", "", []data.Port{b}, "q,r"},
		"but not needed":      {"q r", "", []data.Port{b}, "q,r"},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Load(Training{
				Data:   []string{writeFile(t, "t.csv", columns+"\n1,2,3,4\n")},
				Select: Select{Features: strings.Fields(tt.features), Drop: strings.Fields(tt.drop)}, Inputs: tt.inputs,
			})
			require.NoError(t, err)
			var parts []string
			names := l.Codec.Columns()
			for _, in := range l.Codec.Inputs() {
				parts = append(parts, strings.Join(names[:in.Size()], ","))
				names = names[in.Size():]
			}
			assert.Equal(t, tt.want, strings.Join(parts, "|"))
		})
	}
}

// A column whose name holds an equals sign is a column.
func TestColumnWithAnEqualsSign(t *testing.T) {
	l, err := Load(Training{
		Data:   []string{writeFile(t, "t.csv", "a=b,c\n1,2\n")},
		Select: Select{Features: []string{"a=c", "a=b"}}, Inputs: []data.Port{{Name: "a", Shape: []int{2}}},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{"c", "a=b"}, l.Codec.Columns())
}

func TestBadAssignments(t *testing.T) {
	a, b := data.Port{Name: "age", Shape: []int{1}}, data.Port{Name: "zone", Shape: []int{2}}
	k := data.Port{Name: "kind", Shape: []int{2}, Int: true, Limit: 4}
	for name, tt := range map[string]struct {
		features string
		inputs   []data.Port
		want     string
		usage    bool
	}{
		"nothing said":    {"", []data.Port{b, k}, "%s: which columns make the inputs zone, kind? Name them, as in --features zone=a,b; one input may be left", true},
		"which input":     {"p q", []data.Port{a, b}, "--features p: which input takes it? Write --features name=p; the model takes age[1], zone[2]", true},
		"no such input":   {"zon=p", []data.Port{a, b}, `--features zon=p: the model has no input "zon", did you mean "zone"? (it takes age[1], zone[2])`, true},
		"no such column":  {"zone=x", []data.Port{a, b}, `%s: --features: there is no column "x"`, false},
		"twice":           {"age=p zone=p q", []data.Port{a, b}, `%s: --features names "p" twice`, false},
		"nothing left":    {"age=p q r", []data.Port{a, b}, `%s: no column is left for the input "zone" (the columns are p, q, r)`, false},
		"wrong width":     {"age=p q", []data.Port{a, b}, "%s: the columns make 2 features, but the model's input age takes 1:\n  2 numbers from p, q\nwrite `input age[2]`, or choose its columns with --features age=…", false},
		"wrong integers":  {"age=p kind=q", []data.Port{a, k}, "%s: the model's input kind takes 2 integers, but 1 column feeds it (q)\nwrite `input kind[1] of 4`, or choose its columns with --features kind=…", false},
		"rest for an int": {"age=p", []data.Port{a, k}, `%s:2:5: column "r": 9 is out of range [0, 4)`, false},
	} {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, "t.csv", "p,q,r\n1,2,9\n")
			_, err := Load(Training{Data: []string{path}, Select: Select{Features: strings.Fields(tt.features)}, Inputs: tt.inputs})
			require.ErrorContains(t, err, strings.ReplaceAll(tt.want, "%s", path))
			assert.Equal(t, tt.usage, errors.As(err, new(UsageError)))
		})
	}
	path := writeFile(t, "t.csv", "age,kind,income\n1,2,9\n")
	_, err := Load(Training{Data: []string{path}, Inputs: []data.Port{a, {Name: "kind", Int: true, Limit: 4}}})
	assert.ErrorContains(t, err, path+`: no input takes the column "income": give it to one, as in --features age=income, or leave it out with --drop income`)
}

// A codec is not applied to a model with other inputs.
func TestFitsInputs(t *testing.T) {
	c := loadFlats(t).Codec
	made := "the stored columns make facts[4], zone[1] of 5, rooms[2] of 3, which is not what the model takes"
	for name, change := range map[string]func(p []data.Port) []data.Port{
		"fewer": func(p []data.Port) []data.Port { return p[:2] },
		"order": func(p []data.Port) []data.Port { return []data.Port{p[1], p[0], p[2]} },
		"name":  func(p []data.Port) []data.Port { p[0].Name = "fact"; return p },
		"size":  func(p []data.Port) []data.Port { p[0].Shape = []int{5}; return p },
		"limit": func(p []data.Port) []data.Port { p[1].Limit = 6; return p },
		"kind":  func(p []data.Port) []data.Port { p[1] = data.Port{Name: "zone", Shape: []int{1}}; return p },
	} {
		assert.ErrorContains(t, c.Fits(change(append([]data.Port{}, flatInputs...)), flatTargets), made, name)
	}
	l, err := Load(Training{Data: []string{writeFile(t, "t.csv", "x,w\n1,2\n")}, Inputs: integers(2)})
	require.NoError(t, err)
	require.NoError(t, l.Codec.Fits(integers(2), nil))
	assert.EqualError(t, l.Codec.Fits(features(2), nil),
		"the stored columns make 2 integers, which is not what the model takes (features[2]): were the weights trained with another spec?")
	assert.ErrorContains(t, l.Codec.Encode(make([]float32, 2), []string{"1", "2"}), "the columns make 2 integers, not one input of real numbers")
}

// Without a codec each input takes as many columns as it has elements, in the file's order.
func TestRawRowsOfSeveralInputs(t *testing.T) {
	inputs := []data.Port{{Name: "facts", Shape: []int{2}}, {Name: "zone", Int: true, Limit: 5}}
	for text, want := range map[string]string{
		"a,b,z\n1,2.5,4\n": "",
		"a,b,z\n1,2.5,5\n": `:2:7: column "z": 5 is out of range [0, 5)`,
		"a,z\n1,2\n":       "there are 2 feature columns (a, z), but the model's inputs facts[2], zone[] of 5 take 3: the weights do not say",
	} {
		r, err := OpenRows(Rows{Data: []string{writeFile(t, "rows.csv", text)}, Inputs: inputs}, nil)
		var set *Set
		if err == nil {
			defer r.Close()
			set, err = r.ReadAll(inputs, nil)
		}
		if want != "" {
			assert.ErrorContains(t, err, want)
			continue
		}
		require.NoError(t, err)
		in, _ := gather(set)
		assert.Equal(t, []data.Block{{Float: []float32{1, 2.5}}, {Int: []int32{4}}}, in)
	}
}

func TestHostileInputs(t *testing.T) {
	good, err := loadFlats(t).Codec.Text()
	require.NoError(t, err)
	for from, to := range map[string]string{
		`"columns":3}`:              `"columns":2}`,
		`"columns":2}`:              `"columns":9223372036854775807}`,
		`"name":"zone","columns":1`: `"name":"zone","columns":-1`,
		`"name":"zone","columns"`:   `"name":"facts","columns"`,
		`"name":"rooms","columns"`:  `"name":"","columns"`,
		`{"name":"facts","columns":3},{"name":"zone","columns":1},{"name":"rooms","columns":2}`: `{"name":"facts","columns":6}`,
		`{"name":"facts","columns":3},{"name":"zone","columns":1}`:                              `{"name":"facts","columns":2},{"name":"zone","columns":2}`,
		`"limit":5`: `"limit":-5`,
		`{"name":"second","kind":"index","limit":3}`: `{"name":"second","kind":"index","limit":4}`,
		`{"name":"first","kind":"index","limit":3}`:  `{"name":"first","kind":"index","limit":4294967296}`,
		`"kind":"number","mean":20`:                  `"kind":"number","limit":3,"mean":20`,
		`"kind":"number","mean":200`:                 `"kind":"number","limit":3,"mean":200`,
	} {
		bad := strings.Replace(good, from, to, 1)
		require.NotEqual(t, good, bad, from)
		_, err := data.ParseCodec([]byte(bad))
		assert.ErrorContains(t, err, "codec:", "%s", to)
	}
}

func FuzzAssign(f *testing.F) {
	f.Add("facts=a b zone=c")
	f.Add("zone=zone")
	f.Add("=a facts=")
	f.Fuzz(func(t *testing.T, features string) {
		inputs := []data.Port{{Name: "facts", Shape: []int{2}}, {Name: "zone", Int: true, Limit: 5}}
		names := []string{"a", "b", "zone", "c=d", "facts=a"}
		r, err := Select{Features: strings.Fields(features)}.roles(&format.Table{Name: "t.csv", Header: names}, inputs, nil)
		if err != nil {
			return
		}
		seen := map[int]bool{}
		for i, part := range r.features {
			require.NotEmpty(t, part, "input %d", i)
			for _, column := range part {
				require.False(t, seen[column], "a column feeds one input")
				seen[column] = true
			}
		}
	})
}
