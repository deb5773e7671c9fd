package weights

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Match checks that f holds the tensors in want and no others. One error names
// every tensor that is missing, has the wrong shape or kind, or is not wanted,
// and says so if the weights look like those of another model.
func (f *File) Match(want []Want) error { return f.Compare(want).Err() }

// Err is the difference as an error, nil if the file fits.
func (d *Difference) Err() error {
	if d.Fits() {
		return nil
	}
	var b strings.Builder
	b.WriteString("the weights do not fit the model")
	list(&b, "missing in the file", d.Missing, d.missing)
	list(&b, "different", d.Different, Misfit.String)
	list(&b, "not in the model", d.Unexpected, func(t *Tensor) string {
		return quote(t.Name) + " " + shapeString(t.Shape) + t.from()
	})
	if hint := d.hint(); hint != "" {
		b.WriteString("\n  " + hint)
	}
	return errors.New(b.String())
}

// missing describes a tensor that is missing.
func (d *Difference) missing(w Want) string {
	text := quote(w.Name) + " " + shapeString(w.Shape)
	if near := d.Near(w); near != nil {
		text += fmt.Sprintf(": is it %s?", quote(near.Name))
	}
	return text
}

// String says how the tensor is other than wanted.
func (m Misfit) String() string {
	t, w := m.Tensor, m.Want
	if m.Other != nil {
		return fmt.Sprintf("%s and %s are one tensor in the model, but hold different numbers in the file", quote(t.Name), quote(m.Other.Name))
	}
	name := quote(t.Name) + t.from()
	if slices.Equal(t.Shape, w.Shape) {
		kind := "integers"
		if w.float() {
			kind = "floating-point numbers"
		}
		return fmt.Sprintf("%s: the file has %s, the model wants %s", name, t.DType, kind)
	}
	text := fmt.Sprintf("%s: the file has %s, the model wants %s", name, shapeString(t.Shape), shapeString(w.Shape))
	if order := turning(t.Shape, w.Shape); order != "" {
		text += ": its axes have another order; in PyTorch, save " + order
	}
	return text
}

// turning is how PyTorch makes a tensor of one shape of another whose axes have another order; "" if it is none, or if
// more than one order would do.
func turning(have, want []int) string {
	if len(have) != len(want) {
		return ""
	}
	var order []string
	for i, d := range want {
		axis := slices.Index(have, d)
		if axis < 0 || slices.Index(want, d) != i {
			return ""
		}
		order = append(order, strconv.Itoa(axis))
	}
	return "tensor.permute(" + strings.Join(order, ", ") + ").contiguous()"
}

// from tells what a tensor that has been renamed is called in its file.
func (t *Tensor) from() string {
	if t.origin == "" {
		return ""
	}
	return " (" + t.origin + ")"
}

// list writes one kind of difference, cut where nobody would read on.
func list[T any](b *strings.Builder, title string, items []T, describe func(T) string) {
	const most = 20
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n  %s:", title)
	for _, item := range items[:min(len(items), most)] {
		b.WriteString("\n    " + describe(item))
	}
	if more := len(items) - most; more > 0 {
		fmt.Fprintf(b, "\n    and %d more", more)
	}
}

// hint guesses why names do not match, from how many do.
func (d *Difference) hint() string {
	want, missing, wrong := len(d.want), len(d.Missing), len(d.Different)
	if want == 0 || len(d.file.Tensors) == 0 {
		return ""
	}
	if d.none && missing > 0 {
		if prefix := d.prefix(); prefix != "" {
			hint := fmt.Sprintf("All of the model's names are there behind %s: the weights were saved from a model that contains this one.", quote(prefix))
			if writable(prefix) {
				hint += fmt.Sprintf(" The line `%s* = *` in a map of names takes them over.", prefix)
			}
			return hint
		}
		if d.Draft() != "" {
			return "No name matches, but most shapes do: nnc weights drafts a map of names for them."
		}
		return "No name matches: these look like the weights of another model, or of one that names its layers otherwise."
	}
	found := want - missing
	if 2*found < want || 2*wrong > found {
		return "Few tensors match: these look like the weights of another model, or of another version of this one."
	}
	return ""
}

// prefix returns what stands before every wanted name in the file, or "".
func (d *Difference) prefix() string {
	have := make(map[string]bool, len(d.file.Tensors))
	for _, t := range d.file.Tensors {
		have[t.Name] = true
	}
	if !d.none || len(d.Missing) == 0 {
		return ""
	}
	// Whatever the prefix is, it ends with a dot in the first of these names.
	shortest := slices.MinFunc(d.Missing, func(a, b Want) int {
		return cmp.Or(cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Name, b.Name))
	}).Name
	for _, t := range d.file.Tensors {
		prefix, ok := strings.CutSuffix(t.Name, shortest)
		if !ok || !strings.HasSuffix(prefix, ".") {
			continue
		}
		if !slices.ContainsFunc(d.Missing, func(w Want) bool { return !have[prefix+w.Name] }) {
			return prefix
		}
	}
	return ""
}
