package weights

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Name returns what the mapping calls a tensor of theirs, LeftOut if it leaves it out, and how many of its first rows it
// takes, 0 if all. Two lines for one tensor are an error.
func (m *Mapping) Name(theirs string) (name string, rows int, err error) {
	name, by, err := m.name(theirs)
	if by >= 0 && err == nil {
		rows = m.rules[by].from.rows
	}
	return name, rows, err
}

// name also returns which of the rules it is by, −1 for none.
func (m *Mapping) name(theirs string) (name string, by int, err error) {
	name, by = theirs, -1
	if i, ok := m.exact[theirs]; ok {
		name, by = m.rules[i].to.before, i
	}
	for _, i := range m.patterns {
		r := m.rules[i]
		stem, ok := r.from.match(theirs)
		if !ok {
			continue
		}
		if by >= 0 {
			first, second := m.rules[min(by, i)], m.rules[max(by, i)]
			return "", 0, m.twice(first, second, theirs)
		}
		name, by = r.to.before, i
		if r.to.star {
			name += stem + r.to.after
		}
	}
	return name, by, nil
}

// Rename gives the tensors of f the names that the mapping has for them, and cuts those of which it takes a part. Two
// lines for one tensor, a line that names none, one name for two tensors, and more rows than there are are errors with
// file:line:column; f is as it was then.
func (m *Mapping) Rename(f *File) error {
	used := make([]bool, len(m.rules))
	names := make(map[string]string, len(f.Tensors)) // those of the file, by the new ones
	tensors := make([]Tensor, 0, len(f.Tensors))
	var leftOut []string
	for _, t := range f.Tensors {
		theirs := t.Name
		ours, by, err := m.name(theirs)
		if err != nil {
			return err
		}
		if by >= 0 {
			used[by] = true
			if ours == LeftOut {
				leftOut = append(leftOut, theirs)
				continue
			}
			r := m.rules[by]
			t.Name, t.origin = ours, fmt.Sprintf("%s in the file, by %s", quote(theirs), m.at(r, r.from))
			if t, err = t.firstRows(r.from.rows); err != nil {
				return fmt.Errorf("%s: %s: %w", m.at(r, r.from), quote(theirs), err)
			}
		}
		if other, taken := names[ours]; taken {
			at := m.file
			if by >= 0 {
				at = m.at(m.rules[by], m.rules[by].to)
			}
			return fmt.Errorf("%s: %s and %s would both be called %s", at, quote(other), quote(theirs), quote(ours))
		}
		names[ours] = theirs
		tensors = append(tensors, t)
	}
	for i, r := range m.rules {
		if !used[i] && !r.anew() {
			return fmt.Errorf("%s: the weights have no tensor %s%s", m.at(r, r.from), quote(r.from.String()), f.alike(r.from))
		}
	}
	f.Tensors, f.leftOut = tensors, leftOut
	return nil
}

// alike suggests the tensor of f that a side without a match may have meant.
func (f *File) alike(s side) string {
	const most = 1000 // names that are compared
	if s.star {
		return ""
	}
	var names []string
	for i := range f.Tensors[:min(len(f.Tensors), most)] {
		names = append(names, f.Tensors[i].Name)
	}
	return phrase.Suggest(s.before, names)
}
