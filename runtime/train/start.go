package train

import "github.com/nnc-lang/nnc/runtime/weights"

// start gives the model the weights to start from.
func (t *training) start() error {
	if t.job.Init == "" {
		return nil
	}
	f, err := weights.Read(t.job.Init)
	if err != nil {
		return err
	}
	return t.m.importWeights(f, t.job.Init)
}
