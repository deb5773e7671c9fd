package train

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// reader is a model of a text of two symbols, in windows of 6, whose scores at a position are made of one other position.
func reader(of func(at int) int) Model {
	const length, symbols = 6, 2
	judged := &data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}
	m := steady([]data.Port{{Name: "tokens", Shape: []int{length}, Int: true, Limit: symbols}},
		[]data.Port{{Name: "scores", Shape: []int{length, symbols}}}, []Loss{{Name: "cross_entropy", Weight: 1, Kind: data.Class, Link: data.Softmax}})
	m.Targets = []data.Port{{Name: "target", Shape: []int{length}, Int: true, Limit: symbols, Judged: judged}}
	m.Predict = func(b *Batch, out [][]float32) error {
		for row := range b.N {
			for at := range length {
				out[0][(row*length+at)*symbols] = float32(b.Inputs[0].Int[row*length+max(0, min(of(at), length-1))])
			}
		}
		return nil
	}
	return m
}

func TestAModelThatSeesWhatItIsToTellIsRefused(t *testing.T) {
	text := write(t, "text.txt", strings.Repeat("abbab", 40))
	v, err := data.NewVocabulary(data.Chars, false, []string{"a", "b"})
	require.NoError(t, err)
	for name, c := range map[string]struct {
		of   func(at int) int
		sees bool
	}{
		"itself":                  {func(at int) int { return at }, false},
		"the one before":          {func(at int) int { return at - 1 }, false},
		"the first":               {func(int) int { return 0 }, false},
		"the next":                {func(at int) int { return at + 1 }, true},
		"the last":                {func(int) int { return 5 }, true},
		"the second at the first": {func(at int) int { return max(at, 1) }, true},
		"the last but at the end": {func(at int) int { return at + at/4 }, true},
		"the middle at the third": {func(at int) int { return at + at%3/2 }, true},
	} {
		m := reader(c.of)
		saved := filepath.Join(t.TempDir(), "w.safetensors")
		code, _, stderr := runJob(t, m, Job{Command: "train", Data: []string{text}, Save: saved, Obstacle: "m.nn:4:1: at attention1"})
		if !c.sees {
			assert.Equal(t, 0, code, "%s: %s", name, stderr)
			continue
		}
		assert.Equal(t, 1, code, name)
		assert.Contains(t, stderr, "nnc train: the scores at a position depend on later symbols, which they are to tell: make attention causal (`attention 2 causal`)", name)
		assert.Contains(t, stderr, "\nm.nn:4:1: at attention1\n")
		assert.NoFileExists(t, saved)

		codec, err := data.NewTextCodec(v, data.TargetsOf(m.Inputs, m.Targets)).Text()
		require.NoError(t, err)
		require.NoError(t, weights.Write(saved, &weights.File{Meta: map[string]string{data.CodecKey: codec}}))
		code, stdout, stderr := runJob(t, m, Job{Command: "eval", Data: []string{text}, Weights: saved})
		assert.Equal(t, 1, code, name)
		assert.Contains(t, stderr, "nnc eval: the scores at a position depend on later symbols", name)
		assert.Empty(t, stdout)
	}
}

// Weights that are 0 at the beginning hide what a model sees; those after an epoch do not.
func TestWhatFirstWeightsHideIsSeenAfterAnEpoch(t *testing.T) {
	weight := float32(0)
	m := reader(func(at int) int { return at + 1 })
	m.Train = func(*Batch) (float32, error) { weight = 1; return 1, nil }
	see := m.Predict
	m.Predict = func(b *Batch, out [][]float32) error {
		err := see(b, out)
		for i := range out[0] {
			out[0][i] *= weight
		}
		return err
	}
	code, _, stderr := runJob(t, m, Job{Command: "train", Data: []string{write(t, "text.txt", strings.Repeat("abbab", 40))}})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "the scores at a position depend on later symbols")
}
