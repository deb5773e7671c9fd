package compiler

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Word is a word of the language as it is declared, for people and for editors.
type Word struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"` // structure, layer, loss, metric, optimiser, schedule or setting
	Usage string `json:"usage"`
	Doc   string `json:"doc"`
	Args  []Arg  `json:"args"`
}

// Arg is an argument of a word.
type Arg struct {
	Name       string   `json:"name"`
	Type       string   `json:"type"`           // with its range
	List       bool     `json:"list,omitempty"` // may be a list in brackets
	Flag       bool     `json:"flag,omitempty"`
	Positional bool     `json:"positional,omitempty"` // written without its name
	Required   bool     `json:"required,omitempty"`
	Many       bool     `json:"many,omitempty"`
	Default    string   `json:"default,omitempty"`
	Choices    []string `json:"choices,omitempty"`
	Doc        string   `json:"doc"`
}

// Words returns all words of the language, ordered by kind and name.
func Words() []Word {
	var words []Word
	for _, w := range vocab.Words() {
		word := Word{Name: w.Name, Kind: w.Kind.String(), Usage: w.Usage, Doc: w.Doc, Args: []Arg{}}
		for _, a := range w.Args {
			word.Args = append(word.Args, Arg{Name: a.Name, Type: a.Type(), List: a.IsList(), Flag: a.Kind == vocab.Flag, Positional: a.Positional,
				Required: a.Required, Many: a.Many, Default: a.Standard(), Choices: a.Choices, Doc: a.Doc})
		}
		words = append(words, word)
	}
	return words
}

// FindWords returns the words of that name: `mae` is a loss and a metric. Without one, the error says what may be
// meant.
func FindWords(name string) ([]Word, error) {
	var found []Word
	var names []string
	for _, w := range Words() {
		names = append(names, w.Name)
		if w.Name == name {
			found = append(found, w)
		}
	}
	if found != nil {
		return found, nil
	}
	if kind, planned := vocab.Planned(name, vocab.Kinds...); planned {
		return nil, fmt.Errorf("this version of nnc does not have the %v `%s` yet", kind, name)
	}
	if here, _ := vocab.Elsewhere(name, vocab.Kinds...); here != "" {
		if kind, planned := vocab.Planned(here, vocab.Kinds...); planned {
			return nil, fmt.Errorf("there is no word `%s`: it is to be the %v `%s`, which this version of nnc does not have yet", name, kind, here)
		}
		return nil, fmt.Errorf("there is no word `%s`: it is called `%s` here", name, here)
	}
	if near, ok := diag.Nearest(name, names); ok {
		return nil, fmt.Errorf("there is no word `%s`; did you mean `%s`?", name, near)
	}
	return nil, fmt.Errorf("there is no word `%s`; `nnc words` lists all", name)
}

// headings are the titles of the kinds of words in the reference.
var headings = map[vocab.Kind]string{vocab.Structure: "Structure", vocab.Layer: "Layers", vocab.Loss: "Losses",
	vocab.Metric: "Metrics", vocab.Optimiser: "Optimisers", vocab.Schedule: "Schedules", vocab.Setting: "Settings"}

// Reference returns the words of the language as a chapter of Markdown.
func Reference() string {
	var s strings.Builder
	words := Words()
	for _, kind := range vocab.Kinds {
		fmt.Fprintf(&s, "### %s\n", headings[kind])
		for _, w := range words {
			if w.Kind == kind.String() {
				w.markdown(&s)
			}
		}
		s.WriteString("\n")
	}
	return strings.TrimRight(s.String(), "\n") + "\n"
}

func (w *Word) markdown(s *strings.Builder) {
	fmt.Fprintf(s, "\n**`%s`** — %s\n", w.Usage, strings.ReplaceAll(w.Doc, "|", `\|`))
	if len(w.Args) == 0 {
		return
	}
	s.WriteString("\n| argument | is | otherwise | |\n|---|---|---|---|\n")
	for _, a := range w.Args {
		otherwise := a.Otherwise()
		fmt.Fprintf(s, "| `%s` | %s | %s | %s |\n", a.Name, a.Type, otherwise, strings.ReplaceAll(a.Doc, "|", `\|`))
	}
}

// Otherwise says what holds where the argument is left out.
func (a *Arg) Otherwise() string {
	switch {
	case a.Required:
		return "required"
	case a.Flag:
		return "off"
	}
	return a.Default
}
