package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"time"
)

// living is one line on a terminal that says how far things are; elsewhere it is nothing.
type living struct {
	w     io.Writer // nil: no terminal
	width int
	last  time.Time
	shown bool
}

func newLiving(w io.Writer) living {
	if !terminal(w) {
		return living{}
	}
	width := columns()
	if width == 0 {
		width = 80
	}
	return living{w: w, width: width}
}

// show puts the text in place of the line's, unless that is young. It is cut rather than wrapped: between its parts,
// which stand two blanks apart, and only the first of them within.
func (l *living) show(text string) {
	const refresh = 100 * time.Millisecond
	if l.w == nil || l.shown && time.Since(l.last) < refresh {
		return
	}
	if line := []rune(text); len(line) >= l.width {
		end := len(string(line[:l.width-1]))
		if i := strings.LastIndex(text[:min(len(text), end+2)], "  "); i > 0 {
			end = i
		}
		text = text[:end]
	}
	fmt.Fprint(l.w, "\r\x1b[K", text)
	l.last, l.shown = time.Now(), true
}

// clear takes the line away.
func (l *living) clear() {
	if l.shown {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.shown = false
	}
}

// lineWriter gives each line that is written to it to a function, without its end.
type lineWriter struct {
	each func(line []byte)
	rest []byte
}

func (l *lineWriter) Write(p []byte) (int, error) {
	l.rest = append(l.rest, p...)
	for {
		line, rest, ok := bytes.Cut(l.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		l.each(line)
		l.rest = rest
	}
}

// end gives the last line if it has no end.
func (l *lineWriter) end() {
	if len(l.rest) > 0 {
		l.each(l.rest)
		l.rest = nil
	}
}
