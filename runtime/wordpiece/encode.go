package wordpiece

import "unicode/utf8"

// Token is a token of a text: its integer, and the part of the text that it stands for, as bytes and as code points, the
// end exclusive. A byte that is no UTF-8 is a code point. What is left out of a word at its beginning or end, an accent
// behind its letter for example, belongs to no token; tokens of one character, such as a syllable of Hangul, have the
// same part.
type Token struct {
	ID                 int32
	Start, End         int
	RuneStart, RuneEnd int
}

// maxWord bounds a word, in code points of what becomes of it.
const maxWord = 100

// source is a character of the text.
type source struct{ start, end, rune int }

// word is what becomes of a word of the text.
type word struct {
	text    [maxWord * utf8.UTFMax]byte
	of      [maxWord * utf8.UTFMax]uint8 // by byte of text: which of from it comes from
	from    [maxWord]source
	sources int
	n       int // bytes of text
	runes   int // of the word, more than maxWord where it is too long
	last    source

	// isPlain says that each byte comes from the one behind that of the byte before it: from has the first alone, of none.
	isPlain bool
}

// Encode appends the tokens of a text to dst, in order, without special ones. It never fails: what is no UTF-8 vanishes.
// Besides dst it needs no memory.
func (t *Tokenizer) Encode(dst []Token, text string) []Token {
	var w word
	for at, runes := 0, 0; at < len(text); runes++ {
		r, size := rune(text[at]), 1
		if r < utf8.RuneSelf {
			if w.runes == 0 && t.characters.ascii[r] == letter {
				if n := w.plain(t.characters, text[at:], at, runes); n > 0 {
					dst = t.pieces(dst, &w)
					at += n
					runes += n - 1
					continue
				}
			}
		} else {
			r, size = utf8.DecodeRuneInString(text[at:])
		}
		here := source{at, at + size, runes}
		at += size
		c := t.characters.of(r)
		switch c.class {
		case letter:
			w.add(t.characters, r, c, here)
		case space:
			dst = t.pieces(dst, &w)
		case alone:
			dst = t.pieces(dst, &w)
			w.add(t.characters, r, c, here)
			dst = t.pieces(dst, &w)
		}
	}
	return t.pieces(dst, &w)
}

// plain takes the word that begins the text, at this byte and code point, if it is of letters and digits of ASCII alone,
// as most are. It returns its length, 0 where it takes none.
func (w *word) plain(t *characters, text string, at, runes int) int {
	n := 0
	for ; n < len(text); n++ {
		b := text[n]
		if b >= utf8.RuneSelf || n == maxWord {
			return 0
		}
		if class := t.ascii[b]; class == gone {
			return 0
		} else if class != letter {
			break
		}
		if b >= 'A' && b <= 'Z' {
			b += 'a' - 'A'
		}
		w.text[n] = b
	}
	w.n, w.runes, w.isPlain = n, n, true
	w.from[0] = source{at, at + 1, runes}
	return n
}

// add adds what becomes of a character.
func (w *word) add(t *characters, r rune, c *character, here source) {
	var buffer [3 * utf8.UTFMax]byte
	text := t.appendFolded(buffer[:0], r, c)
	if w.runes == 0 {
		w.from[0] = here
	}
	w.runes += utf8.RuneCount(text)
	w.last = here
	if w.runes > maxWord {
		return
	}
	w.from[w.sources] = here
	for _, b := range text {
		w.text[w.n], w.of[w.n] = b, uint8(w.sources)
		w.n++
	}
	w.sources++
}

// source is the character that a byte of the word comes from.
func (w *word) source(at int) source {
	if !w.isPlain {
		return w.from[w.of[at]]
	}
	first := w.from[0]
	return source{first.start + at, first.end + at, first.rune + at}
}

// clear begins another word.
func (w *word) clear() { w.n, w.runes, w.sources, w.isPlain = 0, 0, 0, false }

// pieces appends the tokens of a word, if there is one, and begins another.
func (t *Tokenizer) pieces(dst []Token, w *word) []Token {
	if w.runes == 0 {
		return dst
	}
	before, node := len(dst), begins
	for at := 0; at < w.n && w.runes <= maxWord; node = goesOn {
		id, length := t.trie.longest(node, w.text[at:w.n])
		if length == 0 {
			break
		}
		start, end := w.source(at), w.source(at+length-1)
		dst = append(dst, Token{id, start.start, end.end, start.rune, end.rune + 1})
		if at += length; at == w.n {
			w.clear()
			return dst
		}
	}
	start, end := w.from[0], w.last
	if w.isPlain {
		end = w.source(w.n - 1)
	}
	dst = append(dst[:before], Token{t.unknown, start.start, end.end, start.rune, end.rune + 1})
	w.clear()
	return dst
}
