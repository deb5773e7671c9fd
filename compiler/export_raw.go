package compiler

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/compiler/export/raw"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/runtime/data"
)

// wrap puts the Codec in front of an ONNX model of the forward graph g and behind it, unless it does not suit it.
func wrap(g *ir.Graph, m *onnx.Model, codec *data.Codec) error {
	targets := slices.DeleteFunc(slices.Clone(g.Targets), func(v *ir.Value) bool { return v.Name == ir.RowWeights })
	judged := slices.Clone(targets)
	for _, v := range g.Inputs {
		if slices.ContainsFunc(g.Recipe.Losses, func(j ir.Criterion) bool { return j.Target == v }) {
			judged = append(judged, v)
		}
	}
	inputs, err := dataPorts(g, g.Inputs)
	if err != nil {
		return err
	}
	ports, err := dataPorts(g, targets)
	if err != nil {
		return err
	}
	if err := codec.Fits(inputs, ports); err != nil {
		return err
	}
	outputs := make([]raw.Output, len(g.Outputs))
	by := make([]*ir.Value, len(g.Outputs))
	for i, v := range g.Outputs {
		outputs[i].Target = -1
		if k := slices.IndexFunc(g.Recipe.Losses, func(j ir.Criterion) bool { return j.Output == v }); k >= 0 { // those behind it agree
			by[i] = g.Recipe.Losses[k].Target
			outputs[i].Target, outputs[i].Longest = slices.Index(judged, by[i]), g.Recipe.Losses[k].Longest
		}
	}
	for i := range outputs {
		for k := range outputs {
			outputs[i].Shared = outputs[i].Shared || k != i && by[i] != nil && by[k] == by[i]
		}
	}
	return raw.Wrap(m, codec, outputs)
}

// dataPorts are inputs or targets of the model as a Codec knows them.
func dataPorts(g *ir.Graph, values []*ir.Value) ([]data.Port, error) {
	ports := make([]data.Port, len(values))
	for i, v := range values {
		p := data.Port{Name: v.Port(), Shape: v.Type.Shape}
		if v.Type.Kind == ir.I32 {
			p.Int, p.Limit = true, v.Type.Limit
		}
		if k := slices.IndexFunc(g.Recipe.Losses, func(j ir.Criterion) bool { return j.Target == v }); k >= 0 { // of several losses, the first
			loss := g.Recipe.Losses[k]
			p.Judged = &data.Judged{Loss: loss.Name, Longest: loss.Longest}
			if err := p.Judged.Kind.UnmarshalText([]byte(loss.Kind.String())); err != nil {
				return nil, fmt.Errorf("the loss %s: %w", loss.Name, err)
			}
			if err := p.Judged.Link.UnmarshalText([]byte(loss.Link.String())); err != nil {
				return nil, fmt.Errorf("the loss %s: %w", loss.Name, err)
			}
			if loss.Mask != nil {
				p.Judged.Mask = loss.Mask.Port()
			}
		}
		ports[i] = p
	}
	return ports, nil
}
