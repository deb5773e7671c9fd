package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/grammar"
)

type sweepCommand struct {
	Models     []string `arg:"" name:"model.nn" help:"The specs to compare."`
	LR         []string `name:"lr" placeholder:"RATES" help:"Learning rates: 0.1,0.01, or with --random a range as 1e-4..1e-1."`
	Batch      []string `placeholder:"ROWS" help:"Rows of a step: 16,32."`
	Epochs     []string `placeholder:"N" help:"How often to see all rows: 10,20."`
	Seed       []string `placeholder:"SEEDS" help:"Seeds: 1,2,3 or 1..3. The rows that are held out are the same for all."`
	Set        []string `sep:"none" placeholder:"NAME=NUMBERS" help:"Numbers for a constant that the specs declare: width=16,32. May be given for several constants."`
	Random     int      `least:"1" placeholder:"N" help:"Draw so many combinations rather than train all."`
	RandomSeed *uint64  `placeholder:"SEED" help:"Of the draws of --random; 0 where nothing is said."`
	By         string   `default:"loss" placeholder:"METRIC" help:"What decides: the held-out loss, or one of ${metrics}; of questions EM or F1; of one of several outputs OUTPUT.METRIC."`
	Save       *string  `placeholder:"FILE" help:"Where the best weights go: otherwise house.safetensors here for house.nn, and what is there is kept as house.1.safetensors; --save= saves none."`
	JSON       bool     `name:"json" help:"Write one JSON object per run and one for the best to standard output."`
	trainingFlags
}

func (sweepCommand) Help() string {
	return "Trains once for every combination of the values given for --lr, --batch, --epochs, --seed and --set, and of the specs; all on the same rows, and judged by " +
		"the same held-out rows, or by the mean of --folds. The best run's weights are saved, the best so far at any time, and its " +
		"command line is printed. Rows of --test are reported of the best run only. " +
		"A run that fails is a line of the table; an interrupt ends the sweep with what there is.\n\n" +
		"    nnc sweep house.nn --data houses.csv --target price --lr 0.1,0.01\n" +
		"    nnc sweep a.nn b.nn --data d.csv --target y --random 9 --lr 1e-4..1e-1"
}

func (c *sweepCommand) Run(s *session) error {
	if err := c.checkAugment(); err != nil {
		return err
	}
	axes, err := c.verify()
	if err != nil {
		return err
	}
	combinations, err := c.combinations(axes)
	if err != nil {
		return err
	}
	var trials []*trial
	for i, row := range combinations {
		t := &trial{number: i + 1, values: row, command: trainCommand{Model: c.Models[0], trainingFlags: c.trainingFlags}}
		for k := range axes {
			if err := axes[k].apply(&t.command, row[k]); err != nil {
				return fmt.Errorf("%s %s: %w", axes[k].flag, row[k], err)
			}
		}
		trials = append(trials, t)
	}
	if len(trials) < c.Random {
		s.note("there are only %d different combinations", len(trials))
	}
	w := &sweeping{session: s, axes: axes, trials: trials, by: c.By, save: c.Save, json: c.JSON, folds: c.Folds, said: map[string]bool{}}
	if err := c.checkModels(w); err != nil {
		return err
	}
	return w.run()
}

// verify checks the flags, and returns the settings that vary.
func (c *sweepCommand) verify() ([]axis, error) {
	switch {
	case c.Random > mostRuns:
		return nil, fmt.Errorf("--random %d: must be at most %d", c.Random, mostRuns)
	case c.RandomSeed != nil && c.Random == 0:
		return nil, errors.New("--random-seed is that of --random: say how many combinations to draw")
	case c.Steps != nil && len(c.Epochs) > 0:
		return nil, errors.New("--steps wins over --epochs: give one of them")
	case c.Folds > 0 && c.Init != "":
		return nil, errors.New("--init and --folds exclude each other: each fold starts anew")
	case c.Folds > 0 && len(c.Test) > 0 && (c.Save == nil || *c.Save == ""):
		return nil, errors.New("--test with --folds judges the model of all rows, which follows where --save names a file: add --save FILE, or leave --test out")
	}
	inputs := slices.Concat(c.Data, c.ValidData)
	if !isPart(c.Test) {
		inputs = append(inputs, c.Test...)
	}
	for _, item := range inputs {
		if item == standardInput || strings.HasSuffix(item, "="+standardInput) {
			return nil, fmt.Errorf("%s: every run reads the data anew, so they must be files", item)
		}
		for _, path := range dataFiles(item) {
			info, err := os.Stat(path)
			if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
				return nil, fmt.Errorf("%s: every run reads the data anew, so they must be files", path)
			}
		}
	}
	if c.Save != nil && *c.Save != "" {
		if info, err := os.Stat(*c.Save); err == nil && !info.IsDir() && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("--save %s: the best weights so far replace one another, so this must be a file", *c.Save)
		}
	}
	if c.By != byLoss && !slices.Contains(answerMetrics, c.By) {
		at := strings.LastIndexByte(c.By, '.') + 1
		metric, err := metricOf(c.By[at:])
		if err != nil {
			return nil, fmt.Errorf("--by: %w", err)
		}
		c.By = c.By[:at] + metric
		if !slices.Contains(c.Metric, metric) {
			c.Metric = append(c.Metric, metric)
		}
	}
	axes, err := c.axes()
	if err == nil && len(axes) == 0 {
		err = errors.New("nothing varies: name values to compare, such as --lr 0.1,0.01")
	}
	return axes, err
}

// answerMetrics are measured wherever questions are held out, whatever --metric says.
var answerMetrics = []string{"EM", "F1"}

// combinations are the values of the axes, run by run.
func (c *sweepCommand) combinations(axes []axis) ([][]string, error) {
	if c.Random == 0 {
		return grid(axes)
	}
	var seed uint64
	if c.RandomSeed != nil {
		seed = *c.RandomSeed
	}
	return drawn(axes, c.Random, seed), nil
}

// checkModels finds what is wrong with the specs and with the files before anything is trained.
func (c *sweepCommand) checkModels(w *sweeping) error {
	var worst error
	losses := map[string]string{}
	for _, m := range c.Models {
		sp, err := w.checkModel(m)
		if err == nil {
			losses[m] = "loss " + lossOf(sp)
			save, _ := (&trainCommand{Model: m, Save: c.Save, trainingFlags: c.trainingFlags}).saves(sp)
			err = c.reachable(save, sp)
		}
		worst = worse(worst, err)
	}
	if worst != nil || c.By != byLoss {
		return worst
	}
	for _, m := range c.Models[1:] {
		if losses[m] != losses[c.Models[0]] {
			return fmt.Errorf("%s and %s have different losses, which cannot be compared: name what decides, such as --by mae or --by accuracy", c.Models[0], m)
		}
	}
	return nil
}

// withSave is the command with that --save.
func (c trainCommand) withSave(save *string) *trainCommand {
	c.Save = save
	return &c
}

// lossOf is what a spec's losses are, as they are written.
func lossOf(sp spec) string {
	file, _ := grammar.Parse(sp.name, sp.text)
	var losses []string
	for _, stmt := range file.Stmts {
		if stmt.Word.Name == "loss" && len(stmt.Args) > 0 {
			span := stmt.Args[0].Span.Join(stmt.Args[len(stmt.Args)-1].Span)
			losses = append(losses, string(sp.text[span.Start.Offset:span.End.Offset]))
		}
	}
	return strings.Join(losses, "; ")
}
