package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// constFlags give constants of a spec other numbers.
type constFlags struct {
	Set []string `sep:"none" placeholder:"NAME=NUMBER" help:"Another number for a constant that the spec declares, as if it were written there."`
}

// constants are those of --set.
func (f constFlags) constants() ([]compiler.Constant, error) {
	var set []compiler.Constant
	for _, item := range f.Set {
		name, value, ok := strings.Cut(item, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--set %s: write the constant's name and its number, as --set width=64", item)
		}
		c := compiler.Constant{Name: name, Value: value}
		if err := c.Verify(); err != nil {
			return nil, fmt.Errorf("--set %s: %w", name, err)
		}
		if slices.ContainsFunc(set, func(s compiler.Constant) bool { return s.Name == name }) {
			return nil, fmt.Errorf("--set %s: given twice", name)
		}
		set = append(set, c)
	}
	return set, nil
}

// apply puts the numbers into the spec, and shows what is wrong with them.
func (f constFlags) apply(s *session, sp *spec) error {
	list, err := f.put(sp)
	return s.judge(*sp, list, err)
}

// put puts the numbers into the spec, which stays as it is if something is wrong with them.
func (f constFlags) put(sp *spec) (diag.List, error) {
	set, err := f.constants()
	if err != nil || len(set) == 0 {
		return nil, err
	}
	text, list := compiler.SetConstants(sp.name, sp.text, set)
	if !list.HasErrors() {
		sp.text = text
	}
	return list, nil
}

// applyAll puts the numbers into all specs. The error stands for all that could not take them.
func (f constFlags) applyAll(s *session, specs []spec) error {
	var worst error
	for i := range specs {
		worst = worse(worst, f.apply(s, &specs[i]))
	}
	return worst
}
