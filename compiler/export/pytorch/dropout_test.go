package pytorch

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a device draws for itself are the words of the stream, whatever the position and the step.
func TestDevicesDrawTheSame(t *testing.T) {
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("needs a Python with PyTorch, whose name NNC_PYTHON gives")
	}
	var text strings.Builder
	for _, name := range []string{"stream", "dropout"} {
		part, err := os.ReadFile("parts/" + name + ".py")
		require.NoError(t, err)
		text.Write(part)
	}
	text.WriteString(`
for seed, name, hi, first in (0, "dropout1", 0, 0), (7, "layer1.0.dropout1", 3, 5), (2**64 - 1, "a", 2**40 + 9, 2**32 - 2):
    stream = Stream(seed, name)
    assert (blocks_on("cpu", stream.key, 11, hi, first).numpy() == stream.blocks(11, hi, first)).all(), (seed, name)
`)
	c := exec.Command(python, "-")
	c.Stdin = strings.NewReader(text.String())
	message, err := c.CombinedOutput()
	require.NoError(t, err, "%s", message)
}
