package pytorch

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// attributes are those of nn.Module, and of nn.ModuleList, which a layer cannot have for its name, sorted. They are what
//
//	python -c 'from torch import nn; print(sorted(set(dir(nn.Module())) | set(dir(nn.ModuleList())))'
//
// prints, those with two underlines before and behind left out.
var attributes = strings.Fields(`
T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches
eval extend extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half insert ipu
load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters pop
register_backward_hook register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook register_load_state_dict_pre_hook register_module
register_parameter register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
`)

// keywords are Python's, in the order of its module keyword, and those of its names that the programs use.
var keywords = strings.Fields(`
False None True and as assert async await break class continue def del elif else except finally for from global if import
in is lambda nonlocal not or pass raise return try while with yield match case type
`)

// builtins are the functions and types of Python that cannot be the name of a variable where an expression uses them.
var builtins = strings.Fields(`
abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex copyright
credits delattr dict dir divmod enumerate eval exec exit filter float format frozenset getattr globals hasattr hash
help hex id input int isinstance issubclass iter len license list locals map max memoryview min next object oct open
ord pow print property quit range repr reversed round set setattr slice sorted staticmethod str sum super tuple type
vars zip
`)

// attribute reports whether a layer cannot be an attribute of that name.
func attribute(name string) bool {
	return slices.Contains(attributes, name) || slices.Contains(keywords, name) || strings.HasPrefix(name, "_")
}

// renamed gives each component of names of layers that cannot be an attribute another name: itself with as many
// underlines behind as it takes to be no other's.
func renamed(components []string) map[string]string {
	names := map[string]string{}
	for _, c := range components {
		if !attribute(c) {
			continue
		}
		other := c + "_"
		for strings.HasPrefix(other, "_") {
			other = "layer" + other
		}
		for attribute(other) || slices.Contains(components, other) {
			other += "_"
		}
		names[c] = other
		components = append(components, other)
	}
	return names
}

var word = regexp.MustCompile(`[A-Za-z_]\w*`)

// said are the comments of a text of Python, and its strings.
var said = regexp.MustCompile(`"""(?s:.*?)"""|f?"(?:\\.|[^"\\\n])*"|#[^\n]*`)

// words lists the names that a text of Python speaks of, those behind a dot left out, and what strings and comments say:
// but for strings with expressions, which speak of names.
func words(text string) []string {
	text = said.ReplaceAllStringFunc(text, func(part string) string {
		if part[0] == 'f' {
			return part
		}
		return " "
	})
	var list []string
	for _, at := range word.FindAllStringIndex(text, -1) {
		if at[0] == 0 || text[at[0]-1] != '.' {
			list = append(list, text[at[0]:at[1]])
		}
	}
	return list
}

// spoken lists the names that expressions speak of: not those of their arguments.
func spoken(text string) []string { return words(argument.ReplaceAllString(text, "$1")) }

var argument = regexp.MustCompile(`([(,] *)[a-z_]+=`)

// names gives out names that are not taken.
type names map[string]bool

func taken(lists ...[]string) names {
	taken := names{}
	for _, list := range lists {
		for _, name := range list {
			taken[name] = true
		}
	}
	return taken
}

// take returns the name, with a number behind it if it is taken, or an underline where it is a keyword.
func (n names) take(name string) string {
	free := name
	if slices.Contains(keywords, name) {
		free += "_"
	}
	for i := 2; n[free]; i++ {
		free = fmt.Sprintf("%s%d", name, i)
		if last := name[len(name)-1]; last >= '0' && last <= '9' {
			free = fmt.Sprintf("%s_%d", name, i)
		}
	}
	n[free] = true
	return free
}

var noWord = regexp.MustCompile(`\W+`)

// variable makes the name of a variable of a value's: the last of its components.
func variable(name string) string {
	name = noWord.ReplaceAllString(name[strings.LastIndexByte(name, '.')+1:], "")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return "v" + name
	}
	return name
}

// camel makes the name of a class of a component's: attention1 becomes Attention, half_price HalfPrice.
func camel(name string) string {
	var s strings.Builder
	for _, part := range strings.Split(strings.TrimRight(name, "0123456789"), "_") {
		if part != "" {
			s.WriteString(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	if s.Len() == 0 || s.String()[0] >= '0' && s.String()[0] <= '9' {
		return "Part" + s.String()
	}
	return s.String()
}
