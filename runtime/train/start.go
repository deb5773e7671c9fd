package train

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// initial is the weights that a training starts from.
type initial struct {
	file *weights.File

	// there is how the file stands to what the model wants, where it need not fit as a whole: with --init-only and --map.
	there *weights.Difference
}

// openStart reads the weights that the job starts from, nil if it starts anew, and what the data take over from them.
func (r *run) openStart() (*initial, *dataset.Start, error) {
	path := r.job.Init
	switch {
	case path == "" && r.job.Rescale:
		return nil, nil, usage{errors.New("--rescale takes new statistics in place of those of --init: there is no --init")}
	case path == "" && r.job.Map != "":
		return nil, nil, usage{errors.New("--map says what the tensors of --init are called here: there is no --init")}
	case path == "" && len(r.job.InitOnly) > 0:
		return nil, nil, usage{errors.New("--init-only chooses tensors of --init: there is no --init")}
	case path == "":
		return nil, nil, nil
	}
	f, m, err := r.readNamed(path)
	if err != nil {
		return nil, nil, err
	}
	start := &initial{file: f}
	if m != nil || len(r.job.InitOnly) > 0 {
		start.there = f.Compare(r.m.Want())
	}
	if m != nil {
		if err := m.StartAnew(start.there); err != nil {
			return nil, nil, err
		}
	}
	codec, err := data.CodecOf(f.Meta)
	switch {
	case errors.Is(err, data.ErrNoCodec):
		if !r.answersQuestions(nil) { // tokens have no statistics
			r.note("%s holds weights only: statistics are those of these rows", path)
		}
		return start, nil, nil
	case errors.Is(err, data.ErrEarlierCodec):
		r.note("the statistics in %s are %v: those of these rows are taken", path, data.ErrEarlierCodec)
		return start, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return start, &dataset.Start{Codec: codec, File: path, Rescale: r.job.Rescale, NewTargets: r.newHead(start)}, nil
}

// newHead reports whether the last tensor starts anew, and with it what the model is judged by.
func (r *run) newHead(start *initial) bool {
	want := r.m.Want()
	return len(want) > 0 && start.there != nil && !r.takes(start.there, want[len(want)-1].Name)
}

// takes reports whether a tensor of the model is to be taken over: unless the map lets it start anew, or no pattern of
// --init-only is for it.
func (r *run) takes(there *weights.Difference, name string) bool {
	if slices.ContainsFunc(there.Anew, func(w weights.Want) bool { return w.Name == name }) {
		return false
	}
	return len(r.job.InitOnly) == 0 || slices.ContainsFunc(r.job.InitOnly, func(pattern string) bool { return matches(pattern, name) })
}

// start gives the model the weights to start from: all, or those of --init-only and of the map, the others being as they
// are.
func (t *training) start(s *initial) error {
	switch {
	case s == nil:
		return nil
	case s.there == nil:
		return t.m.importWeights(s.file, t.job.Init)
	}
	chosen, err := t.chosen(s.there)
	if err != nil {
		return err
	}
	return t.m.importWeights(chosen, t.job.Init)
}

// chosen is the model's own tensors, but those that are taken over as they are there.
func (t *training) chosen(there *weights.Difference) (*weights.File, error) {
	if len(t.job.InitOnly) == 0 && len(there.Missing)+len(there.Different) > 0 {
		err := there.Err()
		if len(there.Missing) > 0 {
			err = fmt.Errorf("%w\n  lines such as `- = %s` in %s let what is missing start anew", err, phrase.Visible(there.Missing[0].Name), t.job.Map)
		}
		return nil, fmt.Errorf("%s: %w", t.job.Init, err)
	}
	fit := make(map[string]weights.Tensor, len(there.Fit))
	for _, tensor := range there.Fit {
		fit[tensor.Name] = tensor
	}
	want := t.m.Want()
	own := make([]weights.Tensor, len(want))
	var taken, names, anew []string
	for i, w := range want {
		name := w.Name
		names = append(names, name)
		if !t.takes(there, name) {
			anew = append(anew, name)
			continue
		}
		tensor, fits := fit[name]
		if !fits {
			return nil, fmt.Errorf("%s: %s", t.job.Init, t.unfit(there, name))
		}
		own[i] = tensor
		taken = append(taken, name)
	}
	for _, pattern := range t.job.InitOnly {
		if !slices.ContainsFunc(taken, func(name string) bool { return matches(pattern, name) }) {
			return nil, usage{fmt.Errorf("--init-only %s: no tensor of the model has such a name (they are %s)", pattern, phrase.Listed(names))}
		}
	}
	if len(anew) > 0 {
		for i, tensor := range t.m.Export() {
			if own[i].Name == "" {
				own[i] = tensor
			}
		}
	}
	t.noteChosen(there, taken, anew)
	return &weights.File{Tensors: own}, nil
}

// noteChosen says which tensors are taken over, in part or whole, which are not, and which start anew.
func (t *training) noteChosen(there *weights.Difference, taken, anew []string) {
	t.note("taken over from %s: %s", t.job.Init, phrase.Listed(taken))
	for _, c := range there.Cut {
		if slices.Contains(taken, c.Name) {
			t.note("of %s the first %d of %s", phrase.Visible(c.Name), c.Rows, phrase.Counted(c.Of, "row"))
		}
	}
	left := slices.Clone(there.LeftOut)
	for _, tensor := range there.Unexpected {
		left = append(left, tensor.Name)
	}
	if len(left) > 0 {
		t.note("in %s, but not used: %s", t.job.Init, phrase.Listed(left))
	}
	if len(anew) > 0 {
		t.note("starting anew: %s", phrase.Listed(anew))
	}
}

// unfit says why a tensor that --init-only names cannot be taken over.
func (t *training) unfit(there *weights.Difference, name string) string {
	for _, d := range there.Different {
		if d.Want.Name == name {
			return d.String()
		}
	}
	return fmt.Sprintf("it has no %s, which --init-only %s names", name, strings.Join(t.job.InitOnly, ","))
}

// matches reports whether a name is the pattern, whose asterisks stand for anything.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	rest, found := strings.CutPrefix(name, parts[0])
	if !found {
		return false
	}
	for _, part := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}
