package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readArrayFixture(t testing.TB, name string) (*Array, error) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "arrays", name))
	require.NoError(t, err)
	return ReadNPY(bytes.NewReader(file), name)
}

// npyFile puts together a file of version 1 with any header.
func npyFile(header, elements string) []byte {
	b := binary.LittleEndian.AppendUint16([]byte(npyMagic+"\x01\x00"), uint16(len(header)))
	return append(append(b, header...), elements...)
}

func npyHeaderOf(descr, shape string) string {
	return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }"
}

// NumPy's files of 0…23, or of −5…18, the floats divided by 4.
func TestReadNPYTypes(t *testing.T) {
	shape := []int{2, 3, 4}
	var bytes []uint8
	var unsigned, signed []int32
	var floats []float32
	for i := range 24 {
		bytes = append(bytes, uint8(i))
		unsigned = append(unsigned, int32(i))
		signed = append(signed, int32(i)-5)
		floats = append(floats, float32(i-5)/4)
	}
	want := map[string]Array{
		"u1.npy":       {Shape: shape, Uint8: bytes},
		"i1.npy":       {Shape: shape, Int: signed},
		"fortran.npy":  {Shape: shape, Int: unsigned},
		"version2.npy": {Shape: shape},
		"version3.npy": {Shape: shape},
		"bool.npy":     {Shape: []int{3}, Int: []int32{1, 0, 1}},
		"empty.npy":    {Shape: []int{0, 7}, Float: []float32{}},
	}
	for _, v := range unsigned {
		for _, name := range []string{"version2.npy", "version3.npy"} {
			a := want[name]
			a.Float = append(a.Float, float32(v))
			want[name] = a
		}
	}
	for _, order := range []string{"little-", "big-"} {
		for _, size := range []string{"2", "4", "8"} {
			want[order+"u"+size+".npy"] = Array{Shape: shape, Int: unsigned}
			want[order+"i"+size+".npy"] = Array{Shape: shape, Int: signed}
			want[order+"f"+size+".npy"] = Array{Shape: shape, Float: floats}
		}
	}
	for name, want := range want {
		t.Run(name, func(t *testing.T) {
			got, err := readArrayFixture(t, name)
			require.NoError(t, err)
			assert.Equal(t, &want, got)
		})
	}
}

func TestReadNPYAllowed(t *testing.T) {
	for name, header := range map[string]string{
		"Python 2":         "{'descr': '<u2', 'fortran_order': False, 'shape': (1L, 1L), }",
		"other quotes":     `{"descr": "<u2", "fortran_order": False, "shape": (1, 1)}`,
		"no spaces":        `{'shape':(1,1,),'descr':'<u2','fortran_order':True}`,
		"padding, newline": "\n{ 'descr' :\t'<u2' ,\n'fortran_order' : False , 'shape' : ( 1 , 1 ) , }   \n",
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ReadNPY(bytes.NewReader(npyFile(header, "\x01\x02")), "x")
			require.NoError(t, err)
			assert.Equal(t, &Array{Shape: []int{1, 1}, Int: []int32{0x201}}, a)
		})
	}
	a, err := ReadNPY(bytes.NewReader(npyFile(npyHeaderOf("<f8", "(5,)"), doubles(math.NaN(), math.Inf(-1), 1+0x1p-24, 1+0x3p-24, 0x1p-149))), "x")
	require.NoError(t, err)
	assert.True(t, math.IsNaN(float64(a.Float[0])))
	assert.Equal(t, []float32{float32(math.Inf(-1)), 1, 1 + 0x2p-23, 0x1p-149}, a.Float[1:])
}

func doubles(values ...float64) string {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return string(b)
}

func TestReadNPYRefusesTypes(t *testing.T) {
	for name, want := range map[string]string{
		"refused-text.npy":    "the elements are text",
		"refused-bytes.npy":   "numpy.unique(array, return_inverse=True)[1]",
		"refused-object.npy":  "the elements are Python objects",
		"refused-complex.npy": "the elements are complex numbers",
		"refused-date.npy":    "the elements are dates or times",
		"refused-records.npy": "store one array per field",
		"refused-void.npy":    "the elements are records",
		"refused-long.npy":    `of an unknown type ("<f16"), which cannot be used; convert them with array.astype("float32")`,
		"refused-number.npy":  "a single number without axes; rows are needed: store it with numpy.atleast_1d",
	} {
		t.Run(name, func(t *testing.T) {
			a, err := readArrayFixture(t, name)
			require.ErrorContains(t, err, want)
			assert.ErrorContains(t, err, name+": ")
			assert.Nil(t, a)
		})
	}
}

