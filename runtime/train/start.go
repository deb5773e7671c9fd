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

// openStart reads the weights that the job starts from, nil if it starts anew, and what the data take over from them.
func (r *run) openStart() (*weights.File, *dataset.Start, error) {
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
	f, err := r.readWeights(path)
	if err != nil {
		return nil, nil, err
	}
	codec, err := data.CodecOf(f.Meta)
	switch {
	case errors.Is(err, data.ErrNoCodec):
		r.note("%s holds weights only: statistics are those of these rows", path)
		return f, nil, nil
	case errors.Is(err, data.ErrEarlierCodec):
		r.note("the statistics in %s are %v: those of these rows are taken", path, data.ErrEarlierCodec)
		return f, nil, nil
	case err != nil:
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, &dataset.Start{Codec: codec, File: path, Rescale: r.job.Rescale, NewTargets: r.newHead()}, nil
}

// newHead reports whether --init-only leaves the last tensor to start anew, and with it what the model is judged by.
func (r *run) newHead() bool {
	tensors := r.m.Export()
	if len(r.job.InitOnly) == 0 || len(tensors) == 0 {
		return false
	}
	last := tensors[len(tensors)-1].Name
	return !slices.ContainsFunc(r.job.InitOnly, func(pattern string) bool { return matches(pattern, last) })
}

// start gives the model the weights to start from: all, or those of --init-only, the others being as they are.
func (t *training) start(f *weights.File) error {
	if f == nil {
		return nil
	}
	if len(t.job.InitOnly) > 0 {
		var err error
		if f, err = t.chosen(f); err != nil {
			return err
		}
	}
	return t.m.importWeights(f, t.job.Init)
}

// chosen is the model's own tensors, but those that a pattern of --init-only names as they are in f.
func (t *training) chosen(f *weights.File) (*weights.File, error) {
	own := slices.Clone(t.m.Export())
	there := f.Compare(t.m.Want())
	var taken, names, anew []string
	for i := range own {
		name := own[i].Name
		names = append(names, name)
		if !slices.ContainsFunc(t.job.InitOnly, func(pattern string) bool { return matches(pattern, name) }) {
			anew = append(anew, name)
			continue
		}
		k := slices.IndexFunc(there.Fit, func(tensor weights.Tensor) bool { return tensor.Name == name })
		if k < 0 {
			return nil, fmt.Errorf("%s: %s", t.job.Init, t.unfit(there, name))
		}
		own[i] = there.Fit[k]
		taken = append(taken, name)
	}
	for _, pattern := range t.job.InitOnly {
		if !slices.ContainsFunc(taken, func(name string) bool { return matches(pattern, name) }) {
			return nil, usage{fmt.Errorf("--init-only %s: no tensor of the model has such a name (they are %s)", pattern, phrase.Listed(names))}
		}
	}
	t.note("taken over from %s: %s", t.job.Init, phrase.Listed(taken))
	if len(anew) > 0 {
		t.note("starting anew: %s", phrase.Listed(anew))
	}
	return &weights.File{Tensors: own}, nil
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
