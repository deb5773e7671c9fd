package main

import (
	"io"
	"os"
	"strconv"
)

// terminal says whether w is one that understands more than lines.
func terminal(w io.Writer) bool {
	return os.Getenv("TERM") != "dumb" && takesCharacters(w)
}

// takesCharacters says whether w is a terminal of any kind, or another device that takes characters.
func takesCharacters(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// colored says whether to write colours: only to a terminal, and never where NO_COLOR is set.
func colored(w io.Writer) bool {
	return os.Getenv("NO_COLOR") == "" && terminal(w)
}

// columns is the terminal's width where the shell tells it, else 0.
func columns() int {
	n, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || n < 0 {
		return 0
	}
	return n
}
