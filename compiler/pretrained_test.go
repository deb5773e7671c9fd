package compiler_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// scoreBound is how far a score of a pretrained encoder may be from PyTorch's in float64.
const scoreBound = 1e-5

// TestPretrained starts the encoder that finds answers from the weights of a public BERT, in float16 and with more
// positions than it has, and compares with PyTorch in float64: scores of four windows of real text, what comes before the
// last layer, gradients, and the parameters after three steps.
//
// Of keys and of the last layer biases have no gradient but for rounding, of which adamw makes steps: the reference leaves
// them out.
func TestPretrained(t *testing.T) {
	given := shared.File(t, "data/minilm/minilm-l6.fp16.safetensors")
	reference := shared.File(t, "qa/fixture/parity.safetensors")
	about := shared.File(t, "qa/fixture/parity.json")
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	var told struct {
		Rows   []int // of the word embeddings: those that are given
		Losses []float64
	}
	text, err := os.ReadFile(about)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &told))
	want, err := weights.Read(reference)
	require.NoError(t, err)

	got := trainPretrained(t, given, reference, 3, 4, map[string]string{"adamw  2e-4": "adamw  1e-4", "schedule linear warmup=50\n": "", "batch  8": "batch  4"})
	of := func(name string) []float32 { return tensorOf(t, got, name) }

	mask, _ := want.Tensor("mask")
	for _, name := range []string{"scores", "predicted"} {
		theirs, most := tensorOf(t, want, "logits"), 0.0
		for i, score := range of(name) {
			if mask.I64[i/2] != 0 {
				most = max(most, math.Abs(float64(score)-float64(theirs[i])))
			}
		}
		t.Logf("%-9s max |a−b| %.1e", name, most)
		assert.LessOrEqual(t, most, scoreBound, name)
	}
	_, most := relative(of("losses"), narrow(told.Losses))
	t.Logf("%-9s max |a−b|/|b| %.1e", "losses", most)
	assert.LessOrEqual(t, most, lossBound)

	names, err := weights.ReadMapping(bertMap)
	require.NoError(t, err)
	worst := map[string]*figures{}
	for _, b := range want.Tensors {
		kind, theirs, _ := strings.Cut(b.Name, "/")
		a := []float32(nil)
		switch kind {
		case "hidden":
			a = of("hidden")[:len(b.F32)]
		case "grad", "trained":
			theirs, some := strings.CutSuffix(theirs, "/rows")
			ours, _, err := names.Name(theirs)
			require.NoError(t, err)
			a = of(kind + "/" + strings.Replace(ours, "qa_outputs.", "linear1.", 1))
			if some && strings.Contains(theirs, "word_embeddings") {
				a = rowsOf(a, told.Rows, b.Shape[1])
			} else if some {
				a = a[:len(b.F32)]
			}
		default:
			continue
		}
		require.Len(t, a, len(b.F32), b.Name)
		norm, most := distance(a, b.F32)
		if worst[kind] == nil {
			worst[kind] = &figures{}
		}
		worst[kind].add(norm, most, b.Name)
		if !(norm <= afterTraining.norm && most <= afterTraining.most) {
			t.Errorf("%s is not PyTorch's: norm %.2e (at most %.0e), max %.2e (at most %.0e)", b.Name, norm, afterTraining.norm, most, afterTraining.most)
		}
	}
	for _, kind := range []string{"hidden", "grad", "trained"} {
		w := worst[kind]
		require.NotNil(t, w, kind)
		t.Logf("%-9s %2d tensors, the worst: norm %.1e (%s), max %.1e (%s)", kind, w.tensors, w.norm, w.normAt, w.most, w.mostAt)
	}
}

// bertMap says what tensors of BERT are called in the spec bert-qa.nn.
const bertMap = "../examples/answer/bert.map"

