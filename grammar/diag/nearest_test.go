package diag

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestNearest(t *testing.T) {
	words := []string{"linear", "conv", "conv1d", "relu", "gelu", "elu", "selu", "maxpool", "layernorm", "x"}
	for _, c := range []struct{ word, want string }{
		{"liner", "linear"},
		{"lienar", "linear"},
		{"Linear", "linear"},
		{"linaer", "linear"},
		{"relo", "relu"},
		{"rleu", "relu"},
		{"geluu", "gelu"},
		{"con", "conv"},
		{"conv2d", "conv1d"},
		{"maxpol", "maxpool"},
		{"layer_norm", "layernorm"},
		{"LAYERNORM", "layernorm"},
		{"linear", ""},      // is one
		{"transformer", ""}, // far from all
		{"y", ""},           // nothing of it would remain
		{"", ""},
		{strings.Repeat("linear", 1000), ""},
	} {
		got, ok := Nearest(c.word, words)
		assert.Equal(t, c.want, got, c.word)
		assert.Equal(t, c.want != "", ok, c.word)
	}
	_, ok := Nearest("linear", nil)
	assert.False(t, ok)
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0},
		{"abc", "abd", 1}, {"abc", "ab", 1}, {"ab", "abc", 1}, {"abc", "acb", 1},
		{"kitten", "sitting", 3}, {"ca", "abc", 3},
	} {
		assert.Equal(t, c.want, distance(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, distance(c.b, c.a), "%q %q", c.b, c.a)
	}
}
