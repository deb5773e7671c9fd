package train

import (
	"encoding/json"
	"fmt"
	"math"
)

// figure is a number of a report. One that is not finite is undefined: – for people, null in JSON.
type figure float64

func (f figure) String() string {
	if !f.defined() {
		return undefined
	}
	return fmt.Sprintf("%.4f", float64(f))
}

// MarshalJSON writes the number, or null.
func (f figure) MarshalJSON() ([]byte, error) {
	if !f.defined() {
		return []byte("null"), nil
	}
	return json.Marshal(float64(f))
}

func (f figure) defined() bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }

// undefined stands for a value that has none.
const undefined = "–"
