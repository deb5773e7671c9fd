package weights

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A drafted map makes the file fit that it was drafted for.
func TestDraft(t *testing.T) {
	want := []Want{
		{Name: "linear1.weight", Shape: []int{4, 3}}, {Name: "linear1.bias", Shape: []int{4}},
		{Name: "linear2.weight", Shape: []int{4, 3}}, {Name: "linear2.bias", Shape: []int{4}},
		{Name: "norm1.weight", Shape: []int{4}}, {Name: "norm1.count", DType: I64, Counter: true},
	}
	file := func(first, second, norm string) *File {
		f := &File{Tensors: []Tensor{
			floats(second+"weight", 0, 4, 3), floats(second+"bias", 0, 4), floats(first+"bias", 0, 4), floats(first+"weight", 0, 4, 3), floats(norm+"weight", 0, 4),
		}}
		if norm != "norm1." {
			f.Tensors = append(f.Tensors, Tensor{Name: norm + "count", DType: I64, I64: []int64{1}})
		}
		return f
	}
	for _, c := range []struct {
		file  *File
		draft string
	}{
		{file("net.2.", "net.10.", "x."), "net.2.* = linear1.*\nnet.10.* = linear2.*\nx.* = norm1.*\n"},
		{file("fc2b.", "fc10a.", "norm1."), "fc2b.* = linear1.*\nfc10a.* = linear2.*\n"},
		{file("module.linear1.", "module.linear2.", "module.norm1."), "module.* = *\n"},
		{file("", "a.", "b."), ""},
		{file("a*b.", "a.", "b."), ""},
		{file("\x1b[31m.", "a.", "b."), ""},
		{&File{Tensors: file("a.", "b.", "c.").Tensors[1:]}, ""},
		{file("linear1.", "linear2.", "norm1."), ""},
	} {
		assert.Equal(t, c.draft, c.file.Compare(want).Draft())
		if c.draft == "" {
			continue
		}
		m, err := ParseMapping("draft", []byte(c.draft))
		require.NoError(t, err)
		require.NoError(t, m.Rename(c.file))
		assert.NoError(t, c.file.Match(want))
	}
	d := file("net.2.", "net.10.", "x.").Compare(want)
	assert.Equal(t, "net.10.bias", d.Near(want[3]).Name, "what is near is what the draft says")
}
