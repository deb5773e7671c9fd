package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// course is a training: a model, the batches that it goes through, and its losses.
type course struct {
	model           *Shakespeare
	start           []weights.Tensor // a copy of the parameters as they were
	tokens, targets []int32          // [steps, 16, 64]
	losses          []float32        // of the steps so far, each before its update
	total           uint64
}

// newCourse draws all batches of a training of a new model.
func newCourse(t text, steps int, total uint64) *course {
	size := steps * batch * context
	c := &course{model: NewShakespeare(), tokens: make([]int32, size), targets: make([]int32, size), total: total}
	c.model.SetTotalSteps(total)
	c.start = nnrt.Tensors(c.model.Params(), nil)
	t.batch(rand.New(rand.NewPCG(1, 2)), c.tokens, c.targets)
	return c
}

// step takes one step. They come in order.
func (c *course) step(i int) error {
	const size = batch * context
	loss, err := c.model.Train(c.tokens[i*size:][:size], c.targets[i*size:][:size])
	if err != nil {
		return fmt.Errorf("step %d: %w", i+1, err)
	}
	c.losses = append(c.losses, loss)
	return nil
}

// write writes what compare.py reads: the parameters at the start by name, tokens and targets, and losses.
func (c *course) write(path string) error {
	shape := []int{len(c.tokens) / (batch * context), batch, context}
	f := &weights.File{Tensors: append([]weights.Tensor{
		{Name: "tokens", DType: weights.I64, Shape: shape, I64: wide(c.tokens)},
		{Name: "targets", DType: weights.I64, Shape: shape, I64: wide(c.targets)},
		{Name: "losses", DType: weights.F32, Shape: []int{len(c.losses)}, F32: c.losses},
	}, c.start...), Meta: map[string]string{"total": strconv.FormatUint(c.total, 10)}}
	return weights.Write(path, f)
}

func wide(x []int32) []int64 {
	y := make([]int64, len(x))
	for i, v := range x {
		y[i] = int64(v)
	}
	return y
}
