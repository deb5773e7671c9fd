package compiler

import (
	"github.com/nnc-lang/nnc/compiler/plan"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// Stats is what a model costs. Bytes are of float32 values; FLOPs are floating-point operations on one row.
type Stats struct {
	Model      string       `json:"model"`
	Layers     []LayerStats `json:"layers"` // the inputs, then the layers, in the order of the spec
	Parameters int          `json:"parameters"`
	Trained    int          `json:"trained"` // of the parameters, those that training changes
	Forward    int          `json:"forward_flops"`
	Backward   int          `json:"backward_flops"`

	ParameterBytes int           `json:"parameter_bytes"`
	OptimiserBytes int           `json:"optimiser_bytes"`
	Step           *ProgramStats `json:"step"` // nil where the spec has no loss
	Predict        ProgramStats  `json:"predict"`

	// Fused are the values that the step makes one behind the other in a single pass over memory: a product and what
	// follows it element by element, or a chain. Of a spec without a loss, those of the prediction.
	Fused [][]string `json:"fused"`

	// Scattered are the parameters of which Train updates only the rows that a batch uses, and makes no gradient of the others.
	Scattered []string `json:"scattered"`
}

// LayerStats is what one layer costs. Parameters that layers share count for the first of them.
type LayerStats struct {
	Name       string `json:"name"`
	Output     []int  `json:"output"` // the shape of one row
	Parameters int    `json:"parameters"`
	Forward    int    `json:"forward_flops"`
	Backward   int    `json:"backward_flops"`
	Bytes      int    `json:"bytes"` // of one row of what the layer makes; 0 where it is the memory of the layer before
}

// ProgramStats is the memory that a training step or a prediction works in.
type ProgramStats struct {
	Rows  int `json:"rows"`        // at a time, at most
	Bytes int `json:"arena_bytes"` // of its arena
	Bound int `json:"bound_bytes"` // what the most demanding moment needs: no arena is smaller
}

// Measure compiles a spec as far as its plan and returns what it costs, nil if the list holds an error.
func Measure(name string, src []byte, o Options) (*Stats, diag.List, error) {
	s, list, err := run(name, src, o, "plan")
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	p := s.plan
	stats := &Stats{Model: s.forward.Model, Predict: programStats(p.Program(plan.Predict))}
	for _, l := range p.Layers {
		stats.Layers = append(stats.Layers, LayerStats{Name: l.Name, Output: append([]int{}, l.Output...), Parameters: l.Parameters,
			Forward: l.Forward, Backward: l.Backward, Bytes: l.Bytes})
		stats.Forward += l.Forward
		stats.Backward += l.Backward
	}
	stats.Parameters, stats.Trained = p.Parameters()
	stats.ParameterBytes = 4 * stats.Parameters
	stats.Fused = [][]string{}
	for _, n := range p.Model.Nodes {
		if n.Op.Fused != nil {
			stats.Fused = append(stats.Fused, n.Names())
		}
	}
	stats.Scattered = []string{}
	if train := p.Program(plan.Train); train != nil {
		for _, n := range train.Graph.Nodes {
			if n.Updates != nil && n.Op.Name != p.Model.Updater(n.Updates).Op.Name {
				stats.Scattered = append(stats.Scattered, n.Updates.Name)
			}
		}
		step := programStats(train)
		stats.Step = &step
		for _, v := range p.Model.Slots {
			stats.OptimiserBytes += 4 * v.Type.Shape.Size()
		}
	}
	return stats, list, nil
}

func programStats(p *plan.Program) ProgramStats {
	return ProgramStats{Rows: p.Rows, Bytes: 4 * p.Arena, Bound: 4 * p.Bound}
}
