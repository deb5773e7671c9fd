package main

import (
	"errors"
)

type predictCommand struct {
	Model   string `arg:"" name:"model.nn" help:"The spec that the weights were trained with."`
	Weights string `required:"" placeholder:"FILE" help:"The weights that nnc train saved."`
	mapFlag
	Data []string `required:"" sep:"none" placeholder:"FILE" help:"The rows, as for training; a table needs no target column, and images no folders."`
	constFlags
	columnFlags  `group:"Columns of a table; weights that nnc train saved know theirs:"`
	writingFlags `group:"How a table is written:"`
	imageFlags   `group:"Images:"`
	Keep         []string `type:"columns" placeholder:"COLUMN,..." help:"Columns of the table to carry over in front of the predictions, behind those of --id."`
	Proba        bool     `help:"Give the probability of every class, in columns named class by class."`
	Threshold    []string `placeholder:"P" help:"Take flags for their second class where its probability is at least P, such as 0.3; NAME=P for one of several."`
	JSON         bool     `name:"json" help:"Write a JSON object per row instead of a table."`
	Out          string   `placeholder:"FILE" help:"Where the predictions go, instead of standard output."`
	workersFlag
}

func (predictCommand) Help() string {
	return "Writes a CSV table with a line per row, or JSON lines, in the data's own units and class names. Of images each line begins with the file.\n\n" +
		"    nnc predict house.nn --weights house.safetensors --data new.csv\n" +
		"    nnc predict house.nn --weights house.safetensors --data - < new.csv\n" +
		"    nnc predict pets.nn --weights pets.safetensors --data photos"
}

func (c *predictCommand) Run(s *session) error {
	sp, out, err := s.openTrained(c.Model, c.constFlags, false)
	if err != nil {
		return err
	}
	inputs := append([]string{c.Weights}, c.Data...)
	if err := errors.Join(readable(c.Weights, isWeightsName), c.readableMap(), readableData(c.Data), writable("--out", c.Out, sp, inputs)); err != nil {
		return err
	}
	return s.launch(sp, out, job{Command: "predict", Weights: c.Weights, Map: c.Map, Data: c.Data, columnFlags: c.columnFlags, writingFlags: c.writingFlags, imageFlags: c.imageFlags, Out: c.Out, Keep: c.Keep, Proba: c.Proba, Thresholds: c.Threshold, JSON: c.JSON, Terminal: takesCharacters(s.stdout), workersFlag: c.workersFlag})
}
