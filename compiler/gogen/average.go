package gogen

import (
	"fmt"
	"strings"
)

// averaged reports whether averages of the parameters predict in their place.
func (f *file) averaged() bool { return f.graph.Recipe.Average != nil }

// predicting is the field of a model with the parameters that predict.
func (f *file) predicting() string {
	if f.averaged() {
		return "averages"
	}
	return "params"
}

// savedList is the field of a model with the list of what is saved.
func (f *file) savedList() string {
	if f.averaged() {
		return "saved"
	}
	return "list"
}

// averages writes the function that makes the parameters that predict of those that are trained.
func (f *file) averages() {
	if !f.averaged() {
		return
	}
	averages := f.graph.Averages()
	var lines []string
	for _, p := range f.graph.Params {
		if a := averages[p]; a != nil {
			lines = append(lines, fmt.Sprintf("a.%s = s.%s", f.path(p), f.path(a)))
		}
	}
	f.text(`
// averaged returns what predictions use in place of w: the averages of what is trained, and all else as it is.
func (w *${Prefix}Params) averaged(s *${Prefix}Slots) *${Prefix}Params {
	a := *w
	$Lines
	return &a
}
`, args{"Prefix": f.prefix, "Lines": strings.Join(lines, "\n")})
}
