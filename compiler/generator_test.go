package compiler_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// continuing draws a spec whose positions depend on those before them alone.
func continuing(r *rand.Rand, name string) string {
	positions, vocabulary := 1+r.IntN(20), 2+r.IntN(20)
	width := 2 * (1 + r.IntN(12))
	if r.IntN(4) == 0 {
		positions += 60 // more than a tile of attention
	}
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	heads := 1
	for _, h := range []int{2, 3, 4} {
		if width%(2*h) == 0 && r.IntN(2) == 0 {
			heads = h
		}
	}
	attention := func() string {
		text := fmt.Sprintf("attention %d causal", heads) + pick("", " rope", " rope base=100") + pick("", " bias=false") + pick("", " dropout=0.2")
		if r.IntN(2) == 0 {
			text += " kv_heads=1"
		}
		return text
	}
	recurrent := func() string {
		return fmt.Sprintf("%s %d", pick("rnn", "gru", "lstm"), width) + pick("", " layers=2", " layers=2 dropout=0.2") + pick("", " bias=false")
	}
	norm := func() string { return pick("layernorm", "rmsnorm", "batchnorm", "layernorm affine=false") }
	one := func() string {
		switch r.IntN(8) {
		case 0, 1:
			return attention()
		case 2, 3:
			return recurrent()
		case 4:
			return fmt.Sprintf("linear %d; %s; linear %d", 1+r.IntN(40), pick("relu", "gelu", "silu", "tanh", "prelu", "softmax", "log_softmax", "dropout 0.3", "noise 0.1"), width)
		case 5:
			return pick("position", "position sinusoidal")
		case 6:
			return fmt.Sprintf("reshape [%d, 2, %d]; transpose [0, 2, 1]; reshape [%[1]d, %[3]d]", positions, width/2, width)
		}
		return norm()
	}
	var s strings.Builder
	fmt.Fprintf(&s, "model %s\ninput tokens[%d] of %d\n", name, positions, vocabulary)
	tied := r.IntN(2) == 0
	if tied {
		fmt.Fprintf(&s, "words: embedding %d\n", width)
	} else {
		fmt.Fprintf(&s, "%s\n", pick(fmt.Sprintf("embedding %d", width), fmt.Sprintf("onehot; linear %d", width)))
	}
	fmt.Fprintf(&s, "repeat %d {\n", 1+r.IntN(4))
	for range 1 + r.IntN(3) {
		if r.IntN(2) == 0 {
			fmt.Fprintf(&s, "  residual { %s; %s }\n", norm(), one())
		} else {
			fmt.Fprintf(&s, "  %s\n", one())
		}
	}
	s.WriteString("}\n")
	if r.IntN(2) == 0 {
		fmt.Fprintf(&s, "split left[%d] right[%d]\nfrom right; %s\nconcat left\n", width/2, width-width/2, pick("tanh", "relu", "linear 3; tanh"))
		fmt.Fprintf(&s, "linear %d\n", width)
	}
	if tied {
		fmt.Fprintf(&s, "linear %d tied=words bias=false\n", vocabulary)
	} else {
		fmt.Fprintf(&s, "linear %d\n", vocabulary)
	}
	return s.String() + "loss cross_entropy\nadam\nbatch 2\n"
}

// What a generator computes position by position has the bits of a prediction of the whole sequence, whatever the layers;
// and a text that is longer than the context is the one that predictions of its windows make.
func TestGeneratorsAgreeWithPredictions(t *testing.T) {
	if testing.Short() { // as under the race detector: what it runs is a program of its own
		t.Skip("builds 40 models")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	var tests strings.Builder
	tests.WriteString(continuedTests)
	r := rand.New(rand.NewPCG(12, 3))
	for i := range 40 {
		name := fmt.Sprintf("Model%d", i)
		spec := continuing(r, name)
		out, list, err := compiler.Compile("model.nn", []byte(spec), compiler.Options{Package: "continued", Verify: true})
		require.NoError(t, err, "%s", spec)
		require.NoError(t, list.Err(), "%s", spec)
		require.Nil(t, out.Obstacle, "%s", spec)
		require.NoError(t, os.WriteFile(filepath.Join(dir, strings.ToLower(name)+"_nn.go"), out.Code, 0o644))
		fmt.Fprintf(&tests, "\nfunc Test%s(t *testing.T) {\n\tm := New%[1]s()\n\tcheck(t, m.Generator(), m.Predict, %q)\n}\n", name, spec)
	}
	mod := "module continued\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => " + root + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "models_test.go"), []byte(tests.String()), 0o644))
	cmd := exec.Command("go", "test", "-vet=off", "-mod=mod", ".") // TestGeneratedCodeIsValidGo vets
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=", "GOPROXY=off")
	text, err := cmd.CombinedOutput()
	assert.NoError(t, err, "%s", text)
}

