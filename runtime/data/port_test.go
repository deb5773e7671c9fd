package data

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWiden(t *testing.T) {
	assert.Equal(t, "write `of 258`", Port{Int: true, Limit: 60}.Widen(258))
	assert.Equal(t, "say --set vocab=258, or write `const vocab = 258` in the spec", Port{Int: true, Limit: 60, Constant: "vocab"}.Widen(258))
	assert.Equal(t, "say --set v=5 --set k=5, or write `const v = 5` and `const k = 5` in the spec", Constants([]string{"v", "k"}, 5))
}
