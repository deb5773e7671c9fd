package train

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// save writes the model's weights and the codec, unless a weight is not a finite number.
func (t *training) save(end *ending) error {
	if t.job.Save == "" {
		return nil
	}
	tensors := t.m.Export()
	if err := checkFinite(tensors); err != nil {
		return fmt.Errorf("after step %d, %w; no weights were saved: %s", end.step, err, t.advice())
	}
	codec, err := t.set.Codec.Text()
	if err != nil {
		return err
	}
	if t.job.KeepEarlier {
		if t.earlier, err = weights.KeepEarlier(t.job.Save); err != nil {
			return usage{err}
		}
	}
	f := &weights.File{Tensors: tensors, Meta: map[string]string{data.CodecKey: codec}}
	if t.weighing.byClass != nil {
		text, err := json.Marshal(t.weighing.byClass)
		if err != nil {
			return err
		}
		f.Meta[classWeightsKey] = string(text)
	}
	if err := weights.Write(t.job.Save, f); err != nil {
		if t.earlier != "" {
			os.Remove(t.earlier) // it has its own name still
			t.earlier = ""
		}
		return usage{err}
	}
	return nil
}
