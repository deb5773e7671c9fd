package main

import (
	"errors"
	"fmt"
)

type predictCommand struct {
	Model   string `arg:"" name:"model.nn" help:"The spec that the weights were trained with."`
	Weights string `required:"" placeholder:"FILE" help:"The weights that nnc train saved."`
	mapFlag
	Data []string `sep:"none" placeholder:"FILE" help:"The rows, as for training; a table needs no target column, and images no folders. Of a model that answers questions, these: a file as SQuAD has them, or JSON lines or a table with question and passage."`
	constFlags
	tokenizerFlag
	askingFlags  `group:"Questions about a passage:"`
	columnFlags  `group:"Columns of a table; weights that nnc train saved know theirs:"`
	writingFlags `group:"How a table is written:"`
	imageFlags   `group:"Images:"`
	Keep         []string `type:"columns" placeholder:"COLUMN,..." help:"Columns of the table to carry over in front of the predictions, after those of --id."`
	Proba        bool     `help:"Give the probability of every class, in columns named class by class."`
	Threshold    []string `placeholder:"P" help:"Take flags for their second class where its probability is at least P, such as 0.3; NAME=P for one of several."`
	JSON         bool     `name:"json" help:"Write a JSON object per row instead of a table."`
	Out          string   `placeholder:"FILE" help:"Where the predictions go, instead of standard output."`
	workersFlag
}

// askingFlags are what package train calls Asking.
type askingFlags struct {
	Question string `json:"question,omitempty" placeholder:"TEXT" help:"A question that the text of --passage answers, instead of --data."`
	Passage  string `json:"passage,omitempty" placeholder:"FILE" help:"The file of that text; - is standard input."`
	Best     int    `json:"best,omitempty" least:"1" placeholder:"N" help:"The N best answers to each question, with a rank, instead of the best."`
}

// tokenizerFlag names a vocabulary where weights have none.
type tokenizerFlag struct {
	Tokenizer string `placeholder:"wordpiece:FILE" help:"The vocabulary, such as BERT's vocab.txt, of weights that nnc train did not save; its own have theirs in them."`
}

func (predictCommand) Help() string {
	return "Writes a CSV table with a line per row, or JSON lines, in the data's own units and class names. Of images each line begins with the file. " +
		"Of questions each line is an answer: the text, its score, and where in the passage it starts and ends, in characters (Unicode's code points) and in bytes, the end exclusive.\n\n" +
		"    nnc predict house.nn --weights house.safetensors --data new.csv\n" +
		"    nnc predict house.nn --weights house.safetensors --data - < new.csv\n" +
		"    nnc predict pets.nn --weights pets.safetensors --data photos\n" +
		"    nnc predict qa.nn --weights qa.safetensors --question Who? --passage a.txt"
}

func (c *predictCommand) Run(s *session) error {
	if err := c.check(); err != nil {
		return err
	}
	sp, out, err := s.openTrained(c.Model, c.constFlags, false)
	if err != nil {
		return err
	}
	read, err := c.Data, readableData(c.Data)
	if c.Passage != "" {
		if read, err = []string{c.Passage}, nil; c.Passage != standardInput {
			err = readable(c.Passage, isDataName)
		}
		if err != nil {
			err = fmt.Errorf("--passage names a file, or - for standard input: %w", err)
		}
	}
	inputs := append([]string{c.Weights}, read...)
	if err := errors.Join(readable(c.Weights, isWeightsName), c.readableMap(), err, readableVocabulary(c.Tokenizer), writable("--out", c.Out, sp, inputs)); err != nil {
		return err
	}
	return s.launch(sp, out, job{Command: "predict", Weights: c.Weights, Map: c.Map, Data: c.Data, columnFlags: c.columnFlags, writingFlags: c.writingFlags, imageFlags: c.imageFlags, askingFlags: c.askingFlags, textFlags: textFlags{Tokenizer: c.Tokenizer}, Out: c.Out, Keep: c.Keep, Proba: c.Proba, Thresholds: c.Threshold, JSON: c.JSON, Terminal: takesCharacters(s.stdout), workersFlag: c.workersFlag})
}

// check says what is wrong with flags.
func (c *predictCommand) check() error {
	switch asks := c.Question != "" || c.Passage != ""; {
	case asks && len(c.Data) > 0:
		return errors.New("--question and --passage ask one question, --data many: give the one or the other")
	case asks && c.Passage == "":
		return errors.New("--question: which text answers it? Name its file with --passage, - for standard input")
	case asks && c.Question == "":
		return errors.New("--passage: what is asked about it? Add --question, which must not be empty")
	case !asks && len(c.Data) == 0:
		return errors.New("predict what? Name the rows with --data, or ask one question with --question and --passage")
	}
	return nil
}
