package main

// workersFlag says how many cores a model's program may use. It changes no bit of what the program gives.
type workersFlag struct {
	Workers *int `least:"1" placeholder:"N" json:"workers,omitempty" help:"Cores to compute with, all of them where nothing is said; more than there are change nothing. The results are the same to the bit."`
}
