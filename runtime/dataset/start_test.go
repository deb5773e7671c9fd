package dataset

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// fruits is what weights were trained on: size 1, 2, 3 (mean 2, deviation √(2/3)), two colours, three kinds.
const fruits = "size,colour,kind\n1,red,apple\n2,green,pear\n3,red,plum\n"

func fruitStart(t *testing.T) (Training, *Start) {
	t.Helper()
	q := Training{
		Data: []string{writeFile(t, "fruits.csv", fruits)}, Select: Select{Target: []string{"kind"}}, Valid: "0", Inputs: features(3), Targets: classOf(3),
	}
	l, err := Load(q)
	require.NoError(t, err)
	q.From = &Start{Codec: l.Codec, File: "w.safetensors"}
	return q, q.From
}

// The columns are found by name, the statistics and classes are the weights' own, whatever the new rows are.
func TestStartTakesOver(t *testing.T) {
	q, from := fruitStart(t)
	q.Data = []string{writeFile(t, "new.csv", "kind,shop,colour,size\nplum,a,blue,12\nplum,b,red,10\n")}
	q.Select = Select{}
	l, err := Load(q)
	require.NoError(t, err)
	x, y := gather(l.Train)
	assert.InDeltaSlice(t, []float32{12.247449, 0, 0, 9.797959, 0, 1}, x[0].Float, 1e-5) // (12 − 2)/√(2/3), (10 − 2)/√(2/3); green, red
	assert.Equal(t, []int32{2, 2}, y[0].Int, "plum is the third class, as it was")
	assert.Equal(t, []string{"apple", "pear", "plum"}, l.Codec.Classes())
	assert.Equal(t, []string{"size", "colour"}, l.Codec.Columns())
	assert.Equal(t, []string{
		"statistics are those of w.safetensors; --rescale takes new ones of these rows",
		"w.safetensors does not know 1 column: shop",
		"colour: 1 cell of a text that w.safetensors does not know (blue): taken as texts never seen",
	}, l.Notes)

	from.Rescale = true
	l, err = Load(q)
	require.NoError(t, err)
	x, y = gather(l.Train)
	assert.Equal(t, []float32{1, 0, 0, -1, 0, 1}, x[0].Float)
	assert.Equal(t, []int32{2, 2}, y[0].Int)
	assert.Contains(t, l.Notes[0], "statistics are those of these rows, not of w.safetensors")

	// A new head has classes of its own; what the stem takes is as it was.
	from.Rescale, from.NewTargets = false, true
	q.Data = []string{writeFile(t, "new.csv", "ripe,colour,size\nyes,red,2\nno,red,2\n")}
	q.Target, q.Targets = []string{"ripe"}, classOf(2)
	l, err = Load(q)
	require.NoError(t, err)
	x, y = gather(l.Train)
	assert.Equal(t, []float32{0, 0, 1, 0, 0, 1}, x[0].Float)
	assert.Equal(t, []int32{1, 0}, y[0].Int)
	assert.Equal(t, []string{"no", "yes"}, l.Codec.Classes())

	// With new statistics too, nothing is left of the codec: columns may be others.
	from.Rescale = true
	q.Data = []string{writeFile(t, "new.csv", "ripe,a,b,c\nyes,1,2,3\nno,3,2,1\n")}
	l, err = Load(q)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b", "c"}, l.Codec.Columns())
	assert.Contains(t, l.Notes[0], "columns and statistics are those of these rows")
}

func TestStartRefuses(t *testing.T) {
	for want, tt := range map[string]struct {
		text   string
		change func(*Training)
	}{
		`column "kind": w.safetensors does not know fig (it knows apple, pear, plum)`: {"size,colour,kind\n1,red,fig\n1,red,plum\n", nil},
		`there is no column "size"`:                        {"sizes,colour,kind\n1,red,plum\n", nil},
		`there is no column "kind"`:                        {"size,colour,kinds\n1,red,plum\n", nil},
		"--target names colour, but w.safetensors":         {fruits, func(q *Training) { q.Target = []string{"colour"} }},
		"--features names size, but w.safetensors":         {fruits, func(q *Training) { q.Features = []string{"size"} }},
		"--scale none: w.safetensors was trained with":     {fruits, func(q *Training) { q.Scale = data.ScaleNone }},
		"were the weights trained with another spec?":      {fruits, func(q *Training) { q.Inputs = features(4) }},
		`the stored target "target" (cross_entropy) is no`: {fruits, func(q *Training) { q.Targets = classOf(4) }},
		"it is no table, or these data are none": {"", func(q *Training) {
			q.Select = Select{}
			q.Data = []string{arrayFile(t, "x.npy", &format.Array{Shape: []int{1, 3}, Float: make([]float32, 3)})}
		}},
	} {
		t.Run(want, func(t *testing.T) {
			q, _ := fruitStart(t)
			q.Data = []string{writeFile(t, "new.csv", tt.text)}
			if tt.change != nil {
				tt.change(&q)
			}
			_, err := Load(q)
			assert.ErrorContains(t, err, want)
		})
	}
}

// Numbers of a target keep their units, unless there are new ones. Texts that no row of the first training had are
// seen once the new rows have them.
func TestStartOfARegression(t *testing.T) {
	q := Training{
		Data: []string{writeFile(t, "t.csv", "c,y\nb,10\nb,20\na,30\n")}, Select: Select{Target: []string{"y"}}, Valid: "last:1", Inputs: features(2), Targets: regression(1),
	}
	l, err := Load(q)
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, l.Codec.Column(0).Absent)
	q.From = &Start{Codec: l.Codec, File: "w"}
	q.Data, q.Valid = []string{writeFile(t, "t.csv", "c,y\na,25\nb,35\n")}, "0"
	l, err = Load(q)
	require.NoError(t, err)
	x, y := gather(l.Train)
	assert.Equal(t, []float32{2, 4}, y[0].Float) // (v − 15)/5
	assert.Equal(t, []float32{1, 0, 0, 1}, x[0].Float)
	q.From.Rescale = true
	l, err = Load(q)
	require.NoError(t, err)
	_, y = gather(l.Train)
	assert.Equal(t, []float32{-1, 1}, y[0].Float)
}
