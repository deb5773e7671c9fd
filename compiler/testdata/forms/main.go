// This program times nets in both forms: see TestForms.
package main

import (
	"fmt"
	"math"
	"time"
)

type model interface {
	Train(x, target []float32) (float32, error)
	Predict(x, out []float32) error
}

// net is a layer of in and out elements in both forms.
type net struct {
	name            string
	in, out         int
	called, written model
}

const rows = 32

func main() {
	fmt.Printf("%-24s %26s %26s %26s\n", "nanoseconds", "a step of 32 rows", "a prediction of 1", "a prediction of 32")
	for _, n := range nets {
		x, y, out := make([]float32, rows*n.in), make([]float32, rows*n.out), make([]float32, rows*n.out)
		for i := range x {
			x[i] = float32(math.Sin(float64(i)))
		}
		for i := range y {
			y[i] = float32(math.Cos(float64(i)))
		}
		fmt.Printf("%-24s", n.name)
		for _, work := range []func(m model) float32{
			func(m model) float32 { loss, err := m.Train(x, y); return checked(loss, err) },
			func(m model) float32 { return checked(out[0], m.Predict(x[:n.in], out[:n.out])) },
			func(m model) float32 { return checked(out[0], m.Predict(x, out)) },
		} {
			called, written := math.Inf(1), math.Inf(1)
			for range 300 {
				var a, b float32
				called = min(called, took(func() { a = work(n.called) }))
				written = min(written, took(func() { b = work(n.written) }))
				if math.Abs(float64(a-b)) > 1e-3 {
					fmt.Printf("the forms differ: %v and %v\n", a, b)
				}
			}
			fmt.Printf(" %7.0f / %7.0f = %6.2f", written, called, written/called)
		}
		fmt.Println()
	}
}

// took returns the nanoseconds of one of some calls.
func took(work func()) float64 {
	const times = 100
	start := time.Now()
	for range times {
		work()
	}
	return float64(time.Since(start).Nanoseconds()) / times
}

func checked(x float32, err error) float32 {
	if err != nil {
		panic(err)
	}
	return x
}
