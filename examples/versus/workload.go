package main

import (
	"fmt"
	"slices"
)

// workload is a model with its data, or the products of matrices. A new one is an entry of workloads, the model's
// spec, an entry in each peer (worker.py, _gopeers), and nothing else.
type workload struct {
	id, name string // W2, house
	about    string
	tasks    []task
	batch    int  // rows of a training step
	data     data // inputs and targets
	make     func(cores int) *net
	dropout  func(cores int) *net // the same with dropout, or nil
	slow     bool                 // a step takes a second: fewer losses are compared
}

// task is one thing that is timed: a train, a dropout, which is a train with that, a predict or a product.
type task struct {
	what string
	size int // rows, of a product the matrices' rows, columns and terms
}

func (t task) String() string {
	switch {
	case t.what == "product":
		return fmt.Sprintf("%d³", t.size)
	case t.what == "dropout":
		return fmt.Sprintf("train %d rows, dropout", t.size)
	case t.size == 1:
		return t.what + " 1 row"
	}
	return fmt.Sprintf("%s %d rows", t.what, t.size)
}

// flop is the number of operations of a product.
func (t task) flop() float64 {
	if t.what != "product" {
		return 0
	}
	n := float64(t.size)
	return 2 * n * n * n
}

// steps is the number of first steps whose losses are compared.
func (w *workload) steps() int {
	if w.slow {
		return 3
	}
	return 10
}

const products = "products"

var workloads = []workload{
	{
		id: "W1", name: "seed", about: "10-1, squared error, SGD",
		tasks: []task{{"train", 5}},
		batch: 5,
		data:  data{batches: 16, inputs: 10, fill: plane},
		make:  makeSeed,
	},
	{
		id: "W2", name: "house", about: "13-64-64-1, ReLU, squared error, Adam",
		tasks: []task{{"train", 64}, {"predict", 1}, {"predict", 64}},
		batch: 64,
		data:  data{batches: 16, inputs: 13, fill: waves},
		make:  makeHouse,
	},
	{
		id: "W3", name: "digits", about: "784-128-10, ReLU, cross-entropy, Adam",
		tasks: []task{{"train", 64}, {"predict", 1}, {"predict", 64}},
		batch: 64,
		data:  data{batches: 16, inputs: 784, classes: 10, fill: strokes},
		make:  makeDigits,
	},
	{
		id: "W4", name: "cnn", about: "two convolutions 5×5, batch norm, ReLU, max-pool, linear, cross-entropy, SGD with momentum",
		tasks: []task{{"train", 64}, {"predict", 1}, {"predict", 64}},
		batch: 64,
		data:  data{batches: 16, inputs: 784, classes: 10, fill: strokes},
		make:  makeCNN,
	},
	{
		id: "W5", name: "sentiment", about: "an embedding of 5,000 words in 64, an LSTM of 128 over 80 of them, linear, binary cross-entropy, RMSprop",
		tasks: []task{{"train", 32}, {"predict", 1}, {"predict", 32}},
		batch: 32,
		data:  data{batches: 16, inputs: 80, below: 5000, fill: opinions},
		make:  makeSentiment,
	},
	{
		id: "W6", name: "shakespeare", about: "a GPT of 4 layers, width 128, 4 heads, 64 of 65 letters, cross-entropy, AdamW, clipping by the norm",
		tasks: []task{{"train", 16}, {"predict", 1}, {"predict", 16}},
		batch: 16,
		data:  data{batches: 16, inputs: 64, below: 65, judged: 64, classes: 65, fill: letters},
		make:  makeShakespeare,
	},
	{
		id: "W7", name: "bert", about: "a BERT of 6 layers, width 384, 12 heads, 256 of 30,522 tokens, cross-entropy of an answer's ends, AdamW, clipping by the norm",
		tasks:   []task{{"train", 8}, {"dropout", 8}, {"predict", 1}},
		batch:   8,
		data:    data{batches: 16, inputs: 3 * window, below: 30522, judged: 2, classes: window, fill: questions},
		make:    makeBert,
		dropout: makeBertDropout,
		slow:    true,
	},
	{
		id: "W8", name: products, about: "x·Wᵀ of square matrices",
		tasks: []task{{"product", 64}, {"product", 128}, {"product", 256}, {"product", 512}, {"product", 1024}, {"product", 2048}},
		batch: largest,
		data:  data{batches: 1, inputs: largest, fill: even},
	},
}

// find returns the workload of that name.
func find(name string) (*workload, error) {
	at := slices.IndexFunc(workloads, func(w workload) bool { return w.name == name })
	if at < 0 {
		return nil, fmt.Errorf("there is no workload %q", name)
	}
	return &workloads[at], nil
}
