package modeltest

import "testing"

// Generator computes one position of a sequence after the other: the generator of a model.
type Generator interface {
	Next(token int32, logits []float32) error
	Reset()
	Context() int
	Vocabulary() int
}

// Positions checks that a generator gives the scores that its model predicts for the whole sequence, with the same bits,
// after another sequence too, and without allocation. scores fills out, [Context, Vocabulary], from Context tokens.
func Positions(t *testing.T, g Generator, scores func(tokens []int32, out []float32) error) {
	t.Helper()
	context, vocabulary := g.Context(), g.Vocabulary()
	logits := make([]float32, vocabulary)
	for _, name := range []string{"one", "another"} {
		tokens := Classes(name, context, vocabulary)
		want := make([]float32, context*vocabulary)
		must(t, scores(tokens, want))
		g.Reset()
		for at, token := range tokens {
			must(t, g.Next(token, logits))
			for i, x := range logits {
				if y := want[at*vocabulary+i]; !sameBits(x, y) {
					t.Fatalf("score %d at position %d is %v computed position by position, %v in a prediction", i, at, x, y)
				}
			}
		}
		if err := g.Next(0, logits); err == nil {
			t.Errorf("there is no error after %d positions, as many as the model sees", context)
		}
	}
	if n := testing.AllocsPerRun(10, func() {
		g.Reset()
		for range context {
			_ = g.Next(0, logits)
		}
	}); n != 0 {
		t.Errorf("%d positions allocate %v times", context, n)
	}
}
