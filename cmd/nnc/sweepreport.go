package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/nnc-lang/nnc/runtime/numeral"
)

// title names a trial: "run 3/12  lr 0.01  batch 32".
func (w *sweeping) title(t *trial) string {
	return fmt.Sprintf("run %d/%d%s", t.number, len(w.trials), w.settings(t))
}

// settings are the values of the axes, each behind two spaces.
func (w *sweeping) settings(t *trial) string {
	var b strings.Builder
	for i, v := range t.values {
		fmt.Fprintf(&b, "  %s %s", w.axes[i].name, visible(v))
	}
	return b.String()
}

// visible is a text as it may go to a terminal.
func visible(text string) string {
	if strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) < 0 {
		return text
	}
	return fmt.Sprintf("%q", text)
}

// String is how far a training is.
func (p *progress) String() string {
	text := fmt.Sprintf("epoch %d/%d", p.Epoch, p.Epochs)
	if p.Event == "fold" {
		text = fmt.Sprintf("fold %d/%d", p.Fold, p.Folds)
	}
	if p.Loss != nil {
		text += "  loss " + numeral.Short(*p.Loss)
	}
	if p.ValidLoss != nil {
		text += "  valid loss " + numeral.Short(*p.ValidLoss)
	}
	return text
}

// account says how a trial went, in a line.
func (w *sweeping) account(t *trial) string {
	text := w.title(t) + ":"
	switch t.state {
	case failed:
		return text + " failed: " + t.why
	case interrupted:
		return text + " interrupted"
	}
	for _, name := range w.columns() {
		text += "  " + heading(name) + " " + w.cell(t, name)
	}
	if t == w.best {
		text += "  the best so far"
	}
	return text
}

// heading is how tables and lines name a figure of held-out rows.
func heading(name string) string {
	if name == byLoss {
		return "valid loss"
	}
	return name
}

// columns are the figures to show: what decides, then the others.
func (w *sweeping) columns() []string {
	names := []string{w.by}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	add(byLoss)
	for _, t := range w.trials {
		for _, m := range t.metrics {
			add(m.Name)
		}
	}
	return names
}

// cell is a figure for people; what is undefined is a dash.
func (w *sweeping) cell(t *trial, name string) string {
	const undefined = "–"
	v, ok := t.figure(name)
	if !ok {
		return undefined
	}
	text := numeral.Short(v)
	if d, ok := t.deviations[name]; ok {
		text += " ± " + numeral.Short(d)
	}
	return text
}

// report writes the table, the best run, and how to repeat it.
func (w *sweeping) report() error {
	if w.json {
		if w.best == nil {
			return nil
		}
		return w.writeBest()
	}
	var b strings.Builder
	w.writeTable(&b)
	w.describeBest(&b)
	_, err := w.stdout.Write([]byte(b.String()))
	return err
}

func (w *sweeping) writeTable(b *strings.Builder) {
	names := w.columns()
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "rank\t")
	for i := range w.axes {
		fmt.Fprintf(table, "%s\t", w.axes[i].name)
	}
	for _, name := range names {
		fmt.Fprintf(table, "%s\t", heading(name))
	}
	if w.folds == 0 {
		fmt.Fprint(table, "kept epoch\t")
	}
	fmt.Fprintln(table)
	trials, ranks := w.ranked()
	for i, t := range trials {
		rank := fmt.Sprint(i + 1)
		if i >= ranks {
			rank = [...]string{done: "–", interrupted: "interrupted", failed: "failed"}[t.state]
		}
		fmt.Fprintf(table, "%s\t", rank)
		for _, v := range t.values {
			fmt.Fprintf(table, "%s\t", visible(v))
		}
		for _, name := range names {
			fmt.Fprintf(table, "%s\t", w.cell(t, name))
		}
		switch {
		case w.folds > 0:
		case t.KeptEpoch > 0:
			fmt.Fprintf(table, "%d of %d\t", t.KeptEpoch, t.Epochs)
		default:
			fmt.Fprint(table, "–\t")
		}
		fmt.Fprintln(table)
	}
	table.Flush() // to memory, where nothing fails
}

