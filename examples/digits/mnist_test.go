package main

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

// The first 10,000 of MNIST's handwritten digits.
const (
	mnistImages = "../../../shared/data/mnist-10k-images-idx3-ubyte.gz"
	mnistLabels = "../../../shared/data/mnist-10k-labels-idx1-ubyte.gz"
)

// The model learns real handwriting from 8,000 digits and is judged by 2,000 others. All three seeds take half a
// minute: NNC_LONG=1 tries them.
func TestMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds, too long for -short")
	}
	for _, file := range []string{mnistImages, mnistLabels} {
		if _, err := os.Stat(file); err != nil {
			t.Skipf("the data are not here: %v", err)
		}
	}
	seeds, sum := 1, 0.0
	if os.Getenv("NNC_LONG") != "" {
		seeds = 3
	}
	for seed := range seeds {
		accuracy := nnctest.Metric(t, "accuracy", "digits.nn", "--data", mnistImages, "--data", "target="+mnistLabels,
			"--valid", "last:2000", "--save=", "--seed", strconv.Itoa(seed))
		t.Logf("seed %d: accuracy on the held-out digits %.4f", seed, accuracy)
		assert.GreaterOrEqual(t, accuracy, 0.93, "seed %d", seed)
		sum += accuracy
	}
	t.Logf("mean %.4f", sum/float64(seeds))
	if seeds > 1 {
		assert.GreaterOrEqual(t, sum/float64(seeds), 0.94, "mean")
	}
}
