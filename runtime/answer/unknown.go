package answer

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Unknown counts the tokens of questions and of passages that a vocabulary lacks: what it cannot write even in parts is [UNK].
type Unknown struct {
	Tokens  int // of all, those of a passage once where questions about it follow one another
	Unknown int // of those

	passage string // counted last
}

// The shares of unknown tokens from which on they are told, a rare letter being no news, and from which on the vocabulary is
// hardly one for the text.
const (
	someUnknown = 0.01
	manyUnknown = 0.1
)

// Add counts those of a question, as its windows have them, and of its passage.
func (u *Unknown) Add(w *Windows, a *Asked) {
	unknown := w.Tokenizer.Unknown()
	if u.passage != a.Passage {
		u.passage = a.Passage
		for _, t := range a.Tokens {
			u.add(t.ID == unknown)
		}
	}
	first := &a.Windows[0]
	for _, id := range first.IDs[1 : first.First-1] {
		u.add(id == unknown)
	}
}

func (u *Unknown) add(is bool) {
	u.Tokens++
	if is {
		u.Unknown++
	}
}

// Said says how many are unknown, as a warning where they are many; "" where they are fewer than one in a hundred.
func (u *Unknown) Said() string {
	share := float64(u.Unknown) / float64(max(u.Tokens, 1))
	if share < someUnknown {
		return ""
	}
	said := fmt.Sprintf("%.3g %% of %s are unknown", 100*share, phrase.Counted(u.Tokens, "token"))
	if share >= manyUnknown {
		return "warning: " + said + ": is this the vocabulary of the model, and of these texts?"
	}
	return said
}
