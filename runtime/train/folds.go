package train

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"text/tabwriter"

	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/kernel"
)

// foldFigures is what is left of a fold.
type foldFigures struct {
	rows int // that trained
	*judgement
}

// folds trains on all parts of the data but one, for each part in turn, and judges the last weights by it: each time
// from the start, with the statistics of the rows that train. Where the job saves, a model of all rows follows.
func (r *run) folds(ctx context.Context, metrics []Metric) error {
	if err := r.checkFolds(); err != nil {
		return usage{err}
	}
	k := r.job.Folds
	q, err := r.training()
	if err != nil {
		return err
	}
	folds, err := dataset.LoadFolds(q, k)
	if err != nil {
		return err
	}
	if r.m.Stop != nil {
		r.note("the `stop` of the spec is left out: of each fold the last epoch counts")
	}
	if r.m.EpochDone != nil {
		r.note("the `schedule` goes by the training loss, since the rows that are held out judge the folds")
	}
	var done []foldFigures
	for i := range k {
		set, err := folds.Fold(i)
		if err != nil {
			return err
		}
		if i == 0 {
			if err := r.enter(set, metrics); err != nil {
				return err
			}
			r.noteRareClasses(set)
		}
		t, err := r.fold(ctx, set, metrics)
		if err != nil {
			return r.foldError(err, done)
		}
		done = append(done, foldFigures{t.set.Train.Rows(), t.now})
		if err := t.reportFold(i + 1); err != nil {
			return err
		}
	}
	if err := r.summarizeFolds(done, false); err != nil || r.job.Save == "" {
		return err
	}
	set, err := folds.All()
	if err != nil {
		return err
	}
	r.note("training on all rows")
	t, err := r.beginFold(set, metrics)
	if err != nil {
		return err
	}
	t.silent = false
	t.noteData()
	return t.finish(t.loop(ctx))
}

// checkFolds finds what does not go with folds.
func (r *run) checkFolds() error {
	if r.job.Folds < 2 {
		return fmt.Errorf("--folds %d: must be at least 2", r.job.Folds)
	}
	for _, other := range []struct {
		set  bool
		flag string
		why  string
	}{
		{r.job.Valid != "", "--valid", "each part is held out in turn"},
		{len(r.job.ValidData) > 0, "--valid-data", "each part is held out in turn"},
		{r.job.Patience != nil, "--patience", "of each fold the last epoch counts, since an earlier one would be chosen by the rows that judge it"},
		{r.job.Init != "", "--init", "each fold starts anew, since the weights may have seen the rows that judge it"},
		{r.job.Rescale, "--rescale", "each fold starts anew"},
		{len(r.job.InitOnly) > 0, "--init-only", "each fold starts anew"},
	} {
		if other.set {
			return fmt.Errorf("%s and --folds exclude each other: %s", other.flag, other.why)
		}
	}
	if len(r.job.Test) > 0 && r.job.Save == "" && !r.job.Sweep { // the model of all rows of a sweep comes at its end
		return errors.New("--test with --folds judges the model of all rows, which follows where --save names a file: add --save FILE, or leave --test out")
	}
	if r.m.Reset == nil {
		return errors.New("--folds: the program's model cannot begin anew")
	}
	return nil
}

// beginFold makes the model new for that data.
func (r *run) beginFold(set *dataset.Loaded, metrics []Metric) (*training, error) {
	t, err := r.newTraining(set, metrics)
	if err != nil {
		return nil, err
	}
	t.silent = true
	r.m.Reset(t.seed)
	return t, t.begin()
}

// fold is one training, to its last epoch, and what the part held out says of it.
func (r *run) fold(ctx context.Context, set *dataset.Loaded, metrics []Metric) (*training, error) {
	t, err := r.beginFold(set, metrics)
	if err != nil {
		return nil, err
	}
	err = t.loop(ctx)
	t.progress.clear()
	if err != nil {
		return nil, err
	}
	return t, t.judgeNow(ctx)
}