func (w *sweeping) describeBest(b *strings.Builder) {
	t := w.best
	if t == nil {
		return
	}
	fmt.Fprintf(b, "\nbest by held-out %s:%s\n", w.by, w.settings(t))
	if t.state == interrupted {
		fmt.Fprintf(b, "it was interrupted, so its command would train on beyond it\n")
	}
	if w.folds == 0 {
		fmt.Fprintf(b, "%s chose it, so its figures on them flatter\n", counted(t.ValidRows, "held-out row"))
	}
	if t.TestRows > 0 {
		fmt.Fprintf(b, "tested on %s:", counted(t.TestRows, "row"))
		for _, f := range t.testFigures() {
			fmt.Fprintf(b, "  %s", f)
		}
		fmt.Fprintf(b, "\nreport the figures of these rows, which neither trained nor chose\n")
	}
	if saved, earlier := w.saved(); saved != "" {
		fmt.Fprintf(b, "saved %s\n", visible(saved))
		if earlier != "" {
			fmt.Fprintf(b, "the earlier %s is kept as %s\n", visible(saved), visible(earlier))
		}
	}
	fmt.Fprintf(b, "\nto train it again:\n\n    %s\n", strings.Join(w.again(shellWord), " "))
}

// testFigures are those of the test rows, the loss first, in the order of the metrics.
func (t *trial) testFigures() []string {
	var all []string
	add := func(name string, v *float64) {
		if v != nil {
			all = append(all, name+" "+numeral.Short(*v))
		}
	}
	add(byLoss, t.TestLoss)
	for _, m := range t.metrics {
		add(m.Name, t.TestMetrics[m.Name])
	}
	return all
}

// saved is where the best weights are, empty where none were to be saved, and where the file is that stood there before.
func (w *sweeping) saved() (path, earlier string) {
	if w.folds > 0 {
		return w.best.Saved, ""
	}
	return w.kept.path, w.kept.earlier
}

// again is the command line that trains the best once more, into the same file; where none was saved, into the usual one.
func (w *sweeping) again(form func(string) string) []string {
	c := w.best.command.withSave(nil)
	if saved, _ := w.saved(); saved != "" {
		c.Save = &saved
	}
	var words []string
	for _, word := range append([]string{"nnc", "train"}, c.arguments(w.session)...) {
		words = append(words, form(word))
	}
	return words
}

// runRecord is what --json writes after each run, and, as the event best, at the end.
type runRecord struct {
	Event      string              `json:"event"` // run or best
	Run        int                 `json:"run"`   // from 1
	Runs       int                 `json:"runs"`
	Settings   map[string]string   `json:"settings"` // what varies, as it was given
	State      string              `json:"state"`    // done, failed or interrupted
	Error      string              `json:"error,omitempty"`
	ValidLoss  *float64            `json:"valid_loss,omitempty"`
	Metrics    map[string]float64  `json:"metrics,omitempty"`
	Deviations map[string]float64  `json:"deviations,omitempty"` // of folds, that of the loss as "loss"
	Epochs     int                 `json:"epochs,omitempty"`
	KeptEpoch  int                 `json:"kept_epoch,omitempty"`
	By         string              `json:"by,omitempty"` // the rest is of the best run only
	Saved      string              `json:"saved,omitempty"`
	Earlier    string              `json:"earlier,omitempty"`
	TestRows   int                 `json:"test_rows,omitempty"`
	TestLoss   *float64            `json:"test_loss,omitempty"`
	TestMetric map[string]*float64 `json:"test_metrics,omitempty"`
	Command    []string            `json:"command,omitempty"` // trains it again
}

func (w *sweeping) record(t *trial) runRecord {
	r := runRecord{
		Event: "run", Run: t.number, Runs: len(w.trials), Settings: map[string]string{},
		State: [...]string{done: "done", interrupted: "interrupted", failed: "failed"}[t.state],
		Error: t.why, Deviations: t.deviations, Epochs: t.Epochs, KeptEpoch: t.KeptEpoch,
	}
	for i, v := range t.values {
		r.Settings[w.axes[i].name] = v
	}
	for name, v := range t.figures {
		if name == byLoss {
			r.ValidLoss = &v
			continue
		}
		if r.Metrics == nil {
			r.Metrics = map[string]float64{}
		}
		r.Metrics[name] = v
	}
	return r
}

func (w *sweeping) writeRun(t *trial) error { return json.NewEncoder(w.stdout).Encode(w.record(t)) }

func (w *sweeping) writeBest() error {
	t := w.best
	r := w.record(t)
	r.Event, r.By = "best", w.by
	r.TestRows, r.TestLoss, r.TestMetric = t.TestRows, t.TestLoss, t.TestMetrics
	r.Saved, r.Earlier = w.saved()
	r.Command = w.again(func(word string) string { return word })
	return json.NewEncoder(w.stdout).Encode(r)
}
