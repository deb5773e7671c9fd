package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// modelReport is how a file's tensors stand to those that a model takes.
type modelReport struct {
	Spec       string           `json:"spec"`
	Fits       bool             `json:"fits"`
	Fit        []string         `json:"fit"`     // names, in the model's order
	AtZero     []string         `json:"at_zero"` // counters that the file lacks, and that may be missing
	Anew       []string         `json:"anew"`    // what starts anew by the map, so that the file is for --init only
	Missing    []missingReport  `json:"missing"`
	Different  []misfitReport   `json:"different"`
	Unexpected []tensorIdentity `json:"unexpected"`
	Map        string           `json:"map,omitempty"` // the text of a map with which the file may fit

	why error
}

// tensorIdentity is a tensor by its name here.
type tensorIdentity struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

// missingReport is a tensor that the file lacks.
type missingReport struct {
	tensorIdentity
	Near string `json:"near,omitempty"` // the tensor of the file that may be it
}

// misfitReport is a tensor that is not as the model wants it.
type misfitReport struct {
	tensorIdentity
	There []int  `json:"file_shape"`
	Why   string `json:"message"`
}

// compare adds the comparison with a model.
func (r *weightsReport) compare(spec string, d *weights.Difference) {
	m := &modelReport{Spec: spec, Fits: d.Fits(), Map: d.Draft(), why: d.Err(),
		Fit: []string{}, AtZero: []string{}, Anew: []string{}, Missing: []missingReport{}, Different: []misfitReport{}, Unexpected: []tensorIdentity{}}
	identity := func(name string, shape []int) tensorIdentity { return tensorIdentity{name, append([]int{}, shape...)} }
	for _, t := range d.Fit {
		if !slices.ContainsFunc(d.AtZero, func(w weights.Want) bool { return w.Name == t.Name }) {
			m.Fit = append(m.Fit, t.Name)
		}
	}
	for _, w := range d.AtZero {
		m.AtZero = append(m.AtZero, w.Name)
	}
	for _, w := range d.Anew {
		m.Anew = append(m.Anew, w.Name)
	}
	for _, w := range d.Missing {
		missing := missingReport{tensorIdentity: identity(w.Name, w.Shape)}
		if near := d.Near(w); near != nil {
			missing.Near = near.Name
		}
		m.Missing = append(m.Missing, missing)
	}
	for _, x := range d.Different {
		m.Different = append(m.Different, misfitReport{identity(x.Want.Name, x.Want.Shape), append([]int{}, x.Tensor.Shape...), x.String()})
	}
	for _, t := range d.Unexpected {
		m.Unexpected = append(m.Unexpected, identity(t.Name, t.Shape))
	}
	r.Model = m
}

// write writes it for people.
func (m *modelReport) write(text *strings.Builder) {
	if m.Fits {
		fmt.Fprintf(text, "\nfits %s: %s\n", m.Spec, counted(len(m.Fit), "tensor"))
		if len(m.AtZero) > 0 {
			fmt.Fprintf(text, "not in the file, and 0 then: %s\n", listed(m.AtZero))
		}
		if len(m.Anew) > 0 {
			fmt.Fprintf(text, "starting anew, with nnc train --init only: %s\n", listed(m.Anew))
		}
		return
	}
	fmt.Fprintf(text, "\n%s: %d of %s fit; %v\n", m.Spec, len(m.Fit), counted(len(m.Fit)+len(m.Missing)+len(m.Different), "tensor"), m.why)
	if m.Map != "" {
		fmt.Fprintf(text, "\nWith these lines as the file of --map it would fit; check the order of layers of one shape, and what a - leaves out:\n\n%s", m.Map)
	}
}
