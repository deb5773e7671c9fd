package weights

import (
	"math/rand/v2"
	"slices"
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

// Of a pretrained encoder a draft takes the layers by their last names, cuts a table that is longer, leaves out what the
// model lacks, and lets start anew what the file lacks.
func TestDraftOfAPart(t *testing.T) {
	linear := func(name string, out, in int) []Tensor {
		return []Tensor{floats(name+".weight", 0, out, in), floats(name+".bias", 0, out)}
	}
	norm := func(name string) []Tensor { return []Tensor{floats(name+".weight", 0, 4), floats(name+".bias", 0, 4)} }
	theirs := &File{Tensors: slices.Concat(
		norm("embed.LayerNorm"), []Tensor{floats("embed.place.weight", 0, 9, 4), floats("embed.word.weight", 0, 6, 4)},
		linear("layer.0.output.dense", 4, 4), linear("layer.0.self.key", 4, 4), linear("layer.0.self.query", 4, 4),
		linear("pooler.dense", 4, 4),
	)}
	var want []Want
	for _, tensor := range slices.Concat(
		[]Tensor{floats("embedding1.weight", 0, 6, 4), floats("position1.weight", 0, 5, 4)}, norm("norm1"),
		linear("block.0.attention.query", 4, 4), linear("block.0.attention.key", 4, 4), linear("block.0.attention.out", 4, 4), linear("linear1", 2, 4),
	) {
		want = append(want, Want{Name: tensor.Name, Shape: tensor.Shape})
	}
	d := theirs.Compare(want)
	const draft = `embed.word.* = embedding1.*
embed.place.weight[:5] = position1.weight
embed.LayerNorm.* = norm1.*
layer.0.self.query.* = block.0.attention.query.*
layer.0.self.key.* = block.0.attention.key.*
layer.0.output.dense.* = block.0.attention.out.*
pooler.dense.* = -
- = linear1.*
`
	assert.Equal(t, draft, d.Draft())
	assert.Equal(t, "embed.place.weight", d.Near(want[1]).Name)
	assert.Nil(t, d.Near(Want{Name: "linear1.weight", Shape: []int{2, 4}}))
	m := parsed(t, draft)
	require.NoError(t, m.Rename(theirs))
	d = theirs.Compare(want)
	require.NoError(t, m.StartAnew(d))
	assert.True(t, d.Fits())

	// Lines whose asterisks reach into one another make no map.
	theirs = &File{Tensors: slices.Concat(linear("a", 4, 4), linear("a.b", 3, 4))}
	want = []Want{{Name: "x.weight", Shape: []int{4, 4}}, {Name: "x.bias", Shape: []int{4}}, {Name: "y.weight", Shape: []int{3, 4}}, {Name: "y.bias", Shape: []int{3}}}
	assert.Empty(t, theirs.Compare(want).Draft())
	assert.ErrorContains(t, theirs.Match(want), "these look like the weights of another model")
}

// Whatever the shapes and names, what is drafted makes the file fit, and what is near is in the file.
func TestDraftsOfAnything(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	parts := []string{"a", "b", "10", "2", "key", "*", "a.b", ""}
	drafted := 0
	for range 5000 {
		var want []Want
		have, taken := &File{}, map[string]bool{}
		for range 1 + rng.IntN(6) {
			shape := [][]int{{4}, {4, 3}, {6, 3}, {8, 3}, {}}[rng.IntN(5)]
			last := []string{".weight", ".bias"}[rng.IntN(2)]
			if name := "ours" + parts[rng.IntN(5)] + last; !taken[name] {
				want, taken[name] = append(want, Want{Name: name, Shape: shape}), true
			}
			if rng.IntN(4) == 0 {
				shape = [][]int{{4}, {9, 3}}[rng.IntN(2)]
			}
			if name := parts[rng.IntN(len(parts))] + "." + parts[rng.IntN(len(parts))] + last; !taken[name] {
				have.Tensors, taken[name] = append(have.Tensors, floats(name, 0, shape...)), true
			}
		}
		d := have.Compare(want)
		for _, w := range d.Missing {
			if near := d.Near(w); near != nil {
				assert.Contains(t, d.Unexpected, near)
			}
		}
		if draft := d.Draft(); draft != "" {
			drafted++
			m := parsed(t, draft)
			require.NoError(t, m.Rename(have), draft)
			then := have.Compare(want)
			require.NoError(t, m.StartAnew(then), draft)
			require.True(t, then.Fits(), draft)
		}
	}
	assert.Greater(t, drafted, 100)
}
