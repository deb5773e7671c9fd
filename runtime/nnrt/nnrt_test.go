package nnrt

import (
	"math"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

const callOrder = "the calls of a step are Forward, Loss, Backward, Step, in this order"

// The checks at the doors of generated models: what passes, and what the others are told.
func TestChecks(t *testing.T) {
	rows := func(length, size, capacity int) error {
		return RowsError("House.Train", "x", length, size, capacity)
	}
	length := func(length, n, size int) error { return LengthError("House.Train", "target", length, n, size) }
	within := func(limit, ignore int32, values ...int32) error {
		return Within("House.Loss", "class", values, limit, ignore)
	}
	for _, c := range []struct {
		name string
		err  error
		want string // "": none
	}{
		{"one row", rows(10, 10, 5), ""},
		{"a full batch", rows(50, 10, 5), ""},
		{"one row too many", rows(60, 10, 5), "House.Train: x has 6 rows of 10 values, but the batch is 5 at most"},
		{"no rows", rows(0, 10, 5), "House.Train: x is empty, but 1 to 5 rows of 10 values are wanted"},
		{"a value too few", rows(49, 10, 5), "House.Train: x has 49 values, which is no whole number of rows of 10"},
		{"a value too many", rows(51, 10, 5), "House.Train: x has 51 values, which is no whole number of rows of 10"},
		{"less than a row", rows(3, 10, 0), "House.Train: x has 3 values, which is no whole number of rows of 10"},
		{"any number", rows(10_000, 10, 0), ""},
		{"none of any number", rows(0, 10, 0), ""},

		{"too short", length(5, 3, 2), "House.Train: target has 5 values, but 3 rows of 2 are 6"},
		{"too long", length(7, 3, 2), "House.Train: target has 7 values, but 3 rows of 2 are 6"},
		{"too long for one", length(2, 1, 1), "House.Train: target has 2 values, but one row of it has 1"},
		{"some for no rows", length(2, 0, 2), "House.Train: target has 2 values, but 0 rows of 2 are 0"},

		{"too few losses", LossesError("House.Evaluate", 1, 2), "House.Evaluate: losses has 1 elements, but the model has 2 losses: one nnrt.Mean for each"},

		{"classes", within(3, -100, 0, 2, 1), ""},
		{"no classes", within(3, -100), ""},
		{"ignored", within(3, -100, 0, -100, 1), ""},
		{"beyond the last", within(3, -100, 0, 3), "House.Loss: class[1] is 3, but must lie in [0, 3)"},
		{"negative", within(3, -100, -1), "House.Loss: class[0] is -1, but must lie in [0, 3)"},
		{"almost ignored", within(3, -100, 0, 0, -101), "House.Loss: class[2] is -101, but must lie in [0, 3)"},

		{"positions that take part", Unmasked("House.Loss", "answer", []int32{0, 2, -100, 1}, "seen", []int32{1, 0, 1, 0, 1, 0}), ""},
		{"one that does not", Unmasked("House.Loss", "answer", []int32{0, 2, -100, 0}, "seen", []float32{1, 0, 1, 0, 1, 0}),
			"House.Loss: answer[3] is 0, a position of row 1 that seen leaves out"},
		{"none of no rows", Unmasked("House.Loss", "answer", nil, "seen", []int32{}), ""},

		{"a rate", LearningRate("House.SetLR", 1e-3), ""},
		{"no rate at all", LearningRate("House.SetLR", 0), ""},
		{"a negative rate", LearningRate("House.SetLR", -1), "House.SetLR: the learning rate is -1, but must be a finite number of at least 0"},
		{"an infinite rate", LearningRate("House.SetLR", math.Inf(1)), "House.SetLR: the learning rate is +Inf, but must be a finite number of at least 0"},
		{"a rate that is no number", LearningRate("House.SetLR", math.NaN()), "House.SetLR: the learning rate is NaN, but must be a finite number of at least 0"},

		{"a total", NeedTotal("House.Train", 1), ""},
		{"no total", NeedTotal("House.Train", 0), "House.Train: the schedule of the learning rate needs the number of steps of the whole training: call SetTotalSteps first"},
		{"an epoch's steps", NeedEpoch("House.Train", 1), ""},
		{"no epoch's steps", NeedEpoch("House.Train", 0), "House.Train: the schedule of the learning rate needs the number of steps of an epoch: call SetEpochSteps first"},
		{"longer than the warm-up", BeyondWarmup("House.SetTotalSteps", 11, 10), ""},
		{"no warm-up", BeyondWarmup("House.SetTotalSteps", 1, 0), ""},
		{"all warm-up", BeyondWarmup("House.SetTotalSteps", 10, 10), "House.SetTotalSteps: 10 steps in all, but the warm-up alone takes 10: train for more steps, or write a smaller warmup in the spec"},

		{"Loss in turn", ForwardDone.Expect(ForwardDone, "House.Loss"), ""},
		{"Backward in turn", LossDone.Expect(LossDone, "House.Backward"), ""},
		{"Step in turn", BackwardDone.Expect(BackwardDone, "House.Step"), ""},
		{"Loss first", Ready.Expect(ForwardDone, "House.Loss"), "House.Loss needs a call of Forward before it: " + callOrder},
		{"Backward after Forward", ForwardDone.Expect(LossDone, "House.Backward"), "House.Backward needs a call of Loss before it: " + callOrder},
		{"Backward first", Ready.Expect(LossDone, "House.Backward"), "House.Backward needs a call of Loss before it: " + callOrder},
		{"Step after Loss", LossDone.Expect(BackwardDone, "House.Step"), "House.Step needs a call of Backward before it: " + callOrder},
		{"Loss twice", LossDone.Expect(ForwardDone, "House.Loss"), "House.Loss was called twice: " + callOrder},
		{"Backward twice", BackwardDone.Expect(LossDone, "House.Backward"), "House.Backward was called twice: " + callOrder},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == "" {
				assert.NoError(t, c.err)
			} else {
				assert.EqualError(t, c.err, c.want)
			}
		})
	}
}

