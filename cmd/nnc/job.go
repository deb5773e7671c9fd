package main

import "encoding/json"

// job is what a model's program shall do. Its JSON is the program's only argument; package train, which reads it
// there, says what the fields mean. This command does not link against that package: the program carries its own.
type job struct {
	Command string `json:"command"`

	Data     []string `json:"data"`
	Target   []string `json:"target,omitempty"`
	Features []string `json:"features,omitempty"`
	Drop     []string `json:"drop,omitempty"`
	Scale    string   `json:"scale,omitempty"`

	Epochs    *int     `json:"epochs,omitempty"`
	Steps     *int     `json:"steps,omitempty"`
	Seed      *uint64  `json:"seed,omitempty"`
	Shuffle   *bool    `json:"shuffle,omitempty"`
	Valid     string   `json:"valid,omitempty"`
	ValidData []string `json:"valid_data,omitempty"`
	Metrics   []string `json:"metrics,omitempty"`
	Init      string   `json:"init,omitempty"`
	Save      string   `json:"save,omitempty"`

	Weights string `json:"weights,omitempty"`
	Out     string `json:"out,omitempty"`

	JSON     bool   `json:"json,omitempty"`
	Progress string `json:"progress,omitempty"`
	Width    int    `json:"width,omitempty"`
	Color    bool   `json:"color,omitempty"`
}

// text is the job's JSON.
func (j job) text() (string, error) {
	text, err := json.Marshal(j)
	return string(text), err
}
