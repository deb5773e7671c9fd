package answer

import (
	"strings"
	"unicode"
)

// ExactMatch reports whether an answer meets the true one as SQuAD 1.1 sees it: small letters, ASCII punctuation, the words
// a, an and the, and how much space stands between words make no difference.
func ExactMatch(prediction, truth string) bool {
	return strings.Join(words(prediction), " ") == strings.Join(words(truth), " ")
}

// F1 is how much two answers have in common, from 0 to 1: of the words that ExactMatch compares, those that both have,
// twice, by all. Without a word in common it is 0, also where neither has any.
func F1(prediction, truth string) float64 {
	p, t := words(prediction), words(truth)
	count := make(map[string]int, len(t))
	for _, word := range t {
		count[word]++
	}
	same := 0
	for _, word := range p {
		if count[word] > 0 {
			count[word]--
			same++
		}
	}
	if same == 0 {
		return 0
	}
	return float64(2*same) / float64(len(p)+len(t))
}

// Judge is ExactMatch and F1 by the true answer that it meets best, each by its own.
func Judge(prediction string, truths []string) (exact bool, f1 float64) {
	for _, truth := range truths {
		exact = exact || ExactMatch(prediction, truth)
		f1 = max(f1, F1(prediction, truth))
	}
	return exact, f1
}

// words are those of an answer that count.
func words(text string) []string {
	kept := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsPunct(r) || unicode.IsSymbol(r)) {
			return -1
		}
		return r
	}, lower(text))
	var b strings.Builder
	for kept != "" { // a run of letters and digits, or what stands between two
		end := len(kept)
		inside := false
		for i, r := range kept {
			if i == 0 {
				inside = inWord(r)
			} else if inWord(r) != inside {
				end = i
				break
			}
		}
		switch part := kept[:end]; part {
		case "a", "an", "the":
			b.WriteByte(' ')
		default:
			b.WriteString(part)
		}
		kept = kept[end:]
	}
	return strings.FieldsFunc(b.String(), isSpace)
}

// inWord reports whether Python's expressions take a character for a part of a word, underscores aside.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// isSpace reports whether Python's split takes a character for a space.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// lower is a text in small letters as Python makes them: those of strings.ToLower, but for two that Unicode has a rule for.
func lower(text string) string {
	text = strings.ReplaceAll(text, "\u0130", "i\u0307") // İ
	if !strings.ContainsRune(text, 'Σ') {
		return strings.ToLower(text)
	}
	runes := []rune(text)
	var b strings.Builder
	for i, r := range runes {
		if r == 'Σ' && endsWord(runes, i) {
			r = 'ς'
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// endsWord reports whether the letter there has letters before it and none behind, as a sigma at the end of a word, marks
// and the like aside.
func endsWord(runes []rune, at int) bool {
	cased := func(from, step int) bool {
		for i := from; i >= 0 && i < len(runes); i += step {
			if !ignored(runes[i]) {
				return unicode.In(runes[i], unicode.Upper, unicode.Lower, unicode.Title, unicode.Other_Lowercase, unicode.Other_Uppercase)
			}
		}
		return false
	}
	return cased(at-1, -1) && !cased(at+1, 1)
}

// ignored reports whether a character makes no difference to the case of those around it: Unicode's Case_Ignorable.
func ignored(r rune) bool {
	return strings.ContainsRune("'.:·\u0387\u055f\u05f4‘’\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a", r) || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf, unicode.Lm, unicode.Sk)
}
