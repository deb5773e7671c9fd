package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// form is a form of data that a program can read: the parts that read it, the functions that add their flags, and whether a
// model takes such data.
type form struct {
	name             string
	parts, arguments []string
	suits            func(g *ir.Graph) bool
	wants            string // what the model would have to be
}

// forms are all that there are. A program has those that are asked for, or the one that its graph speaks for.
var forms = []form{
	{"table", []string{"table"}, []string{"table"}, tabular, "each input a list of values"},
	{"texts", []string{"table", "table_text"}, []string{"table", "text_table"}, texts, "an input of several integers, as `tokens[80] of 5000`"},
	{"tokens", []string{"table", "table_text", "table_pieces"}, []string{"table", "text_table", "piece_table"}, texts, "an input of several integers, as `tokens[128] of 30522`"},
	{"series", []string{"table", "table_series"}, []string{"table", "series"}, windowed, "inputs of rows and the values of each, as `hours[24, 3]`"},
	{"arrays", []string{"arrays"}, []string{"array"}, func(*ir.Graph) bool { return true }, ""},
	{"text", []string{"text"}, []string{"text"}, continues, "an input of integers whose next ones a loss of classes compares with"},
	{"questions", []string{"questions"}, []string{"question"}, answers, "the loss `span` and inputs of its positions"},
}

// usualForm is what a model's data are where nobody says.
func usualForm(g *ir.Graph) string {
	positions := func(j ir.Criterion) bool { return j.Kind == ir.Class && j.Target.Type.Shape.Size() > 1 }
	switch {
	case answers(g):
		return "questions"
	case continues(g):
		return "text"
	case pictures(g) || slices.ContainsFunc(g.Recipe.Losses, positions) || !tabular(g):
		return "arrays"
	case texts(g):
		return "texts"
	}
	return "table"
}

// otherwise is the form that a model's data have in files of lines, where a program does not read it yet.
func otherwise(g *ir.Graph, reads []string) string {
	for _, name := range []string{"questions", "text", "series", "texts"} {
		i := slices.IndexFunc(forms, func(f form) bool { return f.name == name })
		if forms[i].suits(g) && !slices.Contains(reads, name) {
			return name
		}
	}
	return "table"
}

// reading are the forms of data that a program reads.
func (m *Model) reading() ([]form, error) {
	asked := m.Reads
	if len(asked) == 0 {
		asked = []string{usualForm(m.Forward)}
	}
	var list []form
	for _, name := range asked {
		i := slices.IndexFunc(forms, func(f form) bool { return f.name == name })
		if i < 0 {
			return nil, fmt.Errorf("--reads %s: write %s", name, strings.Join(formNames(), ", "))
		}
		if !forms[i].suits(m.Forward) {
			return nil, fmt.Errorf("--reads %s: the model takes no such data, for which it would have %s", name, forms[i].wants)
		}
		list = append(list, forms[i])
	}
	return list, nil
}

func formNames() []string {
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	return names
}

// readers names the parts that read data of some forms, and writes the calls that add their flags.
func readers(g *ir.Graph, list []form) (needs []string, arguments string) {
	var calls []string
	add := func(name string) {
		if call := "    " + name + "_arguments(parser)"; !slices.Contains(calls, call) {
			calls = append(calls, call)
		}
	}
	add("split")
	for _, f := range list {
		needs = append(needs, f.parts...)
		for _, name := range f.arguments {
			add(name)
		}
		if f.name == "arrays" && pictures(g) {
			needs = append(needs, "augment")
			add("augment")
		}
	}
	add("weighing")
	return append(needs, "split", "weighing", "files"), strings.Join(calls, "\n")
}

// answers reports whether the model answers questions about passages: its loss compares with spans of positions, of which
// each input has one of tokens, segments and the mask that the loss names.
func answers(g *ir.Graph) bool {
	losses := g.Recipe.Losses
	if len(losses) != 1 || losses[0].Kind != ir.Span {
		return false
	}
	tokens, segments := 0, 0
	for _, v := range g.Inputs {
		t := v.Type
		switch {
		case len(t.Shape) != 1 || t.Shape[0] != losses[0].Target.Type.Limit:
			return false
		case v == losses[0].Mask:
		case t.Kind == ir.I32 && t.Limit == 2:
			segments++
		case t.Kind == ir.I32:
			tokens++
		default:
			return false
		}
	}
	return tokens == 1 && segments <= 1
}

// continues reports whether the model says of each position of a sequence what comes behind it.
func continues(g *ir.Graph) bool {
	if len(g.Inputs) != 1 || len(g.Recipe.Losses) != 1 || g.Recipe.Losses[0].Kind != ir.Class {
		return false
	}
	in, target := g.Inputs[0].Type, g.Recipe.Losses[0].Target.Type
	return in.Kind == ir.I32 && len(in.Shape) == 1 && slices.Equal(in.Shape, target.Shape) && in.Limit == target.Limit
}

// tabular reports whether a row of a table can be a row of the model.
func tabular(g *ir.Graph) bool {
	return len(g.Inputs) > 0 && !slices.ContainsFunc(g.Recipe.Losses, func(j ir.Criterion) bool {
		return j.Kind == ir.Class && j.Target.Type.Shape.Size() > 1 && j.Target.Role != ir.Input
	})
}

// pictures reports whether an input may be an image.
func pictures(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool { return v.Type.Kind != ir.I32 && len(v.Type.Shape) >= 2 })
}
