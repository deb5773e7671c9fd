package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/nnc-lang/nnc/examples/internal/byhand"
)

// hand is the step by hand on the numbers of PyTorch's run.
func (want torch) hand() func() float32 {
	w, b := [10]float32(want.Start["linear1.weight"]), want.Start["linear1.bias"][0]
	x, y := [samples * 10]float32(want.Inputs), [samples]float32(want.Labels)
	return func() float32 { return byhand.Seed(&w, &b, &x, &y) }
}

// What is raced against must compute the same.
func TestByHandIsPyTorchs(t *testing.T) {
	want := readTorch(t)
	step := want.hand()
	for i := range want.Steps {
		assert.InDelta(t, want.Steps[i].Loss, step(), rounding, "loss of step %d", i)
	}
}

func BenchmarkTrain(b *testing.B) {
	x, y := normal(1, samples*10), normal(2, samples)
	m := NewSeed()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Train(x, y); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkByHand(b *testing.B) {
	var w [10]float32
	var bias float32
	x, y := [samples * 10]float32(normal(1, samples*10)), [samples]float32(normal(2, samples))
	b.ReportAllocs()
	for b.Loop() {
		byhand.Seed(&w, &bias, &x, &y)
	}
}

// slower is how many times that of the step by hand the generated one may take. It pays for checking what it is given, and
// for sums whose rounding is the same on every platform.
const slower = 1.1

// TestSpeed compares the fastest of many short rounds, so that what else the machine does drops out: of as many as it
// takes, up to some seconds.
func TestSpeed(t *testing.T) {
	switch {
	case testing.Short():
		t.Skip("times are not taken with -short")
	case raceDetector:
		t.Skip("times mean nothing under the race detector")
	case testing.CoverMode() != "":
		t.Skip("times mean nothing where coverage is counted")
	}
	want := readTorch(t)
	m, hand := want.model(t), want.hand()
	const steps = 5000
	best := func(fastest time.Duration, step func()) time.Duration {
		start := time.Now()
		for range steps {
			step()
		}
		return min(fastest, time.Since(start))
	}
	generated, written := time.Hour, time.Hour
	ratio := 0.0
	for batch := 0; batch == 0 || ratio > slower && batch < 100; batch++ {
		for range 200 {
			generated = best(generated, func() { _, _ = m.Train(want.Inputs, want.Labels) })
			written = best(written, func() { hand() })
		}
		ratio = float64(generated) / float64(written)
	}
	t.Logf("a step: %d ns generated, %d ns by hand: %.2f times", generated.Nanoseconds()/steps, written.Nanoseconds()/steps, ratio)
	assert.LessOrEqual(t, ratio, slower)
}
