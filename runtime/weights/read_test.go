package weights

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

// assemble puts a header and data together as they are, without padding.
func assemble(header, data string) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), data...)
}

// tensor makes a header of one tensor.
func tensor(dtype, shape, offsets string) string {
	return `{"x":{"dtype":"` + dtype + `","shape":` + shape + `,"data_offsets":` + offsets + `}}`
}

// Each rule of the format, by a file that breaks it. All files must be refused
// alike by Read and ReadFrom.
func TestReadRules(t *testing.T) {
	const (
		zero4  = "\x00\x00\x00\x00"
		zero8  = zero4 + zero4
		zero16 = zero8 + zero8
	)
	good := tensor("F32", "[2]", "[0,8]")
	rules := map[string]struct {
		file []byte
		want string
	}{
		"empty":                 {nil, "truncated: it has 0 bytes"},
		"no length":             {[]byte("1234567"), "truncated: it has 7 bytes, the length of the header alone takes 8"},
		"header too long":       {binary.LittleEndian.AppendUint64(nil, maxHeader+1), "the header would take 100000001 bytes, more than the 100000000 allowed"},
		"header length wraps":   {binary.LittleEndian.AppendUint64(nil, math.MaxUint64), "the header would take 18446744073709551615 bytes"},
		"a table":               {[]byte("a,b,y\n1,2,3\n4,5,6\n"), "this is not a safetensors file: it looks like a table"},
		"a long table":          {[]byte(strings.Repeat("größer;kleiner\n", 50)), "it looks like a table"},
		"a program":             {[]byte("package main\n\nfunc main() {}\n"), "this is not a safetensors file: it looks like text"},
		"a JSON object":         {[]byte("{\"a\": 1, \"b\": 2}\n"), "it looks like JSON"},
		"a checkpoint":          {[]byte("PK\x03\x04\x00\x00\x08\x08\x00\x00"), "it looks like a ZIP archive, as PyTorch's .pt"},
		"a damaged length":      {append(binary.LittleEndian.AppendUint64(nil, 1<<40), good...), "the header would take 1099511627776 bytes, more than the 100000000 allowed"},
		"header truncated":      {append(binary.LittleEndian.AppendUint64(nil, 50), "{}"...), "truncated: the header takes 50 bytes, there are 2"},
		"header of length 0":    {assemble("", ""), "does not begin with '{'"},
		"starts with space":     {assemble(" "+good, zero8), "does not begin with '{'"},
		"an array":              {assemble("[]", ""), "does not begin with '{'"},
		"padded with zeros":     {assemble(good+"\x00", zero8), "not one JSON object padded with blanks"},
		"invalid JSON":          {assemble(`{"x":}`, ""), "not valid JSON"},
		"two objects":           {assemble(`{}{}`, ""), "not valid JSON"},
		"trailing comma":        {assemble(`{"__metadata__":{},}`, ""), "not valid JSON"},
		"deeply nested":         {assemble(strings.Repeat(`{"x":`, 20_000)+strings.Repeat("}", 20_000), ""), "not valid JSON"},
		"invalid UTF-8":         {assemble("{\"\xff\":{}}", ""), "not valid UTF-8"},
		"half a surrogate pair": {assemble(`{"a\\":{},"\ud800":{}}`, ""), "half a surrogate pair at byte 11"},
		"low surrogate alone":   {assemble(`{"\udc00":{}}`, ""), "half a surrogate pair at byte 2"},
		"surrogate and letter":  {assemble(`{"\ud800\u0041":{}}`, ""), "half a surrogate pair at byte 2"},

		"tensor twice":           {assemble(good[:len(good)-1]+","+good[1:], zero8), `the key "x" occurs twice`},
		"tensor twice, escaped":  {assemble(good[:len(good)-1]+`,"\u0078":{}}`, zero8), `the key "x" occurs twice`},
		"metadata twice":         {assemble(`{"__metadata__":{},"__metadata__":{}}`, ""), `the key "__metadata__" occurs twice`},
		"metadata key twice":     {assemble(`{"__metadata__":{"a":"1","a":"1"}}`, ""), `__metadata__: the key "a" occurs twice`},
		"metadata not an object": {assemble(`{"__metadata__":[]}`, ""), "__metadata__: an object is wanted"},
		"metadata of a number":   {assemble(`{"__metadata__":{"a":1}}`, ""), `__metadata__: the value of "a" is not a string`},
		"metadata nested":        {assemble(`{"__metadata__":{"a":{}}}`, ""), `__metadata__: the value of "a" is not a string`},

		"tensor not an object": {assemble(`{"x":1}`, ""), `tensor "x": an object is wanted`},
		"field twice":          {assemble(`{"x":{"dtype":"F32","dtype":"F32"}}`, ""), `tensor "x": the key "dtype" occurs twice`},
		"unknown field":        {assemble(`{"x":{"dtype":"F32","stride":[1]}}`, ""), `tensor "x": unknown field "stride"`},
		"field in capitals":    {assemble(`{"x":{"DType":"F32"}}`, ""), `unknown field "DType"`},
		"no dtype":             {assemble(`{"x":{"shape":[2],"data_offsets":[0,8]}}`, zero8), "the field dtype is missing"},
		"no shape":             {assemble(`{"x":{"dtype":"F32","data_offsets":[0,8]}}`, zero8), "the field shape is missing"},
		"no offsets":           {assemble(`{"x":{"dtype":"F32","shape":[2]}}`, zero8), "the field data_offsets is missing"},

		"dtype unknown":       {assemble(tensor("F31", "[2]", "[0,8]"), zero8), `tensor "x": the format has no element type "F31"`},
		"dtype in small":      {assemble(tensor("f32", "[2]", "[0,8]"), zero8), `no element type "f32"`},
		"dtype not supported": {assemble(tensor("F8_E4M3", "[8]", "[0,8]"), zero8), "elements of type F8_E4M3 are not supported; store them as F32"},
		"dtype not a string":  {assemble(`{"x":{"dtype":32}}`, ""), "dtype is not a string"},

		"shape not an array":   {assemble(tensor("F32", "2", "[0,8]"), zero8), "shape is not an array"},
		"shape negative":       {assemble(tensor("F32", "[-2]", "[0,8]"), zero8), `shape holds "-2", which is not an integer`},
		"shape minus zero":     {assemble(tensor("F32", "[-0]", "[0,0]"), ""), `shape holds "-0"`},
		"shape of fractions":   {assemble(tensor("F32", "[2.0]", "[0,8]"), zero8), `shape holds "2.0"`},
		"shape with exponent":  {assemble(tensor("F32", "[2e0]", "[0,8]"), zero8), `shape holds "2e0"`},
		"shape of strings":     {assemble(tensor("F32", `["2"]`, "[0,8]"), zero8), "shape holds something that is not a number"},
		"shape nested":         {assemble(tensor("F32", "[[2]]", "[0,8]"), zero8), "shape holds something that is not a number"},
		"size over int64":      {assemble(tensor("F32", "[9223372036854775808]", "[0,8]"), zero8), "not an integer between 0 and 9223372036854775807"},
		"product wraps to 2":   {assemble(tensor("F32", "[9223372036854775809,2]", "[0,8]"), zero8), "not an integer between"},
		"product wraps to 0":   {assemble(tensor("F32", "[4294967296,4294967296]", "[0,0]"), ""), "more elements than memory can address"},
		"bytes wrap to 0":      {assemble(tensor("F64", "[2305843009213693952]", "[0,0]"), ""), "more elements than memory can address"},
		"product behind 0":     {assemble(tensor("F32", "[0,4294967296,4294967296]", "[0,0]"), ""), "more elements than memory can address"},
		"too many axes":        {assemble(tensor("F32", "[1"+strings.Repeat(",1", 64)+"]", "[0,4]"), zero4), "shape holds more than 64 numbers"},
		"offsets not an array": {assemble(tensor("F32", "[2]", "8"), zero8), "data_offsets is not an array"},
		"offsets negative":     {assemble(tensor("F32", "[2]", "[-8,0]"), zero8), `data_offsets holds "-8"`},
		"one offset":           {assemble(tensor("F32", "[2]", "[8]"), zero8), "data_offsets holds 1 numbers, not 2"},
		"three offsets":        {assemble(tensor("F32", "[2]", "[0,8,8]"), zero8), "data_offsets holds more than 2 numbers"},
		"offsets backward":     {assemble(tensor("F32", "[2]", "[8,0]"), zero8), "data_offsets [8, 0] end before they begin"},
		"span too short":       {assemble(tensor("F32", "[2]", "[0,7]"), zero8), "data_offsets [0, 7] span 7 bytes, but F32 [2] takes 8"},
		"span too long":        {assemble(tensor("F16", "[]", "[0,8]"), zero8), "data_offsets [0, 8] span 8 bytes, but F16 [] takes 2"},

		"hole at the start": {assemble(tensor("F32", "[1]", "[4,8]"), zero8), `tensor "x": its data begin at byte 4, but the data before end at 0: a hole of 4 bytes`},
		"hole between": {assemble(`{"b":{"dtype":"U8","shape":[8],"data_offsets":[8,16]},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}`, zero16),
			`tensor "b": its data begin at byte 8, but the data before end at 4: a hole of 4 bytes`},
		"overlap": {assemble(`{"b":{"dtype":"U8","shape":[8],"data_offsets":[4,12]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}`, zero16),
			`tensor "b": its data begin at byte 4, inside those of "a", which end at 8`},
		"same data twice": {assemble(`{"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}`, zero8),
			`tensor "a": its data begin at byte 0, inside those of "b"`},
		"empty one inside another": {assemble(`{"b":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"a":{"dtype":"U8","shape":[0],"data_offsets":[4,4]}}`, zero8),
			`tensor "a": its data begin at byte 4, inside those of "b"`},
		"data truncated":   {assemble(good, zero8[:5]), "the file is truncated: the header promises 8 bytes of data, there are 5"},
		"no data":          {assemble(good, ""), "the file is truncated: the header promises 8 bytes of data, there are 0"},
		"more data":        {assemble(good, zero8+"!"), "the header promises 8 bytes of data"},
		"more without any": {assemble("{}", "!"), "the header promises 0 bytes of data"},

		"bool of 2":      {assemble(tensor("BOOL", "[3]", "[0,3]"), "\x00\x01\x02"), `tensor "x": element 2 is 2, which is neither false (0) nor true (1)`},
		"U64 over int64": {assemble(tensor("U64", "[1]", "[0,8]"), strings.Repeat("\xff", 8)), `tensor "x": element 0 is 18446744073709551615, which is too large for int64`},
	}
	if math.MaxInt == math.MaxInt32 {
		for _, name := range []string{"product wraps to 0", "bytes wrap to 0", "product behind 0"} {
			delete(rules, name) // each size alone is refused
		}
	}
	for name, rule := range rules {
		t.Run(name, func(t *testing.T) {
			f, err := ReadFrom(bytes.NewReader(rule.file))
			require.Error(t, err)
			assert.Nil(t, f)
			// A stream's surplus is not counted, so the messages part after "follow".
			if !strings.HasPrefix(name, "more ") {
				assert.Contains(t, err.Error(), rule.want)
			}

			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, os.WriteFile(path, rule.file, 0o666))
			f, err = Read(path)
			require.Error(t, err)
			assert.Nil(t, f)
			assert.Contains(t, err.Error(), rule.want)
			assert.Contains(t, err.Error(), path)
		})
	}
}

