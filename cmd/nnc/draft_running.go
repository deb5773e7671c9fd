package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// runningDraft is a first model that continues a text.
type runningDraft struct {
	*dataset.RunningSummary
	context, width, layers, steps int
}

// muchText is the length of a text, in characters or bytes, from which on a larger model learns more of it.
const muchText = 200_000

// newRunning writes a first spec of a text. It reports whether the file is one.
func (c *initCommand) newRunning(s *session) (bool, error) {
	of, err := dataset.InspectRunning(c.Data[0], c.Tokens)
	if err != nil {
		return true, dataError(err)
	}
	if of == nil {
		return false, nil
	}
	d := &runningDraft{RunningSummary: of, context: 32, width: 64, layers: 2, steps: 1000}
	if of.Symbols >= muchText {
		d.context, d.width, d.layers, d.steps = 64, 128, 4, 2000
	}
	const least = 8
	for d.context > least && of.Symbols/10 <= d.context { // a tenth is held out
		d.context /= 2
	}
	if of.Symbols <= d.context {
		return true, problem("%s: a text of %s is too short to learn from", of.Name, counted(of.Symbols, of.Kind.Noun()))
	}
	if of.Different == 1 {
		return true, problem("%s: all of its %s are the same: there is nothing to learn", of.Name, counted(of.Symbols, of.Kind.Noun()))
	}
	path, err := c.specPath(true)
	if err != nil {
		return true, err
	}
	train := trainWith(s, path, trainingFlags{Data: c.Data, textFlags: textFlags{Tokens: c.Tokens}, Shuffle: true})
	text, list := grammar.Format("", []byte(d.text(compiler.ModelName(path), train)))
	if list.HasErrors() {
		return true, fmt.Errorf("the first spec is wrong (%s), which is an internal error: please report it", list[0].Summary)
	}
	weights, _ := (&trainCommand{}).saves(spec{file: path})
	then := fmt.Sprintf("once it is trained: nnc generate %s --weights %s", shellWord(path), shellWord(weights))
	return true, c.write(s, path, text, append(d.reasons(), then, "next: "+train))
}

// text is the spec, with the command that trains it.
func (d *runningDraft) text(model, train string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	noun := d.Kind.Noun()
	line("// %s continues texts such as %s, %s by %[3]s. It is a first model: try it, then change it.", model, d.Shown, noun)
	line("// %s", train)
	line("model %s\n", model)
	line("const vocab = %d // different %ss", d.Vocabulary, noun)
	line("const context = %d // %ss that it looks at", d.context, noun)
	line("const width = %d\n", d.width)
	line("block Layer(heads) {")
	line("residual { layernorm; attention heads causal }")
	line("residual { layernorm; linear 4*width; gelu; linear width }")
	line("}\n")
	line("input tokens[context] of vocab\n")
	line("embedding width")
	line("position width")
	line("repeat %d { Layer heads=4 }", d.layers)
	line("layernorm")
	line("linear vocab\n")
	line("loss cross_entropy // the next %s at every position", noun)
	line("metric perplexity")
	line("adamw 0.001")
	line("clip 1.0")
	line("schedule cosine warmup=%d", d.steps/20)
	line("batch 16")
	line("steps %d", d.steps)
	return b.String()
}

// reasons say, a line each, why the model is as it is.
func (d *runningDraft) reasons() []string {
	noun := d.Kind.Noun()
	what := fmt.Sprintf("%s: a text of %s, %d different", d.Shown, counted(d.Symbols, noun), d.Different)
	if d.List != "" {
		what += ": " + d.List
	}
	lines := append([]string{what}, d.Notes...)
	size := "less"
	if d.Symbols >= muchText {
		size = "more"
	}
	return append(lines,
		fmt.Sprintf("%s of attention, %d wide, over windows of %d %ss, since the text has %s than %d", counted(d.layers, "layer"), d.width, d.context, noun, size, muchText),
		fmt.Sprintf("%s on 16 windows each; %d different %ss all equally likely would have a loss of %.4g", counted(d.steps, "step"), d.Different, noun, math.Log(float64(d.Different))),
	)
}
