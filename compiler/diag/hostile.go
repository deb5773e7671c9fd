package diag

import (
	"fmt"
	"strings"
	"unicode"
)

// Hostile says whether a character makes a text look like something that it is not, or
// commands a terminal: control characters (tab and newline too), those
// that turn the direction of writing, other line separators, and invisible ones.
func Hostile(r rune) bool {
	switch {
	case r < ' ' || 0x7f <= r && r < 0xa0:
		return true
	case r < 0x80:
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)
}

// visible gives a hostile character in a form that can be shown.
func visible(r rune) string { return fmt.Sprintf("<U+%04X>", r) }

// escape makes a text safe to print on one line. Bytes that are not UTF-8
// become the replacement character.
func escape(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return Hostile(r) || r == unicode.ReplacementChar }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if Hostile(r) {
			b.WriteString(visible(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
