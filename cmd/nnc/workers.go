package main

import "fmt"

// workersFlag says how many cores a model's program may use. It changes no bit of what the program gives.
type workersFlag struct {
	Workers *int `placeholder:"N" json:"workers,omitempty" help:"Cores to compute with, all of them where nothing is said. The results are the same to the bit."`
}

func (f workersFlag) verify() error {
	if f.Workers != nil && *f.Workers < 1 {
		return fmt.Errorf("--workers %d: must be at least 1", *f.Workers)
	}
	return nil
}
