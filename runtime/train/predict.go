package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// predict writes one line of predictions per row, under a header or as a JSON object, in the data's own units and class names.
func (r *run) predict(ctx context.Context) error {
	if r.job.asks() {
		if _, err := r.questionPorts(); err != nil {
			return err
		}
	}
	codec, err := r.openWeights()
	if err != nil {
		return err
	}
	if r.answersQuestions(codec) {
		return r.predictAnswers(ctx, codec)
	}
	rows, err := r.open(codec, false)
	if err != nil {
		return err
	}
	defer rows.Close()
	write := func(w io.Writer) error {
		if err := r.predictTo(ctx, w, rows); err != nil {
			return err
		}
		r.remark(rows)
		return nil
	}
	if r.job.Out == "" {
		return write(r.stdout)
	}
	return weights.WriteAtomic(r.job.Out, write)
}

// openWeights loads the weights, and returns the codec that training stored with them, nil where none did.
func (r *run) openWeights() (*data.Codec, error) {
	if r.job.Weights == "" {
		return nil, usage{errors.New("which weights? Name a file with --weights")}
	}
	f, err := r.readWeights(r.job.Weights)
	if err != nil {
		return nil, err
	}
	codec, err := data.CodecOf(f.Meta)
	if err != nil && !errors.Is(err, data.ErrNoCodec) {
		return nil, fmt.Errorf("%s: %w", r.job.Weights, err)
	}
	if r.classWeights, err = r.m.storedClassWeights(f.Meta); err != nil {
		return nil, fmt.Errorf("%s: %w", r.job.Weights, err)
	}
	return codec, r.m.importWeights(f, r.job.Weights)
}

// open opens the data that the job names.
func (r *run) open(codec *data.Codec, judge bool) (*dataset.RowReader, error) {
	if codec == nil {
		r.note("%s holds weights only: values are taken as they stand", r.job.Weights)
	}
	reading, err := r.job.Reading()
	if err != nil {
		return nil, err
	}
	selection := r.job.Selection()
	var keep []string
	if judge {
		selection.Weight = r.job.Weight
	} else {
		keep = r.job.kept()
	}
	rows, err := dataset.OpenRows(dataset.Rows{
		Data:    r.job.Data,
		Select:  selection,
		Reading: reading,
		Keep:    keep,
		Prompt:  !judge,
		Inputs:  r.m.Inputs,
		Targets: r.m.Targets,
		Judge:   judge,

		SkipUnreadable: r.job.SkipUnreadable,
	}, codec)
	if err != nil {
		return nil, err
	}
	for _, n := range rows.Notes() {
		r.note("%s", n)
	}
	return rows, nil
}

// kept are the columns that stand in front of the predictions: those that tell rows apart, then those to carry over.
func (j *Job) kept() []string {
	var kept []string
	for _, name := range slices.Concat(j.ID, j.Keep) {
		if !slices.Contains(kept, name) {
			kept = append(kept, name)
		}
	}
	return kept
}

// remark says what there is to say of rows that were read to the end.
func (r *run) remark(rows *dataset.RowReader) {
	for _, n := range rows.Remarks() {
		r.note("%s", n)
	}
}

// predictTo writes the predictions of all rows, in whole lines however it ends.
func (r *run) predictTo(ctx context.Context, w io.Writer, rows *dataset.RowReader) (err error) {
	targets := rows.Codec().Targets()
	at, err := r.thresholds(targets)
	if err != nil {
		return err
	}
	columns := r.m.predictions(targets, at, r.job.Proba)
	if r.job.Proba && !slices.ContainsFunc(columns, func(p prediction) bool { return p.isClass() }) {
		return usage{errors.New("--proba gives the probability of every class, but the model predicts no classes: leave it out")}
	}
	var names []string
	for i := range columns {
		names = columns[i].header(names)
	}
	c := predictChunk(&r.m, false)
	n, failed := rows.Read(c.full.Inputs, nil, c.full.N) // before anything is written, so that a mistake in it leaves nothing
	if failed != nil && !errors.Is(failed, io.EOF) {
		return failed
	}
	keep := rows.KeptNames()
	written, err := newRowWriter(w, slices.Concat(keep, distinct(keep, names)), r.job.JSON, r.job.Terminal && r.job.Out == "")
	if err != nil {
		return err
	}
	defer func() {
		if failed := written.flush(); err == nil {
			err = failed
		}
	}()
	var row []value
	for ; ; n, failed = rows.Read(c.full.Inputs, nil, c.full.N) {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		if errors.Is(failed, io.EOF) {
			return nil
		}
		if failed != nil {
			return failed
		}
		out, err := c.predict(n)
		if err != nil {
			return err
		}
		for i := range n {
			row = row[:0]
			if len(keep) > 0 {
				for _, cell := range rows.Kept()[i] {
					row = append(row, value{text: cell})
				}
			}
			for k := range columns {
				p := &columns[k]
				if row, err = p.append(row, out[p.output][i*p.size:(i+1)*p.size]); err != nil {
					return err
				}
			}
			if err := written.write(row); err != nil {
				return err
			}
		}
		// Whoever reads them need not wait for the next rows, which may come slowly.
		if err := written.flush(); err != nil {
			return err
		}
	}
}
