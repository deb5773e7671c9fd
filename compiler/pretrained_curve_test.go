package compiler_test

import (
	"encoding/json"
	"errors"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

var curve = flag.Bool("curve", false, "train the pretrained encoder for 60 steps, which takes some minutes")

// curveBound is how far a loss may be from PyTorch's in float32, relative to it. Rounding makes the two runs part, more with
// each step; in 60 they have come to 2e-6.
const curveBound = 1e-4

// TestPretrainedCurve trains the pretrained encoder as PyTorch did in float32, 60 steps of 8 windows of public questions in
// the order of their file, and compares the loss of each step, and then answers to questions that it has not seen.
func TestPretrainedCurve(t *testing.T) {
	if !*curve {
		t.Skip("takes some minutes: -curve")
	}
	const steps, batch, articles, held = 60, 8, 40, 16
	var told struct {
		Losses []float64
		After  float64  `json:"loss on the first 8 held out windows"`
		Texts  []string `json:"held out answers"`
	}
	text, err := os.ReadFile(shared.File(t, "qa/fixture/curve.json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &told))

	windows := answerWindows(t)
	trained, heldOut := questionsOf(t, windows, articles)
	heldOut = heldOut[:held]
	fixture, err := weights.Read(shared.File(t, "qa/fixture/parity.safetensors"))
	require.NoError(t, err)
	rows := &weights.File{Tensors: append(arrays("", trained, steps*batch), arrays("held/", heldOut, math.MaxInt)...)}
	for _, name := range []string{"qa_outputs.weight", "qa_outputs.bias"} {
		head, ok := fixture.Tensor(name)
		require.True(t, ok)
		rows.Tensors = append(rows.Tensors, *head)
	}
	file := filepath.Join(t.TempDir(), "rows.safetensors")
	require.NoError(t, weights.Write(file, rows))
	got := trainPretrained(t, shared.File(t, "data/minilm/minilm-l6.fp16.safetensors"), file, steps, batch,
		map[string]string{"adamw  2e-4": "adamw  3e-4", "warmup=50": "warmup=10"})

	losses := tensorOf(t, got, "losses")
	for i, want := range told.Losses {
		off := math.Abs(float64(losses[i])-want) / want
		t.Logf("step %2d: loss %.6f, PyTorch's %.6f: %.1e", i+1, losses[i], want, off)
		assert.LessOrEqual(t, off, curveBound, "step %d", i+1)
	}
	after := tensorOf(t, got, "held/loss")[0]
	t.Logf("then, on held-out windows: loss %.6f, PyTorch's %.6f", after, told.After)
	assert.InEpsilon(t, told.After, after, curveBound)

	scores, at := tensorOf(t, got, "held/scores"), 0
	for i, q := range heldOut {
		var each [][]float32
		for range q.Windows {
			each = append(each, scores[at:at+2*windows.Length])
			at += 2 * windows.Length
		}
		best, err := windows.Best(q.Asked, each, 1)
		require.NoError(t, err)
		assert.Equal(t, told.Texts[i], best[0].Text, q.Question)
	}
}

// askedOf is a question as rows of the model, and where in the passage its answer stands, in code points.
type askedOf struct {
	*answer.Asked
	start, end int
}

// answerWindows makes windows by the vocabulary of the pretrained weights.
func answerWindows(t *testing.T) *answer.Windows {
	name := shared.File(t, "data/minilm/vocab.txt")
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	tokenizer, err := wordpiece.Parse(name, text)
	require.NoError(t, err)
	windows, err := answer.New(tokenizer, 256, 30)
	require.NoError(t, err)
	return windows
}

// questionsOf are the public questions, those of the first articles and the others.
func questionsOf(t *testing.T, windows *answer.Windows, articles int) (first, others []askedOf) {
	file, err := format.OpenQuestions(shared.File(t, "data/xquad.en.json"))
	require.NoError(t, err)
	defer file.Close()
	for r, i := file.Questions(true), 0; ; i++ {
		article, err := r.Next()
		if errors.Is(err, io.EOF) {
			return first, others
		}
		require.NoError(t, err)
		for _, passage := range article.Passages {
			for _, q := range passage.Questions {
				asked, err := windows.Encode(q.Text, passage.Text)
				require.NoError(t, err)
				a := askedOf{asked, q.Answers[0].Start, q.Answers[0].End()}
				if i < articles {
					first = append(first, a)
				} else {
					others = append(others, a)
				}
			}
		}
	}
}

// arrays are the first n windows of questions as tensors, their names behind a prefix.
func arrays(prefix string, questions []askedOf, n int) (list []weights.Tensor) {
	var ids, segment, mask, target []int64
	rows := 0
	wide := func(to *[]int64, from ...int32) {
		for _, v := range from {
			*to = append(*to, int64(v))
		}
	}
	for _, q := range questions {
		for i, w := range q.Windows[:min(len(q.Windows), n-rows)] {
			first, last := q.Target(i, q.start, q.end)
			wide(&ids, w.IDs...)
			wide(&segment, w.Segment...)
			wide(&mask, w.Mask...)
			wide(&target, first, last)
			rows++
		}
	}
	for _, a := range []struct {
		name   string
		values []int64
	}{{"ids", ids}, {"segment", segment}, {"mask", mask}, {"target", target}} {
		list = append(list, weights.Tensor{Name: prefix + a.name, DType: weights.I32, Shape: []int{rows, len(a.values) / rows}, I64: a.values})
	}
	return list
}
