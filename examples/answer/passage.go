package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/answer"
)

// readPassage reads a file, or standard input, as it stands, so that the places of answers count in it. More than can be
// asked about is an error, and what is no text.
func readPassage(path string, stdin io.Reader) (string, error) {
	name, source := "standard input", stdin
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer file.Close()
		name, source = path, file
	}
	text, err := io.ReadAll(io.LimitReader(source, answer.MaxPassage+1))
	if err == nil {
		err = checkText(text)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, err)
	}
	return string(text), nil
}

// checkText reports what is wrong with the bytes of a passage.
func checkText(text []byte) error {
	if len(text) > answer.MaxPassage {
		return fmt.Errorf("the passage has more than %d bytes, the most that can be asked about: ask about a part of it", answer.MaxPassage)
	}
	if !utf8.Valid(text) {
		return errors.New("the text is not UTF-8")
	}
	return nil
}
