package dataset

import (
	"encoding/binary"
	"fmt"
	"hash/maphash"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// twins counts the rows of held that stand in train too, features and targets alike. Model values are compared by
// their hashes of 64 bits.
func twins(train, held *Set) int {
	seed := maphash.MakeSeed()
	known := make(map[uint64]struct{}, train.Rows())
	for _, r := range train.rows {
		known[train.hash(seed, r)] = struct{}{}
	}
	n := 0
	for _, r := range held.rows {
		if _, ok := known[held.hash(seed, r)]; ok {
			n++
		}
	}
	return n
}

// hash is that of the model values of a row.
func (d *Set) hash(seed maphash.Seed, row int) uint64 {
	if d.questions != nil {
		return d.questions.hash(seed, row)
	}
	var h maphash.Hash
	h.SetSeed(seed)
	var word [4]byte
	write := func(v uint32) {
		binary.LittleEndian.PutUint32(word[:], v)
		h.Write(word[:])
	}
	for i := range d.inputs {
		d.inputs[i].bits(row, write)
	}
	for i := range d.targets {
		d.targets[i].bits(row, write)
	}
	return h.Sum64()
}

// sameWindows is the warning about windows that are on both sides.
func sameWindows(held *Set, what string, n int) string {
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	return fmt.Sprintf("warning: of %s %s, %d %s as windows to train on are, to the last value and the target: where a series repeats itself so, their figures flatter",
		phrase.Counted(held.Rows(), "window"), what, n, verb)
}

// twinNote is the warning about rows that are on both sides; "" where there are none.
func twinNote(train, held *Set, what string, windows bool) string {
	n := twins(train, held)
	switch {
	case n == 0:
		return ""
	case held.questions != nil:
		verb := "ask"
		if n == 1 {
			verb = "asks"
		}
		return fmt.Sprintf("warning: of %s %s, %d %s what windows to train on ask, of the same passage, so that their figures flatter: take these questions out of one of the two",
			phrase.Counted(held.Rows(), "window"), what, n, verb)
	case windows:
		return sameWindows(held, what, n)
	}
	verb := "stand"
	if n == 1 {
		verb = "stands"
	}
	return fmt.Sprintf("warning: of %s %s, %d %s among the rows to train on too, features and target alike, so that their figures flatter: remove repeated rows, or keep rows that belong together on one side with --group",
		phrase.Counted(held.Rows(), "row"), what, n, verb)
}
