package train

import (
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
)

// prediction is what the columns of one output say.
type prediction struct {
	output, size int
	names        []string     // of the values, or of the positions of classes
	target       *data.Target // nil: nothing judges the output, and its values are given as they stand
	only         bool         // the only output: the probability needs no name before it
	thresholds   []float64    // of flags, by element; nil: none
	classes      [][]string   // of each position, where the columns name classes
	indices      []bool       // of each position: the classes have no other names than their indices
	longest      int          // of spans: how many positions they have at most
	all          bool         // the probability of every class, instead of that of the class named
	own          []float64    // a row in own units
}

// predictions are the outputs' columns in order.
func (m *Model) predictions(targets []data.Target, at thresholds, all bool) []prediction {
	var ps []prediction
	for o, port := range m.Outputs {
		p := prediction{output: o, size: port.Size(), only: len(m.Outputs) == 1, all: all, own: make([]float64, port.Size())}
		name, n := port.Name, p.size
		if i := m.judged(o); i >= 0 {
			p.target, p.thresholds = &targets[m.target(m.Losses[i])], at[o]
			name = p.target.Name
			switch p.target.Kind {
			case data.Class:
				n /= p.target.Count
			case data.Span:
				n, p.longest = 2, m.Losses[i].Longest
			}
			if p.names = p.target.NamesOf(n); p.target.Kind == data.Span && len(p.names) != 2 {
				p.names = m.ends(name)
			}
		}
		if len(p.names) != n || n > 1 && name == p.names[0] {
			p.names = nil
			for k := range n {
				p.names = append(p.names, name+"."+strconv.Itoa(k))
			}
			if n == 1 {
				p.names = []string{name}
			}
		}
		if m.shares(o) {
			for k := range p.names {
				p.names[k] = port.Name + "." + p.names[k]
			}
		}
		if p.isClass() {
			p.nameClasses()
		}
		ps = append(ps, p)
	}
	return ps
}

// ends are the names of what a span is predicted as, where its target has no columns.
func (m *Model) ends(target string) []string {
	if len(m.Outputs) == 1 {
		return []string{"start", "end"}
	}
	return []string{target + ".start", target + ".end"}
}

// shares reports whether another output is compared with the same input, so that the input's names do not tell them
// apart.
func (m *Model) shares(output int) bool {
	i := m.judged(output)
	return i >= 0 && slices.ContainsFunc(m.Losses, func(l Loss) bool {
		return l.Output != output && m.target(l) == m.target(m.Losses[i])
	})
}

// isClass reports whether the columns name classes. Those of an input are its values, though a loss takes them for
// flags.
func (p *prediction) isClass() bool {
	return p.target != nil && p.target.IsClass() && !(p.target.Input && p.target.Kind == data.Flag)
}

// nameClasses finds the names of the classes at each position. A sequence of classes has the same ones everywhere.
func (p *prediction) nameClasses() {
	for i := range p.names {
		if p.target.Kind == data.Class {
			i = 0
		}
		p.classes = append(p.classes, p.target.ClassesOf(i))
		p.indices = append(p.indices, i >= len(p.target.Columns) || p.target.Columns[i].Kind != data.KindClass)
	}
}

// header appends the columns' names, before they are made distinct.
func (p *prediction) header(record []string) []string {
	how := "probability"
	if p.isClass() && !p.target.Probable() {
		how = "score"
	}
	for i, name := range p.names {
		record = append(record, name)
		switch {
		case !p.isClass():
		case p.all && p.target.Probable():
			for _, class := range p.probable(i) {
				record = append(record, name+"."+class)
			}
		case p.only && len(p.names) == 1 && name != how:
			record = append(record, how)
		default:
			record = append(record, name+"."+how)
		}
	}
	return record
}

// probable are the classes at position i whose probabilities are given with those of all: of a flag the second, which
// says all.
func (p *prediction) probable(i int) []string {
	if p.target.Kind == data.Flag {
		return p.classes[i][1:]
	}
	return p.classes[i]
}

// append appends the values of one row of the output.
func (p *prediction) append(row []value, out []float32) ([]value, error) {
	if p.target == nil {
		for _, v := range out {
			row = append(row, number32(v))
		}
		return row, nil
	}
	if p.target.Kind == data.Span {
		start, end := data.BestSpan(out, p.longest)
		return append(row, value{strconv.Itoa(start), true}, value{strconv.Itoa(end), true}), nil
	}
	if !p.isClass() || p.all {
		if err := p.target.Decode64(p.own, out); err != nil {
			return nil, err
		}
	}
	if !p.isClass() {
		for _, v := range p.own {
			row = append(row, number64(v))
		}
		return row, nil
	}
	width := len(out) / len(p.names) // values of a position
	for i := range p.names {
		k := classIndex(p.target, p.thresholds, i, out)
		row = append(row, value{p.classes[i][k], p.indices[i]})
		if !p.all {
			row = append(row, number32(float32(p.target.Probability(i, k, out))))
			continue
		}
		for _, v := range p.own[i*width : (i+1)*width] {
			row = append(row, number64(v))
		}
	}
	return row, nil
}
