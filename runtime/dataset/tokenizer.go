package dataset

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// maxVocabulary bounds the file of a vocabulary, in bytes.
const maxVocabulary = 64 << 20

// VocabularyFile is the file of the vocabulary that a --tokenizer names, "" where nothing is said.
func VocabularyFile(tokenizer string) (string, error) {
	if tokenizer == "" {
		return "", nil
	}
	kind, file, _ := strings.Cut(tokenizer, ":")
	if kind != "wordpiece" || file == "" {
		return "", usageError("--tokenizer %s: write wordpiece:FILE, the file of a vocabulary that has a token on each line, as BERT's vocab.txt", phrase.Shell(tokenizer))
	}
	return file, nil
}

// tokenizer reads the vocabulary that --tokenizer names; nil where nothing is said. Whether an input takes it fitsVocabulary tells.
func (s Select) tokenizer() (*wordpiece.Tokenizer, error) {
	file, err := VocabularyFile(s.Tokenizer)
	if err != nil || file == "" {
		return nil, err
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("--tokenizer: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxVocabulary+1))
	if err != nil {
		return nil, fmt.Errorf("--tokenizer: %w", err)
	}
	if len(text) > maxVocabulary {
		return nil, fmt.Errorf("--tokenizer: %s: a file of more than %d bytes is no vocabulary", file, maxVocabulary)
	}
	t, err := wordpiece.Parse(file, text)
	if err != nil {
		return nil, fmt.Errorf("--tokenizer: %w", err)
	}
	return t, nil
}

// NoteCased is a warning where a vocabulary has tokens that no text has, as that of a model which tells capitals apart;
// "" where it has none.
func (s Select) NoteCased(t *wordpiece.Tokenizer) string {
	n := t.Unreachable()
	if n == 0 {
		return ""
	}
	file, _ := VocabularyFile(s.Tokenizer)
	return fmt.Sprintf("warning: %s: %d of %s hold capitals, accents or what else texts lose, and are never found: texts are taken in lower case, as uncased models want them",
		file, n, phrase.Counted(t.Size(), "token"))
}

// fitsVocabulary returns an error if an input takes other integers than those of the tokens.
func (s Select) fitsVocabulary(t *wordpiece.Tokenizer, p data.Port) error {
	if p.Size() < data.LeastTokens {
		long := p
		long.Shape = []int{128}
		return fmt.Errorf("the model's input %s takes %s, too few for the tokens of texts, [CLS] a [SEP] b [SEP]: write `input %s`",
			p.Name, phrase.Counted(p.Size(), "integer"), data.PortList([]data.Port{long}))
	}
	if t.Size() == p.Limit {
		return nil
	}
	file, err := VocabularyFile(s.Tokenizer)
	if err != nil {
		return err
	}
	takes := "integers without a limit"
	if p.Limit > 0 {
		takes = fmt.Sprintf("integers of %d", p.Limit)
	}
	return fmt.Errorf("%s has %s, but the model's input %s takes %s: %s, or give the vocabulary that the model was made for",
		file, phrase.Counted(t.Size(), "token"), p.Name, takes, p.Widen(t.Size()))
}
