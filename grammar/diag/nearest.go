package diag

import "strings"

// longestGuess bounds the cost of Nearest; no word of the language is longer.
const longestGuess = 64

// Nearest finds the candidate that word was most likely meant to be, for "did
// you mean". Letters that differ in case only count as equal; among equally
// near candidates the first wins. There is none if more than a third of the
// letters would have to change, or if word is itself a candidate.
func Nearest(word string, candidates []string) (string, bool) {
	if word == "" || len(word) > longestGuess {
		return "", false
	}
	limit := max(1, len(word)/3)
	best, found := "", false
	folded := strings.ToLower(word)
	for _, c := range candidates {
		if c == word {
			return "", false
		}
		// The difference in length is a lower bound of the distance.
		if len(c)-len(word) > limit || len(word)-len(c) > limit {
			continue
		}
		d := distance(folded, strings.ToLower(c))
		// Something of the word must remain: `x` is not a misspelt `y`.
		if d > limit || d >= max(len(word), len(c)) || (found && d == limit) {
			continue
		}
		best, found = c, true
		if d == 0 {
			break
		}
		limit = d
	}
	return best, found
}

// distance is the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (Damerau–Levenshtein, restricted to swaps of
// letters that are not edited again; Wagner & Fischer's table, three rows).
func distance(a, b string) int {
	before := make([]int, len(b)+1)
	above := make([]int, len(b)+1)
	row := make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}