// What looks odd but is allowed.
func TestReadAllowed(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want File
	}{
		"nothing":       {string(assemble(`{}`, "")), File{}},
		"padded":        {string(assemble(`{}      `, "")), File{}},
		"a line feed":   {string(assemble("{} \r\n\t\n", "")), File{}},
		"metadata null": {string(assemble(`{"__metadata__":null}`, "")), File{}},
		"only metadata": {string(assemble(`{"__metadata__":{"":"", "a\\\ud83d\ude00":"\ufffd"}}`, "")), File{Meta: map[string]string{"": "", "a\\😀": "\ufffd"}}},
		"spaces":        {string(assemble("{ \"x\"\n: {\t\"shape\" : [ 1 , 1 ] , \"data_offsets\":[ 0,1 ],\"dtype\":\"U8\" } }  ", "\x05")), File{Tensors: []Tensor{{Name: "x", DType: U8, Shape: []int{1, 1}, I64: []int64{5}}}}},
		"no name":       {string(assemble(`{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}`, "\x05")), File{Tensors: []Tensor{{DType: U8, I64: []int64{5}}}}},
		"empty tensors in between": {string(assemble(`{"c":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[0,5],"data_offsets":[1,1]},"a":{"dtype":"I8","shape":[0],"data_offsets":[0,0]}}`, "\x05")),
			File{Tensors: []Tensor{
				{Name: "a", DType: I8, Shape: []int{0}, I64: []int64{}},
				{Name: "c", DType: U8, Shape: []int{1}, I64: []int64{5}},
				{Name: "b", DType: F32, Shape: []int{0, 5}, F32: []float32{}},
			}}},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := ReadFrom(strings.NewReader(c.file))
			require.NoError(t, err)
			if c.want.Tensors == nil {
				c.want.Tensors = []Tensor{}
			}
			assert.Equal(t, &c.want, f)
		})
	}
}

