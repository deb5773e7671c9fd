package weights

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// named is a file of tensors of those names, each with its place among them as its only element.
func named(names ...string) *File {
	f := &File{}
	for i, name := range names {
		f.Tensors = append(f.Tensors, Tensor{Name: name, DType: F32, F32: []float32{float32(i)}})
	}
	return f
}

func names(f *File) (list []string) {
	for _, t := range f.Tensors {
		list = append(list, t.Name)
	}
	return list
}

func TestMappingRenames(t *testing.T) {
	const text = "\ufeff# theirs = ours\r\n" +
		"\n" +
		"  module.fc1.* = linear1.*   # the first\r\n" +
		"module.*.gamma=*.gain\n" +
		"\tmodule.läufer = \tlinear2.bias\n" +
		"module.extra* = -\n" +
		"module.a#b = c"
	path := filepath.Join(t.TempDir(), "map.txt")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	m, err := ReadMapping(path)
	require.NoError(t, err)
	f := named("module.fc1.weight", "module.extra.x", "own", "module.norm.0.gamma", "module.läufer", "module.fc1.", "module.extra", "module.a#b")
	require.NoError(t, m.Rename(f))
	assert.Equal(t, []string{"linear1.weight", "own", "norm.0.gain", "linear2.bias", "linear1.", "c"}, names(f))
	assert.Equal(t, []float32{3}, f.Tensors[2].F32, "the data stay with their tensor")

	turned, err := m.Turned()
	require.NoError(t, err)
	require.NoError(t, turned.Rename(f))
	assert.Equal(t, []string{"module.fc1.weight", "own", "module.norm.0.gamma", "module.läufer", "module.fc1.", "module.a#b"}, names(f))

	everything, err := ParseMapping("all", []byte("* = net.*"))
	require.NoError(t, err)
	require.NoError(t, everything.Rename(f))
	assert.Equal(t, "net.own", f.Tensors[1].Name)
}

