package main

import (
	"errors"
	"os"

	"github.com/nnc-lang/nnc/runtime/weights"
)

type evalCommand struct {
	Model   string `arg:"" name:"model.nn" help:"The spec that the weights were trained with."`
	Weights string `required:"" placeholder:"FILE" help:"The weights that nnc train saved."`
	mapFlag
	Data []string `required:"" sep:"none" placeholder:"FILE" help:"The rows with their targets, as for training; of a model that answers questions, a file of them as SQuAD has it."`
	constFlags
	tokenizerFlag
	columnFlags  `group:"Columns of a table; weights that nnc train saved know theirs:"`
	targetFlags  `group:"Columns of a table; weights that nnc train saved know theirs:"`
	writingFlags `group:"How a table is written:"`
	imageFlags   `group:"Images:"`
	Weight       string   `group:"Columns of a table; weights that nnc train saved know theirs:" placeholder:"COLUMN" help:"A column of how much each row counts in the losses, 0 or more."`
	Metric       []string `type:"metrics" placeholder:"NAME,..." help:"What to measure: ${metrics}."`
	Threshold    []string `placeholder:"P" help:"Take flags for their second class where its probability is at least P, such as 0.3; NAME=P for one of several."`
	Importance   bool     `help:"Also measure which columns, or which inputs of arrays, the model depends on."`
	Repeats      *int     `least:"1" placeholder:"N" help:"How often --importance permutes each column; 5 where nothing is said."`
	Seed         *uint64  `help:"Of the permutations of --importance, instead of the spec's."`
	JSON         bool     `name:"json" help:"Write one JSON object to standard output."`
	workersFlag
}

func (evalCommand) Help() string {
	return "Writes the loss and the metrics; of classes also precision, recall and the confusion matrix; of answers to questions EM and F1 in percent, as SQuAD 1.1 measures them. " +
		"With --importance each column in turn has its values put into other rows: the more the loss rises by that, the more the model depends on the column.\n\n" +
		"    nnc eval house.nn --weights house.safetensors --data test.csv --target price\n" +
		"    nnc eval house.nn --weights house.safetensors --data test.csv --importance"
}

func (c *evalCommand) Run(s *session) error {
	repeats, err := c.repeats()
	if err != nil {
		return err
	}
	sp, out, err := s.openTrained(c.Model, c.constFlags, c.Weight != "" || trainedByClassWeights(c.Weights))
	if err != nil {
		return err
	}
	if !out.Trains {
		return problem("%s: there is nothing to measure: the spec has no loss, such as `loss mse`", sp.name)
	}
	if err := errors.Join(readable(c.Weights, isWeightsName), c.readableMap(), readableData(c.Data), readableVocabulary(c.Tokenizer)); err != nil {
		return err
	}
	return s.launch(sp, out, job{
		Command: "eval", Weights: c.Weights, Map: c.Map, Data: c.Data, columnFlags: c.columnFlags, writingFlags: c.writingFlags, imageFlags: c.imageFlags, targetFlags: c.targetFlags, textFlags: textFlags{Tokenizer: c.Tokenizer},
		Weight: c.Weight, Metrics: c.Metric, Thresholds: c.Threshold, Importance: repeats, Seed: c.Seed, JSON: c.JSON, workersFlag: c.workersFlag,
	})
}

// classWeightsKey is where a weight file says how much rows of each class counted in training, which package train
// writes and reads.
const classWeightsKey = "nnc.class_weights"

// trainedByClassWeights reports whether a weight file says that. What is wrong with the file the program says; what comes
// through a pipe is left to it too.
func trainedByClassWeights(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	meta, _ := weights.ReadMeta(path)
	return meta[classWeightsKey] != ""
}

// usualRepeats is how often a column is permuted where nothing is said, as scikit-learn has it.
const usualRepeats = 5

// repeats is how often to permute each column, 0 where nobody asks for it.
func (c *evalCommand) repeats() (int, error) {
	switch {
	case !c.Importance && c.Repeats != nil:
		return 0, errors.New("--repeats says how often --importance permutes: add --importance")
	case !c.Importance && c.Seed != nil:
		return 0, errors.New("--seed is that of the permutations: add --importance")
	case !c.Importance:
		return 0, nil
	case c.Repeats == nil:
		return usualRepeats, nil
	}
	return *c.Repeats, nil
}
