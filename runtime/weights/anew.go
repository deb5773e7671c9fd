package weights

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// anew reports whether the line is of tensors of ours that start anew.
func (r rule) anew() bool { return r.from.String() == LeftOut }

// StartAnew takes what the mapping lets start anew from what is missing to d.Anew. A line that names no tensor of the
// model, or one that the file has, is an error with file:line:column.
func (m *Mapping) StartAnew(d *Difference) error {
	if len(m.anew) == 0 {
		return nil
	}
	names, missing := make([]string, len(d.want)), make(map[string]bool, len(d.Missing))
	for i, w := range d.want {
		names[i] = w.Name
	}
	for _, w := range d.Missing {
		missing[w.Name] = true
	}
	have, anew := d.file.byName(), map[string]bool{}
	for _, i := range m.anew {
		r, found := m.rules[i], false
		for _, w := range d.want {
			if _, ok := r.to.match(w.Name); !ok {
				continue
			}
			found = true
			for _, name := range append([]string{w.Name, w.Packed}, w.Also...) {
				if t := have[name]; t != nil {
					return fmt.Errorf("%s: %s is to start anew, but is in the weights%s: take the line away, or leave theirs out with `theirs = -`",
						m.at(r, r.to), quote(w.Name), t.from())
				}
			}
			anew[w.Name] = missing[w.Name] // not of a counter, which begins at 0 anyway
		}
		if !found {
			hint := ""
			if !r.to.star {
				hint = phrase.Suggest(r.to.before, names)
			}
			return fmt.Errorf("%s: the model has no tensor %s%s", m.at(r, r.to), quote(r.to.String()), hint)
		}
	}
	var rest []Want
	for _, w := range d.Missing {
		if anew[w.Name] {
			d.Anew = append(d.Anew, w)
		} else {
			rest = append(rest, w)
		}
	}
	d.Missing = rest
	return nil
}

// Whole is an error, with file:line:column, if the mapping lets tensors start anew: only a training can begin so.
func (m *Mapping) Whole() error {
	if len(m.anew) == 0 {
		return nil
	}
	r := m.rules[m.anew[0]]
	return fmt.Errorf("%s: by this line %s starts anew, which only nnc train --init can have: train, and take the weights that it saves", m.at(r, r.from), quote(r.to.String()))
}
