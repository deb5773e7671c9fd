// Specs trains each of the models beside it for one step on made-up rows, predicts and evaluates, and says what came of it. It
// fails unless all is finite and the step has changed the predictions.
package main

import (
	"fmt"
	"log"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/modeltest"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/train"
)

// rows is the number of rows of a step.
const rows = 2

// models are the models by what the programs behind `nnc train` make them of.
var models []func(options ...nnrt.Option) train.Model

func main() {
	log.SetFlags(0)
	for _, make := range models {
		m := make()
		if err := step(&m); err != nil {
			log.Fatalf("%s: %v", m.Name, err)
		}
	}
}

func step(m *train.Model) error {
	b := &train.Batch{N: rows, Inputs: filled(m.Inputs), Targets: filled(m.Targets)}
	if m.SetTotalSteps != nil {
		m.SetTotalSteps(1000)
	}
	if m.SetEpochSteps != nil {
		m.SetEpochSteps(10)
	}
	before, err := predicted(m, b)
	if err != nil {
		return err
	}
	if m.Train == nil {
		fmt.Println(m.Name, "predicts")
		return nil
	}
	loss, err := m.Train(b)
	if err != nil || loss-loss != 0 {
		return fmt.Errorf("a loss of %v: %v", loss, err)
	}
	after, err := predicted(m, b)
	if err != nil {
		return err
	}
	losses := make([]nnrt.Mean, len(m.Losses))
	if err := m.Evaluate(b, after, losses); err != nil {
		return err
	}
	for i := range before {
		if slices.Equal(before[i], after[i]) {
			return fmt.Errorf("the step has not changed %s", m.Outputs[i].Name)
		}
	}
	fmt.Printf("%s: a loss of %v\n", m.Name, loss)
	return nil
}

// filled makes rows of made-up values that suit the ports.
func filled(ports []data.Port) []data.Block {
	blocks := make([]data.Block, len(ports))
	for i, p := range ports {
		if n := rows * p.Size(); p.Int {
			blocks[i].Int = modeltest.Classes(p.Name, n, p.Limit)
		} else {
			blocks[i].Float = modeltest.Floats(p.Name, n)
		}
		if p.Judged != nil && (p.Judged.Kind == data.Flag || p.Judged.Kind == data.Count) {
			for k, v := range blocks[i].Float {
				if blocks[i].Float[k] = 0; v > 0 {
					blocks[i].Float[k] = 1
				}
			}
		}
	}
	return blocks
}

// predicted is what the model predicts, all of it finite.
func predicted(m *train.Model, b *train.Batch) ([][]float32, error) {
	out := make([][]float32, len(m.Outputs))
	for i, p := range m.Outputs {
		out[i] = make([]float32, b.N*p.Size())
	}
	if err := m.Predict(b, out); err != nil {
		return nil, err
	}
	for i, values := range out {
		for _, v := range values {
			if v-v != 0 {
				return nil, fmt.Errorf("a prediction of %v for %s", v, m.Outputs[i].Name)
			}
		}
	}
	return out, nil
}
