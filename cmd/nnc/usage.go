package main

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"

	"github.com/nnc-lang/nnc/grammar/diag"
	"github.com/nnc-lang/nnc/runtime/rawtext"
)

// misplaced finds flags that the parser would take for something else: those in front of the command that they belong to,
// and long ones behind a single dash, of which it would read the first letter.
func misplaced(app *kong.Application, args []string) error {
	var command *kong.Node
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		dashes := len(arg) - len(strings.TrimLeft(arg, "-"))
		switch {
		case arg == "--":
			return nil
		case dashes == 0 && command == nil:
			command = commandOf(app, arg)
		case dashes == 1 && name != "" && unicode.IsLetter(rune(name[0])):
			if meant := longFlag(app, command, name); meant != "" {
				return wordedError{fmt.Sprintf("unknown flag -%s, did you mean \"--%s\"?", name, meant)}
			}
		case dashes == 2 && command == nil && !slices.Contains(flagNames(app, nil), name):
			if err := early(app, args, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// early is the error for a flag in front of its command, nil if it is that of none.
func early(app *kong.Application, args []string, flag string) error {
	var of []string
	for _, c := range app.Children {
		switch {
		case !slices.Contains(flagNames(app, c), flag):
		case slices.Contains(args, c.Name):
			return wordedError{fmt.Sprintf("--%s is a flag of nnc %s: put it after %[2]s", flag, c.Name)}
		default:
			of = append(of, "nnc "+c.Name)
		}
	}
	if of == nil {
		return nil
	}
	return wordedError{fmt.Sprintf("--%s is a flag of %s: the command comes first", flag, strings.Join(of, ", "))}
}

// commandOf is the command of a name, nil if there is none.
func commandOf(app *kong.Application, name string) *kong.Node {
	i := slices.IndexFunc(app.Children, func(c *kong.Node) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return app.Children[i]
}

// longFlag is the long flag that was meant by a name behind a single dash; empty where the dash may stand: in front of a
// short flag and its value.
func longFlag(app *kong.Application, command *kong.Node, name string) string {
	names := flagNames(app, command)
	if slices.Contains(names, name) {
		return name
	}
	if name == "v" {
		return "version"
	}
	flags := app.Flags
	if command != nil {
		flags = slices.Concat(flags, command.Flags)
	}
	if slices.ContainsFunc(flags, func(f *kong.Flag) bool { return f.Short == rune(name[0]) }) {
		return ""
	}
	near, _ := diag.Nearest(name, names)
	return near
}

// flagNames are the long flags that a command takes; of none those of every command.
func flagNames(app *kong.Application, command *kong.Node) []string {
	names := []string{"help"}
	for _, f := range app.Flags {
		names = append(names, f.Name)
	}
	if command != nil {
		for _, f := range command.Flags {
			names = append(names, f.Name)
		}
	}
	return names
}

// What the parser says of a flag without a value, and of an argument that no one takes.
var (
	withoutValue = regexp.MustCompile(`^(--?[^:]+): expected \S+ value but got "(.*?)" \(`)
	unexpected   = regexp.MustCompile(`^unexpected argument (.*)$`)
)

// usageText says what is wrong with the command line, and where help is.
func usageText(err error) string {
	var command *kong.Node
	var parsing *kong.ParseError
	if errors.As(err, &parsing) && parsing.Context != nil {
		command = parsing.Context.Selected()
	}
	if command == nil {
		return fmt.Sprintf("nnc: %s\nsee nnc --help, or nnc <command> --help\n", wording(err, nil))
	}
	text := fmt.Sprintf("nnc %s: %s\n", command.Name, wording(err, command))
	if len(missingFrom(command)) > 0 {
		all := func(bool) bool { return true }
		text += fmt.Sprintf("usage: nnc %s %s [flags]\n", command.Name, strings.Join(required(command, all), " "))
	}
	return text + fmt.Sprintf("see nnc %s --help\n", command.Name)
}

// wording is what is wrong, in this command's words where the parser's say too little.
func wording(err error, command *kong.Node) string {
	var own wordedError
	if errors.As(err, &own) {
		return own.Error()
	}
	text := err.Error()
	if m := withoutValue.FindStringSubmatch(text); m != nil {
		text = m[1] + " wants a value after it"
		if m[2] != "EOL" {
			text += fmt.Sprintf(", and %s is a flag; as a value write %s=%[1]s", m[2], m[1])
		}
		return text
	}
	if m := unexpected.FindStringSubmatch(text); m != nil {
		switch arg := rawtext.Unescape(m[1]); {
		case command == nil && exists(arg):
			return text + ": a command comes first, such as nnc train"
		case command == nil || !slices.ContainsFunc(command.Flags, func(f *kong.Flag) bool { return f.Name == "data" }):
		case exists(arg):
			return text + ": data goes after --data"
		default:
			return text + ": data goes after --data, and a value with spaces stands in quotes"
		}
		return text
	}
	if list := missingFrom(command); len(list) > 0 && strings.HasPrefix(text, "missing flags") || strings.HasPrefix(text, "expected \"<") {
		return "missing: " + strings.Join(list, " and ")
	}
	return text
}

// missingFrom are the arguments and flags that a command must have and has not.
func missingFrom(command *kong.Node) []string {
	if command == nil {
		return nil
	}
	return required(command, func(set bool) bool { return !set })
}

// required are the arguments and flags that a command must have, of those that are given or not.
func required(command *kong.Node, which func(set bool) bool) (list []string) {
	for _, a := range command.Positional {
		if a.Required && which(a.Set) {
			list = append(list, a.Summary())
		}
	}
	for _, f := range command.Flags {
		if f.Required && which(f.Set) {
			list = append(list, f.Summary())
		}
	}
	return list
}
