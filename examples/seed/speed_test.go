package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// byHand is the step of seed.nn as one would write it for these very shapes: no checks, no state, arrays of
// constant length.
func byHand(w *[10]float32, b *float32, x *[samples * 10]float32, y *[samples]float32) float32 {
	var d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, db, loss float32
	for r := range samples {
		x := (*[10]float32)(x[10*r:])
		e := *b + w[0]*x[0] + w[1]*x[1] + w[2]*x[2] + w[3]*x[3] + w[4]*x[4] +
			w[5]*x[5] + w[6]*x[6] + w[7]*x[7] + w[8]*x[8] + w[9]*x[9] - y[r]
		loss += e * e
		g := e * (2.0 / samples)
		d0 += g * x[0]
		d1 += g * x[1]
		d2 += g * x[2]
		d3 += g * x[3]
		d4 += g * x[4]
		d5 += g * x[5]
		d6 += g * x[6]
		d7 += g * x[7]
		d8 += g * x[8]
		d9 += g * x[9]
		db += g
	}
	w[0] -= 0.01 * d0
	w[1] -= 0.01 * d1
	w[2] -= 0.01 * d2
	w[3] -= 0.01 * d3
	w[4] -= 0.01 * d4
	w[5] -= 0.01 * d5
	w[6] -= 0.01 * d6
	w[7] -= 0.01 * d7
	w[8] -= 0.01 * d8
	w[9] -= 0.01 * d9
	*b -= 0.01 * db
	return loss / samples
}

// hand is byHand on the numbers of PyTorch's run.
func (want torch) hand() func() float32 {
	w, b := [10]float32(want.Start["linear1.weight"]), want.Start["linear1.bias"][0]
	x, y := [samples * 10]float32(want.Inputs), [samples]float32(want.Labels)
	return func() float32 { return byHand(&w, &b, &x, &y) }
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
		byHand(&w, &bias, &x, &y)
	}
}

// slower is how many times byHand's time the generated step may take. It pays for checking what it is given, and
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
