package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash, zsh, fish" help:"The shell: ${enum}."`
}

func (completionCommand) Help() string {
	return "Put it where your shell looks for completions, or read it when the shell starts:\n\n" +
		"    source <(nnc completion bash)\n" +
		"    nnc completion zsh > \"${fpath[1]}/_nnc\"\n" +
		"    nnc completion fish > ~/.config/fish/completions/nnc.fish"
}

func (c *completionCommand) Run(s *session, line *kong.Kong) error {
	write := map[string]func(io.Writer, []completion) error{"bash": writeBash, "zsh": writeZsh, "fish": writeFish}[c.Shell]
	return write(s.stdout, completions(line.Model))
}

// completion is what may be typed behind a subcommand.
type completion struct {
	command, help string
	flags         []typed
	words         []string // that its arguments may be; none: specs and folders
	files         bool     // its arguments are files of any kind
}

// typed is a flag as it is typed, with its dashes.
type typed struct {
	name, help string
	takes      bool     // a value
	values     []string // that it may take; none: anything
}

// completions reads the command line's own declaration.
func completions(app *kong.Application) []completion {
	var all []completion
	for _, node := range app.Children {
		if node.Hidden {
			continue
		}
		c := completion{command: node.Name, help: node.Help}
		for _, f := range slices.Concat(app.Flags, node.Flags) {
			d := typed{name: "--" + f.Name, help: f.Help, takes: !f.IsBool()}
			switch {
			case f.Enum != "":
				d.values = f.EnumSlice()
			case f.Tag.Type == "metrics":
				d.values = metricNames()
			}
			c.flags = append(c.flags, d)
			if f.Short != 0 {
				d.name = "-" + string(f.Short)
				c.flags = append(c.flags, d)
			}
		}
		switch node.Name {
		case "words":
			for _, w := range compiler.Words() {
				c.words = append(c.words, w.Name)
			}
			slices.Sort(c.words)
			c.words = slices.Compact(c.words)
		case "explain":
			for _, e := range diag.Codes {
				c.words = append(c.words, e.Code)
			}
		case "help":
			for _, other := range app.Children {
				c.words = append(c.words, other.Name)
			}
		case "import", "init", "weights":
			c.files = true
		case "version":
			c.words = []string{""}
		case "completion":
			c.words = node.Positional[0].EnumSlice()
		}
		all = append(all, c)
	}
	return all
}

// names lists the flags.
func (c *completion) names() []string {
	var names []string
	for _, f := range c.flags {
		names = append(names, f.name)
	}
	return names
}

// everywhere lists the flags that every command has: they may stand before it.
func everywhere(all []completion) []typed {
	var flags []typed
	for _, f := range all[0].flags {
		if !slices.ContainsFunc(all, func(c completion) bool { return !slices.Contains(c.names(), f.name) }) {
			flags = append(flags, f)
		}
	}
	return flags
}

// quoted makes a text one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func writeBash(out io.Writer, all []completion) error {
	var s strings.Builder
	front := everywhere(all)
	var global []string
	for _, f := range front {
		if f.takes {
			global = append(global, f.name)
		}
	}
	s.WriteString(`# bash completion for nnc
_nnc() {
	local IFS=$'\n' cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= i
	case $cur:$prev in # bash makes three words of --flag=value
	=:*) cur= ;;
	*:=) prev=${COMP_WORDS[COMP_CWORD-2]} ;;
	esac
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		`)
	s.WriteString(strings.Join(global, "|"))
	s.WriteString(`) ((i++)) ;; # its value comes next
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	COMPREPLY=()
	case $command:$prev in
`)
	for _, c := range append(all, completion{flags: front}) {
		for _, f := range c.flags {
			if f.values != nil {
				fmt.Fprintf(&s, "\t%s:%s) COMPREPLY=($(compgen -W %s -- \"$cur\")); return ;;\n", c.command, f.name, quoted(strings.Join(f.values, "\n")))
			} else if f.takes {
				fmt.Fprintf(&s, "\t%s:%s) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n", c.command, f.name)
			}
		}
	}
	s.WriteString("\tesac\n\tlocal words= flags= files=\n\tcase $command in\n")
	var commands []string
	for _, c := range all {
		commands = append(commands, c.command)
		fmt.Fprintf(&s, "\t%s) words=%s flags=%s", c.command, quoted(strings.Join(c.words, "\n")), quoted(strings.Join(c.names(), "\n")))
		if c.files {
			s.WriteString(" files=all")
		}
		s.WriteString(" ;;\n")
	}
	fmt.Fprintf(&s, "\t'') words=%s flags=%s ;;\n", quoted(strings.Join(commands, "\n")), quoted(strings.Join((&completion{flags: front}).names(), "\n")))
	s.WriteString(`	esac
	if [[ $cur == -* ]]; then
		COMPREPLY=($(compgen -W "$flags" -- "$cur"))
	elif [[ -n $words || $command == version ]]; then
		COMPREPLY=($(compgen -W "$words" -- "$cur"))
	elif [[ -n $files ]]; then
		COMPREPLY=($(compgen -f -- "$cur"))
	else
		COMPREPLY=($(compgen -f -X '!*.nn' -- "$cur"; compgen -d -- "$cur"))
	fi
}
complete -o filenames -F _nnc nnc
`)
	_, err := io.WriteString(out, s.String())
	return err
}

