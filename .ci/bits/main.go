// Bits trains models that use every word of the language and prints what all their bits come to. The answer must be
// the same on every platform.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"math"

	"github.com/nnc-lang/nnc/runtime/modeltest"
)

// model is what the generated models have in common, but for the kind of their target.
type model interface {
	SaveTo(io.Writer) error
	Predict(x, out []float32) error
}

const (
	rows  = 24
	steps = 200
)

func main() {
	log.SetFlags(0)
	scores, answer, amounts, curve := NewScores(), NewAnswer(), NewAmounts(), NewCurve()
	classes := modeltest.Classes("classes", rows, 10)
	yes := make([]float32, rows)
	for i, c := range modeltest.Classes("yes", rows, 2) {
		yes[i] = float32(c)
	}
	report("scores", scores, 40, 10, func(x []float32) (float32, error) { return scores.Train(x, classes) })
	report("answer", answer, 3, 1, func(x []float32) (float32, error) { return answer.Train(x, yes) })
	report("amounts", amounts, 5, 2, func(x []float32) (float32, error) {
		return amounts.Train(x, modeltest.Floats("amounts", 2*rows))
	})
	report("curve", curve, 1, 1, func(x []float32) (float32, error) {
		return curve.Train(x, modeltest.Floats("curve", rows))
	})
}

// report trains a model of in inputs and out outputs and prints a hash of its losses, parameters and predictions.
func report(name string, m model, in, out int, train func(x []float32) (float32, error)) {
	x := modeltest.Floats(name, in*rows)
	var all bytes.Buffer
	var last float32
	for range steps {
		loss, err := train(x)
		if err != nil {
			log.Fatal(err)
		}
		last = loss
		fmt.Fprintf(&all, "%08x\n", math.Float32bits(loss))
	}
	if err := m.SaveTo(&all); err != nil {
		log.Fatal(err)
	}
	y := make([]float32, out*rows)
	if err := m.Predict(x, y); err != nil {
		log.Fatal(err)
	}
	for _, v := range y {
		fmt.Fprintf(&all, "%08x\n", math.Float32bits(v))
	}
	fmt.Printf("%s %.4f %x\n", name, last, sha256.Sum256(all.Bytes()))
}
