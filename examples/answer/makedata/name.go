package main

import (
	"math/rand/v2"
	"strings"
	"unicode"
)

// The syllables of names. A name begins with one of the first and goes on with one of the second; what it names, its
// third tells (people have none, so that a word alone may be a person or anything else).
var (
	firsts = []string{
		"mi", "lo", "ta", "be", "ru", "sa", "ni", "ke", "do", "fa", "ge", "hu", "ja", "ka", "le", "mo", "na", "o", "pe", "ri",
		"so", "tu", "u", "ve", "wi", "ya", "ze", "bri", "cla", "dra",
	}
	seconds = []string{
		"ra", "den", "lin", "mar", "ko", "la", "nes", "vik", "ton", "sa", "bel", "gar", "hon", "ja", "kim", "mo", "nor", "pas",
		"ri", "sun", "tel", "va", "wen", "zar", "dis", "fer", "lum", "ti",
	}
	towns  = []string{"ford", "holm", "stad", "burg", "wick"}
	rivers = []string{"ach", "una", "ell"}
	ships  = []string{"ia", "is", "eon"}
)

// kind is what a name names.
type kind int

const (
	person kind = iota
	town
	river
	ship
	kinds
)

// names are the names of each kind, one half for articles to train on and the other for those to judge on.
type names struct{ familiar, strange [kinds][]string }

func newNames(r *rand.Rand) names {
	var n names
	for kind, ends := range [kinds][]string{person: {""}, town: towns, river: rivers, ship: ships} {
		var all []string
		for _, first := range firsts {
			for _, second := range seconds {
				name := first + second + ends[r.IntN(len(ends))]
				all = append(all, strings.ToUpper(name[:1])+name[1:])
			}
		}
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		n.familiar[kind], n.strange[kind] = all[:len(all)*3/4], all[len(all)*3/4:]
	}
	return n
}

// accented are letters with a mark that the tokenizer takes away: some are one code point, others a letter and a mark
// behind it, which a reader cannot tell apart.
var accented = map[rune][]string{
	'a': {"á", "à", "â", "ä", "å", "a\u0301"}, 'e': {"é", "è", "ê", "ë", "e\u0300"}, 'i': {"í", "ì", "î", "i\u0308"},
	'o': {"ó", "ò", "ô", "ö", "o\u0302"}, 'u': {"ú", "ù", "û", "ü", "ů"}, 'c': {"č", "ç"}, 's': {"š", "ş"}, 'n': {"ñ", "ň"}, 'z': {"ž", "ź"},
}

// spelled is a name with a mark on some of its letters, or as it is. What begins with a small letter is no name.
func spelled(r *rand.Rand, name string) string {
	if unicode.IsLower(rune(name[0])) || r.IntN(2) == 0 {
		return name
	}
	var b strings.Builder
	for _, c := range name {
		if marked := accented[c]; marked != nil && r.IntN(3) == 0 {
			b.WriteString(marked[r.IntN(len(marked))])
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}
