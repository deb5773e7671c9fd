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
	var texts []string
	for _, n := range m.Forward.Nodes {
		if r := p.rules[n]; r != nil {
			texts = append(texts, r.Call+" "+r.Count+" "+r.Module)
			for _, name := range r.Parts {
				p.parts[name] = true
			}
		}
	}
	p.busy = append(spoken(strings.Join(texts, "\n")), "F", "nn", "np", "torch", "range", "self", "layer")
	recipe, ofParts := recipe(m.Forward, m.Step)
	has := features(m.Forward, p.parts)
	all, err := gather(append(slices.Sorted(maps.Keys(p.parts)), append(ofParts, "params")...), has)
	if err != nil {
		return nil, err
	}
	p.taken = names{}
	for _, s := range all {
		for _, word := range words(s.text) {
			p.taken[word] = true
		}
	}
	for _, word := range slices.Concat(words(recipe), p.busy, keywords, builtins, []string{"Exception", "ValueError"}) {
		p.taken[word] = true
	}
	p.region(p.root)
	p.define(p.root)
	p.classes = p.root.classes(nil)

	var w strings.Builder
	w.WriteString(title("The model"))
	w.WriteString("\n")
	for _, c := range p.classes {
		c.write(&w, filepath.Base(m.Forward.File))
		w.WriteString("\n\n")
	}
	own := slices.Sorted(maps.Keys(p.parts))
	var modules []section // what they need may stand behind them: nothing is called before the end
	for _, name := range own {
		s, err := read(name, has)
		if err != nil {
			return nil, err
		}
		modules = append(modules, s)
	}
	body := w.String()
	w.Reset()
	w.WriteString(p.start(m.Step))
	w.WriteString("\n")
	w.WriteString(p.ports())
	if len(m.Forward.Recipe.Losses) > 0 {
		text, err := p.judged(m.Weighted)
		if err != nil {
			return nil, err
		}
		w.WriteString("\n\n" + title("The losses") + "\n" + text)
	}
	if recipe != "" {
		w.WriteString("\n\n" + recipe)
	}
	tail := w.String()
	rest, err := gather(append(slices.Clone(own), ofParts...), has)
	if err != nil {
		return nil, err
	}
	rest = slices.DeleteFunc(rest, func(s section) bool { return slices.Contains(own, s.name) })
	values := p.values(m)
	fill := func(s section) (string, error) { return filled(s, values) }
	var file strings.Builder
	file.WriteString(head(m.Forward) + "\n")
	file.WriteString(imports(rest, append(importsOf(modules), "import torch", "from torch import nn", "from torch.nn import functional as F")...))
	file.WriteString("\n" + body)
	for _, s := range modules {
		text, err := fill(s)
		if err != nil {
			return nil, err
		}
		file.WriteString(text + "\n\n")
	}
	file.WriteString(tail)
	for _, s := range rest {
		text, err := fill(s)
		if err != nil {
			return nil, err
		}
		if text != "" {
			file.WriteString("\n\n" + text)
		}
	}
	return []byte(file.String()), nil
}

func importsOf(list []section) []string {
	var lines []string
	for _, s := range list {
		lines = append(lines, s.imports...)
	}
	return lines
}

// values are what stands for {{…}} in the parts.
func (p *program) values(m Model) map[string]string {
	return blanks(m, p.classes[0].name)
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
