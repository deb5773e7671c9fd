package main

import (
	"math/rand/v2"
	"strings"
)

// reviewer writes sentences at random.
type reviewer struct{ *rand.Rand }

var (
	things = []string{
		"food", "service", "room", "bed", "view", "breakfast", "staff", "pool", "bar", "location", "coffee", "dinner",
		"reception", "garden", "terrace", "bathroom", "wine", "music", "menu", "kitchen", "lobby", "beach", "waiter", "soup",
	}
	praise = []string{
		"good", "great", "lovely", "excellent", "charming", "wonderful", "fresh", "clean", "delightful", "pleasant", "superb",
		"cosy", "perfect", "fine", "comfortable", "friendly",
	}
	blame = []string{
		"bad", "awful", "dirty", "terrible", "disappointing", "dull", "horrible", "poor", "shabby", "dreadful", "unpleasant",
		"cold", "tired", "mediocre", "stale", "rude",
	}
	degrees = []string{"very", "really", "quite", "extremely", "rather", "truly", "so"}
)

// of is one of the list.
func (r reviewer) of(list ...string) string { return list[r.IntN(len(list))] }

// review is a sentence that is good or bad as a whole.
func (r reviewer) review(good bool) string {
	var text string
	first, second := r.two()
	switch r.IntN(10) {
	case 0, 1:
		text = r.clause(first, good)
	case 2, 3:
		text = r.clause(first, good) + r.of(" and ", ", and ") + r.clause(second, good)
	case 4, 5, 6: // what stands behind counts
		text = r.clause(first, !good) + r.of(", but ", " but ", ", yet ", "; still, ") + r.clause(second, good)
	case 7: // what stands in front does
		text = r.clause(first, good) + r.of(", although ", " even though ", ", even if ") + r.clause(second, !good)
	case 8:
		text = r.of("although ", "even though ", "while ") + r.clause(first, !good) + ", " + r.clause(second, good)
	default:
		text = r.of("in spite of the ", "despite the ", "for all its ") + r.word(!good) + " " + first + ", " + r.clause(second, good)
	}
	return strings.ToUpper(text[:1]) + text[1:] + r.of(".", ".", ".", "!", "")
}

// two are different things.
func (r reviewer) two() (first, second string) {
	i := r.IntN(len(things))
	return things[i], things[(i+1+r.IntN(len(things)-1))%len(things)]
}

// clause says that a thing is good or bad: straight, or by what it is not.
func (r reviewer) clause(thing string, good bool) string {
	switch r.IntN(12) {
	case 0, 1, 2, 3:
		return "the " + thing + " was " + r.degree() + r.word(good)
	case 4:
		if good {
			return r.of("we", "i") + " " + r.of("loved", "enjoyed", "liked") + " the " + thing
		}
		return r.of("we", "i") + " " + r.of("hated", "disliked", "regretted") + " the " + thing
	case 5, 6:
		return "the " + thing + " was " + r.of("not ", "not ", "not at all ", "never ", "hardly ") + r.word(!good)
	case 7:
		return "the " + thing + " wasn't " + r.degree() + r.word(!good)
	case 8:
		return r.of("nobody", "no one") + " could call the " + thing + " " + r.word(!good)
	case 9:
		return r.of("i", "we") + " " + r.of("did not", "didn't") + " find the " + thing + " " + r.degree() + r.word(!good)
	case 10:
		return "the " + thing + " was anything but " + r.word(!good)
	}
	return "it is not true that the " + thing + " was " + r.of("not ", "hardly ") + r.word(good)
}

// degree is nothing, or a word that strengthens the next.
func (r reviewer) degree() string {
	if r.IntN(2) == 0 {
		return ""
	}
	return r.of(degrees...) + " "
}

// word praises or blames.
func (r reviewer) word(good bool) string {
	if good {
		return r.of(praise...)
	}
	return r.of(blame...)
}
