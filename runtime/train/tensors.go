package train

import (
	"fmt"
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/torch"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// readWeights reads a weight file that holds all of a model, and gives its tensors the names that they have here.
func (r *run) readWeights(path string) (*weights.File, error) {
	f, m, err := r.readNamed(path)
	if err == nil && m != nil {
		err = m.Whole()
	}
	return f, err
}

// readNamed reads a weight file, and gives its tensors the names that they have here, by the map that it returns, nil
// without one.
func (r *run) readNamed(path string) (*weights.File, *weights.Mapping, error) {
	f, err := torch.Read(path)
	if err != nil || r.job.Map == "" {
		return f, nil, err
	}
	m, err := weights.ReadMapping(r.job.Map)
	if err != nil {
		return nil, nil, err
	}
	return f, m, m.Rename(f)
}

// importWeights gives the model the tensors of f, which was read from path. A file may hold numbers that are not
// finite, but no model computes anything with them.
func (m *Model) importWeights(f *weights.File, path string) error {
	if err := checkFinite(f.Tensors); err != nil {
		return fmt.Errorf("%s: %w: these weights compute nothing; take those of another training", path, err)
	}
	if err := m.Import(f); err != nil {
		if whose := data.Whose(f.Meta); whose != "" {
			err = fmt.Errorf("%w\n  %s", err, whose)
		}
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// checkFinite names the first element that is not a finite number.
func checkFinite(tensors []weights.Tensor) error {
	for _, t := range tensors {
		for i, v := range t.F32 {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				return fmt.Errorf("element %d of %s is %g", i, t.Name, v)
			}
		}
	}
	return nil
}
