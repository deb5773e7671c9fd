package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
	"github.com/nnc-lang/nnc/runtime/augment"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

type trainCommand struct {
	Model string `arg:"" name:"model.nn" help:"The spec."`
	trainingFlags
	constFlags
	Epochs *int     `least:"1" placeholder:"N" help:"How often to see all rows, instead of the spec's."`
	Batch  *int     `least:"1" placeholder:"ROWS" help:"Rows of a step, instead of the spec's."`
	LR     *float64 `name:"lr" placeholder:"RATE" help:"The learning rate, instead of the spec's."`
	Seed   *uint64  `help:"Of the initial weights, the masks and the order of rows, instead of the spec's."`
	Save   *string  `placeholder:"FILE" help:"Where the weights go: otherwise house.safetensors here for house.nn, and what is there is kept as house.1.safetensors; --save= saves none."`
	Quiet  bool     `help:"Show the result and what is wrong, and nothing else: no epochs, no remarks."`
	JSON   bool     `name:"json" help:"Write one JSON object per epoch and one at the end to standard output."`
}

// trainingFlags are what one training and a sweep of several have in common.
type trainingFlags struct {
	Data         []string `required:"" sep:"none" placeholder:"FILE" help:"The data: CSV, JSON lines, NPY, NPZ or IDX, a text that the model learns to continue, questions about passages in the JSON of SQuAD, or a folder of images with a folder for each class; - is standard input; name=FILE binds arrays and images to an input or a target. Several tables, texts or folders are read as one."`
	columnFlags  `group:"Columns of a table:"`
	targetFlags  `group:"Columns of a table:"`
	kindFlags    `group:"Columns of a table:"`
	writingFlags `group:"How a table is written:"`
	textFlags    `group:"Texts:"`
	imageFlags   `group:"Images:"`
	Window       int      `least:"1" group:"Time series:" placeholder:"ROWS" help:"So many rows of a table in order are a row of the model, which forecasts the target after them."`
	Horizon      int      `least:"1" group:"Time series:" placeholder:"ROWS" help:"How many rows after the last of a window the target is; the next where nothing is said. Where the model gives several values, the rows from there on."`
	Augment      string   `group:"Images:" placeholder:"TERMS" help:"What to do to the images in each epoch of training, such as shift=2,flip: flip, vflip, rotate=DEGREES, shift=PIXELS, brightness=PART, cutout=PIXELS."`
	Steps        *int     `least:"1" placeholder:"N" help:"Steps in total; wins over epochs."`
	Patience     *int     `least:"1" placeholder:"N" help:"Stop after N epochs in a row without a smaller held-out loss."`
	Init         string   `placeholder:"FILE" help:"Weights to start from. The statistics of their data are used, and their classes."`
	Rescale      bool     `help:"With --init, take new statistics of these rows."`
	InitOnly     []string `placeholder:"PATTERN" help:"With --init, take over only the tensors of these names, such as 'stem.*'; the others start anew, and with them the target."`
	mapFlag
	Balance bool `help:"Draw the rows of each class equally often in training; probabilities shift towards rare classes."`

	ClassWeights string `enum:"balanced," default:"" placeholder:"HOW" help:"How much rows count in the loss: balanced lets rare classes count for as much as frequent ones."`
	Group        string `group:"Rows to hold out:" placeholder:"COLUMN" help:"A column whose rows of one value are held out together, or with --window are a series of their own. It is no feature."`
	Weight       string `group:"Columns of a table:" placeholder:"COLUMN" help:"A column of how much each row counts in the losses, 0 or more. It is no feature."`

	Last      bool     `help:"Save the last weights rather than those of the epoch with the smallest held-out loss."`
	Shuffle   bool     `default:"true" help:"Take the rows in a new order each epoch; --shuffle=false keeps the file's."`
	Scale     string   `enum:"standard,none," default:"" placeholder:"HOW" help:"Scaling of numbers: standard (the default) or none."`
	Valid     string   `group:"Rows to hold out:" xor:"valid" placeholder:"ROWS" help:"Rows to hold out: a part such as 0.1, last:N, or 0. Otherwise 0.1 of 50 rows or more."`
	ValidData []string `group:"Rows to hold out:" xor:"valid" sep:"none" placeholder:"FILE" help:"A file, or a folder of images, of rows to hold out."`
	Test      []string `group:"Rows to hold out:" sep:"none" placeholder:"ROWS" help:"Rows that neither train nor choose the weights, to report on: a part such as 0.2, last:N, or a file."`
	SplitSeed *uint64  `group:"Rows to hold out:" placeholder:"SEED" help:"Of the rows that are held out. Otherwise they are the same for every --seed."`
	Folds     int      `least:"2" group:"Rows to hold out:" placeholder:"K" help:"Train K times, each time holding another part out; a model of all rows follows if --save names a file."`
	Metric    []string `type:"metrics" placeholder:"NAME,..." help:"What to measure on held-out rows, instead of the spec's: ${metrics}."`
	workersFlag
}

