// Package nnrt is what generated models share: their options, their tensors as a list, the checks at their doors.
//
// What comes in are the slices and constants of one generated model; what goes out are errors that say what
// was wrong, and weight files. On success nothing here allocates in a training step or a prediction. The
// package knows no layer: the arithmetic is package kernel's.
package nnrt

import (
	"fmt"
	"slices"
)

// Option changes how a model is made.
type Option func(*Config)

// Config is what options decide.
type Config struct {
	Seed    uint64 // of the initial parameters, of dropout and of noise
	Workers int    // cores that a step may use; 0 and 1 are the caller's alone
}

// Seed makes the model start from this seed instead of the spec's.
func Seed(seed uint64) Option { return func(c *Config) { c.Seed = seed } }

// Workers lets the model use up to that many cores in a step, but no more than runtime.GOMAXPROCS says. 1, 0 and less
// leave the caller's alone. It changes no bit of any result.
func Workers(workers int) Option { return func(c *Config) { c.Workers = workers } }

// Configure applies options to the spec's own choices.
func Configure(c Config, options []Option) Config {
	for _, o := range options {
		o(&c)
	}
	return c
}

// Stage says how far the four calls of a training step have come.
type Stage uint8

// The stages.
const (
	Ready        Stage = iota // before Forward, and after Step
	ForwardDone               // Loss comes next
	LossDone                  // Backward comes next
	BackwardDone              // Step comes next
)

// Expect returns an error that names the call unless s is the stage that the call needs.
func (s Stage) Expect(need Stage, call string) error {
	if s == need {
		return nil
	}
	before := [...]string{"", "Forward", "Loss", "Backward"}
	if s > need {
		return fmt.Errorf("%s was called twice: the calls of a step are Forward, Loss, Backward, Step, in this order", call)
	}
	return fmt.Errorf("%s needs a call of %s before it: the calls of a step are Forward, Loss, Backward, Step, in this order", call, before[need])
}

// LearningRate returns an error unless a learning rate is a finite number of at least 0.
func LearningRate(call string, lr float64) error {
	if lr >= 0 && lr-lr == 0 {
		return nil
	}
	return fmt.Errorf("%s: the learning rate is %v, but must be a finite number of at least 0", call, lr)
}

// NeedTotal returns an error if total, the number of steps of the whole training, has not been set, which a call
// needs whose learning rate follows a schedule.
func NeedTotal(call string, total uint64) error {
	if total > 0 {
		return nil
	}
	return fmt.Errorf("%s: the schedule of the learning rate needs the number of steps of the whole training: call SetTotalSteps first", call)
}

// NeedEpoch returns an error if steps, the number of steps of an epoch, has not been set, which a call needs whose
// learning rate follows a schedule that counts epochs.
func NeedEpoch(call string, steps uint64) error {
	if steps > 0 {
		return nil
	}
	return fmt.Errorf("%s: the schedule of the learning rate needs the number of steps of an epoch: call SetEpochSteps first", call)
}

// BeyondWarmup returns an error unless the total number of steps leaves some for the schedule after its warm-up.
func BeyondWarmup(call string, total uint64, warmup int) error {
	if total > uint64(warmup) {
		return nil
	}
	return fmt.Errorf("%s: %d steps in all, but the warm-up alone takes %d: train for more steps, or write a smaller warmup in the spec", call, total, warmup)
}

// The checks of lengths stand in the generated code, where sizes are constants; what fails is explained here.

// RowsError says why a slice of the given length is no 1 to capacity rows of that many values, or no number of rows at
// all if capacity is 0; nil if it is.
func RowsError(call, name string, length, size, capacity int) error {
	n := length / size
	switch {
	case n*size != length:
		return fmt.Errorf("%s: %s has %d values, which is no whole number of rows of %d", call, name, length, size)
	case capacity > 0 && n == 0:
		return fmt.Errorf("%s: %s is empty, but 1 to %d rows of %d values are wanted", call, name, capacity, size)
	case capacity > 0 && n > capacity:
		return fmt.Errorf("%s: %s has %d rows of %d values, but the batch is %d at most", call, name, n, size, capacity)
	}
	return nil
}

// LengthError says that a slice of the given length does not hold n rows of that many values.
func LengthError(call, name string, length, n, size int) error {
	if n == 1 {
		return fmt.Errorf("%s: %s has %d values, but one row of it has %d", call, name, length, size)
	}
	return fmt.Errorf("%s: %s has %d values, but %d rows of %d are %d", call, name, length, n, size, n*size)
}

// FullError says that a sequence has as many positions already as the model sees at most.
func FullError(call string, context int) error {
	return fmt.Errorf("%s: the sequence has %d positions, as many as the model sees: call Reset, and begin another", call, context)
}

// LossesError says that a slice has not a place for each of the model's losses.
func LossesError(call string, length, losses int) error {
	return fmt.Errorf("%s: losses has %d elements, but the model has %d losses: one nnrt.Mean for each", call, length, losses)
}

// Within returns an error unless all values lie in [0, limit), or are among those that are ignored.
func Within(call, name string, values []int32, limit int32, ignored ...int32) error {
	for i, v := range values {
		if (v < 0 || v >= limit) && !slices.Contains(ignored, v) {
			return fmt.Errorf("%s: %s[%d] is %d, but must lie in [0, %d)", call, name, i, v, limit)
		}
	}
	return nil
}

// Unmasked returns an error if a position of a target, two in each row of which those below 0 take no part, is one whose number
// in the mask is 0. Both have the same number of rows.
func Unmasked[M int32 | float32](call, name string, target []int32, mask string, numbers []M) error {
	if len(target) == 0 {
		return nil
	}
	positions := len(numbers) / (len(target) / 2)
	for i, at := range target {
		if at >= 0 && numbers[i/2*positions+int(at)] == 0 {
			return fmt.Errorf("%s: %s[%d] is %d, a position of row %d that %s leaves out", call, name, i, at, i/2, mask)
		}
	}
	return nil
}

// Weights returns an error unless all weights of rows are finite numbers of at least 0.
func Weights(call, name string, weights []float32) error {
	for i, w := range weights {
		if !(w >= 0) || w-w != 0 {
			return fmt.Errorf("%s: %s[%d] is %v, but a weight is a number of at least 0", call, name, i, w)
		}
	}
	return nil
}
