package data

import (
	"encoding/json"
	"errors"
	"fmt"
)

// storedVocabulary is a vocabulary's JSON form. One of bytes has no symbols there.
type storedVocabulary struct {
	Kind    Tokens   `json:"kind"`
	Open    bool     `json:"open,omitempty"`
	Symbols []string `json:"symbols,omitempty"`
}

// MarshalJSON writes the vocabulary as the codec stores it.
func (v *Vocabulary) MarshalJSON() ([]byte, error) {
	s := storedVocabulary{Kind: v.kind, Open: v.open}
	if v.kind != Bytes {
		s.Symbols = v.symbols
	}
	return json.Marshal(s)
}

// UnmarshalJSON reads what MarshalJSON wrote, and refuses everything that NewVocabulary could not have made. Memory is bounded by
// the length of the text.
func (v *Vocabulary) UnmarshalJSON(text []byte) error {
	var s storedVocabulary
	if err := json.Unmarshal(text, &s); err != nil {
		return err
	}
	if s.Kind == Bytes && len(s.Symbols) > 0 {
		return errors.New("vocabulary: one of bytes has no symbols of its own")
	}
	read, err := NewVocabulary(s.Kind, s.Open, s.Symbols)
	if err != nil {
		return fmt.Errorf("reading: %w", err)
	}
	*v = *read
	return nil
}
