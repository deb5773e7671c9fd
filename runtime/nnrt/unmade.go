package nnrt

import (
	"fmt"
	"unsafe"
)

// Unmade says that a model is the zero value of its type, which a call cannot work with.
func Unmade(call, model string) error {
	return fmt.Errorf("%s: this %s was not made by New%s", call, model, model)
}

// UnmadePredictor says the same of the predictor of a model.
func UnmadePredictor(call, model string) error {
	return fmt.Errorf("%s: this %sPredictor was not made by Load%[2]sPredictor, nor by the Predictor of a %[2]s that New%[2]s made", call, model)
}

// UnmadeGenerator says the same of the generator of a model.
func UnmadeGenerator(call, model string) error {
	return fmt.Errorf("%s: this %sGenerator was not made by the Generator of a %[2]s or %[2]sPredictor", call, model)
}

// Apart returns an error if a call would write to memory that it reads.
func Apart[T, U float32 | int32](call, read string, in []T, written string, out []U) error {
	from, to := uintptr(unsafe.Pointer(unsafe.SliceData(in))), uintptr(unsafe.Pointer(unsafe.SliceData(out)))
	if from < to+4*uintptr(len(out)) && to < from+4*uintptr(len(in)) {
		return overlapError(call, read, written)
	}
	return nil
}

func overlapError(call, read, written string) error {
	return fmt.Errorf("%s: %s and %s share memory: give each its own", call, read, written)
}
