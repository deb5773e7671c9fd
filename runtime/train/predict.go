package train

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// predict writes one line of predictions per row, under a header, in the data's own units and class names.
func (r *run) predict(ctx context.Context) error {
	rows, err := r.open(false)
	if err != nil {
		return err
	}
	defer rows.Close()
	write := func(w io.Writer) error { return r.predictTo(ctx, w, rows) }
	if r.job.Out == "" {
		return write(r.stdout)
	}
	return weights.WriteAtomic(r.job.Out, write)
}

// open loads the weights and opens the data that the job names.
func (r *run) open(judge bool) (*dataset.RowReader, error) {
	if r.job.Weights == "" {
		return nil, usage{errors.New("which weights? Name a file with --weights")}
	}
	f, err := weights.Read(r.job.Weights)
	if err != nil {
		return nil, err
	}
	codec, err := data.CodecOf(f.Meta)
	if errors.Is(err, data.ErrNoCodec) {
		r.note("%s holds weights only: values are taken as they stand", r.job.Weights)
	} else if err != nil {
		return nil, fmt.Errorf("%s: %w", r.job.Weights, err)
	}
	if err := r.m.importWeights(f, r.job.Weights); err != nil {
		return nil, err
	}
	rows, err := dataset.OpenRows(dataset.Rows{
		Data:    r.job.Data,
		Select:  dataset.Select{Target: r.job.Target, Features: r.job.Features, Drop: r.job.Drop},
		Inputs:  r.m.Inputs,
		Targets: r.m.Targets,
		Judge:   judge,
	}, codec)
	if err != nil {
		return nil, err
	}
	for _, n := range rows.Notes() {
		r.note("%s", n)
	}
	return rows, nil
}

// predictTo writes the predictions of all rows, in whole lines however it ends.
func (r *run) predictTo(ctx context.Context, w io.Writer, rows *dataset.RowReader) (err error) {
	lines := &wholeLines{w: w}
	defer func() {
		if failed := lines.flush(); err == nil {
			err = failed
		}
	}()
	table := csv.NewWriter(lines)
	writeLine := func(record []string) error {
		if err := table.Write(record); err != nil {
			return err
		}
		table.Flush()
		return lines.end()
	}
	columns := r.m.predictions(rows.Codec().Targets())
	var record []string
	for _, c := range columns {
		record = c.header(record)
	}
	if err := writeLine(record); err != nil {
		return err
	}
	c := predictChunk(&r.m, false)
	for {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		n, err := rows.Read(c.full.Inputs, nil, c.full.N)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		out, err := c.predict(n)
		if err != nil {
			return err
		}
		for i := range n {
			record = record[:0]
			for _, p := range columns {
				if record, err = p.append(record, out[p.output][i*p.size:(i+1)*p.size]); err != nil {
					return err
				}
			}
			if err := writeLine(record); err != nil {
				return err
			}
		}
		// Whoever reads them need not wait for the next rows, which may come slowly.
		if err := lines.flush(); err != nil {
			return err
		}
	}
}

// prediction is what the columns of one output say.
type prediction struct {
	output, size int
	names        []string     // of the values, or of the classes
	target       *data.Target // nil: nothing judges the output, and its values are given as they stand
	only         bool         // the only output: the probability needs no name before it
	own          []float64    // a row in own units
}

// predictions are the outputs' columns in order.
func (m *Model) predictions(targets []data.Target) []prediction {
	var ps []prediction
	for o, port := range m.Outputs {
		p := prediction{output: o, size: port.Size(), only: len(m.Outputs) == 1, own: make([]float64, port.Size())}
		name, n := port.Name, p.size
		if i := m.judged(o); i >= 0 {
			p.target = &targets[m.target(m.Losses[i])]
			name = p.target.Name
			if p.target.Kind == data.Class {
				n /= p.target.Count
			}
			p.names = p.target.Names()
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
		ps = append(ps, p)
	}
	return ps
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

// header appends the columns' names.
func (p *prediction) header(record []string) []string {
	for _, name := range p.names {
		record = append(record, name)
		switch {
		case p.isClass() && p.only && len(p.names) == 1:
			record = append(record, "probability")
		case p.isClass():
			record = append(record, name+".probability")
		}
	}
	return record
}

// append appends the cells of one row of the output.
func (p *prediction) append(record []string, out []float32) ([]string, error) {
	if p.isClass() {
		for i := range p.names {
			class, probability := p.target.Class(i, out)
			record = append(record, class, decimal(float64(probability), 32))
		}
		return record, nil
	}
	if p.target != nil {
		if err := p.target.Decode64(p.own, out); err != nil {
			return nil, err
		}
		for _, v := range p.own {
			record = append(record, decimal(v, 64))
		}
		return record, nil
	}
	for _, v := range out {
		record = append(record, decimal(float64(v), 32))
	}
	return record, nil
}

// decimal is the shortest text that reads back as v, a number of that many bits.
func decimal(v float64, bits int) string {
	format := byte('f')
	if size := math.Abs(v); size != 0 && (size < 1e-6 || size >= 1e21) {
		format = 'e' // as encoding/json does
	}
	return strconv.FormatFloat(v, format, -1, bits)
}
