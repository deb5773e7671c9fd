package train

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"

	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/rawtext"
)

// Tables is what a job says of tables.
type Tables = dataset.Tables

// Job is what a run shall do. Its JSON form is the contract with the command that starts it; a field that the
// command does not know to set is left out.
type Job struct {
	Command string `json:"command"` // train, predict, eval or generate

	// The data: "file", or "name=file" for one input or target.
	Data []string `json:"data"`
	Tables
	Scale string `json:"scale,omitempty"` // "standard" (also "") or "none"

	Window  int `json:"window,omitempty"`  // rows of a table in order that make a row of the model; 0: each is one
	Horizon int `json:"horizon,omitempty"` // rows from a window's last to the first that is forecast; 0 is 1

	SkipUnreadable bool   `json:"skip_unreadable,omitempty"` // leave images out that cannot be read
	Augment        string `json:"augment,omitempty"`         // what happens to the images that train, see augment.Parse; "": nothing

	// Training.
	Epochs    *int     `json:"epochs,omitempty"`     // absent: the model's
	Steps     *int     `json:"steps,omitempty"`      // in total; overrides epochs. Absent: the model's
	Batch     *int     `json:"batch,omitempty"`      // rows of a step, up to the model's. Absent: the model's
	LR        *float64 `json:"lr,omitempty"`         // absent: the model's
	Seed      *uint64  `json:"seed,omitempty"`       // of the model, shuffling, permutations and generated text. Absent: the model's
	Shuffle   *bool    `json:"shuffle,omitempty"`    // absent: true
	Valid     string   `json:"valid,omitempty"`      // "0.1", "last:500", "0"; "" is 0.1 of 50 rows or more, else 0
	ValidData []string `json:"valid_data,omitempty"` // held-out rows, as Data; excludes Valid
	Test      []string `json:"test,omitempty"`       // rows that neither train nor choose: a part as Valid, or files as Data
	SplitSeed *uint64  `json:"split_seed,omitempty"` // of the rows that are held out. Absent: 0, so that seeds share them
	Sweep     bool     `json:"sweep,omitempty"`      // one of several trainings to compare: rows must be held out, a line says that it begins, epochs have no lines for people
	Folds     int      `json:"folds,omitempty"`      // hold out each of so many parts in turn; 0: one training
	Patience  *int     `json:"patience,omitempty"`   // epochs without a smaller held-out loss that end the training. Absent: the model's
	Balance   bool     `json:"balance,omitempty"`    // draw the rows of each class equally often
	Last      bool     `json:"last,omitempty"`       // keep the last weights, not the best
	Metrics   []string `json:"metrics,omitempty"`    // by their names, one that takes a number as top:3; none: the model's, else the usual ones of its losses
	Init      string   `json:"init,omitempty"`       // weight file to start from
	InitOnly  []string `json:"init_only,omitempty"`  // patterns of the tensors that are taken over from there; none: all
	Map       string   `json:"map,omitempty"`        // map file: what the tensors of Init, or of Weights, are called here
	Rescale   bool     `json:"rescale,omitempty"`    // take new statistics, not those of Init
	Save      string   `json:"save,omitempty"`       // weight file to write; "" writes none

	ClassWeights string `json:"class_weights,omitempty"` // "balanced": losses weigh rows against how often their class occurs
	Group        string `json:"group,omitempty"`         // a column of a table whose rows of one value are held out together
	Weight       string `json:"weight,omitempty"`        // a column of a table with the weights of rows in the losses

	KeepEarlier bool `json:"keep_earlier,omitempty"` // what stands at Save gets another name

	// Prediction and evaluation.
	Weights string `json:"weights,omitempty"` // weight file to use
	Out     string `json:"out,omitempty"`     // predictions' file; "" is standard output
	Proba   bool   `json:"proba,omitempty"`   // predict the probability of every class
	// Keep are columns of a table whose cells stand in front of the predictions, behind those of ID.
	Keep []string `json:"keep,omitempty"`
	// Thresholds are the least probabilities of the second class from which on flags are of it: "0.3" of all, "name=0.3"
	// of an output, a target or a column.
	Thresholds []string `json:"thresholds,omitempty"`
	Importance int      `json:"importance,omitempty"` // how often to permute each feature of an evaluation; 0: not at all

	Generation
	Asking

	// Obstacle is what keeps the model from computing one position of a sequence after the other, with the place in its
	// spec; "": nothing, or nobody knows.
	Obstacle string `json:"obstacle,omitempty"`

	// Limits are the constants of the spec that are the Limit of an input or a target, by its name.
	Limits map[string]string `json:"limits,omitempty"`

	Workers *int `json:"workers,omitempty"` // cores to compute with. Absent: all that the process may use

	// The account.
	Quiet    bool   `json:"quiet,omitempty"`    // results and errors only
	JSON     bool   `json:"json,omitempty"`     // the account, an evaluation or predictions as one JSON object per line
	Terminal bool   `json:"terminal,omitempty"` // standard output is one: predictions go there without control characters of the data
	Progress string `json:"progress,omitempty"` // "line": one living line on a terminal; "plain" (also ""): a line per epoch
	Width    int    `json:"width,omitempty"`    // of a terminal that does not say it, in columns; 0 is 80
	Color    bool   `json:"color,omitempty"`    // of the living line
}

// maxJob bounds the text of a job.
const maxJob = 64 << 20

// OpenJob reads the job of a process's argument: its JSON, or @ and the name of the file that holds it, since
// systems bound how long an argument may be.
func OpenJob(arg string) (Job, error) {
	path, long := strings.CutPrefix(arg, "@")
	if !long {
		return ReadJob(strings.NewReader(arg))
	}
	f, err := os.Open(path)
	if err != nil {
		return Job{}, err
	}
	defer f.Close()
	return ReadJob(f)
}

// ReadJob reads a job's JSON. A field that Job does not have is an error. Texts are what package rawtext makes of them.
func ReadJob(r io.Reader) (Job, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxJob+1))
	if err != nil {
		return Job{}, err
	}
	if len(text) > maxJob {
		return Job{}, fmt.Errorf("job: longer than %d bytes", maxJob)
	}
	var job Job
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&job); err != nil {
		return Job{}, fmt.Errorf("job: %w", err)
	}
	rawtext.Each(reflect.ValueOf(&job).Elem(), rawtext.Unescape)
	return job, nil
}
