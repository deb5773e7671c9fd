// Package phrase makes the parts of messages that several packages need: lists, counts, quotations, shapes, and the
// nearest name.
package phrase

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCompared bounds the names whose distance is worked out, in bytes.
const maxCompared = 64

// Suggest returns `, did you mean "x"?` with the name nearest to name, or nothing where none is near.
func Suggest(name string, names []string) string {
	best, bestDistance := "", 1+max(len(name), 3)/3
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if d < bestDistance && d < max(len(name), len(n)) { // something must be left of the name
			best, bestDistance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(", did you mean %q?", best)
}

// distance is the Levenshtein distance of a and b: insertions, deletions and replacements of a byte.
func distance(a, b string) int {
	if len(a) > maxCompared || len(b) > maxCompared {
		return maxCompared
	}
	var row [maxCompared + 1]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// Listed writes names for a message, the first few of a long list, each fit to be shown.
func Listed(names []string) string {
	const most = 12
	shown := make([]string, min(len(names), most))
	for i := range shown {
		shown[i] = Visible(names[i])
		if names[i] == "" {
			shown[i] = `""`
		}
	}
	list := strings.Join(shown, ", ")
	if len(names) > most {
		list += fmt.Sprintf(", … (%d in all)", len(names))
	}
	return list
}

// Visible is a text of the data as a message may show it on a terminal: Tame, and no more than a line can bear.
func Visible(text string) string {
	short := shortened(text)
	if len(short) < len(text) {
		return Tame(short) + "…"
	}
	return Tame(short)
}

// Tame is a text with nothing in it that could command a terminal: control characters are written as <U+001B>, bytes
// that are no UTF-8 as <FF>.
func Tame(text string) string {
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			fmt.Fprintf(&b, "<%02X>", text[i])
		case Commands(r):
			fmt.Fprintf(&b, "<U+%04X>", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Commands reports whether a character does something on a terminal beside standing there.
func Commands(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029'
}

// Option is a flag with a name behind it, for a shell.
func Option(flag, name string) string {
	if strings.HasPrefix(name, "-") {
		return flag + "=" + Shell(name) // or it would be a flag itself
	}
	return flag + " " + Shell(name)
}

// Shell is a name as an argument of a flag that takes several, for a shell: quoted where it must be, in the form $'…'
// that bash and zsh know where a terminal could not bear it, and with a backslash before a comma.
func Shell(name string) string {
	name = strings.ReplaceAll(name, ",", `\,`)
	plain := func(r rune) bool {
		return r == '_' || r == '-' || r == '.' || r == '/' || r == ':' || r == '+' || unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	if name != "" && strings.IndexFunc(name, func(r rune) bool { return !plain(r) }) < 0 {
		return name
	}
	if strings.IndexFunc(name, unicode.IsControl) >= 0 || !utf8.ValidString(name) {
		return "$'" + strings.ReplaceAll(strings.Trim(strconv.QuoteToASCII(name), `"`), "'", `\'`) + "'"
	}
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}

// Counted is "1 column", "3 columns".
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Quoted is a cell for a message, shortened.
func Quoted(cell string) string {
	if short := shortened(cell); len(short) < len(cell) {
		return strconv.Quote(short) + "…"
	}
	return strconv.Quote(cell)
}

// shortened is at most the first 40 bytes of a text, whole characters.
func shortened(text string) string {
	const most = 40
	if len(text) <= most {
		return text
	}
	end := most
	for end > most-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Shape is a shape as a spec writes it: "[28, 28]".
func Shape(shape []int) string {
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}
