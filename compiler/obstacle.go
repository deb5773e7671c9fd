package compiler

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/autodiff"
)

// Obstacle is why a model does not compute one position of a sequence after the other.
type Obstacle struct {
	File      string
	Line, Col int // of what makes it so
	Why       string
	Mixes     bool // that is a layer in which positions depend on others, not what the model takes and makes
}

// String is "model.nn:4:1: why".
func (o *Obstacle) String() string { return fmt.Sprintf("%s:%d:%d: %s", o.File, o.Line, o.Col, o.Why) }

// obstacleIn is the obstacle in the spec of that file.
func obstacleIn(file string, o *autodiff.Obstacle) *Obstacle {
	if o == nil {
		return nil
	}
	return &Obstacle{File: file, Line: o.Pos.Line, Col: o.Pos.Col, Why: o.Why, Mixes: o.Mixes}
}
