package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
)

type trainCommand struct {
	Model     string   `arg:"" name:"model.nn" help:"The spec."`
	Data      []string `required:"" sep:"none" placeholder:"FILE" help:"The data: CSV, NPY, NPZ or IDX; name=FILE binds arrays to an input or a target."`
	Target    []string `placeholder:"COLUMN" help:"The columns to learn, separated by commas."`
	Features  []string `placeholder:"COLUMN" help:"The columns to learn from; otherwise all others. INPUT=COLUMN begins those of one of several inputs."`
	Drop      []string `placeholder:"COLUMN" help:"Columns to leave out."`
	Epochs    *int     `help:"How often to see all rows, instead of the spec's."`
	Steps     *int     `help:"Steps in total; wins over epochs."`
	Batch     *int     `help:"Rows of a step, instead of the spec's."`
	Seed      *uint64  `help:"Of the initial weights, the order of rows and the split, instead of the spec's."`
	Init      string   `placeholder:"FILE" help:"Weights to start from."`
	Save      *string  `placeholder:"FILE" help:"Where the weights go: otherwise house.safetensors here for house.nn; --save= saves none."`
	Shuffle   bool     `default:"true" help:"Take the rows in a new order each epoch; --shuffle=false keeps the file's."`
	Scale     string   `enum:"standard,none," default:"" placeholder:"HOW" help:"Scaling of numbers: standard (the default) or none."`
	Valid     string   `xor:"valid" placeholder:"ROWS" help:"Rows to hold out: a part such as 0.1, last:N, or 0. Otherwise 0.1 of 50 rows or more."`
	ValidData []string `xor:"valid" sep:"none" placeholder:"FILE" help:"A file of rows to hold out."`
	Metric    []string `enum:"accuracy,mae,rmse,r2" placeholder:"NAME" help:"What to measure on held-out rows, instead of the spec's: ${enum}."`
	JSON      bool     `name:"json" help:"Write one JSON object per epoch and one at the end to standard output."`
}

func (trainCommand) Help() string {
	return "The model is compiled, built with the Go toolchain, and run on the data. " +
		"An interrupt ends the training after the step at hand, and saves. " +
		"A schedule runs over all the steps of this training.\n\n" +
		"    nnc train house.nn --data houses.csv --target price --epochs 20"
}

func (c *trainCommand) Run(s *session) error {
	batch, err := batchOf(c.Batch)
	switch {
	case err != nil:
		return err
	case c.Epochs != nil && *c.Epochs < 1:
		return fmt.Errorf("--epochs %d: must be at least 1", *c.Epochs)
	case c.Steps != nil && *c.Steps < 1:
		return fmt.Errorf("--steps %d: must be at least 1", *c.Steps)
	}
	sp, out, err := s.openProgram(c.Model, compiler.Options{Batch: batch})
	if err != nil {
		return err
	}
	if !out.Trains {
		return problem("%s: there is nothing to train: the spec has no loss, such as `loss mse`, and no optimiser, such as `adam 0.001`", sp.name)
	}
	save := strings.TrimSuffix(filepath.Base(sp.file), ".nn") + ".safetensors"
	if c.Save != nil {
		save = *c.Save
	}
	inputs := append(append([]string{}, c.Data...), c.ValidData...)
	if err := errors.Join(readableData(inputs), readable(c.Init), writable("--save", save, sp, inputs)); err != nil {
		return err
	}
	return s.launch(sp, out, job{
		Command: "train",
		Data:    c.Data, Target: c.Target, Features: c.Features, Drop: c.Drop, Scale: c.Scale,
		Epochs: c.Epochs, Steps: c.Steps, Seed: c.Seed, Shuffle: &c.Shuffle,
		Valid: c.Valid, ValidData: c.ValidData, Metrics: c.Metric,
		Init: c.Init, Save: save, JSON: c.JSON,
	})
}

// openModel reads the spec of a model that is to be run. Standard input is left to the model.
func (s *session) openModel(arg string) (spec, error) {
	if arg == standardInput {
		return spec{}, errors.New("the spec must be a file")
	}
	return s.open(arg)
}
