package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hostile reports whether a character commands a terminal or makes a text look
// like something that it is not: control characters (tab and newline too),
// those that turn the direction of writing, other line separators, byte order
// marks, tags and what is no character at all. A spec may not hold them.
func Hostile(r rune) bool {
	switch {
	case r < ' ' || 0x7f <= r && r < 0xa0:
		return true
	case r < 0x80:
		return false
	case r == '\ufeff' || 0xe0000 <= r && r <= 0xe007f:
		return true
	}
	return unicode.In(r, unicode.Zl, unicode.Zp, unicode.Bidi_Control, unicode.Noncharacter_Code_Point)
}

// unseen reports whether a character is to be shown by its number: the hostile
// ones, and those that are invisible, which a comment may well hold.
func unseen(r rune) bool { return Hostile(r) || unicode.Is(unicode.Cf, r) }

// number returns a character in a form that can be seen.
func number(r rune) string { return fmt.Sprintf("<U+%04X>", r) }

// escape makes a text safe to print on one line. Bytes that are not UTF-8
// become the replacement character.
func escape(s string) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, unseen) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if unseen(r) {
			b.WriteString(number(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
