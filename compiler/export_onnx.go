package compiler

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/compiler/simplify"
	"github.com/nnc-lang/nnc/grammar/diag"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// ONNXOptions are what the caller decides about an ONNX file.
type ONNXOptions struct {
	Opset int // the version of the operators; 0: the lowest that suffices

	// ModelValues lets the file take and give model values. Otherwise it takes and gives raw ones, if the weights have a Codec.
	ModelValues bool
}

// Verify is an error if there is no such opset.
func (o ONNXOptions) Verify() error { return onnx.CheckOpset(o.Opset) }

// The keys of the metadata that make an ONNX file come back as the spec and the weights. Those of the weights themselves
// stand beside them.
const (
	onnxSpec     = "nnc.spec"      // the text
	onnxSpecName = "nnc.spec_name" // its file
	onnxWeights  = "nnc.weights"   // what of the file makes a weight file, as JSON
	onnxUnread   = "nnc.unread"    // weights that no operator reads, as a safetensors file in base64
)

// onnxParts is what of an ONNX file makes a weight file.
type onnxParts struct {
	Tensors  []string `json:"tensors"`  // in their order
	Metadata []string `json:"metadata"` // the keys of theirs
}

// ONNX makes an ONNX file of a spec and its weights: of what the model predicts. The weights must be those that Compile lists
// as Output.Tensors, all of them and no others.
func ONNX(name string, src []byte, w *weights.File, on ONNXOptions, o Options) (model io.WriterTo, list diag.List, err error) {
	s, list, err := run(name, src, o, "autodiff")
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	defer func() {
		if r := recover(); r != nil {
			model, err = nil, fmt.Errorf("%s: internal error: %v; please report it with the spec", name, r)
		}
	}()
	g := simplify.Dead(s.graphs.Predict)
	if list = append(list, untranslated(name, s.file, onnx.Missing(g), "ONNX")...); list.HasErrors() {
		return nil, list, nil
	}
	tensors := make([]onnx.Tensor, len(w.Tensors))
	for i, t := range w.Tensors {
		tensors[i] = onnxTensor(t)
	}
	m, unread, err := onnx.New(g, tensors, on.Opset)
	if err != nil {
		return nil, list, err
	}
	if codec, err := data.CodecOf(w.Meta); !on.ModelValues && !errors.Is(err, data.ErrNoCodec) {
		if err == nil {
			err = wrap(s.forward, m, codec)
		}
		if err != nil {
			return nil, list, fmt.Errorf("raw values in and out: %w; --model-values leaves the codec out", err)
		}
	}
	var rest weights.File
	for _, t := range unread {
		kept, _ := w.Tensor(t.Name)
		rest.Tensors = append(rest.Tensors, *kept)
	}
	return m, list, describe(m, filepath.Base(name), src, w, &rest)
}

// describe adds the metadata.
func describe(m *onnx.Model, name string, src []byte, w, rest *weights.File) error {
	parts := onnxParts{Tensors: []string{}, Metadata: slices.AppendSeq([]string{}, maps.Keys(w.Meta))}
	for _, t := range w.Tensors {
		parts.Tensors = append(parts.Tensors, t.Name)
	}
	slices.Sort(parts.Metadata)
	order, err := json.Marshal(parts)
	if err != nil {
		return err
	}
	all := map[string]string{onnxSpec: string(src), onnxSpecName: name, onnxWeights: string(order)}
	for _, pair := range m.Meta {
		all[pair[0]] = pair[1]
	}
	if len(rest.Tensors) > 0 {
		var file bytes.Buffer
		if err := weights.WriteTo(&file, rest); err != nil {
			return err
		}
		all[onnxUnread] = base64.StdEncoding.EncodeToString(file.Bytes())
	}
	for key, text := range w.Meta {
		if _, taken := all[key]; taken {
			return fmt.Errorf("the weights have metadata under %q, where the ONNX file has its own", key)
		}
		all[key] = text
	}
	m.Meta = nil
	for _, key := range slices.Sorted(maps.Keys(all)) {
		m.Meta = append(m.Meta, [2]string{key, all[key]})
	}
	return nil
}

// onnxTensor is a tensor of a weight file as ONNX has it.
func onnxTensor(t weights.Tensor) onnx.Tensor {
	shape := make([]int64, len(t.Shape))
	for i, d := range t.Shape {
		shape[i] = int64(d)
	}
	if t.DType.Float() {
		return onnx.Floats(t.Name, shape, t.F32...)
	}
	return onnx.Ints(t.Name, shape, t.I64...)
}

// ONNXSize is how large an ONNX file can be.
const ONNXSize = onnx.MaxSize

// ONNXHead is how many bytes of a file IsONNX looks at.
const ONNXHead = onnx.Head

// IsONNX reports whether a file that begins so is an ONNX file of nnc.
func IsONNX(head []byte) bool { return onnx.Ours(head) }
