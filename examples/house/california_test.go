package main

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

// california is a table of real houses: districts of the census of 1990, 8 numbers and a text of 5 classes.
const california = "../../../shared/data/california-housing.csv"

// The spec works for the real table as it stands. All five seeds take half a minute: NNC_LONG=1 tries them.
func TestCalifornia(t *testing.T) {
	if testing.Short() {
		t.Skip("training takes seconds, too long for -short")
	}
	if _, err := os.Stat(california); err != nil {
		t.Skipf("the data are not here: %v", err)
	}
	seeds, sum := 1, 0.0
	if os.Getenv("NNC_LONG") != "" {
		seeds = 5
	}
	for seed := range seeds {
		r2 := nnctest.Metric(t, "r2", "house.nn", "--data", california, "--target", "median_house_value", "--valid", "0.1",
			"--epochs", "20", "--save=", "--seed", strconv.Itoa(seed))
		t.Logf("seed %d: R² of the held-out rows %.4f", seed, r2)
		assert.GreaterOrEqual(t, r2, 0.75, "seed %d", seed)
		sum += r2
	}
	t.Logf("mean %.4f", sum/float64(seeds))
	if seeds > 1 {
		assert.GreaterOrEqual(t, sum/float64(seeds), 0.77, "mean")
	}
}
