package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
)

// axes are the settings that the sweep varies. Those that need another program come first, so that they change last.
func (c *sweepCommand) axes() ([]axis, error) {
	var axes []axis
	var failed error
	add := func(name, flag string, items []string, apply func(*trainCommand, string) error) {
		if len(items) == 0 {
			return
		}
		ax, err := newAxis(name, flag, items, apply)
		failed = errors.Join(failed, err)
		axes = append(axes, ax)
	}
	if len(c.Models) > 1 {
		var models []values
		for _, m := range c.Models {
			if slices.Contains(models, values{text: m}) {
				return nil, fmt.Errorf("%s: given twice", m)
			}
			models = append(models, values{text: m})
		}
		axes = append(axes, axis{"model", "model.nn", models, func(t *trainCommand, m string) error {
			t.Model = m
			return nil
		}})
	}
	set := map[string]bool{}
	for _, item := range c.Set {
		name, list, ok := strings.Cut(item, "=")
		if !ok || name == "" || list == "" {
			return nil, fmt.Errorf("--set %s: write the constant's name and its numbers, as --set width=16,32", item)
		}
		if set[name] {
			return nil, fmt.Errorf("--set %s: given twice: write all its numbers after one, as --set %s=16,32", name, name)
		}
		set[name] = true
		add(name, "--set "+name, strings.Split(list, ","), func(t *trainCommand, value string) error {
			t.Set = append(t.Set[:len(t.Set):len(t.Set)], name+"="+value)
			return compiler.Constant{Name: name, Value: value}.Verify()
		})
	}
	add("batch", "--batch", c.Batch, func(t *trainCommand, value string) (err error) {
		t.Batch, err = positive(value)
		return err
	})
	add("epochs", "--epochs", c.Epochs, func(t *trainCommand, value string) (err error) {
		t.Epochs, err = positive(value)
		return err
	})
	add("lr", "--lr", c.LR, func(t *trainCommand, value string) error {
		rate, err := strconv.ParseFloat(value, 64)
		if err != nil || !(rate >= 0 && rate <= math.MaxFloat64) {
			return errors.New("a rate is a number of at least 0")
		}
		t.LR = &rate
		return nil
	})
	add("seed", "--seed", c.Seed, func(t *trainCommand, value string) error {
		seed, err := strconv.ParseUint(value, 10, 64)
		if err != nil {
			return errors.New("a seed is a whole number of at least 0")
		}
		t.Seed = &seed
		return nil
	})
	return axes, failed
}

// positive reads a whole number of at least 1.
func positive(text string) (*int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return nil, errors.New("must be a whole number of at least 1")
	}
	return &n, nil
}