// continuedTests is what the tests of the models share: a generator that computes its whole window for each token.
const continuedTests = `package continued

import (
	"slices"
	"testing"

	"github.com/nnc-lang/nnc/runtime/generate"
	"github.com/nnc-lang/nnc/runtime/modeltest"
)

type whole struct {
	generate.Model
	predict func(tokens []int32, out []float32) error
	window  []int32
}

func (w *whole) Reset() { w.window = nil }

func (w *whole) Next(token int32, logits []float32) error {
	w.window = append(w.window, token)
	rows := make([]int32, w.Context())
	copy(rows, w.window)
	out := make([]float32, w.Context()*w.Vocabulary())
	if err := w.predict(rows, out); err != nil {
		return err
	}
	copy(logits, out[(len(w.window)-1)*w.Vocabulary():])
	return nil
}

func text(t *testing.T, m generate.Model) (tokens []int32) {
	s, err := generate.NewSampler(generate.Sampling{Temperature: 1, TopP: 0.99, Seed: 5})
	if err != nil {
		t.Fatal(err)
	}
	sequence := generate.NewSequence(m)
	scores, err := sequence.Append(1, 0)
	for at := range uint64(100) {
		if err != nil {
			t.Fatal(err)
		}
		token, failed := s.Pick(scores, at)
		if failed != nil {
			t.Fatal(failed)
		}
		tokens = append(tokens, token)
		scores, err = sequence.Append(token)
	}
	return tokens
}

func check(t *testing.T, g generate.Model, predict func(tokens []int32, out []float32) error, spec string) {
	modeltest.Positions(t, g, predict)
	if kept, again := text(t, g), text(t, &whole{Model: g, predict: predict}); !slices.Equal(kept, again) {
		t.Errorf("the texts differ:\n%v\n%v", kept, again)
	}
	if t.Failed() {
		t.Log(spec)
	}
}
`

// What keeps a model from continuing a sequence is said with its place.
func TestObstaclesToContinuing(t *testing.T) {
	for _, c := range []struct{ spec, why string }{
		{"input x[4]\nlinear 3", "m.nn:1:1: what is continued is the only input, a sequence of integers such as `input tokens[64] of 65`"},
		{"input a[4] of 5\ninput b[4] of 5\nfrom a; embedding 3; ea: relu\nfrom b; embedding 3; add ea; linear 5", "m.nn:2:1: what is continued is the only input"},
		{"input a[4] of 5\nembedding 3\nlinear 7", "m.nn:3:1: the only output would be f32[n, 4, 5], scores of what follows each of a"},
		{"input a[4] of 5\nembedding 3\nlast; linear 5", "m.nn:3:7: the only output would be f32[n, 4, 5]"},
		{"input a[4] of 5\nembedding 3\nlinear 5\nloss mse; sgd 0.1", "m.nn:4:1: mse does not make the output scores of classes, as cross_entropy does"},
		{"input a[4] of 5\nembedding 4\nattention 2\nlinear 5", "m.nn:3:1: at attention1 a position depends on others in a way that cannot be computed one position after the other: `attention` needs `causal`, `bidirectional` and `mask=` must go"},
		{"input a[4] of 5\nembedding 4\nlstm 4 bidirectional\nlinear 5", "m.nn:3:1: at lstm1 a position"},
		{"input a[4] of 5\nembedding 4\nconv1d 4 kernel=3 pad=1\nlinear 5", "m.nn:3:1: at conv1d1 a position"},
		{"input a[4] of 5\nembedding 4\ntranspose; linear 4; transpose\nlinear 5", "m.nn:3:1: at transpose1 a position"},
		{"input a[4] of 5\nembedding 4\ngroupnorm 2\nlinear 5", "m.nn:3:1: at groupnorm1 a position"},
		{"input a[4] of 5\nembedding 4\nx: linear 4; transpose\nfrom x; linear 5", ""}, // nothing reads what mixes positions
	} {
		out, list, err := compiler.Compile("m.nn", []byte(c.spec), compiler.Options{Package: "m", Verify: true})
		require.NoError(t, err)
		require.NoError(t, list.Err(), "%s", c.spec)
		if c.why == "" {
			assert.Nil(t, out.Obstacle)
			continue
		}
		require.NotNil(t, out.Obstacle)
		assert.Contains(t, out.Obstacle.String(), c.why)
		assert.Equal(t, strings.Contains(c.why, "a position"), out.Obstacle.Mixes, "%s", c.spec)
		assert.NotContains(t, string(out.Code), "Generator")
	}
}