// Every mistake has its place, and leaves the file as it was.
func TestMappingMistakes(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a = b\nfc1.weight", "map:2:1: there is no =: write `theirs = ours`"},
		{"  fc1.weight linear1.weight", "map:1:3: there is no ="},
		{"é = b = c", "map:1:7: a second ="},
		{" = linear1.weight", "map:1:2: the name of their tensor is missing"},
		{"fc1.weight = # later", "map:1:12: the name of the tensor here is missing behind the =; to leave theirs out, write -"},
		{"*.fc.* = a.*", `map:1:1: "*.fc.*" has more than one *`},
		{"fc.* =  *.a.*", `map:1:9: "*.a.*" has more than one *`},
		{"fc.* = a", "map:1:8: one side has a * and the other has none"},
		{"fc = a.*", "map:1:6: one side has a * and the other has none"},
		{"fc = \xff", "map:1:6: this is not UTF-8"},
		{"é = b\nö\xc3 = a", "map:2:2: this is not UTF-8"},
		{"fc = a\n\nfc = b", `map:3:1: line 1 is for "fc" too`},
		{strings.Repeat("*=*\n", 1001), "map:1001:1: more than 1000 lines with *"},
		{strings.Repeat("#", 1<<20) + "#", "map: longer than 1048576 bytes"},
		{"- = -", "map:1:1: there is a - on both sides"},
		{strings.Repeat("-=a\n", 1001), "map:1001:1: more than 1000 lines of tensors that start anew"},

		{" fc1.weight[:3] = -", "map:1:2: a tensor that is left out has no rows to take"},
		{"-[:3] = a", "map:1:1: a tensor that is left out has no rows to take"},
		{"fc1.weight = a[:3]", "map:1:14: the rows to take stand behind the name of their tensor, before the =: fc1.weight[:3]"},
		{"fc1.* = a.*[:3]", "map:1:9: the rows to take stand behind the name of their tensor, before the =: fc1.*[:3]"},
		{"fc1.weight[1:3] = a", `map:1:1: "[1:3]": the first rows can be taken, and nothing else: write them as [:256]`},
		{"fc1.weight[:3, :2] = a", `map:1:1: "[:3, :2]": the first rows can be taken`},
		{"fc1.weight[:-1] = a", `map:1:1: "[:-1]": at least one row is taken`},
		{"fc1.weight[:+1] = a", `map:1:1: "[:+1]": the first rows can be taken`},
		{"fc1.weight[:] = a", `map:1:1: "[:]": the first rows can be taken`},
		{"fc1.weight[:0] = a", `map:1:1: "[:0]": at least one row is taken`},
		{"fc1.weight[:99999999999999999999] = a", `map:1:1: "[:99999999999999999999]": the first rows can be taken`},
		{"[:3] = a", "map:1:1: the name of the tensor is missing before the ["},
		{"\n fc1.weight[:1] = a", `map:2:2: "fc1.weight": it is a single number and has no rows: take the [:1] away`},
		{"fc3.weight[:1] = a", `map:1:1: the weights have no tensor "fc3.weight"`},

		{"fc1.wieght = linear1.weight", `map:1:1: the weights have no tensor "fc1.wieght", did you mean "fc1.weight"?`},
		{"fc1.* = linear1.*\n fc3.* = linear3.*", `map:2:2: the weights have no tensor "fc3.*"`},
		{"fc3.* = -", `map:1:1: the weights have no tensor "fc3.*"`},
		{"fc1.* = linear1.*\nfc1.weight = linear2.weight", `map:2:1: line 1 is for "fc1.weight" too`},
		{"fc1.weight = linear2.weight\nfc1.* = linear1.*", `map:2:1: line 1 is for "fc1.weight" too`},
		{"*.weight = *.w\n\nfc1.* = linear1.*", `map:3:1: line 1 is for "fc1.weight" too`},
		{"fc1.weight = fc2.weight", `map: "fc1.weight" and "fc2.weight" would both be called "fc2.weight"`},
		{"fc2.weight = fc1.weight", `map:1:14: "fc1.weight" and "fc2.weight" would both be called "fc1.weight"`},
		{"fc1.weight = a\nfc2.weight = a", `map:2:14: "fc1.weight" and "fc2.weight" would both be called "a"`},
	} {
		f := named("fc1.weight", "fc1.bias", "fc2.weight")
		m, err := ParseMapping("map", []byte(c.text))
		if err == nil {
			err = m.Rename(f)
		}
		assert.ErrorContains(t, err, c.want, c.text)
		assert.Equal(t, named("fc1.weight", "fc1.bias", "fc2.weight"), f, c.text)
	}
	m, err := ParseMapping("map", []byte("fc1.weight = a\nfc2.weight = a"))
	require.NoError(t, err)
	_, err = m.Turned()
	assert.ErrorContains(t, err, `map:2:14: line 1 is for "a" too`)
	_, err = ReadMapping(filepath.Join(t.TempDir(), "absent"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// A file that does not fit after all is told in both names.
func TestMatchTellsBothNames(t *testing.T) {
	m, err := ParseMapping("map", []byte("fc1.weight = linear1.weight\nfc2.weight = linear9.weight"))
	require.NoError(t, err)
	f := named("fc1.weight", "fc2.weight")
	require.NoError(t, m.Rename(f))
	err = f.Match([]Want{{Name: "linear1.weight", Shape: []int{1}}})
	assert.ErrorContains(t, err, `"linear1.weight" ("fc1.weight" in the file, by map:1:1): the file has [], the model wants [1]`)
	assert.ErrorContains(t, err, `"linear9.weight" [] ("fc2.weight" in the file, by map:2:1)`)
}

// Whatever a map says, a file stays as it was, or has tensors whose elements are those of their shapes; comparing and
// letting start anew does not panic.
func FuzzMapping(f *testing.F) {
	f.Add("fc1.* = linear1.*\n# all\n* = -", "fc1.weight")
	f.Add("a*b = *\r\nc=d # e", "aab")
	f.Add("fc1.*[:2] = linear1.*\n- = linear2.*", "fc1.bias")
	f.Add("*[:3]=b*\n-=a", "")
	f.Fuzz(func(t *testing.T, text, name string) {
		m, err := ParseMapping("map", []byte(text))
		if err != nil {
			return
		}
		file := named(name, "fc1.weight")
		file.Tensors[0].Shape, file.Tensors[0].F32 = []int{4, 2}, make([]float32, 8)
		before := slices.Clone(file.Tensors)
		if err := m.Rename(file); err != nil {
			assert.Equal(t, before, file.Tensors)
			return
		}
		for _, tensor := range file.Tensors {
			assert.Len(t, tensor.F32, count(tensor.Shape))
		}
		d := file.Compare([]Want{{Name: "linear2.weight"}, {Name: "a"}, {Name: name}})
		if missing := len(d.Missing); m.StartAnew(d) == nil {
			assert.Equal(t, missing, len(d.Missing)+len(d.Anew))
		}
		if turned, err := m.Turned(); err == nil {
			_ = turned.Rename(file)
		}
	})
}
