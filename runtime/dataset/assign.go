package dataset

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// assign divides the columns of a table among the model's inputs and returns their fields by input. Each input takes
// the columns that --features gives it; else, if it takes one value, the column of its own name, where there are
// several inputs; and one input may be left to take all the others, but for inputs that measure the text of another.
func (s Select) assign(h *header, inputs []data.Port) ([][]int, map[int]data.InputColumns, error) {
	parts, err := s.named(h, inputs)
	if err != nil {
		return nil, nil, err
	}
	var left []int
	for i, p := range inputs {
		if len(parts[i]) > 0 {
			continue
		}
		if at := slices.Index(h.names, p.Name); s.from == "" && len(inputs) > 1 && p.Size() == 1 && at >= 0 && h.taken[at] == "" {
			h.taken[at] = p.Name
			parts[i] = []int{at}
			continue
		}
		left = append(left, i)
	}
	measures := measured(inputs, s.inPieces(), func(i int) bool { return len(parts[i]) > 0 })
	left = slices.DeleteFunc(left, func(i int) bool {
		_, is := measures[i]
		return is
	})
	free := h.free()
	switch {
	case len(left) > 1:
		names := make([]string, len(left))
		for i, input := range left {
			names[i] = inputs[input].Name
		}
		return nil, nil, usageError("%s: which columns make the inputs %s? Name them, as in --features %s=a,b; one input may be left to take the others%s",
			h.file, phrase.Listed(names), names[0], s.orPieces(inputs, left))
	case len(left) == 1 && len(free) > 0:
		parts[left[0]] = free
	case len(left) == 1 && len(inputs) > 1:
		return nil, nil, fmt.Errorf("%s: no column is left for the input %q (the columns are %s)", h.file, inputs[left[0]].Name, phrase.Listed(h.names))
	case len(left) == 1:
		return nil, nil, fmt.Errorf("%s: no column is left as a feature (the columns are %s)", h.file, phrase.Listed(h.names))
	case len(free) > 0 && len(s.Features) == 0:
		name := h.names[free[0]]
		return nil, nil, usageError("%s: no input takes the column %s: give it to one, as in --features %s=%s, or leave it out with --drop %s",
			h.file, columnName(name, free[0]), inputs[0].Name, phrase.Shell(name), phrase.Shell(name))
	case len(left) == 0 && s.from == "":
		if err := h.mistaken(inputs, measures); err != nil {
			return nil, nil, err
		}
	}
	return parts, measures, nil
}

// orPieces is the advice for inputs that are the tokens of texts, and what measures them, where nothing says so.
func (s Select) orPieces(inputs []data.Port, left []int) string {
	if s.inPieces() {
		return ""
	}
	free := func(i int) bool { return !slices.Contains(left, i) }
	if n := len(measured(inputs, true, free)); n == 0 || n < len(left)-1 {
		return ""
	}
	return "; or let texts make all, in the tokens of a vocabulary, with --tokenizer wordpiece:FILE"
}

// mistaken is the error for an input that would measure a text though as many columns are left as it takes: it may be
// meant for these. Its name may say that it is not.
func (h *header) mistaken(inputs []data.Port, measures map[int]data.InputColumns) error {
	free := slices.DeleteFunc(h.free(), func(f int) bool { return h.names[f] == "" || h.names[f] == pandasIndex })
	for i, p := range inputs {
		m, is := measures[i]
		if !is || len(free) < p.Size() || strings.Contains(strings.ToLower(p.Name), m.Measures) {
			continue
		}
		left := make([]string, len(free))
		for k, f := range free {
			left[k] = h.names[f]
		}
		return usageError("%s: does a column feed the input %s, or is it the %s of the text of %s? Name the column, as in --features %s=%s; or leave out those that nothing takes, with %s, or call the input %s",
			h.file, p.Name, m.Measures, m.Of, p.Name, phrase.Shell(left[0]), phrase.Option("--drop", strings.Join(left, ",")), m.Measures)
	}
	return nil
}

// chooser is what chooses the features, for messages.
func (s Select) chooser() string {
	if s.from != "" {
		return "the columns that --init " + s.from + " was trained with"
	}
	return "--features"
}

// named are the columns that --features names, by input. "input=column" begins the columns of an input, which go on
// until the next; a model's only input needs no name, those aside that measure the text of another.
func (s Select) named(h *header, inputs []data.Port) ([][]int, error) {
	parts, to := make([][]int, len(inputs)), -1
	for i, others := 0, measured(inputs, s.inPieces(), func(int) bool { return false }); i < len(inputs); i++ {
		if _, is := others[i]; len(inputs) == 1 || len(others) == len(inputs)-1 && !is {
			to = i // the only one that columns feed
		}
	}
	for _, item := range s.Features {
		column := item
		if input, rest, ok := strings.Cut(item, "="); ok && !slices.Contains(h.names, item) {
			i := slices.Index(portNames(inputs), input)
			if i < 0 && len(inputs) > 1 {
				return nil, usageError("--features %s: the model has no input %q%s (it takes %s)", item, input, phrase.Suggest(input, portNames(inputs)), data.PortList(inputs))
			}
			if i >= 0 {
				to, column = i, rest
			}
		}
		if to < 0 {
			return nil, usageError("--features %s: which input takes it? Write --features name=%s; the model takes %s", item, item, data.PortList(inputs))
		}
		i, err := h.find(s.chooser(), column)
		if err != nil {
			return nil, err
		}
		switch h.taken[i] {
		case "":
		case "--features":
			return nil, fmt.Errorf("%s: --features names %q twice", h.file, column)
		default:
			return nil, fmt.Errorf("%s: column %q is both in %s and in %s", h.file, column, h.taken[i], s.chooser())
		}
		h.taken[i] = "--features"
		parts[to] = append(parts[to], i)
	}
	return parts, nil
}