func writeZsh(out io.Writer, all []completion) error {
	var s strings.Builder
	// In a description of _arguments and _describe, colons and brackets have a meaning.
	escaped := strings.NewReplacer(":", `\:`, "[", `\[`, "]", `\]`)
	s.WriteString("#compdef nnc\n_nnc() {\n\tlocal -a commands=(\n")
	for _, c := range all {
		fmt.Fprintf(&s, "\t\t%s\n", quoted(c.command+":"+escaped.Replace(c.help)))
	}
	s.WriteString("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n" +
		"\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in\n")
	for _, c := range all {
		fmt.Fprintf(&s, "\t%s) _arguments -s", c.command)
		for _, f := range c.flags {
			spec := f.name + "[" + escaped.Replace(f.help) + "]"
			switch {
			case f.values != nil:
				spec += ":value:(" + strings.Join(f.values, " ") + ")"
			case f.takes:
				spec += ":value:_files"
			}
			fmt.Fprintf(&s, " \\\n\t\t%s", quoted(spec))
		}
		arguments := `*:model:_files -g "*.nn"`
		switch {
		case c.files:
			arguments = "*:file:_files"
		case c.words != nil:
			arguments = "*:word:(" + strings.Join(c.words, " ") + ")"
		}
		fmt.Fprintf(&s, " \\\n\t\t%s ;;\n", quoted(arguments))
	}
	s.WriteString("\tesac\n}\ncompdef _nnc nnc\n")
	_, err := io.WriteString(out, s.String())
	return err
}

func writeFish(out io.Writer, all []completion) error {
	var s strings.Builder
	// Within single quotes fish reads a backslash before a quote or a backslash.
	text := func(t string) string {
		return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(t) + "'"
	}
	s.WriteString("# fish completion for nnc\ncomplete -c nnc -f\n")
	for _, c := range all {
		fmt.Fprintf(&s, "complete -c nnc -n __fish_use_subcommand -a %s -d %s\n", c.command, text(c.help))
		seen := "'__fish_seen_subcommand_from " + c.command + "'"
		for _, f := range c.flags {
			dash, name := "-l", strings.TrimPrefix(f.name, "--")
			if !strings.HasPrefix(f.name, "--") {
				dash, name = "-s", strings.TrimPrefix(f.name, "-")
			}
			fmt.Fprintf(&s, "complete -c nnc -n %s %s %s -d %s", seen, dash, name, text(f.help))
			switch {
			case f.values != nil:
				fmt.Fprintf(&s, " -x -a %s", text(strings.Join(f.values, " ")))
			case f.takes:
				s.WriteString(" -r -F")
			}
			s.WriteString("\n")
		}
		switch {
		case c.files:
			fmt.Fprintf(&s, "complete -c nnc -n %s -F\n", seen)
		case c.words != nil:
			fmt.Fprintf(&s, "complete -c nnc -n %s -a %s\n", seen, text(strings.Join(c.words, " ")))
		default:
			fmt.Fprintf(&s, "complete -c nnc -n %s -k -a '(__fish_complete_suffix .nn)'\n", seen)
		}
	}
	_, err := io.WriteString(out, s.String())
	return err
}
