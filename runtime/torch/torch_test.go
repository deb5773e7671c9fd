package torch_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/torch"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// PyTorch has read the same files: testdata/make.py.
func TestReadAgreesWithPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/values.json")
	require.NoError(t, err)
	var files map[string]map[string]struct {
		Shape  []int
		Values []float64
	}
	require.NoError(t, json.Unmarshal(text, &files))
	for name, want := range files {
		f, err := torch.Read(filepath.Join("testdata", name))
		require.NoError(t, err, name)
		assert.Len(t, f.Tensors, len(want), name)
		for _, have := range f.Tensors {
			w, ok := want[have.Name]
			if !assert.True(t, ok, "%s: %s", name, have.Name) {
				continue
			}
			assert.Equal(t, w.Shape, append([]int{}, have.Shape...), "%s: %s", name, have.Name)
			values := []float64{}
			for _, x := range have.F32 {
				values = append(values, float64(x))
			}
			for _, x := range have.I64 {
				values = append(values, float64(x))
			}
			require.Len(t, values, len(w.Values), "%s: %s", name, have.Name)
			for i := range values {
				assert.Equal(t, float32(w.Values[i]), float32(values[i]), "%s: %s[%d]", name, have.Name, i)
			}
		}
	}
}

func TestReadKeepsOrderAndTypes(t *testing.T) {
	f, err := torch.Read("testdata/state.pt")
	require.NoError(t, err)
	var names []string
	for _, have := range f.Tensors {
		names = append(names, have.Name)
	}
	assert.Equal(t, []string{"linear1.weight", "linear1.bias", "batchnorm1.weight", "batchnorm1.bias", "batchnorm1.running_mean", "batchnorm1.running_var",
		"batchnorm1.num_batches_tracked", "linear2.weight", "linear2.bias", "linear3.weight", "linear3.bias"}, names)
	count, _ := f.Tensor("batchnorm1.num_batches_tracked")
	assert.Equal(t, weights.I64, count.DType)
}

