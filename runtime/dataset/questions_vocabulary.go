package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// NoteSmaller is a warning where the vocabulary of --tokenizer, by which questions are asked of a model, has fewer tokens than
// the model takes; "" where it has as many, and where known, the codec of the weights, has it already.
func (s Select) NoteSmaller(w *answer.Windows, ports data.QuestionPorts, known *data.Codec) string {
	size := w.Tokenizer.Size()
	if s.Tokenizer == "" || known != nil && known.Windows() != nil || size >= ports.Symbols {
		return ""
	}
	file, _ := VocabularyFile(s.Tokenizer)
	return fmt.Sprintf("warning: %s has %s, and the model takes integers of %d: weights that learnt another vocabulary take these tokens for others; give theirs, or train anew with `of %d`",
		file, phrase.Counted(size, "token"), ports.Symbols, size)
}
