package onnx

import "fmt"

// The opsets that a file can have. 17 is what every runtime of the last years knows, and enough for most models.
const (
	Lowest  = 17
	Highest = 23
)

// formats are the versions of the file format that came with the opsets from Lowest on.
var formats = [Highest - Lowest + 1]int64{8, 8, 9, 9, 10, 10, 11}

// CheckOpset is an error unless files can have that opset; 0 stands for the lowest that suffices.
func CheckOpset(opset int) error {
	if opset != 0 && (opset < Lowest || opset > Highest) {
		return fmt.Errorf("opset %d: there are %d to %d", opset, Lowest, Highest)
	}
	return nil
}
