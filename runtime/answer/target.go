package answer

import "sort"

// Target is what window w is to say of an answer that stands in the passage from code point start up to end: the positions
// of the first and the last token that have a part of it. Both are 0, [CLS], where the window has not all of these.
func (a *Asked) Target(w, start, end int) (first, last int32) {
	from, to, ok := a.covering(start, end)
	window := &a.Windows[w]
	if from, to = from-window.Offset, to-window.Offset; !ok || from < 0 || to >= len(window.Tokens) {
		return 0, 0
	}
	return int32(window.First + from), int32(window.First + to)
}

// covering are the first and the last of the passage's tokens that have a part of the text from code point start up to end.
func (a *Asked) covering(start, end int) (first, last int, ok bool) {
	first = sort.Search(len(a.Tokens), func(i int) bool { return a.Tokens[i].RuneEnd > start })
	last = sort.Search(len(a.Tokens), func(i int) bool { return a.Tokens[i].RuneStart >= end }) - 1
	return first, last, start < end && first <= last
}
