package dataset

import (
	"archive/zip"
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

func npyText(t testing.TB, a *format.Array) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, format.WriteNPY(&b, a))
	return b.Bytes()
}

func arrayFile(t testing.TB, name string, a *format.Array) string {
	t.Helper()
	return writeFile(t, name, string(npyText(t, a)))
}

func archiveFile(t testing.TB, arrays map[string]*format.Array) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, a := range arrays {
		w, err := z.Create(name + ".npy")
		require.NoError(t, err)
		_, err = w.Write(npyText(t, a))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return writeFile(t, "arrays.npz", b.String())
}

var (
	image = data.Port{Name: "image", Shape: []int{1, 2, 2}}
	facts = data.Port{Name: "facts", Shape: []int{1}}
	kind  = data.Port{Name: "kind", Int: true, Limit: 3, Judged: byCrossEntropy}

	pixels = &format.Array{Shape: []int{3, 2, 2}, Uint8: []uint8{0, 255, 51, 1, 2, 3, 4, 5, 6, 7, 8, 9}}
	labels = &format.Array{Shape: []int{3}, Uint8: []uint8{2, 0, 1}}
	facets = &format.Array{Shape: []int{3}, Float: []float32{1, 2, 3}}
)

func TestLoadArrays(t *testing.T) {
	inputs, targets := []data.Port{image, facts}, []data.Port{kind}
	for name, list := range map[string][]string{
		"one file each": {"image=" + arrayFile(t, "x.npy", pixels), "facts=" + arrayFile(t, "f.npy", facets), "kind=" + arrayFile(t, "y.npy", labels)},
		"one archive":   {archiveFile(t, map[string]*format.Array{"image": pixels, "facts": facets, "kind": labels, "other": facets})},
		"both": {"kind=" + arrayFile(t, "y.npy", labels), "facts=" + archiveFile(t, map[string]*format.Array{"anything": facets}),
			"image=" + archiveFile(t, map[string]*format.Array{"image": pixels, "mask": labels})},
		"IDX": {"image=" + writeFile(t, "x", "\x00\x00\x08\x03\x00\x00\x00\x03\x00\x00\x00\x02\x00\x00\x00\x02"+string(pixels.Uint8)),
			"facts=" + arrayFile(t, "f.npy", facets), "kind=" + writeFile(t, "y", "\x00\x00\x08\x01\x00\x00\x00\x03\x02\x00\x01")},
	} {
		t.Run(name, func(t *testing.T) {
			l, err := Load(Training{Data: list, Inputs: inputs, Targets: targets, Valid: "last:1"})
			require.NoError(t, err)
			in, out := gather(l.Train)
			assert.Equal(t, []float32{0, 1, 0.2, 1. / 255, 2. / 255, 3. / 255, 4. / 255, 5. / 255}, in[0].Float)
			assert.Equal(t, []float32{1, 2}, in[1].Float)
			assert.Equal(t, []int32{2, 0}, out[0].Int)
			in, out = gather(l.Valid)
			assert.Equal(t, []float32{3}, in[1].Float)
			assert.Equal(t, []int32{1}, out[0].Int)
			assert.Equal(t, []string{"image: bytes divided by 255", "facts: as it stands", "target kind: 3 classes by index"}, l.Codec.Describe())

			text, err := l.Codec.Text()
			require.NoError(t, err)
			again, err := data.ParseCodec([]byte(text))
			require.NoError(t, err)
			assert.NoError(t, again.Fits(inputs, targets))

			// To predict, the target is not wanted; rows come in pieces.
			r, err := OpenRows(Rows{Data: list, Inputs: inputs, Targets: targets}, again)
			require.NoError(t, err)
			defer r.Close()
			piece := []data.Block{data.NewBlock(image, 2), data.NewBlock(facts, 2)}
			n, err := r.Read(piece, nil, 2)
			require.NoError(t, err)
			assert.Equal(t, 2, n)
			n, err = r.Read(piece, nil, 2)
			require.NoError(t, err)
			assert.Equal(t, 1, n)
			assert.Equal(t, []float32{3}, piece[1].Float[:1])
			_, err = r.Read(piece, nil, 2)
			assert.Error(t, err)
		})
	}
}

// Bytes are divided as in training; without scaling they are numbers as they stand.
func TestBytesUnscaled(t *testing.T) {
	list := []string{arrayFile(t, "x.npy", pixels), "kind=" + arrayFile(t, "y.npy", labels)}
	l, err := Load(Training{Data: list, Inputs: []data.Port{image}, Targets: []data.Port{kind}, Scale: data.ScaleNone})
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []float32{0, 255, 51, 1}, in[0].Float[:4])
	r, err := OpenRows(Rows{Data: list, Inputs: []data.Port{image}, Targets: []data.Port{kind}}, l.Codec)
	require.NoError(t, err)
	in = []data.Block{data.NewBlock(image, 1)}
	_, err = r.Read(in, nil, 1)
	require.NoError(t, err)
	assert.Equal(t, []float32{0, 255, 51, 1}, in[0].Float)
}