// Safetensors and whatever else is no archive go their own way.
func TestReadTellsFormatsApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Tensors: []weights.Tensor{{Name: "w", DType: weights.F32, Shape: []int{1}, F32: []float32{2}}}}))
	f, err := torch.Read(path)
	require.NoError(t, err)
	assert.Equal(t, "w", f.Tensors[0].Name)
	_, err = torch.Read(filepath.Join(t.TempDir(), "none.pt"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestRefused(t *testing.T) {
	for name, want := range map[string]string{
		"module.pt":   `"__main__.Net": only dicts of tensors are read; save the weights alone, torch.save(model.state_dict()`,
		"legacy.pt":   "before release 1.6: load it there and save it again",
		"sparse.pt":   "sparse tensor: save it as a dense one",
		"expanded.pt": "more elements than its storage",
		"complex.pt":  `elements of "torch.ComplexFloatStorage", which are not read: save them as float32`,
		"script.pt":   "TorchScript program",
	} {
		_, err := torch.Read(filepath.Join("testdata", name))
		assert.ErrorContains(t, err, want, name)
	}
}

// archived is an archive of torch.save with that pickle and those storages.
func archived(t testing.TB, method uint16, pickle string, storages map[string]string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	entry := func(name, content string) {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		require.NoError(t, err)
		_, err = io.WriteString(w, content)
		require.NoError(t, err)
	}
	entry("a/data.pkl", pickle)
	for key, content := range storages {
		entry("a/data/"+key, content)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

// oneTensor makes {"w": a float32 tensor} of an offset, sizes and strides, written as pickles write them.
func oneTensor(elements, offset, sizes, strides string) string {
	return "\x80\x02}X\x01\x00\x00\x00w" + tensorOf("v2", "FloatStorage", elements, offset, sizes, strides, "") + "s."
}

// tensorOf makes a tensor, of the last version with a type.
func tensorOf(version, class, elements, offset, sizes, strides, dtype string) string {
	module := "ctorch\n"
	if class == "UntypedStorage" {
		module = "ctorch.storage\n"
	}
	return "ctorch._utils\n_rebuild_tensor_" + version + "\n((X\x07\x00\x00\x00storage" + module + class + "\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu" +
		elements + "tQ" + offset + sizes + strides + "\x89}" + dtype + "tR"
}

func TestHostile(t *testing.T) {
	two := map[string]string{"0": "\x00\x00\x80\x3f\x00\x00\x00\x40"}
	for name, test := range map[string]struct {
		pickle   string
		storages map[string]string
		want     string
	}{
		"fine":                {oneTensor("K\x02", "K\x00", "K\x02\x85", "K\x01\x85"), two, ""},
		"beyond the storage":  {oneTensor("K\x02", "K\x01", "K\x02\x85", "K\x01\x85"), two, "more elements than its storage"},
		"huge strides":        {oneTensor("K\x02", "K\x00", "K\x02\x85", "J\xff\xff\xff\x7f\x85"), two, "more elements than its storage"},
		"negative size":       {oneTensor("K\x02", "K\x00", "J\xff\xff\xff\xff\x85", "K\x01\x85"), two, "a tensor of what is none"},
		"longer than promise": {oneTensor("K\x01", "K\x00", "K\x01\x85", "K\x01\x85"), two, "has 8 bytes, and 4 are promised"},
		"no storage":          {oneTensor("K\x02", "K\x00", "K\x02\x85", "K\x01\x85"), nil, `has no "a/data/0"`},
		"a call":              {"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.", nil, `names "os.system"`},
		"a class":             {"\x80\x02ccollections\nOrderedDict\n)\x81.", nil, "makes an object of a class"},
		"nothing":             {"", nil, "ends too early"},
		"empty stack":         {"\x80\x02.", nil, "empty stack"},
		"no mark":             {"\x80\x02}u.", nil, "misses a mark"},
		"endless text":        {"\x80\x02\x8d\xff\xff\xff\xff\xff\xff\xff\xff.", nil, "ends too early"},
		"itself":              {"\x80\x02}q\x00X\x01\x00\x00\x00ah\x00s.", nil, "have no end"},
		"a number":            {"\x80\x02K\x01.", nil, "holds no dict of tensors"},
		"no tensor":           {"\x80\x02}.", nil, "holds no tensor"},
		"a float as function": {"\x80\x02G\x00\x00\x00\x00\x00\x00\x00\x00)R.", nil, "calls what is no function"},
		"a list as function":  {"\x80\x02])R.", nil, "calls what is no function"},
		"many of one list":    {"\x80\x02](NN\x86eq\x00ccollections\nOrderedDict\nq\x01h\x01h\x00\x85R.", nil, "makes a dict that is not empty"},
		"instructions":        {strings.Repeat("\x80\x02", 1<<24+1), nil, "more than 16777216 instructions"},
		"a long name":         {"\x80\x02}X\x00\x20\x00\x00" + strings.Repeat("n", 1<<13) + tensorOf("v2", "FloatStorage", "K\x02", "K\x00", "K\x02\x85", "K\x01\x85", "") + "s.", two, "more than 4096 bytes"},
		"long names": {"\x80\x02}X\x00\x0f\x00\x00" + strings.Repeat("n", 0xf00) + "](" + tensorOf("v2", "FloatStorage", "K\x02", "K\x00", "K\x02\x85", "K\x01\x85", "") + "q\x00" +
			strings.Repeat("h\x00", 1<<15) + "es.", two, "have more than 67108864 bytes"},
		"turned again and again": {"\x80\x02}X\x01\x00\x00\x00w](" + tensorOf("v2", "FloatStorage", "K\x64", "K\x00", "K\x0aK\x0a\x86", "K\x01K\x0a\x86", "") + "q\x00" +
			strings.Repeat("h\x00", 100) + "es.", map[string]string{"0": strings.Repeat("\x00", 400)}, "more than 16 times the elements of the file"},
	} {
		b := archived(t, zip.Store, test.pickle, test.storages)
		f, err := torch.ReadFrom(bytes.NewReader(b), int64(len(b)))
		if test.want == "" {
			require.NoError(t, err, name)
			assert.Equal(t, []float32{1, 2}, f.Tensors[0].F32, name)
			continue
		}
		assert.ErrorContains(t, err, test.want, name)
	}
	// Of bytes that are no whole number of elements those are read that are.
	b := archived(t, zip.Store, "\x80\x02}X\x01\x00\x00\x00w"+tensorOf("v3", "UntypedStorage", "K\x07", "K\x00", "K\x03\x85", "K\x01\x85", "ctorch\nuint16\n")+"s.",
		map[string]string{"0": "\x01\x00\x02\x00\x03\x00\x09"})
	f, err := torch.ReadFrom(bytes.NewReader(b), int64(len(b)))
	require.NoError(t, err)
	assert.Equal(t, []int64{1, 2, 3}, f.Tensors[0].I64)
	const many = "J\x70\x11\x01\x00" // 70,000, more than are decoded at a time
	flags := []byte(strings.Repeat("\x01", 70_000))
	flags[66_000] = 2
	pickle := strings.Replace(oneTensor(many, "K\x00", many+"\x85", "K\x01\x85"), "FloatStorage", "BoolStorage", 1)
	b = archived(t, zip.Store, pickle, map[string]string{"0": string(flags)})
	_, err = torch.ReadFrom(bytes.NewReader(b), int64(len(b)))
	assert.ErrorContains(t, err, `tensor "w": element 66000 is 2, which is neither false (0) nor true (1)`)
	b = archived(t, zip.Deflate, "\x80\x02}.", nil)
	_, err = torch.ReadFrom(bytes.NewReader(b), int64(len(b)))
	assert.ErrorContains(t, err, "is compressed")
}

// A file that was cut anywhere is an error, and so is one with a changed byte, or it is still a file of tensors.
func TestDamaged(t *testing.T) {
	whole, err := os.ReadFile("testdata/state.pt")
	require.NoError(t, err)
	for n := range whole {
		_, err := torch.ReadFrom(bytes.NewReader(whole[:n]), int64(n))
		assert.Error(t, err, "%d bytes", n)
		changed := bytes.Clone(whole)
		changed[n] ^= 0x41
		_, _ = torch.ReadFrom(bytes.NewReader(changed), int64(len(changed))) // does not panic
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"state.pt", "types.pt", "nested.pt", "protocol4.pt"} {
		b, err := os.ReadFile(filepath.Join("testdata", name))
		require.NoError(f, err)
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { check(t, b) })
}

// The archive keeps most of what fuzzing tries away from the pickle, so that has a target of its own.
func FuzzPickle(f *testing.F) {
	for _, name := range []string{"state.pt", "types.pt", "nested.pt", "protocol4.pt", "checkpoint.pt"} {
		z, err := zip.OpenReader(filepath.Join("testdata", name))
		require.NoError(f, err)
		for _, entry := range z.File {
			if filepath.Base(entry.Name) == "data.pkl" {
				r, err := entry.Open()
				require.NoError(f, err)
				pickle, err := io.ReadAll(r)
				require.NoError(f, err)
				f.Add(string(pickle))
			}
		}
		require.NoError(f, z.Close())
	}
	f.Fuzz(func(t *testing.T, pickle string) {
		check(t, archived(t, zip.Store, pickle, map[string]string{"0": "01234567", "1": "0123456789abcdef"}))
	})
}

// check reads bytes; what is read has the elements that its shapes say, and not many more than the bytes justify.
func check(t *testing.T, b []byte) {
	file, err := torch.ReadFrom(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	for _, have := range file.Tensors {
		n := 1
		for _, d := range have.Shape {
			n *= d
		}
		assert.Equal(t, n, len(have.F32)+len(have.I64), have.Name)
		assert.LessOrEqual(t, n, len(b))
	}
}