func TestReadPythonFiles(t *testing.T) {
	f, err := Read("testdata/small.safetensors")
	require.NoError(t, err)
	assert.Equal(t, &File{
		Meta: map[string]string{"format": `pt "ünïcödé" <&>`},
		Tensors: []Tensor{
			{Name: "norm.num_batches_tracked", DType: I64, I64: []int64{7}},
			{Name: "linear.bias", DType: F32, Shape: []int{1}, F32: []float32{0.1}},
			{Name: "linear.weight", DType: F32, Shape: []int{2, 3}, F32: []float32{1, -2, 3.5, 0, 0x1p-149, float32(math.Inf(-1))}},
		},
	}, f)

	meta, err := ReadMeta("testdata/small.safetensors")
	require.NoError(t, err)
	assert.Equal(t, f.Meta, meta)
}

// Pieces of any size, as a network connection delivers them.
func TestReadFromSlowStream(t *testing.T) {
	file, err := os.ReadFile("testdata/types.safetensors")
	require.NoError(t, err)
	want, err := ReadFrom(bytes.NewReader(file))
	require.NoError(t, err)
	got, err := ReadFrom(iotest.OneByteReader(bytes.NewReader(file)))
	require.NoError(t, err)
	equalFiles(t, want, got)

	broken := errors.New("connection lost")
	for at := range file {
		_, err := ReadFrom(io.MultiReader(bytes.NewReader(file[:at]), iotest.ErrReader(broken)))
		require.ErrorIs(t, err, broken)
	}
}

