// Package worker is a peer's end of a comparison: a process that holds one workload, and is told over its standard
// input when to do what.
//
// What comes in are requests, a line of JSON each; what goes out is a reply to each, a line of JSON too. Only the
// worker measures time, so that what the pipe costs is in no figure. The package knows no model: a peer is a function
// that opens jobs.
package worker

// Request is what the worker shall do.
type Request struct {
	Do      string  `json:"do"` // open, values, time
	Task    Task    `json:"task"`
	Steps   int     `json:"steps"`   // values: of a training
	Seconds float64 `json:"seconds"` // time: how long to go on
}

// Task is what is measured: a training or a prediction of a workload, or a product.
type Task struct {
	Workload string `json:"workload"` // the model's name
	What     string `json:"what"`     // train, dropout, predict, product
	Size     int    `json:"size"`     // rows of a step or of a prediction; rows, columns and terms of a product
	File     string `json:"file"`     // safetensors: the initial parameters by name, inputs, targets
	Cores    int    `json:"cores"`
}

// Reply is the answer to a request. A worker that cannot do what it is asked says why in Error.
type Reply struct {
	Error   string `json:"error,omitempty"`
	Install string `json:"install,omitempty"` // what would install the library that is missing

	Version string `json:"version,omitempty"` // open: of the library

	// values: the losses of the first steps from the initial parameters, or what is predicted from them.
	Values []float32 `json:"values,omitempty"`

	// time: nanoseconds per step, one figure for each stretch of equally many steps, in order.
	NS []float64 `json:"ns,omitempty"`
	// time: heap allocations per step, and goroutines started per step, where the peer can count them.
	Allocations *float64 `json:"allocations,omitempty"`
	Goroutines  *float64 `json:"goroutines,omitempty"`
	// time: floating-point operations of a step, where that is not the task's own number.
	FLOP float64 `json:"flop,omitempty"`
}

// Job is a task made ready in a peer.
type Job struct {
	// Restart goes back to the initial parameters, a new optimiser and the first batch.
	Restart func() error
	// Step does one training step on the next batch and returns the loss before it, or one prediction.
	Step func() (float32, error)
	// Output returns what the last Step has predicted. It is nil for a training.
	Output func() []float32
	// FLOP is the number of floating-point operations of a step, if the peer does other ones than asked for.
	FLOP float64
}

// Peer is a library that can do tasks.
type Peer struct {
	Version string
	Open    func(Task) (*Job, error)
}
