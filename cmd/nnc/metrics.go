package main

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// measured is a metric as flags name it.
type measured struct {
	name   string
	number string // that it takes where nothing is said, empty where it takes none: top and top:5 are the same
}

// usual is the metric with the number that it takes where nothing is said.
func (m measured) usual() string {
	if m.number == "" {
		return m.name
	}
	return m.name + ":" + m.number
}

// metrics are those of the language.
func metrics() []measured {
	var all []measured
	for _, w := range compiler.Words() {
		if w.Kind != "metric" {
			continue
		}
		m := measured{name: w.Name}
		for _, a := range w.Args {
			if !a.Positional {
				m.number = a.Default
			}
		}
		all = append(all, m)
	}
	return all
}

// metricNames are what flags may say: a metric that takes a number with the usual one.
func metricNames() []string {
	var names []string
	for _, m := range metrics() {
		names = append(names, m.usual())
	}
	return names
}

// metricOf reads a metric as a flag names it, and returns it as a training reports it: with its number.
func metricOf(text string) (string, error) {
	name, number, numbered := strings.Cut(text, ":")
	all := metrics()
	i := slices.IndexFunc(all, func(m measured) bool { return m.name == name })
	switch {
	case i < 0:
		err := fmt.Sprintf("%s is no metric: there are %s", text, strings.Join(metricNames(), ", "))
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		if near, ok := diag.Nearest(name, names); ok {
			err = fmt.Sprintf("%s is no metric, did you mean %q?", text, near)
		}
		return "", wordedError{err}
	case !numbered:
		return all[i].usual(), nil
	case all[i].number == "":
		return "", wordedError{fmt.Sprintf("%s takes no number: write %[1]s", name)}
	}
	if n, err := strconv.Atoi(number); err != nil || n < 1 {
		return "", wordedError{fmt.Sprintf("%s: write a whole number of at least 1 after it, as %s", text, all[i].usual())}
	}
	return text, nil
}

// metricsOf reads a flag of type "metrics": their names, separated by commas.
func metricsOf(ctx *kong.DecodeContext, target reflect.Value) error {
	var list string
	if err := ctx.Scan.PopValueInto("metrics", &list); err != nil {
		return err
	}
	for _, text := range strings.Split(list, ",") {
		metric, err := metricOf(strings.TrimSpace(text))
		if err != nil {
			return wordedError{fmt.Sprintf("--%s: %v", ctx.Value.Name, err)}
		}
		target.Set(reflect.Append(target, reflect.ValueOf(metric)))
	}
	return nil
}
