package main

import (
	"os"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// bestFile is the file of the best weights so far. The next best takes its place, and it gives its place back where the next
// best goes elsewhere.
type bestFile struct {
	path    string // empty: there is none yet
	earlier string // where the file is that stood there before; empty: there was none, or it was to be replaced
}

// put writes a copy of the file to a path, whole or not at all. What stands there from before gets another name if it is
// to be kept.
func (k *bestFile) put(from, to string, keepEarlier bool) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	s, err := stage(to, text)
	if err != nil {
		return err
	}
	defer os.Remove(s.temporary)
	return k.replace(s, to, keepEarlier)
}

// replace moves the staged file to the path. Where that fails, what stands there keeps its one name.
func (k *bestFile) replace(s staged, to string, keepEarlier bool) (err error) {
	next := bestFile{path: to}
	if to == k.path {
		next = *k
	} else if keepEarlier {
		if next.earlier, err = weights.KeepEarlier(to); err != nil {
			return err
		}
	}
	if err := os.Rename(s.temporary, s.path); err != nil {
		if to != k.path && next.earlier != "" {
			os.Remove(next.earlier)
		}
		return err
	}
	if to != k.path {
		if err := k.withdraw(); err != nil {
			return err
		}
	}
	*k = next
	return nil
}

// withdraw leaves the path as it was found.
func (k *bestFile) withdraw() error {
	switch {
	case k.path == "":
		return nil
	case k.earlier != "":
		return os.Rename(k.earlier, k.path)
	}
	return os.Remove(k.path)
}
