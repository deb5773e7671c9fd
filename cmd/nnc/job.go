package main

import (
	"encoding/json"
	"os"
	"reflect"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/rawtext"
)

// job is what a model's program shall do. Its JSON is the program's only argument, or stands in the file that this
// argument names; package train, which reads it there, says what the fields mean. This command does not link
// against that package: the program carries its own.
type job struct {
	Command string `json:"command"`

	Data []string `json:"data"`
	columnFlags
	writingFlags
	targetFlags
	kindFlags
	textFlags
	imageFlags
	Augment string `json:"augment,omitempty"`
	Scale   string `json:"scale,omitempty"`
	Window  int    `json:"window,omitempty"`
	Horizon int    `json:"horizon,omitempty"`

	Epochs    *int     `json:"epochs,omitempty"`
	Steps     *int     `json:"steps,omitempty"`
	Batch     *int     `json:"batch,omitempty"`
	LR        *float64 `json:"lr,omitempty"`
	Seed      *uint64  `json:"seed,omitempty"`
	Shuffle   *bool    `json:"shuffle,omitempty"`
	Valid     string   `json:"valid,omitempty"`
	ValidData []string `json:"valid_data,omitempty"`
	Test      []string `json:"test,omitempty"`
	SplitSeed *uint64  `json:"split_seed,omitempty"`
	Sweep     bool     `json:"sweep,omitempty"`
	Folds     int      `json:"folds,omitempty"`
	Patience  *int     `json:"patience,omitempty"`
	Balance   bool     `json:"balance,omitempty"`
	Last      bool     `json:"last,omitempty"`
	Metrics   []string `json:"metrics,omitempty"`
	Init      string   `json:"init,omitempty"`
	InitOnly  []string `json:"init_only,omitempty"`
	Map       string   `json:"map,omitempty"`
	Rescale   bool     `json:"rescale,omitempty"`
	Save      string   `json:"save,omitempty"`

	ClassWeights string `json:"class_weights,omitempty"`
	Group        string `json:"group,omitempty"`
	Weight       string `json:"weight,omitempty"`

	KeepEarlier bool `json:"keep_earlier,omitempty"`

	Weights string   `json:"weights,omitempty"`
	Out     string   `json:"out,omitempty"`
	Proba   bool     `json:"proba,omitempty"`
	Keep    []string `json:"keep,omitempty"`

	Thresholds []string `json:"thresholds,omitempty"`
	Importance int      `json:"importance,omitempty"`

	generationFlags
	askingFlags

	Obstacle string            `json:"obstacle,omitempty"`
	Limits   map[string]string `json:"limits,omitempty"`

	workersFlag

	Quiet    bool   `json:"quiet,omitempty"`
	JSON     bool   `json:"json,omitempty"`
	Terminal bool   `json:"terminal,omitempty"`
	Progress string `json:"progress,omitempty"`
	Width    int    `json:"width,omitempty"`
	Color    bool   `json:"color,omitempty"`
}

// about says in the job what the program should know of the spec that it is made of.
func (j *job) about(out *compiler.Output) {
	if o := out.Obstacle; o != nil && o.Mixes {
		j.Obstacle = o.String()
	}
	j.Limits = out.Limits
}

// text is the job's JSON.
func (j job) text() (string, error) {
	rawtext.Each(reflect.ValueOf(&j).Elem(), rawtext.Escape)
	text, err := json.Marshal(j)
	return string(text), err
}

// maxArgument is the length of the longest job that is given to the program as it stands. Systems bound a process's
// arguments, Windows at 32767 letters with a backslash for every quotation mark among them.
const maxArgument = 8 << 10

// jobFile begins the program's argument where that names the file of the job.
const jobFile = "@"

// argument turns a job's text into the program's argument. A long text goes into a file in that folder, which
// remove takes away.
func argument(text, folder string) (arg string, remove func(), err error) {
	if len(text) <= maxArgument {
		return text, func() {}, nil
	}
	f, err := os.CreateTemp(folder, unfinished+"job-")
	if err != nil {
		return "", nil, err
	}
	_, err = f.WriteString(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.Name())
		return "", nil, err
	}
	return jobFile + f.Name(), func() { os.Remove(f.Name()) }, nil
}
