package pytorch

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// starting is how the tensors start whose names a pattern fits, unless an earlier one does.
type starting struct {
	pattern string
	init    ir.Init
}

// starts are the rules by which the parameters start: as few as there may be, of patterns that people would write.
// Whatever is joined is tried on all names; what would give one of them another start is not joined.
func starts(params []*ir.Value) []starting {
	exact := make([]starting, len(params))
	for i, v := range params {
		exact[i] = starting{v.Name, v.Init}
	}
	list := exact
	for _, join := range []func(string) string{everyRound, everyTensor, everyLayer} {
		if joined := joined(list, join); right(joined, params) {
			list = joined
		}
	}
	return list
}

// joined makes rules one whose patterns become the same, where they all say the same.
func joined(list []starting, join func(string) string) []starting {
	inits := map[string]ir.Init{}
	differ := map[string]bool{}
	for _, s := range list {
		pattern := join(s.pattern)
		if init, known := inits[pattern]; known && init != s.init {
			differ[pattern] = true
		}
		inits[pattern] = s.init
	}
	var short []starting
	for _, s := range list {
		if pattern := join(s.pattern); !differ[pattern] {
			s.pattern = pattern
		}
		if !slices.Contains(short, s) {
			short = append(short, s)
		}
	}
	return short
}

// right reports whether the first rule that fits gives each parameter its own start, and each rule is for some.
func right(list []starting, params []*ir.Value) bool {
	used := map[string]bool{}
	for _, v := range params {
		i := slices.IndexFunc(list, func(s starting) bool { return fits(s.pattern, v.Name) })
		if i < 0 || list[i].init != v.Init {
			return false
		}
		used[list[i].pattern] = true
	}
	return len(used) == len(list)
}

// fits reports whether a pattern, in which * stands for anything, fits the whole name.
func fits(pattern, name string) bool {
	pieces := strings.Split(pattern, "*")
	if len(pieces) == 1 {
		return pattern == name
	}
	name, ok := strings.CutPrefix(name, pieces[0])
	if !ok {
		return false
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		at := strings.Index(name, piece)
		if at < 0 {
			return false
		}
		name = name[at+len(piece):]
	}
	return strings.HasSuffix(name, pieces[last])
}

var (
	roundNumber = regexp.MustCompile(`\.\d+\.`)
	layerNumber = regexp.MustCompile(`^(?:.*\.)?([a-z_]+?)\d+\.([^.*]+)$`)
)

// everyRound makes of a tensor's name that of all rounds.
func everyRound(name string) string {
	for {
		shorter := roundNumber.ReplaceAllString(name, ".*.")
		if shorter == name {
			return name
		}
		name = shorter
	}
}

// everyTensor makes of it that of all tensors of its layer.
func everyTensor(name string) string {
	if cut := strings.LastIndexByte(name, '.'); cut >= 0 {
		return name[:cut] + ".*"
	}
	return name
}

// everyLayer makes of it that of all layers of the same word.
func everyLayer(name string) string {
	if m := layerNumber.FindStringSubmatch(name); m != nil {
		return "*" + m[1] + "*." + m[2]
	}
	return name
}

// single is the shortest numeral of a number as float32 has it.
func single(x float64) string { return strconv.FormatFloat(float64(float32(x)), 'g', -1, 32) }

// how writes an Init as Python, with what a comment may add.
func how(init ir.Init) (text, comment string) {
	kind, number := "fill", init.Fill
	switch {
	case init.Uniform != 0:
		kind, number = "uniform", init.Uniform
		if n := math.Round(1 / (number * number)); n > 1 && float32(1/math.Sqrt(n)) == float32(number) {
			comment = fmt.Sprintf("  # ±1/√%v", n)
		}
	case init.Normal != 0:
		kind, number = "normal", init.Normal
	}
	return fmt.Sprintf("(%q, %s)", kind, single(number)), comment
}

// start writes START, FROZEN and what else of the tensors' names the program has to know.
func (p *program) start(step *ir.Graph) string {
	var w strings.Builder
	w.WriteString("START = {  # how tensors start, by their names: a uniform draw's bound, a normal one's deviation, or a number\n")
	var lines, notes []string
	longest := 0
	for _, s := range starts(p.graph.Params) {
		text, comment := how(s.init)
		lines, notes = append(lines, fmt.Sprintf("    %q: %s,", s.pattern, text)), append(notes, comment)
		if comment != "" {
			longest = max(longest, len(lines[len(lines)-1]))
		}
	}
	for i, line := range lines {
		if notes[i] != "" {
			line += strings.Repeat(" ", longest-len(line)) + notes[i]
		}
		w.WriteString(line + "\n")
	}
	w.WriteString("}\n")
	var frozen []string
	for _, v := range p.graph.Params {
		if step == nil || step.Updater(v) == nil {
			frozen = append(frozen, fmt.Sprintf("%q", v.Name))
		}
	}
	if p.graph.Recipe.Optimiser == nil {
		frozen = nil
	}
	assign(&w, "FROZEN", "[", frozen, "]", "what training leaves as it is")
	var others []string
	for _, name := range slices.Sorted(maps.Keys(p.renamed)) {
		if p.appears(name) {
			others = append(others, fmt.Sprintf("%q: %q", p.renamed[name], name))
		}
	}
	assign(&w, "RENAMED", "{", others, "}", "parts of names that PyTorch or Python has another use for, and what they are in weight files")
	return w.String()
}

// appears reports whether a part of a tensor's name is that.
func (p *program) appears(component string) bool {
	return slices.ContainsFunc(slices.Concat(p.graph.Params, p.graph.States), func(v *ir.Value) bool {
		return slices.ContainsFunc(append([]string{v.Name}, v.Shared...), func(name string) bool {
			return slices.Contains(strings.Split(name, "."), component)
		})
	})
}

// assign writes a constant, its items one below another where they do not fit a line.
func assign(w *strings.Builder, name, open string, items []string, closing, comment string) {
	line := fmt.Sprintf("%s = %s%s%s", name, open, strings.Join(items, ", "), closing)
	if len(line)+4+len(comment) <= width {
		fmt.Fprintf(w, "%s  # %s\n", line, comment)
		return
	}
	fmt.Fprintf(w, "%s = %s  # %s\n", name, open, comment)
	for _, item := range items {
		fmt.Fprintf(w, "    %s,\n", item)
	}
	fmt.Fprintf(w, "%s\n", closing)
}