func TestReadNPYRefuses(t *testing.T) {
	header := func(text string) []byte { return npyFile(text, strings.Repeat("\x00", 64)) }
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":             {nil, "truncated: it ends inside the header"},
		"magic cut":         {[]byte("\x93NUM"), "truncated: it ends inside the header"},
		"other magic":       {[]byte("PK\x03\x04    "), "this is not a NumPy array"},
		"version":           {[]byte(npyMagic + "\x04\x00\x00\x00"), "version 4 of NumPy's format is not known"},
		"length cut":        {[]byte(npyMagic + "\x01\x00\x00"), "truncated"},
		"length cut, 2":     {[]byte(npyMagic + "\x02\x00\x00\x00"), "truncated"},
		"header cut":        {[]byte(npyMagic + "\x01\x00\x09\x00{"), "truncated"},
		"header long":       {[]byte(npyMagic + "\x02\x00\xff\xff\xff\xff{"), "the header would take 4294967295 bytes"},
		"no dictionary":     {header("[]"), `"[]" stands where { should`},
		"nothing":           {header(""), "it ends where { should follow"},
		"open":              {header("{'descr': '<f4',"), "it ends where a string should follow"},
		"no colon":          {header("{'descr' '<f4'}"), `"'<f4'}" stands where : should`},
		"no comma":          {header("{'descr': '<f4' 'shape': ()}"), "a comma or }"},
		"text after":        {header(npyHeaderOf("<f4", "(1,)") + "x"), `"x" stands where nothing more should`},
		"key twice":         {header("{'descr': '<f4', 'descr': '<f4'}"), `the key "descr" occurs twice`},
		"unknown key":       {header("{'order': 'C'}"), `unknown key "order"`},
		"key missing":       {header("{'descr': '<f4', 'shape': (1,)}"), `the key "fortran_order" is missing`},
		"escape":            {header(`{'descr\x41': '<f4'}`), "a plain string"},
		"number as type":    {header("{'descr': 4}"), "a string"},
		"order a number":    {header("{'fortran_order': 0}"), "True or False"},
		"shape a list":      {header(npyHeaderOf("<f4", "[1]")), `stands where ( should`},
		"shape a number":    {header(npyHeaderOf("<f4", "(1)")), "a number, not a tuple"},
		"shape negative":    {header(npyHeaderOf("<f4", "(-1,)")), `stands where a size should`},
		"shape too large":   {header(npyHeaderOf("<f4", "(9223372036854775808,)")), `stands where a size should`},
		"shape of names":    {header(npyHeaderOf("<f4", "(n,)")), `stands where a size should`},
		"shape no comma":    {header(npyHeaderOf("<f4", "(1 1)")), "a comma or )"},
		"shape two commas":  {header(npyHeaderOf("<f4", "(1,,)")), `stands where a size should`},
		"rank":              {header(npyHeaderOf("<f4", "("+strings.Repeat("1,", 65)+")")), "more than 64 axes"},
		"product wraps":     {header(npyHeaderOf("<f4", "(2147483647, 2147483647, 2147483647)")), "more elements than memory can address"},
		"bytes wrap":        {header(npyHeaderOf("<f8", "(2147483647, 1073741824)")), "more elements than memory can address"},
		"wraps behind 0":    {header(npyHeaderOf("<f4", "(0, 2147483647, 2147483647, 2147483647)")), "more elements than memory can address"},
		"empty rows":        {header(npyHeaderOf("<f4", "(400000000, 0)")), "axis 1 has size 0, so the rows are empty"},
		"no byte order":     {header(npyHeaderOf("f4", "(1,)")), "of an unknown type"},
		"any byte order":    {header(npyHeaderOf("|f4", "(1,)")), "of an unknown byte order"},
		"empty type":        {header(npyHeaderOf("", "(1,)")), "of an unknown type"},
		"only a byte order": {header(npyHeaderOf("<", "(1,)")), "of an unknown type"},
		"size of type":      {header(npyHeaderOf("<f3", "(1,)")), "of an unknown type"},
		"elements cut":      {npyFile(npyHeaderOf("<f4", "(2, 3)"), "12345"), "the file is truncated: [2, 3] takes 24 bytes, there are 5"},
		"elements left":     {npyFile(npyHeaderOf("<f4", "(1,)"), "12345"), "more bytes follow after the 4 that [1] takes"},
		"u4 over int32":     {npyFile(npyHeaderOf("<u4", "(2,)"), "\x00\x00\x00\x00\x00\x00\x00\x80"), "element 1 does not fit into 32 bits"},
		"i8 under int32":    {npyFile(npyHeaderOf("<i8", "(1,)"), "\xff\xff\xff\x7f\xff\xff\xff\xff"), "element 0 does not fit into 32 bits"},
		"u8 over int64":     {npyFile(npyHeaderOf("<u8", "(1,)"), strings.Repeat("\xff", 8)), "element 0 does not fit into 32 bits"},
		"f8 over float32":   {npyFile(npyHeaderOf("<f8", "(3,)"), doubles(1, -2, -1e39)), "element 2 is beyond the range of float32"},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := ReadNPY(bytes.NewReader(c.file), "rows.npy")
			require.ErrorContains(t, err, c.want)
			assert.ErrorContains(t, err, "rows.npy: ")
			assert.Nil(t, a)
		})
	}
}

