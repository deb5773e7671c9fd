package generate

// Model computes one position of one sequence after the other: what nnc generates for models that continue text.
type Model interface {
	// Next reads the token at the next position and fills logits, one for each token of the vocabulary, with the scores
	// of the token behind it. Beyond Context positions it is an error.
	Next(token int32, logits []float32) error
	// Reset forgets all positions.
	Reset()
	// Context is the number of positions that the model sees at most.
	Context() int
	// Vocabulary is the number of tokens, which are the integers below it.
	Vocabulary() int
}

// Sequence is a sequence of tokens of any length that a model continues. The model sees a window of it. When that is full
// it begins anew, with the later half of its tokens, rounded down, which the model reads again: a token costs one position, and
// once in half a context half a context more.
type Sequence struct {
	model  Model
	window []int32
	logits []float32
}

// NewSequence returns the empty sequence, which is the model's only one from now on.
func NewSequence(m Model) *Sequence {
	m.Reset()
	return &Sequence{model: m, window: make([]int32, 0, m.Context()), logits: make([]float32, m.Vocabulary())}
}

// Append adds tokens and returns the scores of the token behind them, which stay as they are until the next call; nil
// if the sequence is empty. Of many tokens the model reads only those that are in its window in the end.
func (s *Sequence) Append(tokens ...int32) ([]float32, error) {
	context := s.model.Context()
	fresh := 0 // tokens at the end of the window that the model has not read
	for _, token := range tokens {
		if len(s.window) == context {
			half := s.window[context-context/2:]
			s.window = append(s.window[:0], half...)
			s.model.Reset()
			fresh = len(s.window)
		}
		s.window = append(s.window, token)
		fresh++
	}
	for _, token := range s.window[len(s.window)-fresh:] {
		if err := s.model.Next(token, s.logits); err != nil {
			return nil, err
		}
	}
	if len(s.window) == 0 {
		return nil, nil
	}
	return s.logits, nil
}
