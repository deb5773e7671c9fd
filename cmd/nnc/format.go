package main

import (
	"bytes"
	"fmt"

	"github.com/nnc-lang/nnc/grammar/diag"
)

// The forms of --error-format.
const (
	asText   = "text"
	asJSON   = "json"
	asGitHub = "github"
)

// render writes findings about a text in the form that was asked for.
func (s *session) render(src []byte, list diag.List) {
	var out bytes.Buffer
	switch s.format {
	case asJSON:
		diag.RenderJSON(&out, list)
	case asGitHub:
		diag.RenderGitHub(&out, list)
	default:
		if s.shown {
			out.WriteByte('\n')
		}
		s.shown = true
		diag.Render(&out, src, list, s.color)
	}
	s.stderr.Write(out.Bytes()) // a failing standard error has nobody to be told
}

// say writes what is no finding about a spec. Programs that read findings get it as one without a code.
func (s *session) say(severity diag.Severity, message string) {
	if s.format == asText {
		fmt.Fprintln(s.stderr, message)
		return
	}
	s.render(nil, diag.List{{Severity: severity, Summary: message}})
}

// note writes a remark for the user.
func (s *session) note(format string, args ...any) {
	if !s.quiet {
		s.say(diag.Remark, fmt.Sprintf(format, args...))
	}
}

// complain writes why the command fails.
func (s *session) complain(format string, args ...any) {
	s.say(diag.Error, fmt.Sprintf(format, args...))
}
