package weights

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Want is a tensor that a model needs.
type Want struct {
	Name  string
	Shape []int
	DType DType // F32 or empty accepts every floating-point type, any other every integer type
}

// Match checks that f holds the tensors in want and no others. One error names
// every tensor that is missing, has the wrong shape or kind, or is not wanted,
// and says so if the weights look like those of another model.
func (f *File) Match(want []Want) error {
	have := make(map[string]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		have[f.Tensors[i].Name] = &f.Tensors[i]
	}
	var missing, wrong, unexpected []string
	wanted := make(map[string]bool, len(want))
	for _, w := range want {
		wanted[w.Name] = true
		t := have[w.Name]
		switch {
		case t == nil:
			missing = append(missing, quote(w.Name)+" "+shapeString(w.Shape))
		case !slices.Equal(t.Shape, w.Shape):
			wrong = append(wrong, fmt.Sprintf("%s: the file has %s, the model wants %s",
				quote(w.Name), shapeString(t.Shape), shapeString(w.Shape)))
		case t.DType.Float() != w.float():
			kind := "integers"
			if w.float() {
				kind = "floating-point numbers"
			}
			wrong = append(wrong, fmt.Sprintf("%s: the file has %s, the model wants %s", quote(w.Name), t.DType, kind))
		}
	}
	for _, t := range f.Tensors {
		if !wanted[t.Name] {
			unexpected = append(unexpected, quote(t.Name)+" "+shapeString(t.Shape))
		}
	}
	if len(missing)+len(wrong)+len(unexpected) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("the weights do not fit the model")
	list(&b, "missing in the file", missing)
	list(&b, "different", wrong)
	list(&b, "not in the model", unexpected)
	if hint := f.hint(want, wanted, len(missing), len(wrong)); hint != "" {
		b.WriteString("\n  " + hint)
	}
	return errors.New(b.String())
}

func (w Want) float() bool { return w.DType == "" || w.DType.Float() }

// list writes one kind of difference, cut where nobody would read on.
func list(b *strings.Builder, title string, items []string) {
	const most = 20
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n  %s:", title)
	for _, item := range items[:min(len(items), most)] {
		b.WriteString("\n    " + item)
	}
	if more := len(items) - most; more > 0 {
		fmt.Fprintf(b, "\n    and %d more", more)
	}
}

// hint guesses why names do not match, from how many do.
func (f *File) hint(want []Want, wanted map[string]bool, missing, wrong int) string {
	if len(want) == 0 || len(f.Tensors) == 0 {
		return ""
	}
	if missing == len(want) {
		if prefix := f.prefix(wanted); prefix != "" {
			return fmt.Sprintf("All of the model's names are there behind %s: the weights were saved from a model that contains this one.", quote(prefix))
		}
		return "No name matches: these look like the weights of another model."
	}
	found := len(want) - missing
	if 2*found < len(want) || 2*wrong > found {
		return "Few tensors match: these look like the weights of another model, or of another version of this one."
	}
	return ""
}

// prefix returns what stands before every wanted name in the file, or "".
func (f *File) prefix(wanted map[string]bool) string {
	have := make(map[string]bool, len(f.Tensors))
	for _, t := range f.Tensors {
		have[t.Name] = true
	}
	// Whatever the prefix is, it ends with a dot in the first of these names.
	var shortest string
	for name := range wanted {
		if shortest == "" || len(name) < len(shortest) || len(name) == len(shortest) && name < shortest {
			shortest = name
		}
	}
	for _, t := range f.Tensors {
		prefix, ok := strings.CutSuffix(t.Name, shortest)
		if !ok || !strings.HasSuffix(prefix, ".") {
			continue
		}
		behind := func(name string) bool { return have[prefix+name] }
		if every(wanted, behind) {
			return prefix
		}
	}
	return ""
}

func every(names map[string]bool, ok func(name string) bool) bool {
	for name := range names {
		if !ok(name) {
			return false
		}
	}
	return true
}
