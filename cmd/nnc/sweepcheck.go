package main

import (
	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// misfit is what is wrong with a spec for the constants of some runs.
type misfit struct {
	spec
	list diag.List // with errors
}

// Error is the first mistake, in a line.
func (m misfit) Error() string {
	for _, d := range m.list {
		if d.Severity == diag.Error {
			return d.String()
		}
	}
	return m.list.Error()
}

// checkModel compiles the spec for all runs of it. Those that it is wrong for will fail; where it is wrong for all, its
// mistakes are shown, with the first run that has them. The spec is returned as it stands in its file.
func (w *sweeping) checkModel(model string) (spec, error) {
	var wrong *trial // the first
	fits := false
	checked := map[string]error{}
	for _, t := range w.trials {
		if t.command.Model != model {
			continue
		}
		key := t.program()
		err, known := checked[key]
		if !known {
			err = t.check(w.session, !fits)
			checked[key] = err
		}
		_, some := err.(misfit)
		switch {
		case err == nil:
			fits = true
		case !some:
			return spec{}, err
		case wrong == nil:
			wrong = t
		}
		t.unfit = err
	}
	if wrong == nil || fits {
		return w.open(model)
	}
	m := wrong.unfit.(misfit)
	if len(wrong.values) > 0 {
		w.note("%s: failed, as do the others:", w.title(wrong))
	}
	return spec{}, w.judge(m.spec, m.list, nil)
}

// check compiles the model of a run. Mistakes are a misfit; of the first run of a spec that has none, remarks are shown.
func (t *trial) check(s *session, first bool) error {
	sp, err := s.openFile(t.command.Model)
	if err != nil {
		return err
	}
	list, err := t.command.constFlags.put(&sp)
	if err != nil {
		return err
	}
	if list.HasErrors() {
		return misfit{sp, list}
	}
	if first {
		sp, out, list, err := t.command.compile(s)
		switch {
		case list.HasErrors():
			return misfit{sp, list}
		case err != nil:
			return s.judge(sp, list, err)
		case !out.Trains:
			s.report(sp, list)
			return nothingToTrain(sp)
		}
		return s.judge(sp, list, nil)
	}
	o := s.options(compiler.Options{Model: sp.model})
	if t.command.Batch != nil {
		o.Batch = *t.command.Batch
	}
	list, err = compiler.Check(sp.name, sp.text, o)
	if list.HasErrors() {
		return misfit{sp, list}
	}
	return err
}
