package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Numbers are shown whole or not at all.
func TestTheLivingLineDropsParts(t *testing.T) {
	for width, want := range map[int]string{
		80: "run 1/2  lr 0.125: epoch 2/20  loss 0.3124", 43: "run 1/2  lr 0.125: epoch 2/20  loss 0.3124", 42: "run 1/2  lr 0.125: epoch 2/20",
		31: "run 1/2  lr 0.125: epoch 2/20", 30: "run 1/2  lr 0.125: epoch 2/20", 29: "run 1/2", 8: "run 1/2", 5: "run ",
	} {
		var b bytes.Buffer
		l := living{w: &b, width: width}
		l.show("run 1/2  lr 0.125: epoch 2/20  loss 0.3124")
		assert.Equal(t, "\r\x1b[K"+want, b.String(), "%d columns", width)
	}
}

// The line is cut to the terminal, the last column left free, drawn anew after a while only, and taken away.
func TestTheLivingLine(t *testing.T) {
	var b bytes.Buffer
	l := living{w: &b, width: 8}
	l.show("run 1/2: begins")
	l.show("too soon")
	l.clear()
	l.clear()
	l.show("ärgert")
	assert.Equal(t, "\r\x1b[Krun 1/2\r\x1b[K\r\x1b[Kärgert", b.String())

	b.Reset()
	l = newLiving(&b) // no terminal
	l.show("x")
	l.clear()
	assert.Empty(t, b.String())
}

func TestLinesOfAProgram(t *testing.T) {
	var got []string
	w := &lineWriter{each: func(line []byte) { got = append(got, string(line)) }}
	for _, part := range []string{"one\ntw", "o\n\nthr", "ee"} {
		n, err := w.Write([]byte(part))
		assert.NoError(t, err)
		assert.Equal(t, len(part), n)
	}
	assert.Equal(t, []string{"one", "two", ""}, got)
	w.end()
	w.end()
	assert.Equal(t, []string{"one", "two", "", "three"}, got)
}
