package pytorch

import (
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// Model is what a program is written of.
type Model struct {
	Forward  *ir.Graph // the model and its losses
	Weighted *ir.Graph // the same with a weight for each row in the losses; nil without a loss
	Step     *ir.Graph // a whole step; nil without a loss
	Weights  string    // a weight file to start from where --init says no other; "" is none
	Reads    []string  // the forms of data that the program reads; none: the one that the graph speaks for
}

// Write returns the program, as the text of one file.
func Write(m Model) ([]byte, error) {
	p := &program{graph: m.Forward, parts: map[string]bool{}}
	var err error
	if p.rules, err = rulesOf(m.Forward); err != nil {
		return nil, err
	}
	if err := p.tree(); err != nil {
		return nil, err
	}
	list, err := m.reading()
	if err != nil {
		return nil, err
	}
	needs, arguments := readers(m.Forward, list)
	recipe, others := recipe(m.Forward, m.Step, needs)
	spoken := p.spoken()
	has := features(m.Forward, p.parts, list)
	all, err := gather(slices.Concat(slices.Sorted(maps.Keys(p.parts)), others, []string{"params"}), has)
	if err != nil {
		return nil, err
	}
	p.busy = append(spoken, "F", "nn", "np", "torch", "range", "self", "layer")
	p.taken = taken(words(recipe), p.busy, keywords, builtins, []string{"Exception", "ValueError"})
	for _, s := range all {
		for _, word := range words(s.text) {
			p.taken[word] = true
		}
	}
	p.region(p.root)
	p.define(p.root)
	p.classes = p.root.classes(nil)

	own := slices.Sorted(maps.Keys(p.parts))
	if all, err = gather(slices.Concat(own, others), has); err != nil {
		return nil, err
	}
	values := blanks(m, p.classes[0].name, list, arguments)
	// What the model's parts need may stand behind them: nothing is called before the end.
	isOwn := func(s section) bool { return slices.Contains(own, s.name) }
	sections := []string{p.written(filepath.Base(m.Forward.File))}
	filled, err := allFilled(slices.DeleteFunc(slices.Clone(all), func(s section) bool { return !isOwn(s) }), values)
	if err != nil {
		return nil, err
	}
	sections = append(append(sections, filled...), p.start(m.Step)+"\n"+p.ports())
	if len(m.Forward.Recipe.Losses) > 0 {
		text, err := p.judged(m.Weighted)
		if err != nil {
			return nil, err
		}
		sections = append(sections, title("The losses")+"\n"+text)
	}
	if recipe != "" {
		sections = append(sections, recipe)
	}
	if filled, err = allFilled(slices.DeleteFunc(slices.Clone(all), isOwn), values); err != nil {
		return nil, err
	}
	body := strings.Join(append(sections, filled...), "\n\n")
	return []byte(head(m.Forward) + "\n" + imports(all, body, "import torch", "from torch import nn", "from torch.nn import functional as F") + "\n" + body), nil
}

// spoken lists the names that the texts of the rules speak of, and notes the parts that they need.
func (p *program) spoken() []string {
	var texts []string
	for _, n := range p.graph.Nodes {
		if r := p.rules[n]; r != nil {
			texts = append(texts, r.Call, r.Count, r.Module)
			for _, name := range r.Parts {
				p.parts[name] = true
			}
		}
	}
	return spoken(strings.Join(texts, "\n"))
}

// written are the classes.
func (p *program) written(file string) string {
	texts := make([]string, len(p.classes))
	for i, c := range p.classes {
		var w strings.Builder
		c.write(&w, file)
		texts[i] = w.String()
	}
	return title("The model") + "\n" + strings.Join(texts, "\n\n")
}

// allFilled are the texts of parts, those without any left out.
func allFilled(list []section, values map[string]string) ([]string, error) {
	var texts []string
	for _, s := range list {
		text, err := filled(s, values)
		if err != nil {
			return nil, err
		}
		if text != "" {
			texts = append(texts, text)
		}
	}
	return texts, nil
}

func importsOf(list []section) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, s.imports...)
	}
	return lines
}

var blank = regexp.MustCompile(`\{\{(\w+)\}\}`)

// filled is the text of a part with its blanks filled in.
func filled(s section, values map[string]string) (string, error) {
	var err error
	text := blank.ReplaceAllStringFunc(s.text, func(b string) string {
		value, known := values[b[2:len(b)-2]]
		if !known {
			err = fmt.Errorf("pytorch: nothing fills %s of the part %s", b, s.name)
		}
		return value
	})
	return text, err
}
