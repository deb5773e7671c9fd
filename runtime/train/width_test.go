package train

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What does not fit is left out whole, with all that stands behind it: no number is cut.
func TestFitted(t *testing.T) {
	parts := []string{"epoch 1/20", "loss 0.3124", "9 rows/s", "1m left"}
	for columns, want := range map[int]string{
		-1: "", 0: "", 9: "", 10: "epoch 1/20", 22: "epoch 1/20", 23: "epoch 1/20  loss 0.3124", 32: "epoch 1/20  loss 0.3124",
		33: "epoch 1/20  loss 0.3124  9 rows/s", 41: "epoch 1/20  loss 0.3124  9 rows/s", 42: "epoch 1/20  loss 0.3124  9 rows/s  1m left",
		80: "epoch 1/20  loss 0.3124  9 rows/s  1m left",
	} {
		assert.Equal(t, want, fitted(parts, columns), "%d columns", columns)
	}
	assert.Equal(t, "epoch 1/20", fitted([]string{"epoch 1/20", "loss 0.312412345", "x"}, 20), "the short one is not said in place of the long one")
}
