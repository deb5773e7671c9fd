// Command shown checks that what a page of documentation shows is so: it runs the page's commands, in order and in
// one shell, and compares what they print with what the page says they print.
//
// What comes in is a Markdown file and the folder in which its reader starts. It knows three sorts of fenced
// blocks, and leaves others alone:
//
//   - a block marked console holds commands behind "$ " and what they print. A command must succeed, unless the
//     block is marked "console exit=1" or the like;
//   - a block below <!-- file: PATH --> is written to that file, from the shell's folder;
//   - a block below <!-- from: PATH --> is an excerpt of that file, in the folder where the reader starts.
//
// Expected lines must come in that order; blanks at both ends are ignored, and so is what stands between them.
package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// block is a fenced block.
type block struct {
	line    int    // of its opening fence
	info    string // behind the fence
	comment string // of the line above, without its marks
	lines   []string
}

var commentLine = regexp.MustCompile(`^<!-- (.*) -->$`)

func blocks(page string) []block {
	var all []block
	var open *block
	above := ""
	for i, line := range strings.Split(page, "\n") {
		info, fence := strings.CutPrefix(line, "```")
		switch {
		case fence && open == nil:
			open = &block{line: i + 1, info: info, comment: above}
		case fence:
			all = append(all, *open)
			open = nil
		case open != nil:
			open.lines = append(open.lines, line)
		}
		above = ""
		if m := commentLine.FindStringSubmatch(line); m != nil {
			above = m[1]
		}
	}
	return all
}

// expectation is a command and what the page says of it.
type expectation struct {
	line    int
	command string
	status  string
	output  []string
}

// mark stands in the shell's output around a command's. What follows is its number or its exit status.
const mark = "\x01"

// script turns the page into a shell script and what is expected of its commands.
func script(all []block) (text string, expected []expectation) {
	var s strings.Builder
	s.WriteString("exec 2>&1\n")
	for _, b := range all {
		if path, ok := strings.CutPrefix(b.comment, "file: "); ok {
			fmt.Fprintf(&s, "mkdir -p '%s'\ncat > '%s' <<'END OF BLOCK'\n%s\nEND OF BLOCK\n", filepath.Dir(path), path, strings.Join(b.lines, "\n"))
			continue
		}
		kind, status, _ := strings.Cut(b.info, " exit=")
		if kind != "console" {
			continue
		}
		if status == "" {
			status = "0"
		}
		for i := 0; i < len(b.lines); i++ {
			command, ok := strings.CutPrefix(b.lines[i], "$ ")
			if !ok {
				if n := len(expected) - 1; n >= 0 && expected[n].line > b.line {
					expected[n].output = append(expected[n].output, b.lines[i])
				}
				continue
			}
			at := b.line + 1 + i
			for strings.HasSuffix(command, "\\") && i+1 < len(b.lines) {
				i++
				command += "\n" + b.lines[i]
			}
			fmt.Fprintf(&s, "printf '%s\\n'\n%s\nprintf '%s%%d\\n' $?\n", `\001`, command, `\001`)
			expected = append(expected, expectation{line: at, command: command, status: status})
		}
	}
	return s.String(), expected
}

// missing finds the first of the wanted lines that does not follow the others in got.
func missing(want []string, got string) (line string, bad bool) {
	rest := strings.Split(got, "\n")
	for _, w := range want {
		w = strings.TrimSpace(w)
		if w == "" || w == "…" || w == "// …" {
			continue
		}
		i := 0
		for i < len(rest) && strings.TrimSpace(rest[i]) != w {
			i++
		}
		if i == len(rest) {
			return w, true
		}
		rest = rest[i+1:]
	}
	return "", false
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: shown PAGE.md FOLDER")
		os.Exit(2)
	}
	page, folder := os.Args[1], os.Args[2]
	text, err := os.ReadFile(page)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	failed := false
	complain := func(line int, format string, args ...any) {
		fmt.Printf("%s:%d: %s\n", page, line, fmt.Sprintf(format, args...))
		failed = true
	}
	all := blocks(string(text))
	excerpts := 0
	for _, b := range all {
		path, ok := strings.CutPrefix(b.comment, "from: ")
		if !ok {
			continue
		}
		excerpts++
		file, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			complain(b.line, "%v", err)
		} else if line, bad := missing(b.lines, string(file)); bad {
			complain(b.line, "%s does not have, in this place: %s", path, line)
		}
	}
	commands, expected := script(all)
	shell := exec.Command("bash", "-c", commands)
	shell.Dir, shell.Stderr = folder, os.Stderr
	var out bytes.Buffer
	shell.Stdout = &out
	if err := shell.Run(); err != nil {
		complain(1, "the shell: %v", err)
	}
	// Between the marks: "", output 1, "status 1", output 2, …
	parts := strings.Split(out.String(), mark)
	for i, e := range expected {
		fmt.Printf("%s:%d: $ %s\n", page, e.line, e.command)
		if 2*i+2 >= len(parts) {
			complain(e.line, "the shell ended before this command")
			break
		}
		got := strings.TrimPrefix(parts[2*i+1], "\n")
		status, _, _ := strings.Cut(parts[2*i+2], "\n")
		if line, bad := missing(e.output, got); bad {
			complain(e.line, "it does not print, in this place: %s\nbut\n%s", line, got)
		} else if status != e.status {
			complain(e.line, "exit status %s instead of %s:\n%s", status, e.status, got)
		}
	}
	if failed {
		os.Exit(1)
	}
	fmt.Printf("%s: %d commands run, %d excerpts found\n", page, len(expected), excerpts)
}
