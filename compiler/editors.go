package compiler

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// vocabulary is the words as editors colour them: what begins a statement by its kind, what stands behind `loss` and
// `metric` and `schedule`, flags and choices, and the names of arguments.
type vocabulary struct {
	structure, layers, losses, metrics, schedules, training []string
	flags, arguments                                        []string
}

func vocabularyOf(words []Word) vocabulary {
	var v vocabulary
	for _, w := range words {
		switch w.Kind {
		case "structure":
			v.structure = append(v.structure, w.Name)
		case "layer":
			v.layers = append(v.layers, w.Name)
		case "loss":
			v.losses = append(v.losses, w.Name)
		case "metric":
			v.metrics = append(v.metrics, w.Name)
		case "schedule":
			v.schedules = append(v.schedules, w.Name)
		default:
			v.training = append(v.training, w.Name)
		}
		for _, a := range w.Args {
			v.flags = append(v.flags, a.Choices...)
			switch {
			case a.Flag:
				v.flags = append(v.flags, a.Name)
			case !a.Positional:
				v.arguments = append(v.arguments, a.Name)
			}
		}
	}
	for _, list := range []*[]string{&v.flags, &v.arguments} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	// `schedule linear` has the name of a layer: what begins a statement is coloured as that.
	v.flags = slices.DeleteFunc(v.flags, func(name string) bool {
		return slices.ContainsFunc(words, func(w Word) bool { return w.Name == name })
	})
	return v
}

// begins is a pattern for what may stand before a statement on its line: nothing, a statement, a brace, a label.
const begins = `(?:^|[;{])\s*(?:[A-Za-z][A-Za-z0-9_]*\s*:)?\s*`

// TextMate returns the grammar of the language for editors that read TextMate's, as VS Code does.
func TextMate() ([]byte, error) {
	type capture struct {
		Name string `json:"name"`
	}
	type pattern struct {
		Name     string             `json:"name,omitempty"`
		Match    string             `json:"match"`
		Captures map[string]capture `json:"captures,omitempty"`
	}
	v := vocabularyOf(Words())
	statement := func(words []string, scope string) pattern {
		return pattern{Match: begins + "(" + strings.Join(words, "|") + `)\b`, Captures: map[string]capture{"1": {scope}}}
	}
	behind := func(word string, names []string) pattern {
		return pattern{Match: begins + "(" + word + `)\s+(` + strings.Join(names, "|") + `)\b`,
			Captures: map[string]capture{"1": {"keyword.control.nnc"}, "2": {"support.function.nnc"}}}
	}
	grammar := struct {
		Comment   string    `json:"comment"`
		Name      string    `json:"name"`
		ScopeName string    `json:"scopeName"`
		FileTypes []string  `json:"fileTypes"`
		Patterns  []pattern `json:"patterns"`
	}{"Generated from the declarations of the words.", "nnc", "source.nnc", []string{"nn"}, []pattern{
		{Name: "comment.line.double-slash.nnc", Match: `//.*$`},
		{Name: "string.quoted.double.nnc", Match: `"(?:[^"\\]|\\.)*"`},
		behind("loss", v.losses),
		behind("metric", v.metrics),
		behind("schedule", v.schedules),
		statement(v.structure, "keyword.control.nnc"),
		statement(v.layers, "entity.name.function.nnc"),
		statement(v.training, "keyword.other.nnc"),
		{Name: "entity.name.label.nnc", Match: `\b[A-Za-z][A-Za-z0-9_]*\s*:`},
		{Match: `\b(` + strings.Join(v.arguments, "|") + `)\s*=`, Captures: map[string]capture{"1": {"variable.parameter.nnc"}}},
		{Name: "constant.language.nnc", Match: `\b(` + strings.Join(v.flags, "|") + `|true|false|in|of)\b`},
		{Name: "entity.name.type.nnc", Match: `\b[A-Z][A-Za-z0-9_]*\b`},
		{Name: "constant.numeric.nnc", Match: `\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b`},
		{Name: "keyword.operator.nnc", Match: `->|[=+*/-]`},
	}}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(grammar); err != nil {
		return nil, err
	}
	return []byte(text.String()), nil
}

// Vim returns the syntax file of the language for Vim.
func Vim() string {
	v := vocabularyOf(Words())
	var s strings.Builder
	s.WriteString("\" Generated from the declarations of the words.\nif exists(\"b:current_syntax\")\n  finish\nendif\nsyntax case match\n")
	statement := func(group string, words []string) {
		fmt.Fprintf(&s, `syntax match %s /\v%%(%%(^|[;{])\s*%%([A-Za-z]\w*\s*:\s*)?)@<=%%(%s)>/`+"\n", group, strings.Join(words, "|"))
	}
	fmt.Fprintf(&s, "syntax keyword nncFlag %s true false in of\n", strings.Join(v.flags, " "))
	s.WriteString(`syntax match nncBlock /\v<[A-Z]\w*>/` + "\n")
	s.WriteString(`syntax match nncNumber /\v<\d+(\.\d+)?([eE][+-]?\d+)?>/` + "\n")
	s.WriteString(`syntax match nncOperator /->\|[=+*\/-]/` + "\n")
	fmt.Fprintf(&s, `syntax match nncArgument /\v<(%s)>\ze\s*\=/`+"\n", strings.Join(v.arguments, "|"))
	s.WriteString(`syntax match nncLabel /\v<[A-Za-z]\w*\s*:/` + "\n")
	fmt.Fprintf(&s, `syntax match nncLoss /\v(loss\s+)@<=(%s)>/`+"\n", strings.Join(v.losses, "|"))
	fmt.Fprintf(&s, `syntax match nncMetric /\v(metric\s+)@<=(%s)>/`+"\n", strings.Join(v.metrics, "|"))
	fmt.Fprintf(&s, `syntax match nncSchedule /\v(schedule\s+)@<=(%s)>/`+"\n", strings.Join(v.schedules, "|"))
	statement("nncStructure", v.structure)
	statement("nncLayer", v.layers)
	statement("nncTraining", v.training)
	s.WriteString(`syntax region nncString start=/"/ skip=/\\./ end=/"/ oneline` + "\n")
	s.WriteString(`syntax match nncComment /\/\/.*$/ contains=@Spell` + "\n")
	for _, link := range [][2]string{{"Flag", "Constant"}, {"Block", "Type"}, {"Number", "Number"}, {"Operator", "Operator"},
		{"Argument", "Identifier"}, {"Label", "Label"}, {"Loss", "Function"}, {"Metric", "Function"}, {"Schedule", "Function"}, {"Structure", "Keyword"}, {"Layer", "Function"},
		{"Training", "Statement"}, {"String", "String"}, {"Comment", "Comment"}} {
		fmt.Fprintf(&s, "highlight default link nnc%s %s\n", link[0], link[1])
	}
	s.WriteString("let b:current_syntax = \"nnc\"\n")
	return s.String()
}
