// Package train runs a compiled model over data: training, prediction and evaluation.
//
// What comes in is a Model, which generated code fills in, and a Job, which a command writes as JSON. What goes
// out is trained weights, predictions or an evaluation, and the account of it on the way. The package knows
// nothing of the language, the compiler, or a model's layers and losses: a model is a few functions on batches of rows
// and on its tensors, and declares of its losses what they compare with.
package train

import (
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/generate"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// Model is a compiled model as the loop sees it. Its functions are called from one goroutine.
type Model struct {
	Name    string
	Inputs  []data.Port
	Targets []data.Port // in the order in which Train takes them
	Outputs []data.Port // in the order in which Predict gives them
	Losses  []Loss
	Metrics []Metric // of the spec; a job may name others

	Batch  int     // rows that Train takes at most
	Epochs int     // of the spec; a job may say otherwise
	Steps  int     // of the spec; 0 leaves the length to Epochs
	Seed   uint64  // of the spec, which the model is made with: of its parameters and masks here, of shuffling
	LR     float64 // of the spec's optimiser, before its schedule; 0 without losses

	// Weighted says that Train and Evaluate go by Batch.Weights: each loss is Σ w·e / Σ w, where e is a row's own, and the
	// weight of its mean in Evaluate is Σ w.
	Weighted bool

	Warmup int // steps of the schedule's warm-up, fewer than the training must have

	Stop *Stop // of the spec; nil: training goes its whole length

	// Reset makes the model what a new one from that seed is: parameters, optimiser, running statistics, learning rate,
	// steps and total begin anew, and masks are drawn by that seed. nil if there are no losses.
	Reset func(seed uint64)
	// SetLR changes the learning rate from the next step on; Reset takes that back. nil if there are no losses.
	SetLR func(lr float64) error
	// SetTotalSteps, where a schedule needs it, says how many steps the training will take, before the first of them.
	SetTotalSteps func(n uint64)
	// SetEpochSteps, where a schedule needs it, says how many steps an epoch takes, before the first of them.
	SetEpochSteps func(n uint64)
	// EpochDone, where a schedule goes by it, tells it the loss of an epoch: of held-out rows, else of the training.
	EpochDone func(loss float64)
	// Accumulate is how many calls of Train make a step; 0 and 1: each does one. Flush does the step early, with the calls
	// since the last one.
	Accumulate int
	Flush      func() error
	// Train does one step on 1 to Batch rows and returns the loss before it. It may leave the parameters and the number of
	// steps as they are where the loss is not a finite number, or a gradient, which is then the error ErrGradient.
	Train func(b *Batch) (float32, error)
	// Trace computes the step again that Train has refused so, and returns the first value in it that is not finite, nil if
	// it finds none. nil: the model cannot.
	Trace func() *nnrt.NotFinite
	// Predict fills out[i], of N·Outputs[i].Size() elements, from any number of rows. It ignores b.Targets.
	Predict func(b *Batch, out [][]float32) error
	// Evaluate fills out as Predict does, from any number of rows, and adds to losses[i] the mean and the weight of
	// Losses[i] over these rows and b.Targets. nil if there are no losses.
	Evaluate func(b *Batch, out [][]float32, losses []nnrt.Mean) error
	// Generator returns what computes one position of a sequence after the other; nil of models that cannot.
	Generator func() generate.Model
	// Export returns the tensors of a plain weight file. They need not be copies.
	Export func() []weights.Tensor
	// Want is what Import wants of a file, in the order of Export.
	Want func() []weights.Want
	// Import takes over the tensors of f. It checks all names and shapes before it changes anything.
	Import func(f *weights.File) error
}

// Loss says which output a loss judges, and what it compares the output with: a target, or, as an autoencoder's
// does, an input. Several losses may judge one output, all by the same target or input. Losses that compare with the
// same agree on its kind and on the link. The training's loss is Σ Weight·loss.
type Loss struct {
	Name   string // for people: nothing depends on it, but it tells the losses of an output apart
	Target int    // index into Model.Targets; −1: it compares with an input
	Input  int    // index into Model.Inputs, where Target is −1
	Output int    // index into Model.Outputs
	Weight float64
	Kind   data.TargetKind // of what it compares with
	Link   data.Link       // makes a prediction of the output

	LeftOut data.LeftOut // the class whose positions take no part in it
	Longest int          // of spans: how many positions a predicted one has at most
	Mask    string       // of spans: the input with a number for each position, where that is 0 no target lies; "": none
	// Weighs says that its classes have weights of its own, so that nothing else may balance them.
	Weighs bool

	// Balanced says that the spec asks for weights of rows by their class: n/(C·nₖ) of the n rows that are trained on, nₖ of
	// which are of the row's class k among C. It is the only loss then, of one class in a row, and the model is Weighted.
	Balanced bool
}

// judged is what the loss takes a port for.
func (l Loss) judged() data.Judged {
	return data.Judged{Loss: l.Name, Kind: l.Kind, Link: l.Link, LeftOut: l.LeftOut, Longest: l.Longest, Mask: l.Mask}
}

// Metric is a measure of one output.
type Metric struct {
	Name   string // one of the table metrics
	Output int    // index into Model.Outputs
	Number int    // of one that takes a number, as top, which is of the k largest scores; else 0
}

// Stop ends a training after the epoch with which Patience epochs in a row have not bettered the best so far by more
// than MinDelta, judged on held-out rows. A spec's `stop` becomes it.
type Stop struct {
	Patience int     // 1 at least
	Monitor  string  // what is watched, for people: loss, mae, price.mae
	Metric   *Metric // what is watched, one of the model's Metrics; nil: the loss, of which less is better
	MinDelta float64 // 0 at least
}

// Batch is N rows: one block per input and, for training, one per target, each of exactly N rows.
type Batch struct {
	N       int
	Inputs  []data.Block
	Targets []data.Block
	Weights []float32 // [N], of a Weighted model: at least 0; nil: all 1

	ones []float32
}

// RowWeights returns the weights, or as many ones where there are none.
func (b *Batch) RowWeights() []float32 {
	if b.Weights != nil {
		return b.Weights
	}
	for len(b.ones) < b.N {
		b.ones = append(b.ones, 1)
	}
	return b.ones[:b.N]
}

// named gives inputs and targets the constants of the spec that are their limits, by their names.
func (m *Model) named(limits map[string]string) {
	if len(limits) == 0 {
		return
	}
	with := func(ports []data.Port) []data.Port {
		ports = slices.Clone(ports)
		for i := range ports {
			ports[i].Constant = limits[ports[i].Name]
		}
		return ports
	}
	m.Inputs, m.Targets = with(m.Inputs), with(m.Targets)
}