// Booleans are 0 and 1, not bytes of a picture.
func TestBooleans(t *testing.T) {
	bools := writeFile(t, "x.npy", "\x93NUMPY\x01\x00\x3a\x00{'descr': '|b1', 'fortran_order': False, 'shape': (3,), }\n\x01\x00\xff")
	flag := data.Port{Name: "flag", Shape: []int{1}, Judged: byBCELogits}
	l, err := Load(Training{Data: []string{bools, "flag=" + bools}, Inputs: []data.Port{facts}, Targets: []data.Port{flag}})
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []float32{1, 0, 1}, in[0].Float)
	assert.Equal(t, []float32{1, 0, 1}, out[0].Float)
	assert.Equal(t, "facts: as it stands", l.Codec.Describe()[0])
}

func TestBadArrays(t *testing.T) {
	x, y := arrayFile(t, "x.npy", pixels), arrayFile(t, "y.npy", labels)
	tokens := data.Port{Name: "tokens", Shape: []int{2}, Int: true, Limit: 10}
	flag := data.Port{Name: "flag", Shape: []int{1}, Judged: byBCELogits}
	nan := float32(0)
	nan /= nan
	for name, tt := range map[string]struct {
		list            []string
		inputs, targets []data.Port
		want            string
	}{
		"no target":     {[]string{x}, []data.Port{image}, []data.Port{kind}, `no data for the target "kind": bind a file with --data kind=file`},
		"no input":      {[]string{"kind=" + y}, []data.Port{image}, []data.Port{kind}, `no data for the input "image"`},
		"unknown name":  {[]string{"imag=" + x}, []data.Port{image}, []data.Port{kind}, `the model has no input or target "imag", did you mean "image"? (it has image, kind)`},
		"which":         {[]string{x}, []data.Port{image, facts}, []data.Port{kind}, "which input is this? Write --data name="},
		"twice":         {[]string{x, "image=" + x}, []data.Port{image}, []data.Port{kind}, `both give "image"`},
		"rows differ":   {[]string{x, "kind=" + arrayFile(t, "z.npy", &format.Array{Shape: []int{2}, Uint8: []uint8{0, 1}})}, []data.Port{image}, []data.Port{kind}, "z.npy has 2 rows, but " + x + " has 3"},
		"shape":         {[]string{arrayFile(t, "w.npy", &format.Array{Shape: []int{1, 4}, Float: make([]float32, 4)}), "kind=" + y}, []data.Port{image}, []data.Port{kind}, `each row of the array (float32 [1, 4]) has shape [4], but "image" takes [1, 2, 2]`},
		"class range":   {[]string{x, "kind=" + arrayFile(t, "z.npy", &format.Array{Shape: []int{3}, Int: []int32{0, 1, 3}})}, []data.Port{image}, []data.Port{kind}, `z.npy: row 3 of "kind": class index 3 out of range [0, 3)`},
		"negative":      {[]string{x, "kind=" + arrayFile(t, "z.npy", &format.Array{Shape: []int{3}, Int: []int32{0, -1, 2}})}, []data.Port{image}, []data.Port{kind}, `row 2 of "kind": class index -1 out of range [0, 3)`},
		"float classes": {[]string{x, "kind=" + arrayFile(t, "z.npy", facets)}, []data.Port{image}, []data.Port{kind}, `"kind" takes integers, but the array is float32 [3]: store it as int32`},
		"token range":   {[]string{arrayFile(t, "z.npy", &format.Array{Shape: []int{2, 2}, Int: []int32{0, 1, 2, 10}}), "kind=" + y}, []data.Port{tokens}, []data.Port{kind}, `row 2 of "tokens": value 10 out of range [0, 10)`},
		"NaN":           {[]string{arrayFile(t, "z.npy", &format.Array{Shape: []int{3}, Float: []float32{0, nan, 0}}), "kind=" + y}, []data.Port{facts}, []data.Port{kind}, `row 2 of "facts": NaN is not a finite number`},
		"not a flag":    {[]string{arrayFile(t, "z.npy", facets), "flag=" + arrayFile(t, "g.npy", facets)}, []data.Port{facts}, []data.Port{flag}, `row 2 of "flag": 2 is not between 0 and 1`},
		"no row":        {[]string{arrayFile(t, "z.npy", &format.Array{Shape: []int{0}, Float: []float32{}}), "kind=" + y}, []data.Port{facts}, []data.Port{kind}, "there is no row"},
		"table beside":  {[]string{writeFile(t, "t.csv", "a,b\n1,2\n"), "kind=" + y}, []data.Port{facts}, []data.Port{kind}, "no array stands beside it"},
		"named table":   {[]string{"kind=" + writeFile(t, "t.csv", "a,b\n1,2\n")}, []data.Port{facts}, []data.Port{kind}, "no array stands beside it"},
		"archive":       {[]string{archiveFile(t, map[string]*format.Array{"a": facets, "b": facets})}, []data.Port{facts}, []data.Port{kind}, "none of its arrays (a, b) is named like an input or a target of the model (facts, kind)"},
		"archive name":  {[]string{"facts=" + archiveFile(t, map[string]*format.Array{"fact": facets, "b": facets})}, []data.Port{facts}, []data.Port{kind}, `it has no array "facts", did you mean "fact"?`},
		"damaged":       {[]string{writeFile(t, "z.npz", "PK\x03\x04 and no more")}, []data.Port{facts}, []data.Port{kind}, "z.npz: "},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(Training{Data: tt.list, Inputs: tt.inputs, Targets: tt.targets})
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// Where the target is named target it is not called so twice.
func TestDescribeTarget(t *testing.T) {
	list := []string{arrayFile(t, "x.npy", facets), "target=" + arrayFile(t, "y.npy", labels)}
	for want, targets := range map[string][]data.Port{"target: 3 classes by index": classOf(3), "target: as it stands": regression(1)} {
		l, err := Load(Training{Data: list, Inputs: []data.Port{facts}, Targets: targets})
		require.NoError(t, err)
		assert.Contains(t, l.Codec.Describe(), want)
	}
}

// Flags that choose columns have nothing to choose from in arrays.
func TestColumnsOfArrays(t *testing.T) {
	list := []string{arrayFile(t, "x.npy", facets), "kind=" + arrayFile(t, "y.npy", labels)}
	inputs, targets := []data.Port{facts}, []data.Port{kind}
	l, err := Load(Training{Data: list, Inputs: inputs, Targets: targets})
	require.NoError(t, err)
	for flag, sel := range map[string]Select{
		"--target a, b": {Target: []string{"a", "b"}}, "--features a": {Features: []string{"a"}}, "--drop a": {Drop: []string{"a"}},
	} {
		_, err := Load(Training{Data: list, Select: sel, Inputs: inputs, Targets: targets})
		assert.ErrorContains(t, err, flag+" chooses columns of a table, but "+list[0]+" is no table")
		assert.ErrorAs(t, err, new(UsageError))
		_, err = OpenRows(Rows{Data: list, Select: sel, Inputs: inputs, Targets: targets}, l.Codec)
		assert.ErrorContains(t, err, flag+" chooses columns of a table")
		assert.ErrorAs(t, err, new(UsageError))
	}
}

// A codec of a table does not read arrays, nor the other way round.
func TestCodecAndDataMustMatch(t *testing.T) {
	table := writeFile(t, "t.csv", codecTable)
	_, err := OpenRows(Rows{Data: []string{arrayFile(t, "x.npy", &format.Array{Shape: []int{1, 3}, Float: make([]float32, 3)})}, Inputs: features(3), Targets: regression(1)}, fitted(t, data.ScaleStandard))
	assert.ErrorContains(t, err, "the weights were trained on a table with the columns size, colour: give a table")

	l, err := Load(Training{Data: []string{arrayFile(t, "x.npy", facets), "kind=" + arrayFile(t, "y.npy", labels)}, Inputs: []data.Port{facts}, Targets: []data.Port{kind}})
	require.NoError(t, err)
	_, err = OpenRows(Rows{Data: []string{table}, Inputs: []data.Port{facts}, Targets: []data.Port{kind}}, l.Codec)
	assert.ErrorContains(t, err, "the weights were trained on arrays, but this is a table")
}

// Which of two files an item with an equals sign means, by those that are there.
func TestBindingOfAFileWithAnEqualsSign(t *testing.T) {
	dir, err := os.Getwd()
	require.NoError(t, err)
	defer func() { require.NoError(t, os.Chdir(dir)) }()
	for _, c := range []struct {
		item       string
		there      []string
		port, path string
	}{
		{"a=b.npy", []string{"a=b.npy"}, "", "a=b.npy"},
		{"a=b.npy", []string{"a=b.npy", "b.npy"}, "", "a=b.npy"},
		{"facts=b.npy", []string{"b.npy"}, "facts", "b.npy"},
		{"facts=b.npy", nil, "facts", "b.npy"},
		{"facts=b.npy", []string{"facts=b.npy"}, "", "facts=b.npy"},
		{"facts=b.npy", []string{"facts=b.npy", "b.npy"}, "facts", "b.npy"},
		{"facts=a=b.npy", []string{"a=b.npy"}, "facts", "a=b.npy"},
		{"facts=", []string{"facts="}, "", "facts="},
	} {
		require.NoError(t, os.Chdir(t.TempDir()))
		for _, name := range c.there {
			require.NoError(t, os.WriteFile(name, nil, 0o600))
		}
		port, path, err := splitBinding(c.item, []data.Port{facts})
		require.NoError(t, err)
		assert.Equal(t, []string{c.port, c.path}, []string{port, path}, "%s of %q", c.item, c.there)
	}
	require.NoError(t, os.Chdir(t.TempDir()))
	_, _, err = splitBinding("a=b", []data.Port{facts})
	assert.ErrorContains(t, err, `the model has no input or target "a"`)
	require.NoError(t, os.Mkdir("a=b", 0o700))
	port, path, err := splitBinding("a=b", []data.Port{facts})
	require.NoError(t, err)
	assert.Equal(t, []string{"", "a=b"}, []string{port, path}, "a folder may hold images")
}

// Inputs of integers take bytes and wider integers as they stand, by name from an archive, next to numbers.
func TestIntegerInputsOfArrays(t *testing.T) {
	tokens := data.Port{Name: "tokens", Shape: []int{2}, Int: true, Limit: 256}
	zone := data.Port{Name: "zone", Int: true, Limit: 3}
	inputs := []data.Port{tokens, zone, facts}
	arrays := map[string]*format.Array{
		"tokens": {Shape: []int{2, 2}, Uint8: []uint8{0, 255, 1, 2}}, "zone": {Shape: []int{2}, Int: []int32{2, 0}},
		"facts": {Shape: []int{2, 1}, Uint8: []uint8{51, 255}},
	}
	archive := archiveFile(t, arrays)
	files := []string{"facts=" + archive, "zone=" + arrayFile(t, "z.npy", arrays["zone"]), "tokens=" + arrayFile(t, "t.npy", arrays["tokens"])}
	for _, list := range [][]string{{archive}, files} {
		l, err := Load(Training{Data: list, Inputs: inputs})
		require.NoError(t, err)
		in, _ := gather(l.Train)
		assert.Equal(t, []data.Block{{Int: []int32{0, 255, 1, 2}}, {Int: []int32{2, 0}}, {Float: []float32{0.2, 1}}}, in)
		assert.Equal(t, []string{"tokens: as it stands", "zone: as it stands", "facts: bytes divided by 255"}, l.Codec.Describe())
	}
	arrays["tokens"].Uint8 = nil
	arrays["tokens"].Int = []int32{0, 255, 1, 256}
	archive = archiveFile(t, arrays)
	_, err := Load(Training{Data: []string{archive}, Inputs: inputs})
	assert.EqualError(t, err, archive+`: row 2 of "tokens": value 256 out of range [0, 256) (the element [1, 1], counted from 0)`)
	arrays["tokens"].Int[3], arrays["zone"].Int[0] = 0, 3
	archive = archiveFile(t, arrays)
	_, err = Load(Training{Data: []string{archive}, Inputs: inputs})
	assert.EqualError(t, err, archive+`: row 1 of "zone": value 3 out of range [0, 3)`)
}

// Bytes that are all 0 or 1 are divided by 255 like any others, but hardly meant so.
func TestBytesOfFlags(t *testing.T) {
	for _, c := range []struct {
		array  *format.Array
		scale  string
		remark bool
	}{
		{&format.Array{Shape: []int{2, 1}, Uint8: []uint8{0, 1}}, "", true},
		{&format.Array{Shape: []int{2, 1}, Uint8: []uint8{0, 1}}, data.ScaleNone, false},
		{&format.Array{Shape: []int{2, 1}, Uint8: []uint8{0, 2}}, "", false},
		{&format.Array{Shape: []int{2, 1}, Uint8: []uint8{0, 0}}, "", false},
		{&format.Array{Shape: []int{2, 1}, Int: []int32{0, 1}}, "", false},
	} {
		l, err := Load(Training{Data: []string{arrayFile(t, "f.npy", c.array)}, Scale: c.scale, Inputs: []data.Port{facts}})
		require.NoError(t, err)
		if !c.remark {
			assert.Empty(t, l.Notes)
			continue
		}
		require.Len(t, l.Notes, 1)
		assert.Contains(t, l.Notes[0], "f.npy: facts holds bytes that are all 0 or 1, and they are divided by 255")
	}
}
