// Seed is the smallest training step there is: a linear layer of ten inputs and one output, a squared error, a step
// of gradient descent. It is PyTorch's
//
//	model     = nn.Linear(10, 1)
//	criterion = nn.MSELoss()
//	optimizer = optim.SGD(model.parameters(), lr=0.01)
//
//	optimizer.zero_grad()
//	outputs = model(inputs)             # 5 random samples
//	loss    = criterion(outputs, labels)
//	loss.backward()
//	optimizer.step()
//
// in Go. What comes in is nothing, what goes out is the account of the step on standard output.
package main

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test seed.nn

func main() {
	log.SetFlags(0)
	if err := run(os.Stdout); err != nil {
		log.Fatal("seed: ", err)
	}
}

const samples = 5

// run does one step in its four parts, a hundred more in one call each, and tells what happens.
func run(w io.Writer) error {
	model := NewSeed()
	inputs, labels := normal(1, samples*10), normal(2, samples)

	outputs, err := model.Forward(inputs) // outputs = model(inputs)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "outputs               %+.4f\n", outputs)

	before, err := model.Loss(labels) // loss = criterion(outputs, labels)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "loss                  %.4f\n", before)

	if err := model.Backward(); err != nil { // optimizer.zero_grad(), loss.backward()
		return err
	}
	for _, p := range model.Params() {
		grad := make([]float32, p.Len())
		if err := p.Grad(grad); err != nil {
			return err
		}
		fmt.Fprintf(w, "∂loss/∂%-14s %+.4f\n", p.Name, grad)
	}

	if err := model.Step(); err != nil { // optimizer.step()
		return err
	}
	// Train is the four calls in one. It returns the loss before its own step.
	after, err := model.Train(inputs, labels)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "loss after one step   %.4f\n", after)
	for range 99 {
		if after, err = model.Train(inputs, labels); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "loss after 100 steps  %.4f\n", after)
	return nil
}

// normal returns n numbers from the standard normal distribution, as torch.randn does.
func normal(seed uint64, n int) []float32 {
	random := rand.New(rand.NewPCG(seed, 0))
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(random.NormFloat64())
	}
	return x
}
