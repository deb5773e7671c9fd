package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/grammar/diag"
)

type explainCommand struct {
	Codes []string `arg:"" optional:"" name:"code" help:"The codes: NN021, nn021 or 21."`
}

func (explainCommand) Help() string {
	return "Each has a page: what it means, why, what to do, a wrong spec and a right one. " +
		"Without a code, all are listed.\n\n" +
		"    nnc explain NN021"
}

func (c *explainCommand) Run(s *session) error {
	var text strings.Builder
	if len(c.Codes) == 0 {
		for _, e := range diag.Codes {
			fmt.Fprintf(&text, "%s  %-7s  %s\n", e.Code, e.Severity, e.Title)
		}
	}
	for i, arg := range c.Codes {
		page, ok := diag.Explain(codeOf(arg))
		if !ok {
			return unknownCode(arg)
		}
		if i > 0 {
			text.WriteByte('\n')
		}
		text.WriteString(page.String())
	}
	_, err := io.WriteString(s.stdout, text.String())
	return err
}

// codeOf is the code that an argument means: NN021, nn021 and 21 are one.
func codeOf(arg string) string {
	code := strings.ToUpper(arg)
	if n, err := number(code); err == nil {
		return fmt.Sprintf("NN%03d", n)
	}
	return code
}

// unknownCode words the mistake of asking for a code that does not exist.
func unknownCode(arg string) error {
	last := diag.Codes[len(diag.Codes)-1].Code
	if n, err := number(codeOf(arg)); err == nil {
		if highest, _ := number(last); n > highest {
			return fmt.Errorf("there is no code %q: they go from %s to %s, and nnc explain lists them", arg, diag.Codes[0].Code, last)
		}
	}
	if near, ok := nearestCode(codeOf(arg)); ok {
		return fmt.Errorf("there is no code %q; the nearest is %s, %s", arg, near.Code, near.Title)
	}
	return fmt.Errorf("there is no code %q; nnc explain lists those that there are", arg)
}

// nearestCode is the code whose number comes nearest, or, of what has no number, the code that is spelt most like it.
func nearestCode(code string) (nearest diag.Entry, ok bool) {
	wanted, err := number(code)
	if err != nil {
		var codes []string
		for _, e := range diag.Codes {
			codes = append(codes, e.Code)
		}
		name, _ := diag.Nearest(code, codes)
		return diag.Lookup(name)
	}
	distance := func(e diag.Entry) int {
		n, _ := number(e.Code) // every registered code has one
		return max(n-wanted, wanted-n)
	}
	return slices.MinFunc(diag.Codes, func(a, b diag.Entry) int { return cmp.Compare(distance(a), distance(b)) }), true
}

// number is that of a code: 21 of NN021.
func number(code string) (int, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(code, "NN"), 10, 16)
	return int(n), err
}
