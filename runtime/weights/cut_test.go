package weights

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tables is a file of a matrix of three rows, a vector of integers, a number, and a tensor without elements.
func tables() *File {
	return &File{Tensors: []Tensor{
		{Name: "place.weight", DType: F16, Shape: []int{3, 2}, F32: []float32{1, 2, 3, 4, 5, 6}},
		{Name: "kind.weight", DType: I32, Shape: []int{4}, I64: []int64{7, 8, 9, 10}},
		{Name: "scale", DType: F32, F32: []float32{1}},
		{Name: "flat[0]", DType: F32, Shape: []int{3, 0}, F32: []float32{}},
	}}
}

func parsed(t *testing.T, text string) *Mapping {
	m, err := ParseMapping("map", []byte(text))
	require.NoError(t, err)
	return m
}

func TestMappingCuts(t *testing.T) {
	f := tables()
	require.NoError(t, parsed(t, "*.weight [ : 2 ] = *.w\nflat[0][:3] = flat").Rename(f))
	assert.Equal(t, []string{"place.w", "kind.w", "scale", "flat"}, names(f))
	assert.Equal(t, []int{2, 2}, f.Tensors[0].Shape)
	assert.Equal(t, []float32{1, 2, 3, 4}, f.Tensors[0].F32)
	assert.Equal(t, 4, cap(f.Tensors[0].F32), "nobody writes on into the rows that are left")
	assert.Equal(t, []int{2}, f.Tensors[1].Shape)
	assert.Equal(t, []int64{7, 8}, f.Tensors[1].I64)
	assert.Equal(t, []int{3, 0}, f.Tensors[3].Shape, "all rows may be asked for")

	d := f.Compare([]Want{{Name: "place.w", Shape: []int{2, 2}}, {Name: "kind.w", Shape: []int{2}, DType: I64}, {Name: "scale"}, {Name: "flat", Shape: []int{3, 0}}})
	require.NoError(t, d.Err())
	assert.Equal(t, []Cut{{"place.w", 2, 3}, {"kind.w", 2, 4}}, d.Cut)

	for text, want := range map[string]string{
		"place.weight[:4] = a": `map:1:1: "place.weight": its shape is [3, 2]: there are no 4 rows to take`,
		"scale[:1] = a":        `map:1:1: "scale": it is a single number and has no rows: take the [:1] away`,
		"*.weight[:4] = *.w":   `map:1:1: "place.weight": its shape is [3, 2]`,
	} {
		f := tables()
		assert.ErrorContains(t, parsed(t, text).Rename(f), want)
		assert.Equal(t, tables(), f)
	}
	name, rows, err := parsed(t, "place.*[:2] = a.*").Name("place.weight")
	require.NoError(t, err)
	assert.Equal(t, "a.weight", name)
	assert.Equal(t, 2, rows)
}

// What does not fit after a cut is told by the shape that is left.
func TestCutsThatDoNotFit(t *testing.T) {
	f := tables()
	require.NoError(t, parsed(t, "place.weight[:2] = a\nkind.weight = -\nscale = -\nflat[0] = -").Rename(f))
	err := f.Match([]Want{{Name: "a", Shape: []int{2, 5}}})
	assert.ErrorContains(t, err, `"a" ("place.weight" in the file, by map:1:1): the file has [2, 2], the model wants [2, 5]`)
	assert.Equal(t, []string{"kind.weight", "scale", "flat[0]"}, f.Compare(nil).LeftOut)
}

// Of a part of a tensor nobody can make the whole.
func TestCutsDoNotTurn(t *testing.T) {
	_, err := parsed(t, "scale = s\nplace.weight[:2] = a").Turned()
	assert.ErrorContains(t, err, `map:2:1: of "place.weight" the first 2 rows are here, and not the others: take the [:2] away`)
}
