package main

import (
	"errors"
)

type evalCommand struct {
	Model     string   `arg:"" name:"model.nn" help:"The spec that the weights were trained with."`
	Weights   string   `required:"" placeholder:"FILE" help:"The weights that nnc train saved."`
	Data      []string `required:"" sep:"none" placeholder:"FILE" help:"The rows with their targets, as for training."`
	Target    []string `placeholder:"COLUMN" help:"The columns that hold the truth, separated by commas; not needed where the weights know them."`
	Metric    []string `enum:"accuracy,mae,rmse,r2" placeholder:"NAME" help:"What to measure: ${enum}."`
	Threshold []string `placeholder:"P" help:"Take flags for their second class where its probability is at least P, such as 0.3; NAME=P for one of several."`
	JSON      bool     `name:"json" help:"Write one JSON object to standard output."`
}

func (evalCommand) Help() string {
	return "Writes the loss and the metrics; of classes also precision, recall and the confusion matrix.\n\n" +
		"    nnc eval house.nn --weights house.safetensors --data test.csv --target price"
}

func (c *evalCommand) Run(s *session) error {
	sp, out, err := s.openTrained(c.Model)
	if err != nil {
		return err
	}
	if !out.Trains {
		return problem("%s: there is nothing to measure: the spec has no loss, such as `loss mse`", sp.name)
	}
	if err := errors.Join(readable(c.Weights), readableData(c.Data)); err != nil {
		return err
	}
	return s.launch(sp, out, job{
		Command: "eval", Weights: c.Weights, Data: c.Data, Target: c.Target, Metrics: c.Metric, Thresholds: c.Threshold, JSON: c.JSON,
	})
}
