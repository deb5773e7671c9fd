package data

import (
	"fmt"
	"strings"
)

// Port is one thing that a model takes, gives or is judged by.
type Port struct {
	Name  string
	Shape []int // of one row; empty for a single number
	Int   bool  // elements are int32, else float32
	Limit int   // of an Int port: values lie in [0, Limit); 0 is no limit
	// Constant is the name of the constant of the model's spec that Limit is, for advice; "": none, or nobody knows.
	Constant string
	// Judged is what the losses that compare with a target take it for; of an input, those that compare an output with
	// the input itself, as that of an autoencoder does. nil: no loss compares with it.
	Judged *Judged
}

// Size is the number of elements in one row.
func (p Port) Size() int {
	n := 1
	for _, d := range p.Shape {
		n *= d
	}
	return n
}

// Widen is the advice to give an Int port's spec the limit n.
func (p Port) Widen(n int) string {
	if p.Constant == "" {
		return fmt.Sprintf("write `of %d`", n)
	}
	return Constants([]string{p.Constant}, n)
}

// Constants is the advice to give constants of a model's spec the number n.
func Constants(names []string, n int) string {
	var flags, lines []string
	for _, name := range names {
		flags = append(flags, fmt.Sprintf("--set %s=%d", name, n))
		lines = append(lines, fmt.Sprintf("`const %s = %d`", name, n))
	}
	return fmt.Sprintf("say %s, or write %s in the spec", strings.Join(flags, " "), strings.Join(lines, " and "))
}

// Block is the rows of one port, one after the other: Int of an integer port, else Float.
type Block struct {
	Float []float32
	Int   []int32
}

// Rows returns rows [from, to) of b, which holds size elements per row. The result shares b's memory.
func (b Block) Rows(from, to, size int) Block {
	if b.Int != nil {
		return Block{Int: b.Int[from*size : to*size]}
	}
	return Block{Float: b.Float[from*size : to*size]}
}

// NewBlock returns a block of n zero rows of p.
func NewBlock(p Port, n int) Block {
	if p.Int {
		return Block{Int: make([]int32, n*p.Size())}
	}
	return Block{Float: make([]float32, n*p.Size())}
}
