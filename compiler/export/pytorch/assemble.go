package pytorch

import (
	"embed"
	"fmt"
	"maps"
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

// standard reports whether a line imports what belongs to Python, which is imported first.
func standard(line string) bool {
	module := strings.Fields(line)[1]
	return !slices.Contains([]string{"torch", "numpy", "safetensors"}, strings.Split(module, ".")[0])
}

// imports writes the imports of sections that their text uses, a line for each module, Python's own first.
func imports(list []section, text string, more ...string) string {
	used := taken(word.FindAllString(text, -1))
	modules, from := []string{}, map[string][]string{}
	for _, line := range append(slices.Concat(importsOf(list)), more...) {
		module, names, several := strings.Cut(strings.TrimPrefix(line, "from "), " import ")
		if !several {
			if fields := strings.Fields(line); used[strings.Split(fields[len(fields)-1], ".")[0]] {
				modules = append(modules, line)
			}
			continue
		}
		for _, name := range strings.Split(names, ", ") {
			if fields := strings.Fields(name); used[fields[len(fields)-1]] && !slices.Contains(from[module], name) {
				from[module] = append(from[module], name)
			}
		}
	}
	slices.SortFunc(modules, func(a, b string) int { return strings.Compare(strings.Fields(a)[1], strings.Fields(b)[1]) })
	modules = slices.Compact(modules)
	for _, module := range slices.Sorted(maps.Keys(from)) {
		slices.SortFunc(from[module], func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
		modules = append(modules, "from "+module+" import "+strings.Join(from[module], ", "))
	}
	own := slices.DeleteFunc(slices.Clone(modules), func(line string) bool { return !standard(line) })
	others := slices.DeleteFunc(modules, standard)
	if len(own) > 0 {
		own = append(own, "")
	}
	return strings.Join(append(own, others...), "\n") + "\n"
}

// title is the line that begins a section.
func title(text string) string {
	line := "# ---- " + text + " "
	return line + strings.Repeat("-", max(0, width-len([]rune(line)))) + "\n"
}