func TestReadNPYBoundsMemory(t *testing.T) {
	file := npyFile(npyHeaderOf("<f4", "(400000000,)"), "1234")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadNPY(bytes.NewReader(file), "x")
	runtime.ReadMemStats(&after)
	require.ErrorContains(t, err, "takes 1600000000 bytes, there are 4")
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(1<<20))
}

func TestReadNPYStream(t *testing.T) {
	file, err := os.ReadFile("testdata/arrays/big-f8.npy")
	require.NoError(t, err)
	want, err := ReadNPY(bytes.NewReader(file), "x")
	require.NoError(t, err)
	got, err := ReadNPY(iotest.OneByteReader(bytes.NewReader(file)), "x")
	require.NoError(t, err)
	assert.Equal(t, want, got)
	broken := errors.New("connection lost")
	for n := range len(file) + 1 {
		_, err := ReadNPY(io.MultiReader(bytes.NewReader(file[:n]), iotest.ErrReader(broken)), "x")
		require.ErrorIs(t, err, broken)
		if n < len(file) {
			_, err = ReadNPY(bytes.NewReader(file[:n]), "x")
			require.ErrorContains(t, err, "truncated")
		}
	}
}

// What NumPy saved is written back byte for byte.
func TestWriteNPYEqualsNumPy(t *testing.T) {
	for _, name := range []string{"u1.npy", "little-i4.npy", "little-f4.npy", "empty.npy"} {
		want, err := os.ReadFile(filepath.Join("testdata", "arrays", name))
		require.NoError(t, err)
		a, err := ReadNPY(bytes.NewReader(want), name)
		require.NoError(t, err)
		var got bytes.Buffer
		require.NoError(t, WriteNPY(&got, a))
		assert.Equal(t, want, got.Bytes(), name)
	}
}

func TestWriteNPY(t *testing.T) {
	long := &Array{Shape: []int{40_001}, Float: make([]float32, 40_001)} // several pieces and a rest
	for i := range long.Float {
		long.Float[i] = float32(i)
	}
	for _, a := range []*Array{
		long,
		{Shape: []int{0}, Int: []int32{}},
		{Shape: []int{1, 1, 2}, Int: []int32{math.MinInt32, math.MaxInt32}},
		{Shape: []int{3}, Uint8: []uint8{0, 1, 255}},
	} {
		var b bytes.Buffer
		require.NoError(t, WriteNPY(&b, a))
		got, err := ReadNPY(&b, "x")
		require.NoError(t, err)
		assert.Equal(t, a, got)
	}
	for rows := range 60 { // every length of padding
		a := &Array{Shape: []int{1, int(math.Pow10(rows % 19))}, Uint8: []uint8{}}
		header, err := npyHeader("|u1", a.Shape)
		require.NoError(t, err)
		assert.Zero(t, len(header)%64)
	}
}

func TestWriteNPYRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		array Array
		want  string
	}{
		"none":   {Array{Shape: []int{0}}, "exactly one"},
		"two":    {Array{Shape: []int{0}, Int: []int32{}, Uint8: []uint8{}}, "exactly one"},
		"length": {Array{Shape: []int{2, 2}, Int: []int32{1}}, "the shape [2, 2] has 4 elements, there are 1"},
		"no row": {Array{Int: []int32{1}}, "without axes"},
		"rank":   {Array{Shape: bytesOfOne(65), Int: []int32{1}}, "65 axes, more than 64"},
		"minus":  {Array{Shape: []int{-1}, Int: []int32{1}}, "a negative size"},
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			require.ErrorContains(t, WriteNPY(&b, &c.array), c.want)
			assert.Zero(t, b.Len())
		})
	}
	a := &Array{Shape: []int{2}, Float: []float32{1, 2}}
	for _, good := range []int{0, 1} {
		assert.ErrorIs(t, WriteNPY(&failingAfter{good}, a), errWriter)
	}
	assert.ErrorIs(t, WriteNPY(&failingAfter{1}, &Array{Shape: []int{1}, Uint8: []uint8{1}}), errWriter)
}

func bytesOfOne(rank int) []int {
	shape := make([]int, rank)
	for i := range shape {
		shape[i] = 1
	}
	return shape
}

var errWriter = errors.New("disk full")

// failingAfter takes that many writes, then fails.
type failingAfter struct{ good int }

func (w *failingAfter) Write(b []byte) (int, error) {
	if w.good--; w.good < 0 {
		return 0, errWriter
	}
	return len(b), nil
}

func TestArray(t *testing.T) {
	a := &Array{Shape: []int{2, 3, 4}, Float: make([]float32, 24)}
	assert.Equal(t, []int{2, 12, 24}, []int{a.Rows(), a.RowLen(), a.Len()})
	assert.Equal(t, "float32 [2, 3, 4]", a.String())
	assert.Equal(t, "uint8 [1]", (&Array{Shape: []int{1}, Uint8: []uint8{0}}).String())
	assert.Equal(t, "int32 [0]", (&Array{Shape: []int{0}, Int: []int32{}}).String())
}

// checkArray checks what every reader promises of its result.
func checkArray(t *testing.T, a *Array) {
	n, err := elementCount(a.Shape, 1)
	require.NoError(t, err)
	require.Equal(t, n, a.Len())
	slices := 0
	for _, there := range []bool{a.Uint8 != nil, a.Int != nil, a.Float != nil} {
		if there {
			slices++
		}
	}
	require.Equal(t, 1, slices)
}

// What is read survives being written and read.
func FuzzReadNPY(f *testing.F) {
	for _, name := range []string{"u1", "big-f2", "little-i8", "fortran", "version2", "empty", "bool"} {
		file, err := os.ReadFile("testdata/arrays/" + name + ".npy")
		require.NoError(f, err)
		f.Add(file)
	}
	f.Add(npyFile("{'descr': '<u2', 'fortran_order': True, 'shape': (2L, 1L), }", "1234"))
	f.Fuzz(func(t *testing.T, file []byte) {
		a, err := ReadNPY(bytes.NewReader(file), "x")
		if err != nil {
			require.Nil(t, a)
			return
		}
		checkArray(t, a)
		var b bytes.Buffer
		require.NoError(t, WriteNPY(&b, a))
		again, err := ReadNPY(&b, "x")
		require.NoError(t, err)
		require.Equal(t, a.Shape, again.Shape)
		require.Equal(t, a.Int, again.Int)
		require.Equal(t, a.Uint8, again.Uint8)
		for i := range a.Float {
			require.Equal(t, math.Float32bits(a.Float[i]), math.Float32bits(again.Float[i]))
		}
	})
}
