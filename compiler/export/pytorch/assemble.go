package pytorch

import (
	"embed"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// files are the parts: Python that is the same in every program that has it, but for what stands in {{…}}.
//
//go:embed parts
var files embed.FS

// section is a part as it stands in a program.
type section struct {
	name    string
	needs   []string
	usual   []string // of a metric: the kinds of targets that it is usual for
	imports []string
	text    string
}

var imported = regexp.MustCompile(`^(import|from) `)

// read reads a part for a program with these features: what it needs stands on its first line, then its imports.
func read(name string, has map[string]bool) (section, error) {
	data, err := files.ReadFile(path.Join("parts", name+".py"))
	if err != nil {
		return section{}, fmt.Errorf("pytorch: there is no part %q", name)
	}
	s := section{name: name}
	lines := strings.Split(kept(string(data), has), "\n")
	if needs, ok := strings.CutPrefix(lines[0], "# needs:"); ok {
		s.needs, lines = strings.Fields(needs), lines[1:]
	}
	if usual, ok := strings.CutPrefix(lines[0], "# usual:"); ok {
		s.usual, lines = strings.Fields(usual), lines[1:]
	}
	for len(lines) > 0 && (imported.MatchString(lines[0]) || strings.TrimSpace(lines[0]) == "") {
		if lines[0] != "" {
			s.imports = append(s.imports, lines[0])
		}
		lines = lines[1:]
	}
	s.text = strings.Trim(strings.Join(lines, "\n"), "\n") + "\n"
	if s.text == "\n" {
		s.text = ""
	}
	return s, nil
}

// gather reads parts and all that they need, the needed ones first.
func gather(names []string, has map[string]bool) ([]section, error) {
	var list []section
	state := map[string]int{}
	var visit func(name string) error
	visit = func(name string) error {
		if state[name] != 0 {
			return nil
		}
		state[name] = 1
		s, err := read(name, has)
		if err != nil {
			return err
		}
		for _, need := range s.needs {
			if err := visit(need); err != nil {
				return err
			}
		}
		list = append(list, s)
		return nil
	}
	for _, name := range names {
		if err := visit(name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// standard are the modules that belong to Python, which are imported first.
func standard(line string) bool {
	module := strings.Fields(line)[1]
	return !slices.Contains([]string{"torch", "numpy", "safetensors"}, strings.Split(module, ".")[0])
}

// imports writes the imports of sections, each once, Python's own first.
func imports(list []section, more ...string) string {
	all := slices.Clone(more)
	for _, s := range list {
		all = append(all, s.imports...)
	}
	key := func(line string) string { return strings.Fields(line)[1] + " " + line }
	slices.SortFunc(all, func(a, b string) int {
		plainA, plainB := strings.HasPrefix(a, "import "), strings.HasPrefix(b, "import ")
		if plainA != plainB {
			if plainA {
				return -1
			}
			return 1
		}
		return strings.Compare(key(a), key(b))
	})
	all = slices.Compact(all)
	var own, others []string
	for _, line := range all {
		if standard(line) {
			own = append(own, line)
		} else {
			others = append(others, line)
		}
	}
	text := strings.Join(own, "\n")
	if text != "" && len(others) > 0 {
		text += "\n\n"
	}
	return text + strings.Join(others, "\n") + "\n"
}

// title is the line that begins a section.
func title(text string) string {
	line := "# ---- " + text + " "
	return line + strings.Repeat("-", max(0, width-len([]rune(line)))) + "\n"
}