// foldError is the error of the fold behind those that are done, whose figures an interrupt leaves.
func (r *run) foldError(err error, done []foldFigures) error {
	fold := len(done) + 1
	if !errors.As(err, new(stopped)) {
		return fmt.Errorf("fold %d: %w", fold, err)
	}
	r.note("interrupted in fold %d of %d: nothing was saved", fold, r.job.Folds)
	if len(done) > 0 {
		if failed := r.summarizeFolds(done, true); failed != nil {
			return failed
		}
	}
	return err
}

// noteRareClasses says which classes have too few rows for each fold to hold one out. set is any of the folds.
func (r *run) noteRareClasses(set *dataset.Loaded) {
	if set.Train.Classes() == nil {
		return
	}
	names := set.Codec.Targets()[0].ClassesOf(0)
	count := make([]int, len(names))
	for _, part := range []*dataset.Set{set.Train, set.Valid} {
		for _, k := range part.Classes() {
			if k != kernel.Ignored {
				count[k]++
			}
		}
	}
	var rare []string
	for k, n := range count {
		if n > 0 && n < r.job.Folds {
			rare = append(rare, fmt.Sprintf("%s (%s)", names[k], phrase.Counted(n, "row")))
		}
	}
	if len(rare) > 0 {
		r.note("not every fold is judged by each class, since there are %d folds and fewer rows of %s", r.job.Folds, phrase.Listed(rare))
	}
}

// reportFold writes the fold's line.
func (t *training) reportFold(fold int) error {
	if fold == 1 {
		t.noteData()
	}
	if !t.job.Sweep {
		t.note("fold %d/%d  loss %s  valid loss %s%s", fold, t.job.Folds, number(t.loss), whole(t.now.loss, t.now.parts), t.now.spelled())
	}
	if !t.job.JSON {
		return nil
	}
	return writeRecord(t.stdout, foldRecord{
		Event: "fold", Fold: fold, Folds: t.job.Folds, Rows: t.set.Train.Rows(), ValidRows: t.now.rows, Loss: finite(t.loss),
		ValidLoss: finite(t.now.loss), ValidLosses: metricMap(t.now.parts), Metrics: metricMap(t.now.metrics),
	})
}

// summarizeFolds writes the figures of the folds that are done, their mean and their deviation.
func (r *run) summarizeFolds(done []foldFigures, interrupted bool) error {
	names := []string{"loss"}
	for _, m := range done[0].metrics {
		names = append(names, m.name)
	}
	columns := make([][]float64, len(names))
	for _, f := range done {
		columns[0] = append(columns[0], f.loss)
		for i, m := range f.metrics {
			columns[i+1] = append(columns[i+1], m.value)
		}
	}
	if r.job.JSON {
		rec := foldsRecord{Event: "folds", Folds: len(done), ValidLoss: spreadOf(columns[0]), Metrics: map[string]spread{}, Stopped: interrupted}
		for i, name := range names[1:] {
			rec.Metrics[name] = spreadOf(columns[i+1])
		}
		return writeRecord(r.stdout, rec)
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "fold\trows\theld out\t")
	for _, name := range names {
		fmt.Fprintf(w, "%s\t", name)
	}
	for i, f := range done {
		fmt.Fprintf(w, "\n%d\t%d\t%d\t", i+1, f.rows, f.judgement.rows)
		for _, c := range columns {
			fmt.Fprintf(w, "%s\t", number(c[i]))
		}
	}
	for _, row := range []struct {
		name  string
		value func([]float64) float64
	}{{"mean", mean}, {"deviation", deviation}} {
		fmt.Fprintf(w, "\n%s\t\t\t", row.name)
		for _, c := range columns {
			fmt.Fprintf(w, "%s\t", number(row.value(c)))
		}
	}
	fmt.Fprintln(w)
	w.Flush() // to memory, where nothing fails
	_, err := r.stdout.Write(b.Bytes())
	return err
}

func spreadOf(values []float64) spread {
	return spread{figure(mean(values)), figure(deviation(values))}
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// deviation is that of a sample: of the squared distances from the mean, the sum over one less than their number.
func deviation(values []float64) float64 {
	m, sum := mean(values), 0.0
	for _, v := range values {
		sum += float64((v - m) * (v - m))
	}
	return math.Sqrt(sum / float64(len(values)-1))
}
