package wordpiece

import (
	"bytes"
	"slices"
	"strings"
)

// continuation is written before a token that does not begin a word.
const continuation = "##"

// trie finds the longest token that begins a text. Its nodes stand level by level, the children of a node side by side in
// the order of the bytes that lead to them, so that what is often needed lies close together: nine bytes a node, of which
// there are no more than bytes in the vocabulary.
type trie struct {
	nodes  []node
	labels []byte // the byte that leads to each node
}

// node is a beginning of tokens: its children are those from first up to the next node's first, and token is the integer
// of the token that ends here, −1 where none does.
type node struct{ first, token int32 }

// The nodes that tokens go out from: those that begin a word, and those that go on with one.
const (
	begins = iota
	goesOn
)

// entry is a token as the trie has it, without ##.
type entry struct {
	text string
	id   int32
}

// newTrie makes the trie of a vocabulary.
func newTrie(tokens []string) *trie {
	var roots [2][]entry
	for id, token := range tokens {
		root := begins
		if rest, ok := strings.CutPrefix(token, continuation); ok {
			root, token = goesOn, rest
		}
		roots[root] = append(roots[root], entry{token, int32(id)})
	}
	for _, entries := range roots {
		slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.text, b.text) })
	}
	t := &trie{labels: make([]byte, len(roots))}
	level := roots[:] // what begins as each node of it does
	for depth := 0; len(level) > 0; depth++ {
		var next [][]entry
		for _, entries := range level {
			n := node{first: int32(len(t.labels)), token: -1}
			if len(entries) > 0 && len(entries[0].text) == depth { // the shortest comes first
				n.token = entries[0].id
				entries = entries[1:]
			}
			for len(entries) > 0 {
				label, same := entries[0].text[depth], 1
				for same < len(entries) && entries[same].text[depth] == label {
					same++
				}
				t.labels = append(t.labels, label)
				next = append(next, entries[:same])
				entries = entries[same:]
			}
			t.nodes = append(t.nodes, n)
		}
		level = next
	}
	t.nodes = append(t.nodes, node{first: int32(len(t.labels)), token: -1}) // ends the last one's children
	return t
}

// child is the node that a byte leads to, 0 where none is.
func (t *trie) child(at int, b byte) int {
	first, end := int(t.nodes[at].first), int(t.nodes[at+1].first)
	labels := t.labels[first:end]
	if len(labels) > 8 {
		if i := bytes.IndexByte(labels, b); i >= 0 {
			return first + i
		}
		return 0
	}
	for i, label := range labels {
		if label == b {
			return first + i
		}
	}
	return 0
}

// longest is the longest token from a root that begins the text, and its length in bytes; −1 and 0 where there is none.
func (t *trie) longest(root int, text []byte) (token int32, length int) {
	token = -1
	at := root
	for i, b := range text {
		if at = t.child(at, b); at == 0 {
			break
		}
		if id := t.nodes[at].token; id >= 0 {
			token, length = id, i+1
		}
	}
	return token, length
}
