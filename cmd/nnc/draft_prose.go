package main

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// textColumn is a column whose texts an embedding takes: each by its place, or symbol by symbol.
type textColumn struct {
	dataset.Feature
	input     string
	embedding int
	mask      string // the input that says where symbols stand; "": texts are taken by their places
}

// What a model reads of a text, at most.
const (
	mostWords   = 256    // words
	mostLetters = 1024   // characters or bytes
	mostKnown   = 20_000 // different symbols
)

// Characters say little by themselves: a convolution takes several that follow one another.
const (
	filters = 32
	reach   = 5
)

// prose is a column that is read symbol by symbol.
func (d *draft) prose(f dataset.Feature) textColumn {
	e := textColumn{Feature: f, input: d.names.of(f.Name, "texts")}
	noun := f.Prose.Noun() + "s"
	if f.Prose.Pieces {
		noun = "mask" // else it would be the segment
	}
	e.mask, e.embedding = d.names.of(e.input+"_"+noun, noun), embeddingWidth(e.known())
	return e
}

// reads reports whether a column is read symbol by symbol.
func (d *draft) reads() bool {
	for _, e := range d.texts {
		if e.mask != "" {
			return true
		}
	}
	return false
}

// words reports whether the texts are read word by word, rather than by their characters or bytes.
func (e *textColumn) words() bool { return e.Prose.Kind == data.Words }

// read is the number of symbols of a text that the model takes.
func (e *textColumn) read() int {
	if e.words() {
		return min(max(e.Prose.Length, 8), mostWords)
	}
	return min(max(e.Prose.Length, 8), mostLetters)
}

// known is the number of different symbols, with padding and the unknown.
func (e *textColumn) known() int {
	switch {
	case e.Prose.Pieces:
		return e.Prose.Known
	case e.Prose.Kind == data.Bytes:
		return data.OpenBytes
	}
	return min(max(e.Prose.Known, 8), mostKnown) + 2
}

// width is the number of values that the column makes.
func (e *textColumn) width() int {
	if e.mask != "" && !e.words() {
		return filters
	}
	return e.embedding
}

// said says in the spec what the integers are.
func (e *textColumn) said() string {
	noun := e.Prose.Noun()
	switch {
	case e.Prose.Pieces:
		return fmt.Sprintf("%s: the first %d tokens of each text, [CLS] and [SEP] included; where they stand, and no padding", e.Shown, e.read())
	case e.Prose.Kind == data.Bytes:
		return fmt.Sprintf("%s: the first %d bytes of each text; where they stand, and no padding", e.Shown, e.read())
	}
	return fmt.Sprintf("%s: the first %d %ss of each text, of the %d most frequent; where %[3]ss stand, and no padding", e.Shown, e.read(), noun, e.known()-2)
}

// joined makes one row of numbers of the embeddings.
func (e *textColumn) joined() string {
	switch {
	case e.mask == "":
		return "flatten"
	case e.words():
		return "mean mask=" + e.mask
	}
	return fmt.Sprintf("conv1d %d kernel=%d pad=%d; relu; mean mask=%s", filters, reach, reach/2, e.mask)
}

// reason says how the texts are read, and how many different symbols there are.
func (e *textColumn) reason() string {
	noun := e.Prose.Noun()
	line := fmt.Sprintf("%s %s by %[2]s: the mean of ", e.Shown, noun)
	if e.words() {
		line += fmt.Sprintf("the embeddings of its first %d %ss", e.read(), noun)
	} else {
		line += fmt.Sprintf("what %d filters make of %d that follow one another, of its first %d", filters, reach, e.read())
	}
	if e.Prose.Pieces {
		return fmt.Sprintf("%s, of the %d of the vocabulary", line, e.Prose.Known)
	}
	if e.Prose.Known == 1 {
		return line + "; 1 occurs two times or more"
	}
	return fmt.Sprintf("%s; %d different ones occur two times or more", line, e.Prose.Known)
}