func TestReadFromNil(t *testing.T) {
	f, err := ReadFrom(nil)
	require.ErrorContains(t, err, "the reader is nil")
	require.Nil(t, f)
	require.ErrorContains(t, WriteTo(nil, written()), "the writer is nil")
}

func TestReadTruncatedAnywhere(t *testing.T) {
	file, err := os.ReadFile("testdata/small.safetensors")
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	for n := range file {
		_, err := ReadFrom(bytes.NewReader(file[:n]))
		require.ErrorContains(t, err, "truncated", "%d bytes", n)
		require.NoError(t, os.WriteFile(path, file[:n], 0o666))
		_, err = Read(path)
		require.ErrorContains(t, err, "truncated", "%d bytes", n)
		_, err = ReadMeta(path)
		require.ErrorContains(t, err, "truncated", "%d bytes", n)
	}
}

// Any damage to the length or the header is an error or gives another valid
// file, which then survives being written and read.
func TestReadEveryFlippedByte(t *testing.T) {
	file := mustWrite(t, &File{
		Meta: map[string]string{"é": `"`},
		Tensors: []Tensor{
			{Name: "w", DType: F32, Shape: []int{1, 1}, F32: []float32{1}},
			{Name: "n", DType: I8, I64: []int64{1}},
		},
	})
	headerEnd := 8 + int(binary.LittleEndian.Uint64(file))
	for i := range headerEnd {
		for flip := 1; flip < 256; flip++ {
			damaged := bytes.Clone(file)
			damaged[i] ^= byte(flip)
			checkReadable(t, damaged)
		}
	}
}

