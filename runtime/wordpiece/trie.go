package wordpiece

import (
	"math/bits"
	"strings"
)

// continuation is written before a token that does not begin a word.
const continuation = "##"

// trie finds the longest token that begins a text. Its nodes are numbered: the first two are those from which tokens that
// begin a word go out, and those that go on with one. An edge leads from a node by a byte to another; all edges lie in one
// table, at a place that they hash to or behind it.
type trie struct {
	edges []edge // a power of two, at least half of them free
	shift int
}

// edge leads to the node to, where the token of that integer ends, −1 where none does. The key is 0 where there is no edge.
type edge struct {
	key   uint64
	to    int32
	token int32
}

// Nodes that tokens go out from.
const (
	begins int32 = iota
	goesOn
	firstNode
)

// newTrie makes the trie of a vocabulary.
func newTrie(tokens []string) *trie {
	n := 1
	for _, token := range tokens {
		n += len(token)
	}
	size := bits.Len(uint(2 * n))
	t := &trie{edges: make([]edge, 1<<size), shift: 64 - size}
	next := firstNode
	for id, token := range tokens {
		node := begins
		if rest, ok := strings.CutPrefix(token, continuation); ok {
			node, token = goesOn, rest
		}
		for i := range len(token) {
			e := t.find(node, token[i])
			if e.key == 0 {
				*e = edge{key(node, token[i]), next, -1}
				next++
			}
			if i == len(token)-1 {
				e.token = int32(id)
			}
			node = e.to
		}
	}
	return t
}

// key is never 0.
func key(node int32, b byte) uint64 { return uint64(node)<<8 + uint64(b) + 1 }

// find is the edge that leads from a node by a byte, or the free place where it would stand.
func (t *trie) find(node int32, b byte) *edge {
	k := key(node, b)
	const golden = 0x9E3779B97F4A7C15 // 2⁶⁴ over the golden ratio: neighbours land far apart
	for at := k * golden >> t.shift; ; at++ {
		e := &t.edges[at&uint64(len(t.edges)-1)]
		if e.key == k || e.key == 0 {
			return e
		}
	}
}

// longest is the longest token from a node that begins the text, and its length in bytes; −1 and 0 where there is none.
func (t *trie) longest(node int32, text []byte) (token int32, length int) {
	token = -1
	for i, b := range text {
		e := t.find(node, b)
		if e.key == 0 {
			break
		}
		if e.token >= 0 {
			token, length = e.token, i+1
		}
		node = e.to
	}
	return token, length
}
