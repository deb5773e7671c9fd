package pytorch

import (
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// reader is a part that reads data: a class, and a function that adds its flags.
type reader struct {
	part, class, arguments string
	suits                  func(g *ir.Graph) bool
}

// readers are all parts that read data, in the order in which a program asks them.
var readers = []reader{
	{"questions", "QuestionData", "question_arguments", answers},
	{"arrays", "ArrayData", "array_arguments", func(*ir.Graph) bool { return true }},
	{"text", "TextData", "text_arguments", continues},
	{"table", "TableData", "table_arguments", tabular},
}

// answers reports whether a loss compares with spans.
func answers(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Recipe.Losses, func(j ir.Criterion) bool { return j.Kind == ir.Span })
}

// continues reports whether the model says of each position of a sequence what comes behind it.
func continues(g *ir.Graph) bool {
	if len(g.Inputs) != 1 || len(g.Recipe.Losses) != 1 || g.Recipe.Losses[0].Kind != ir.Class {
		return false
	}
	in, target := g.Inputs[0].Type, g.Recipe.Losses[0].Target.Type
	return in.Kind == ir.I32 && len(in.Shape) == 1 && slices.Equal(in.Shape, target.Shape) && in.Limit == target.Limit
}

// tabular reports whether a row of a table can be a row of the model: no input is an image.
func tabular(g *ir.Graph) bool {
	return !slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool { return len(v.Type.Shape) > 2 }) && !answers(g)
}

// pictures reports whether an input may be an image.
func pictures(g *ir.Graph) bool {
	return slices.ContainsFunc(g.Inputs, func(v *ir.Value) bool { return v.Type.Kind != ir.I32 && len(v.Type.Shape) >= 2 })
}

// readingParts names the parts that read a model's data, and writes the calls that add their flags.
func readingParts(g *ir.Graph) (needs []string, arguments string) {
	var lines []string
	add := func(part, function string) {
		needs = append(needs, part)
		lines = append(lines, "    "+function+"(parser)")
	}
	add("split", "split_arguments")
	for _, r := range readers {
		if _, err := files.Open("parts/" + r.part + ".py"); err == nil && r.suits(g) {
			add(r.part, r.arguments)
		}
	}
	if pictures(g) {
		add("augment", "augment_arguments")
	}
	add("weighing", "weighing_arguments")
	return append(needs, "files"), strings.Join(lines, "\n")
}
