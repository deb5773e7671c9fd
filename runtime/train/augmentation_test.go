package train

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/augment"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

func array(t *testing.T, name string, a *format.Array) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	f, err := os.Create(path)
	require.NoError(t, err)
	require.NoError(t, format.WriteNPY(f, a))
	require.NoError(t, f.Close())
	return path
}

// squares are n images [2, 2] of the bytes 0, 51, 102, …, and their targets.
func squares(t *testing.T, n int) []string {
	t.Helper()
	x, y := &format.Array{Shape: []int{n, 2, 2}}, &format.Array{Shape: []int{n}}
	for i := range n {
		x.Uint8 = append(x.Uint8, uint8(i*10), 51, 102, 255)
		y.Float = append(y.Float, float32(i))
	}
	return []string{array(t, "x.npy", x), "target=" + array(t, "y.npy", y)}
}

// images is a linear model that takes [2, 2].
func images(batch, epochs int) (*linear, Model) {
	l := newLinear(4, 1, byMSE)
	l.lr = 0
	m := l.model(batch, epochs)
	m.Inputs[0].Shape = []int{2, 2}
	return l, m
}

// The rows that train are those of the files, changed as the plan does at their places in the epoch's order; whatever the
// size of a batch.
func TestAugmentation(t *testing.T) {
	plan, err := augment.Parse("vflip,brightness=0.5,shift=1")
	require.NoError(t, err)
	for _, batch := range []int{2, 3, 8} {
		l, m := images(batch, 2)
		plain, still := images(batch, 2)
		job := Job{Command: "train", Data: squares(t, 8), Valid: "last:2", Seed: ptr(uint64(7))}
		mustRun(t, still, job)
		job.Augment = "shift=1,vflip,brightness=0.5"
		_, stderr := mustRun(t, m, job)
		assert.Contains(t, stderr, "features: changed in each epoch of training by vflip,shift=1,brightness=0.5\n")
		by := augment.New(plan, 1, 2, 2, 1)
		place := 0
		for i, rows := range plain.seen {
			if place%6 == 0 {
				by.Begin(7, place/6)
			}
			for at := 0; at < len(rows); at += 4 {
				by.Change(rows[at:at+4], place%6)
				place++
			}
			assert.Equal(t, rows, l.seen[i])
		}
		assert.Equal(t, 12, place)
	}
}

func TestBadAugmentation(t *testing.T) {
	table := write(t, "t.csv", "a,b,c,d,y\n1,2,3,4,5\n2,3,4,5,6\n")
	masks := array(t, "m.npy", &format.Array{Shape: []int{8, 2, 2}, Float: make([]float32, 32)})
	for want, change := range map[string]func(*Job, *Model){
		`--augment blur: "blur" is none of flip`:                                       func(j *Job, _ *Model) { j.Augment = "blur" },
		"--augment shift=2: the input features: shift=2: images of 2 × 2 pixels allow": func(j *Job, _ *Model) { j.Augment = "shift=2" },
		"--augment flip is for images, and the columns of a table are standardised":    func(j *Job, _ *Model) { j.Data, j.Target = []string{table}, []string{"y"} },
		"no input of the model takes any (it has features[4])": func(j *Job, m *Model) {
			m.Inputs[0].Shape = []int{4}
			j.Data[0] = array(t, "f.npy", &format.Array{Shape: []int{8, 4}, Float: make([]float32, 32)})
		},
		"--augment flip moves the image, but the target target[2, 2] belongs to its pl": func(j *Job, m *Model) {
			m.Targets[0].Shape, m.Outputs[0].Shape = []int{2, 2}, []int{2, 2}
			j.Data[1] = "target=" + masks
		},
	} {
		_, m := images(2, 1)
		job := Job{Command: "train", Data: squares(t, 8), Augment: "flip"}
		change(&job, &m)
		code, stdout, stderr := runJob(t, m, job)
		assert.Equal(t, 2, code)
		assert.Empty(t, stdout)
		assert.Contains(t, stderr, want)
	}
	// Of a table whose numbers stand as they are, pixels may change places.
	_, m := images(2, 1)
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", Augment: "flip"})
}

func TestWhichInputsAreImages(t *testing.T) {
	inputs := []data.Port{{Name: "photo", Shape: []int{3, 4, 4}}, {Name: "words", Shape: []int{5, 8}}, {Name: "map", Shape: []int{2, 3, 3}, Int: true}}
	assert.True(t, takesImages(inputs[0], inputs))
	assert.False(t, takesImages(inputs[1], inputs))
	assert.False(t, takesImages(inputs[2], inputs))
	assert.True(t, takesImages(inputs[1], inputs[1:]))
}