// A header may promise anything; memory follows the bytes that are there.
func TestReadBoundsMemory(t *testing.T) {
	const limit = 1 << 20
	for name, file := range map[string][]byte{
		"long header": append(binary.LittleEndian.AppendUint64(nil, maxHeader), '{'),
		"big tensor":  assemble(tensor("F32", "[274877906944]", "[0,1099511627776]"), "1234"),
		"big bytes":   assemble(tensor("U8", "[1099511627776]", "[0,1099511627776]"), "1234"),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "w.safetensors")
			require.NoError(t, os.WriteFile(path, file, 0o666))
			for source, read := range map[string]func() (*File, error){
				"stream": func() (*File, error) { return ReadFrom(bytes.NewReader(file)) },
				"file":   func() (*File, error) { return Read(path) },
			} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err := read()
				runtime.ReadMemStats(&after)
				require.Error(t, err)
				assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(limit), source)
			}
		})
	}
}

func TestReadBigTensor(t *testing.T) {
	want := make([]float32, 100_003) // several chunks and a rest
	for i := range want {
		want[i] = float32(i)
	}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, Write(path, &File{Tensors: []Tensor{{Name: "x", DType: F32, Shape: []int{len(want)}, F32: want}}}))
	f, err := Read(path)
	require.NoError(t, err)
	x, ok := f.Tensor("x")
	require.True(t, ok)
	assert.Equal(t, want, x.F32)
	_, ok = f.Tensor("y")
	assert.False(t, ok)

	file, err := os.ReadFile(path)
	require.NoError(t, err)
	f, err = ReadFrom(bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, want, f.Tensors[0].F32)
}

func TestReadNoFile(t *testing.T) {
	dir := t.TempDir()
	_, err := Read(filepath.Join(dir, "none.safetensors"))
	assert.ErrorIs(t, err, os.ErrNotExist)
	_, err = Read(dir)
	assert.ErrorContains(t, err, "this is a folder")
}

// checkReadable reads bytes that may be anything. What is accepted must come
// back the same after being written, if it can be.
func checkReadable(t *testing.T, b []byte) {
	f, err := ReadFrom(bytes.NewReader(b))
	if err != nil {
		require.Nil(t, f)
		return
	}
	for i := range f.Tensors {
		x := &f.Tensors[i]
		n, err := elements(x.Shape)
		require.NoError(t, err)
		require.Equal(t, n, len(x.F32)+len(x.I64))
		if x.DType.Float() {
			x.DType = F32
		}
		if x.Name == metadataKey {
			return
		}
	}
	var out bytes.Buffer
	require.NoError(t, WriteTo(&out, f))
	again, err := ReadFrom(bytes.NewReader(out.Bytes()))
	require.NoError(t, err)
	require.Len(t, again.Tensors, len(f.Tensors))
	for _, x := range f.Tensors {
		y, ok := again.Tensor(x.Name)
		require.True(t, ok)
		equalTensors(t, x, *y)
	}
}

// equalFiles compares files by bits, so that not-a-number equals itself.
func equalFiles(t *testing.T, want, got *File) {
	t.Helper()
	require.Equal(t, want.Meta, got.Meta)
	require.Len(t, got.Tensors, len(want.Tensors))
	for i := range want.Tensors {
		equalTensors(t, want.Tensors[i], got.Tensors[i])
	}
}

func equalTensors(t *testing.T, want, got Tensor) {
	t.Helper()
	require.Equal(t, want.Name, got.Name)
	require.Equal(t, want.DType, got.DType)
	require.Equal(t, want.Shape, got.Shape)
	require.Equal(t, want.I64, got.I64)
	require.Len(t, got.F32, len(want.F32))
	for i := range want.F32 {
		require.Equal(t, math.Float32bits(want.F32[i]), math.Float32bits(got.F32[i]), "%s[%d]", want.Name, i)
	}
}

func FuzzReadFrom(f *testing.F) {
	for _, name := range []string{"small", "types", "written"} {
		file, err := os.ReadFile("testdata/" + name + ".safetensors")
		require.NoError(f, err)
		f.Add(file)
	}
	f.Add(assemble(`{}`, ""))
	f.Add(assemble(`{"__metadata__":{"\ud83d\ude00":"\\"}}`, ""))
	f.Add(assemble(tensor("F16", "[2,1]", "[0,4]"), "1234"))
	f.Fuzz(func(t *testing.T, b []byte) { checkReadable(t, b) })
}
