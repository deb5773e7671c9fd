package train

import "strconv"

// distinct gives columns names that differ from one another and from those that are taken. A name that nobody else has,
// or that nobody has before it, stays. Another gets ".predicted" behind it, or ".predicted2" where that stands already.
func distinct(taken, names []string) []string {
	used := make(map[string]bool, len(taken)+len(names))
	for _, name := range taken {
		used[name] = true
	}
	again := make([]bool, len(names))
	for i, name := range names {
		again[i] = used[name]
		used[name] = true
	}
	result := make([]string, len(names))
	for i, name := range names {
		for n := 1; again[i]; n++ {
			name = names[i] + ".predicted"
			if n > 1 {
				name += strconv.Itoa(n)
			}
			again[i] = used[name]
		}
		used[name] = true
		result[i] = name
	}
	return result
}
