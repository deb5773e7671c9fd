package train

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// permuted measures a model on rows in memory, in which the values of one feature stand in other rows than their own.
type permuted struct {
	r     *run
	set   *dataset.Set
	chunk *chunk
	own   []float32 // weights of the rows; nil: all count alike
	other *chunk    // rows that a feature's values are taken from
}

// feature is what changes its rows: a column of a table with all that was made of it, or an array's whole input.
type feature struct {
	name      string
	input     int
	at, width int // in a row of the table
	row       int // values of that row in the input, of which a window has several; of an array the whole input

	measures []feature // of a text, the inputs that measure it
}

// importance is how much the model depends on each feature: by how much worse it is when the feature's values are
// permuted among the rows.
type importance struct {
	Repeats int                 `json:"repeats"`
	Seed    uint64              `json:"seed"`
	Metric  string              `json:"metric,omitempty"`
	Columns []featureImportance `json:"columns"` // the ones that matter most first

	title, verb string // of the table
}

// featureImportance is what the repeats together say.
type featureImportance struct {
	Name   string  `json:"column"`
	Loss   spread  `json:"loss_rise"`
	Metric *spread `json:"metric_worse,omitempty"` // above 0 is worse, whichever way the metric goes
}

// newPermuted reads the rows, of which there must be some to permute.
func (r *run) newPermuted(rows *dataset.RowReader) (*permuted, error) {
	for _, l := range r.m.Losses {
		if l.Target < 0 {
			return nil, usage{fmt.Errorf("--importance: the loss %s compares with the input %s itself, which would be permuted with it", l.Name, r.m.Inputs[l.Input].Name)}
		}
		if l.Mask != "" {
			return nil, usage{fmt.Errorf("--importance: the input %s says where targets of the loss %s may be, and permuted it would not", l.Mask, l.Name)}
		}
	}
	set, err := rows.ReadAll(r.m.Inputs, r.m.Targets)
	if err != nil {
		return nil, err
	}
	r.remark(rows)
	if set.Rows() < 2 {
		return nil, fmt.Errorf("%s: --importance permutes rows, and there is only one", r.job.Data[0])
	}
	p := &permuted{r: r, set: set, own: set.Weights(), chunk: predictChunk(&r.m, true)}
	if allZero(p.own) {
		return nil, r.weightless()
	}
	p.other = newChunk(&r.m, p.chunk.full.N, false)
	return p, nil
}

// evaluate adds all rows to e. Where there is a feature, row i has its values from row order[i].
func (p *permuted) evaluate(ctx context.Context, e *evaluation, f *feature, order []int) error {
	rows := make([]int, 0, p.chunk.full.N)
	for start := 0; start < p.set.Rows(); start += len(rows) {
		if ctx.Err() != nil {
			return stoppedBy(ctx)
		}
		rows = rows[:min(p.chunk.full.N, p.set.Rows()-start)]
		for i := range rows {
			rows[i] = start + i
		}
		p.set.Gather(rows, p.chunk.full.Inputs, p.chunk.full.Targets)
		if f != nil {
			p.set.Gather(order[start:start+len(rows)], p.other.full.Inputs, nil)
			for _, f := range append([]feature{*f}, f.measures...) {
				f.copy(p.chunk.full.Inputs[f.input], p.other.full.Inputs[f.input], len(rows)*p.r.m.Inputs[f.input].Size())
			}
		}
		var own []float32
		if p.own != nil {
			own = p.own[start : start+len(rows)]
		}
		e.weigh(p.chunk, own, len(rows))
		if err := e.add(len(rows), p.chunk); err != nil {
			return err
		}
	}
	return nil
}

// copy copies the feature's values in rows of so many values in all.
func (f *feature) copy(dst, src data.Block, n int) {
	for from := f.at; from < n; from += f.row {
		to := from + f.width
		if dst.Int != nil {
			copy(dst.Int[from:to], src.Int[from:to])
			continue
		}
		copy(dst.Float[from:to], src.Float[from:to])
	}
}