// TestBertMap compares what a BERT of the public kind consists of, by its names, with the model of bert-qa.nn.
func TestBertMap(t *testing.T) {
	theirs := &weights.File{}
	add := func(name string, shape ...int) {
		theirs.Tensors = append(theirs.Tensors, weights.Tensor{Name: name, DType: weights.F16, Shape: shape})
	}
	layer := func(name string, shape ...int) {
		add(name+".weight", shape...)
		add(name+".bias", shape[0])
	}
	for name, rows := range map[string]int{"word": 30522, "position": 512, "token_type": 2} {
		add("embeddings."+name+"_embeddings.weight", rows, 384)
	}
	layer("embeddings.LayerNorm", 384)
	for i := range 6 {
		prefix := fmt.Sprintf("encoder.layer.%d.", i)
		for _, name := range []string{"self.query", "self.key", "self.value", "output.dense"} {
			layer(prefix+"attention."+name, 384, 384)
		}
		layer(prefix+"attention.output.LayerNorm", 384)
		layer(prefix+"intermediate.dense", 1536, 384)
		layer(prefix+"output.dense", 384, 1536)
		layer(prefix+"output.LayerNorm", 384)
	}
	layer("pooler.dense", 384, 384)

	out, list, err := compiler.Compile("bert-qa.nn", []byte(bertSpec(t)), compiler.Options{Package: "main"})
	require.NoError(t, err)
	require.NoError(t, list.Err())
	var want []weights.Want
	for _, tensor := range out.Tensors {
		want = append(want, weights.Want{Name: tensor.Name, Shape: tensor.Shape})
	}
	names, err := weights.ReadMapping(bertMap)
	require.NoError(t, err)
	require.NoError(t, names.Rename(theirs))
	d := theirs.Compare(want)
	require.NoError(t, names.StartAnew(d))
	require.NoError(t, d.Err())
	assert.Equal(t, []weights.Cut{{Name: "position1.weight", Rows: 256, Of: 512}}, d.Cut)
	assert.ElementsMatch(t, []string{"pooler.dense.weight", "pooler.dense.bias"}, d.LeftOut)
	require.Len(t, d.Anew, 2)
	assert.Equal(t, "linear1.weight", d.Anew[0].Name)
}

// bertSpec is the text of bert-qa.nn.
func bertSpec(t *testing.T) string {
	archive, err := txtar.ParseFile("testdata/bert-qa.txtar")
	require.NoError(t, err)
	require.Equal(t, "bert-qa.nn", archive.Files[0].Name)
	return string(archive.Files[0].Data)
}

// trainPretrained builds the model of bert-qa.nn without dropout and with those changes, and what it consists of before its
// last layer, and runs testdata/pretrained/main.go on them: from the pretrained weights, with the rows and the head of a file.
func trainPretrained(t *testing.T, pretrained, rows string, steps, batch int, changes map[string]string) *weights.File {
	spec := bertSpec(t)
	changes["dropout=0.1"], changes["dropout 0.1"] = "dropout=0", "dropout 0"
	for old, changed := range changes {
		require.Contains(t, spec, old)
		spec = strings.ReplaceAll(spec, old, changed)
	}
	encoder, _, found := strings.Cut(spec, "linear 2 ")
	require.True(t, found)
	encoder = strings.Replace(encoder, "model BertQA", "model BertEncoder", 1)

	folder := t.TempDir()
	for name, spec := range map[string]string{"BertQA": spec, "BertEncoder": encoder} {
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Package: "main", Model: name, Verify: true})
		require.NoError(t, err)
		require.NoError(t, list.Err(), name)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+"_nn.go"), out.Code, 0o666))
	}
	return built(t, folder, "testdata/pretrained/main.go", pretrained, bertMap, strconv.Itoa(steps), strconv.Itoa(batch), rows)
}

func tensorOf(t *testing.T, f *weights.File, name string) []float32 {
	found, ok := f.Tensor(name)
	require.True(t, ok, name)
	return found.F32
}

// rowsOf are some rows of a matrix.
func rowsOf(matrix []float32, rows []int, width int) (some []float32) {
	for _, row := range rows {
		some = append(some, matrix[row*width:(row+1)*width]...)
	}
	return some
}

func narrow(values []float64) (narrowed []float32) {
	for _, v := range values {
		narrowed = append(narrowed, float32(v))
	}
	return narrowed
}
