package main

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/kong"
)

// usualElements are those of --max-memory where nothing is said: 4 GiB.
const usualElements = 1 << 30

// arguments are what stands behind `nnc train` so that it is this command.
func (c *trainCommand) arguments(s *session) []string {
	args := []string{c.Model}
	if s.elements != usualElements {
		args = appendFlag(args, "--max-memory", strconv.FormatInt(4*int64(s.elements), 10))
	}
	line := &commands{Train: *c}
	for _, node := range line.parser().Model.Children {
		if node.Name == "train" {
			for _, f := range node.Flags {
				args = appendValue(args, f)
			}
		}
	}
	return args
}

// appendValue appends what gives a flag its value, where it is not what it would be without.
func appendValue(args []string, f *kong.Flag) []string {
	name, value := "--"+f.Name, f.Target
	if value.Kind() == reflect.Pointer {
		if value.IsNil() {
			return args
		}
		return appendFlag(args, name, fmt.Sprint(value.Elem().Interface()))
	}
	switch x := value.Interface().(type) {
	case []string:
		for _, item := range x {
			if f.Tag.Sep == ',' {
				item = strings.ReplaceAll(item, ",", `\,`)
			}
			args = appendFlag(args, name, item)
		}
		return args
	case bool:
		switch usually := f.Default == "true"; {
		case x && !usually:
			return append(args, name)
		case !x && usually:
			return append(args, name+"=false")
		}
		return args
	}
	if value.IsZero() {
		return args
	}
	return appendFlag(args, name, fmt.Sprint(value.Interface()))
}

// appendFlag appends a flag and its value, as one word where the value could be taken for a flag.
func appendFlag(args []string, name, value string) []string {
	if value == "" || value[0] == '-' {
		return append(args, name+"="+value)
	}
	return append(args, name, value)
}

// shellWord is an argument as a word of a shell: quoted where it must be, in the form $'…' that bash and zsh know where a
// terminal could not bear it.
func shellWord(arg string) string {
	plain := func(r rune) bool {
		return strings.ContainsRune("_-./:+=,@%", r) || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	switch {
	case arg != "" && utf8.ValidString(arg) && strings.IndexFunc(arg, func(r rune) bool { return !plain(r) }) < 0:
		return arg
	case !utf8.ValidString(arg) || strings.IndexFunc(arg, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0:
		ascii := strconv.QuoteToASCII(arg)
		return "$'" + strings.ReplaceAll(ascii[1:len(ascii)-1], "'", `\'`) + "'"
	}
	return quoted(arg)
}