// features are those of the codec's table, or the inputs.
func (m *Model) features(codec *data.Codec) []feature {
	var features []feature
	if !codec.IsTable() {
		for i, p := range m.Inputs {
			features = append(features, wholeInput(i, p))
		}
		return features
	}
	for i, name := range codec.Columns() {
		input, at := codec.Slot(i)
		if text := codec.Column(i).Tokens; text != nil && text.Second {
			features[len(features)-1].name = codec.TextName(i) // the same integers
			continue
		}
		if last := len(features) - 1; last >= 0 && features[last].input == input {
			features[last].width = at - features[last].at
		}
		row := m.Inputs[input].Size() / max(1, codec.Series().Window)
		f := feature{name: name, input: input, at: at, width: row - at, row: row}
		for _, k := range codec.MeasuredBy(i) {
			f.measures = append(f.measures, wholeInput(k, m.Inputs[k]))
		}
		features = append(features, f)
	}
	return features
}

// wholeInput is the feature that is all of an input.
func wholeInput(i int, p data.Port) feature {
	return feature{name: p.Name, input: i, width: p.Size(), row: p.Size()}
}

// importance permutes each feature in turn, as often as the job says, by orders that depend on the seed, the feature's
// name and the number of the repeat alone. start begins an evaluation by the metrics given.
func (p *permuted) importance(ctx context.Context, codec *data.Codec, start func([]Metric) *evaluation) (*importance, error) {
	r := p.r
	chosen, err := r.m.chooseMetrics(r.job.Metrics)
	if err != nil {
		return nil, err
	}
	chosen = chosen[:min(1, len(chosen))] // the first is the one that counts
	plain := start(chosen)
	if err := p.evaluate(ctx, plain, nil, nil); err != nil {
		return nil, err
	}
	im := &importance{Repeats: r.job.Importance, Seed: r.m.Seed, title: "column", verb: "rises by"}
	if r.job.Seed != nil {
		im.Seed = *r.job.Seed
	}
	sign := 1.0
	if len(chosen) > 0 {
		im.Metric = plain.measures()[0].name
		if k, _ := findMetric(chosen[0].Name); k.higher {
			sign, im.verb = -1, "falls by"
		}
	}
	if !codec.IsTable() {
		im.title = "input"
	}
	for _, f := range r.m.features(codec) {
		var losses, metrics []float64
		for k := range im.Repeats {
			e := start(chosen)
			order := rng.New(im.Seed, "importance."+f.name+"."+strconv.Itoa(k)).Perm(p.set.Rows())
			if err := p.evaluate(ctx, e, &f, order); err != nil {
				return nil, err
			}
			losses = append(losses, e.loss()-plain.loss())
			if len(chosen) > 0 {
				metrics = append(metrics, sign*(e.measures()[0].value-plain.measures()[0].value))
			}
		}
		one := featureImportance{Name: f.name, Loss: spreadOf(losses)}
		if len(chosen) > 0 {
			worse := spreadOf(metrics)
			one.Metric = &worse
		}
		im.Columns = append(im.Columns, one)
	}
	slices.SortStableFunc(im.Columns, func(a, b featureImportance) int { return cmp.Compare(b.Loss.Mean, a.Loss.Mean) })
	return im, nil
}

// write writes the table.
func (im *importance) write(b *bytes.Buffer) {
	fmt.Fprintf(b, "\nimportance: how much worse the model is with the %s's values in other rows, mean ± deviation of %s\n", im.title, phrase.Counted(im.Repeats, "time"))
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\tloss rises by\t±\t", im.title)
	if im.Metric != "" {
		fmt.Fprintf(w, "%s %s\t±\t", im.Metric, im.verb)
	}
	fmt.Fprintln(w)
	for _, c := range im.Columns {
		fmt.Fprintf(w, "%s\t%s\t%s\t", cell(c.Name), number(float64(c.Loss.Mean)), number(float64(c.Loss.Deviation)))
		if c.Metric != nil {
			fmt.Fprintf(w, "%s\t%s\t", number(float64(c.Metric.Mean)), number(float64(c.Metric.Deviation)))
		}
		fmt.Fprintln(w)
	}
	w.Flush() // to memory, where nothing fails
}

// checkImportance says what is wrong with the job's number of repeats.
func (j *Job) checkImportance() error {
	if j.Importance < 0 || j.Importance > maxRepeats {
		return usage{errors.New("--repeats must be between 1 and " + strconv.Itoa(maxRepeats))}
	}
	return nil
}

// maxRepeats bounds how often a feature is permuted.
const maxRepeats = 10_000