func (trainCommand) Help() string {
	return "The model is compiled, built with the Go toolchain, and run on the data. " +
		"With held-out rows the weights saved are those of the epoch with the smallest held-out loss. " +
		"An interrupt ends the training after the step at hand, and saves the best so far. " +
		"A schedule runs over all the steps of this training.\n\n" +
		"    nnc train house.nn --data houses.csv --target price\n" +
		"    nnc train house.nn --data houses.csv --target price --test 0.2 --epochs 40\n" +
		"    nnc train house.nn --data houses.csv --target price --folds 5\n" +
		"    nnc train digits.nn --data images.idx.gz --data target=labels.idx.gz\n" +
		"    nnc train load.nn --data load.csv --target load --window 24\n" +
		"    nnc train pets.nn --data photos --augment shift=2,flip\n" +
		"    nnc train shakespeare.nn --data shakespeare.txt\n" +
		"    nnc train bert-qa.nn --data questions.json --tokenizer wordpiece:vocab.txt"
}

func (c *trainCommand) Run(s *session) error {
	s.quiet = c.Quiet
	sp, out, list, err := c.compile(s)
	if err != nil {
		return err
	}
	if err := s.judge(sp, list, nil); err != nil {
		return err
	}
	if !out.Trains {
		return nothingToTrain(sp)
	}
	if err := c.checkAugment(); err != nil {
		return err
	}
	save, keep := c.saves(sp)
	if err := c.reachable(save, sp); err != nil {
		return err
	}
	return s.launch(sp, out, c.job(save, keep))
}

// reachable says whether all files can be read, and that of the weights be written.
func (f *trainingFlags) reachable(save string, sp spec) error {
	inputs := append(append([]string{}, f.Data...), f.ValidData...)
	if !isPart(f.Test) {
		inputs = append(inputs, f.Test...)
	}
	return errors.Join(readableData(inputs), readableVocabulary(f.Tokenizer), readable(f.Init, isWeightsName), f.readableMap(), writable("--save", save, sp, inputs))
}

// checkAugment says what is wrong with --augment, before any slow work begins.
func (f *trainingFlags) checkAugment() error {
	if f.Augment == "" {
		return nil
	}
	if _, err := augment.Parse(f.Augment); err != nil {
		return fmt.Errorf("--augment %s: %w", shellWord(f.Augment), err)
	}
	return nil
}

// nothingToTrain is the error of a spec that has no training half.
func nothingToTrain(sp spec) error {
	return problem("%s: there is nothing to train: the spec has no loss, such as `loss mse`, and no optimiser, such as `adam 0.001`", sp.name)
}

// job is the training, which saves its weights there.
func (c *trainCommand) job(save string, keepEarlier bool) job {
	return job{
		Command: "train",
		Data:    c.Data, columnFlags: c.columnFlags, writingFlags: c.writingFlags, targetFlags: c.targetFlags, kindFlags: c.kindFlags, textFlags: c.textFlags, imageFlags: c.imageFlags, Augment: c.Augment, Scale: c.Scale, Window: c.Window, Horizon: c.Horizon,
		Epochs: c.Epochs, Steps: c.Steps, Batch: c.Batch, LR: c.LR, Seed: c.Seed, Shuffle: &c.Shuffle,
		Valid: c.Valid, ValidData: c.ValidData, Test: c.Test, SplitSeed: c.SplitSeed, Folds: c.Folds,
		Balance: c.Balance, ClassWeights: c.ClassWeights, Group: c.Group, Weight: c.Weight,
		Patience: c.Patience, Last: c.Last, Metrics: c.Metric,
		Init: c.Init, InitOnly: c.InitOnly, Map: c.Map, Rescale: c.Rescale, Save: save, KeepEarlier: keepEarlier, Quiet: c.Quiet, JSON: c.JSON,
		workersFlag: c.workersFlag,
	}
}

// compile compiles the model for as many rows of a step as the spec says, or as --batch says where that is more: fewer
// need no other program.
func (c *trainCommand) compile(s *session) (spec, *compiler.Output, diag.List, error) {
	sp, err := s.openModel(c.Model, c.constFlags)
	if err != nil {
		return sp, nil, nil, err
	}
	weighs := c.ClassWeights != "" || c.Weight != ""
	o := s.options(compiler.Options{Package: "main", Program: true, Model: sp.model, RowWeights: weighs})
	out, list, err := compiler.Compile(sp.name, sp.text, o)
	if c.Batch != nil && (out == nil || *c.Batch > out.Batch) {
		o.Batch = *c.Batch
		out, list, err = compiler.Compile(sp.name, sp.text, o)
	}
	return sp, out, list, err
}

// saves is where the weights go, and whether what is there gets another name: it does where no flag says where. Folds
// save only where one does.
func (c *trainCommand) saves(sp spec) (path string, keep bool) {
	switch {
	case c.Save != nil:
		return *c.Save, false
	case c.Folds > 0:
		return "", false
	}
	return strings.TrimSuffix(filepath.Base(sp.file), ".nn") + ".safetensors", true
}

// isPart reports whether --test names a part of the data rather than files.
func isPart(test []string) bool {
	return len(test) == 1 && dataset.IsPart(test[0])
}

// openModel reads the spec of a model that is to be run, with other numbers for its constants. Standard input is left to
// the model.
func (s *session) openModel(arg string, set constFlags) (spec, error) {
	sp, err := s.openFile(arg)
	if err == nil {
		err = set.apply(s, &sp)
	}
	return sp, err
}

// openFile reads a spec as it stands in its file.
func (s *session) openFile(arg string) (spec, error) {
	if arg == standardInput {
		return spec{}, errors.New("the spec must be a file")
	}
	return s.open(arg)
}
