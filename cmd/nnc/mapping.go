package main

import (
	"os"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// mapFlag is that of commands that read the weights of other programs.
type mapFlag struct {
	Map string `placeholder:"FILE" help:"What the tensors of the weights are called here: lines as fc1.* = linear1.*, theirs first."`
}

// readableMap says what is wrong with the map file before any slow work begins. A pipe is left alone: what is taken from
// it now would be missing later.
func (f mapFlag) readableMap() error {
	if info, err := os.Stat(f.Map); f.Map == "" || err == nil && !info.Mode().IsRegular() {
		return readable(f.Map, isMapName)
	}
	_, err := f.mapping()
	return err
}

// mapping reads the map file, nil without one.
func (f mapFlag) mapping() (*weights.Mapping, error) {
	if f.Map == "" {
		return nil, nil
	}
	if err := readable(f.Map, isMapName); err != nil {
		return nil, err
	}
	m, err := weights.ReadMapping(f.Map)
	if err != nil {
		return nil, problem("%w", err)
	}
	return m, nil
}

// isMapName reports whether a file may be meant by --map.
func isMapName(name string) bool { return !isSpecName(name) && !isWeightsName(name) }
