package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// docs/commands.md is what the command line declares.
func TestCommandsPageIsCurrent(t *testing.T) {
	const file = "../../docs/commands.md"
	want := commandsPage(new(commands).parser().Model)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(want), 0o644))
		return
	}
	got, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, want, string(got), "run go generate ./cmd/nnc")
}

// Help is there for every command and flag, in sentences, and each command comes with an example.
func TestHelpIsComplete(t *testing.T) {
	app := new(commands).parser().Model
	for _, f := range app.Flags {
		assert.True(t, strings.HasSuffix(f.Help, "."), "--%s: %s", f.Name, f.Help)
	}
	for _, c := range app.Children {
		assert.True(t, strings.HasSuffix(c.Help, "."), "%s: %s", c.Name, c.Help)
		assert.Contains(t, c.Detail, "\n    nnc "+c.Name, "%s has no example", c.Name)
		for _, f := range c.Flags {
			assert.True(t, strings.HasSuffix(f.Help, "."), "%s --%s: %s", c.Name, f.Name, f.Help)
		}
		for _, a := range c.Positional {
			assert.True(t, strings.HasSuffix(a.Help, "."), "%s %s: %s", c.Name, a.Name, a.Help)
		}
	}
}

// No line of help is wider than a terminal of 80 columns, examples included.
func TestHelpIsNarrow(t *testing.T) {
	t.Setenv("COLUMNS", "80")
	for _, c := range append(new(commands).parser().Model.Children, &kong.Node{}) {
		var help, stderr bytes.Buffer
		require.Equal(t, 0, run(strings.Fields(c.Name+" --help"), nil, &help, &stderr))
		for _, line := range strings.Split(help.String(), "\n") {
			assert.LessOrEqual(t, utf8.RuneCountInString(line), 80, "%s: %s", c.Name, line)
		}
	}
}

// commandsPage is the page of the command line, in Markdown.
func commandsPage(app *kong.Application) string {
	var page strings.Builder
	page.WriteString("<!-- Written by go generate ./cmd/nnc from what nnc --help shows. DO NOT EDIT. -->\n\n# Commands\n\n")
	page.WriteString(app.Help + "\n\n| | |\n|---|---|\n")
	for _, c := range app.Children {
		fmt.Fprintf(&page, "| [nnc %s](#nnc-%s) | %s |\n", c.Name, c.Name, cell(c.Help))
	}
	page.WriteString("\n" + everyCommand + ". A flag's value stands after `=` or a space; a list, `COLUMN,...`, goes " +
		"on in one value or in several flags.\n\n")
	writeFlags(&page, app.Flags)
	for _, c := range app.Children {
		fmt.Fprintf(&page, "\n## nnc %s\n\n%s\n\n```\n%s %s\n```\n\n", c.Name, c.Help, app.Name, c.Summary())
		writeDetail(&page, c.Detail)
		if len(c.Positional) > 0 {
			page.WriteString("| | |\n|---|---|\n")
			for _, a := range c.Positional {
				fmt.Fprintf(&page, "| `%s` | %s |\n", a.Summary(), cell(a.Help))
			}
		}
		if len(c.Positional) > 0 && len(c.Flags) > 0 {
			page.WriteString("\n")
		}
		writeFlags(&page, c.Flags)
	}
	return page.String()
}

// writeDetail writes the longer part of a command's help, examples as blocks of their own.
func writeDetail(page *strings.Builder, detail string) {
	for _, part := range strings.Split(detail, "\n\n") {
		if strings.HasPrefix(part, "    ") {
			part = "```sh\n" + strings.ReplaceAll(strings.TrimPrefix(part, "    "), "\n    ", "\n") + "\n```"
		}
		page.WriteString(part + "\n\n")
	}
}

// writeFlags writes a table of flags for each group, in the order of --help.
func writeFlags(page *strings.Builder, flags []*kong.Flag) {
	var titles []string
	tables := map[string]string{}
	for _, f := range flags {
		title := ""
		if f.Group != nil {
			title = f.Group.Title
		}
		if tables[title] == "" {
			titles = append(titles, title)
		}
		tables[title] += fmt.Sprintf("| %s | %s |\n", flagName(f), cell(f.Help+alsoOf(f)))
	}
	for i, title := range titles {
		if i > 0 {
			page.WriteString("\n")
		}
		if title != "" && title != everyCommand+":" {
			page.WriteString(title + "\n\n")
		}
		page.WriteString("| | |\n|---|---|\n" + tables[title])
	}
}

// flagName is how a flag is written.
func flagName(f *kong.Flag) string {
	name := "--" + f.Name
	if !f.IsBool() {
		name += "=" + f.FormatPlaceHolder()
	}
	name = "`" + name + "`"
	if f.Short != 0 {
		name = fmt.Sprintf("`-%c`, %s", f.Short, name)
	}
	return name
}

// alsoOf is what is declared of a flag and not told in its help: what it may be, and what it is where nothing is said.
func alsoOf(f *kong.Flag) string {
	text := ""
	var values []string
	for _, v := range f.EnumSlice() {
		if v != "" && !strings.Contains(f.Help, v) {
			values = append(values, "`"+v+"`")
		}
	}
	if len(values) > 0 {
		text += " One of " + strings.Join(values, ", ") + "."
	}
	if f.HasDefault && f.Default != "" && !strings.Contains(f.Help, f.Default) {
		text += " Default: `" + f.Default + "`."
	}
	return text
}

// cell is a text as it stands in a table of Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ").Replace(text)
}
