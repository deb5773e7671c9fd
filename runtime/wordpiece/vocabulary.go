package wordpiece

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Bounds of a vocabulary.
const (
	maxTokens = 1 << 20
	maxBytes  = 16 << 20 // of all tokens
)

// The tokens that are none of a text, which every vocabulary has.
const (
	padding   = "[PAD]"
	unknown   = "[UNK]"
	opening   = "[CLS]"
	separator = "[SEP]"
)

// Tokenizer divides texts by a vocabulary. It does not change after it was made; any number of goroutines may use it.
type Tokenizer struct {
	tokens     []string
	ids        map[string]int32
	trie       *trie
	characters *characters

	padding, unknown, class, separator int32
}

// New makes the tokenizer of a vocabulary, whose tokens are in the order of their integers, from 0. They must differ, and
// [PAD], [UNK], [CLS] and [SEP] be among them.
func New(tokens []string) (*Tokenizer, error) {
	return of(slices.Clone(tokens), func(i int) string { return fmt.Sprintf("vocabulary: token %d", i) }, "vocabulary")
}

// Parse makes the tokenizer of a vocab.txt, the content of the file of that name: a token a line, the first is 0. A byte
// order mark is left out, and lines may end with CR LF.
func Parse(file string, text []byte) (*Tokenizer, error) {
	if len(text) > 2*maxBytes {
		return nil, fmt.Errorf("%s: %d bytes are too many for a vocabulary", file, len(text))
	}
	lines := strings.ReplaceAll(strings.TrimPrefix(string(text), "\uFEFF"), "\r\n", "\n")
	if strings.TrimSpace(lines) == "" {
		return nil, fmt.Errorf("%s: the file is empty: a vocabulary has a token on each line", file)
	}
	if strings.Count(lines, "\n") > maxTokens {
		return nil, fmt.Errorf("%s: a vocabulary has %d tokens at most, a line each", file, maxTokens)
	}
	tokens := strings.Split(strings.TrimSuffix(lines, "\n"), "\n")
	return of(tokens, func(i int) string { return fmt.Sprintf("%s:%d", file, i+1) }, file)
}

// of makes a tokenizer; where says where a token stands, for errors.
func of(tokens []string, where func(i int) string, name string) (*Tokenizer, error) {
	t := &Tokenizer{tokens: tokens, ids: make(map[string]int32, min(len(tokens), maxTokens))}
	if len(tokens) > maxTokens {
		return nil, fmt.Errorf("%s: %d tokens are too many, %d are not", name, len(tokens), maxTokens)
	}
	size := 0
	var again error
	for i, token := range tokens {
		size += len(token)
		switch first, seen := t.ids[token]; {
		case !utf8.ValidString(token):
			return nil, fmt.Errorf("%s: %s is no UTF-8: a vocabulary is text, with a token on each line", where(i), phrase.Quoted(token))
		case again != nil:
		case token == "":
			again = fmt.Errorf("%s: the token is empty", where(i))
		case seen:
			again = fmt.Errorf("%s: the token %s is that of %s too: a token's place is its integer, so it has one only", where(i), phrase.Quoted(token), where(int(first)))
		}
		t.ids[token] = int32(i)
	}
	if size > maxBytes {
		return nil, fmt.Errorf("%s: tokens of %d bytes are too many, %d are not", name, size, maxBytes)
	}
	if err := t.special(name); err != nil {
		return nil, err // before what else is wrong: it may be no vocabulary at all
	}
	if again != nil {
		return nil, again
	}
	t.characters, t.trie = table(), newTrie(tokens)
	return t, nil
}

// special finds the tokens that every vocabulary has.
func (t *Tokenizer) special(name string) error {
	var lacks []string
	for _, s := range []struct {
		token string
		id    *int32
	}{{padding, &t.padding}, {unknown, &t.unknown}, {opening, &t.class}, {separator, &t.separator}} {
		id, ok := t.ids[s.token]
		if !ok {
			lacks = append(lacks, s.token)
		}
		*s.id = id
	}
	if len(lacks) == 0 {
		return nil
	}
	return fmt.Errorf("%s: there is no %s: a vocabulary of WordPiece, as BERT's vocab.txt, has a token on each line, [PAD], [UNK], [CLS] and [SEP] among them",
		name, strings.Join(lacks, ", "))
}

// Tokens are the vocabulary, in the order of the integers. Do not change them.
func (t *Tokenizer) Tokens() []string { return t.tokens }

// Size is the number of tokens: the v of a spec's `of v`.
func (t *Tokenizer) Size() int { return len(t.tokens) }

// ID is the integer of a token, written as in the vocabulary.
func (t *Tokenizer) ID(token string) (int32, bool) {
	id, ok := t.ids[token]
	return id, ok
}

// Token is the token of an integer, "" where there is none.
func (t *Tokenizer) Token(id int32) string {
	if id < 0 || int(id) >= len(t.tokens) {
		return ""
	}
	return t.tokens[id]
}

// Unreachable counts the tokens that no text has, since they hold capitals, accents or else what texts lose: a vocabulary
// of a model that tells these apart has many. Those in brackets, as [CLS], are not counted.
func (t *Tokenizer) Unreachable() int {
	n := 0
	for _, token := range t.tokens {
		if strings.HasPrefix(token, "[") && strings.HasSuffix(token, "]") {
			continue
		}
		for _, r := range strings.TrimPrefix(token, continuation) {
			of := t.characters.of(r)
			kept := of.class == letter || of.class == alone
			if !kept || string(t.characters.appendFolded(nil, r, of)) != string(r) {
				n++
				break
			}
		}
	}
	return n
}

// Padding is the integer of [PAD].
func (t *Tokenizer) Padding() int32 { return t.padding }

// Unknown is the integer of [UNK].
func (t *Tokenizer) Unknown() int32 { return t.unknown }

// Class is the integer of [CLS].
func (t *Tokenizer) Class() int32 { return t.class }

// Separator is the integer of [SEP].
func (t *Tokenizer) Separator() int32 { return t.separator }

// MarshalJSON writes the tokens as a list.
func (t *Tokenizer) MarshalJSON() ([]byte, error) { return json.Marshal(t.tokens) }

// UnmarshalJSON reads what MarshalJSON wrote, and refuses what New would refuse.
func (t *Tokenizer) UnmarshalJSON(text []byte) error {
	var tokens []string
	if err := json.Unmarshal(text, &tokens); err != nil {
		return err
	}
	if tokens == nil {
		return errors.New("vocabulary: a list of tokens is missing")
	}
	read, err := New(tokens)
	if err != nil {
		return err
	}
	*t = *read
	return nil
}