func TestChecksAllocateNothing(t *testing.T) {
	values, fine := []int32{0, 1, -100, 2}, true
	allocations := testing.AllocsPerRun(100, func() {
		fine = fine && RowsError("House.Train", "x", 50, 10, 5) == nil &&
			Within("House.Train", "class", values, 3, -100) == nil &&
			NeedTotal("House.Train", 3) == nil && NeedEpoch("House.Train", 3) == nil && BeyondWarmup("House.SetTotalSteps", 3, 2) == nil &&
			LossDone.Expect(LossDone, "House.Backward") == nil
	})
	assert.True(t, fine)
	assert.Zero(t, allocations)
}

func TestOptionsOverrideTheSpec(t *testing.T) {
	spec := Config{Seed: 7}
	assert.Equal(t, spec, Configure(spec, nil))
	assert.Equal(t, Config{Seed: 0}, Configure(spec, []Option{Seed(0)}))
	assert.Equal(t, Config{Seed: 7, Workers: 3}, Configure(spec, []Option{Workers(3)}))
	assert.Equal(t, Config{Seed: 2}, Configure(spec, []Option{Seed(1), Seed(2)}), "the last one counts")
}

func TestSlabIsAlignedAndZero(t *testing.T) {
	var keep [][]float32 // so that each has an address of its own
	for n := range 300 {
		for range 3 {
			slab := Slab(n)
			keep = append(keep, slab)
			assert.Len(t, slab, n)
			assert.Equal(t, n, cap(slab), "appending must not reach behind the slab")
			if n == 0 {
				continue
			}
			assert.Zero(t, uintptr(unsafe.Pointer(&slab[0]))%64, "%d floats", n)
			for i := range slab {
				assert.Zero(t, slab[i])
				slab[i] = 1
			}
		}
	}
	assert.Len(t, keep, 900)
}

func TestMeanOfChunksIsTheMeanOfAll(t *testing.T) {
	var m Mean
	assert.Zero(t, m.Value(), "of nothing")
	m.Add(0, 0)
	assert.Zero(t, m.Value(), "a chunk in which nothing counts")
	m.Add(2, 64) // 64 elements whose mean is 2
	m.Add(5, 32)
	m.Add(0.25, 4)
	assert.Equal(t, (2.0*64+5*32+0.25*4)/100, m.Value())

	var odd Mean // 0.1 has no end in binary: float32 would drift
	for range 1_000_000 {
		odd.Add(0.1, 1)
	}
	assert.InDelta(t, float64(float32(0.1)), odd.Value(), 1e-11)
}
