package train

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Marks take no column, East Asian letters and pictures two; half of one is not shown.
func TestCut(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"loss 0.31", 20, "loss 0.31"}, {"loss 0.31", 9, "loss 0.31"}, {"loss 0.31", 4, "loss"}, {"loss", 0, ""}, {"loss", -1, ""},
		{"größe", 4, "größ"}, {"gro\u0308ße", 4, "gro\u0308ß"}, {"模型x", 4, "模型"}, {"模型x", 3, "模"}, {"모델", 2, "모"}, {"ﾊﾝ", 1, "ﾊ"},
		{"a😀b", 3, "a😀"}, {"a😀b", 2, "a"}, {"", 3, ""},
	} {
		assert.Equal(t, c.want, cut(c.text, c.columns), "%q to %d", c.text, c.columns)
	}
}
