package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
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

// apply puts the numbers into the spec.
func (f constFlags) apply(s *session, sp *spec) error {
	set, err := f.constants()
	if err != nil || len(set) == 0 {
		return err
	}
	text, list := compiler.SetConstants(sp.name, sp.text, set)
	if err := s.judge(*sp, list, nil); err != nil {
		return err
	}
	sp.text = text
	return nil
}

// applyAll puts the numbers into all specs. The error stands for all that could not take them.
func (f constFlags) applyAll(s *session, specs []spec) error {
	var worst error
	for i := range specs {
		worst = worse(worst, f.apply(s, &specs[i]))
	}
	return worst
}
