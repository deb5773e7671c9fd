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

// The models learn real handwriting from 8,000 digits and are judged by 2,000 others after the last epoch. The residual
// one, and three seeds of the others, take minutes: NNC_LONG=1 tries them.
func TestMNIST(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds, too long for -short")
	}
	for _, file := range []string{mnistImages, mnistLabels} {
		if _, err := os.Stat(file); err != nil {
			t.Skipf("the data are not here: %v", err)
		}
	}
	long := os.Getenv("NNC_LONG") != ""
	for _, model := range []struct {
		spec       string
		each, mean float64 // at least
		seeds      int
		short      bool // without NNC_LONG one seed
	}{{"digits.nn", 0.93, 0.94, 3, true}, {"cnn.nn", 0.945, 0.955, 3, true}, {"resnet.nn", 0.98, 0.98, 1, false}} {
		t.Run(model.spec, func(t *testing.T) {
			seeds := model.seeds
			switch {
			case !long && !model.short:
				t.Skip("training takes minutes: NNC_LONG=1 tries it")
			case !long:
				seeds = 1
			}
			sum := 0.0
			for seed := range seeds {
				accuracy := nnctest.Metric(t, "accuracy", model.spec, "--data", mnistImages, "--data", "target="+mnistLabels,
					"--valid", "last:2000", "--last", "--save=", "--seed", strconv.Itoa(seed))
				t.Logf("seed %d: accuracy on the held-out digits %.4f", seed, accuracy)
				assert.GreaterOrEqual(t, accuracy, model.each, "seed %d", seed)
				sum += accuracy
			}
			t.Logf("mean %.4f", sum/float64(seeds))
			if seeds > 1 {
				assert.GreaterOrEqual(t, sum/float64(seeds), model.mean, "mean")
			}
		})
	}
}
