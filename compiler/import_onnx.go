package compiler

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/compiler/export/onnx"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// Imported is what a file of another engine's form was made of.
type Imported struct {
	Name    string // the spec's file name
	Spec    []byte
	Weights *weights.File
}

// ErrForeign is the error for an ONNX file that nnc did not write.
var ErrForeign = errors.New("nnc reads back ONNX files that it wrote itself, and this one is another program's")

// ReadONNX takes an ONNX file apart that ONNX has made: the spec and the weights are those that it was made of, byte for byte
// where nnc wrote the weights.
func ReadONNX(file []byte) (*Imported, error) {
	m, err := onnx.Read(file)
	if err != nil {
		return nil, err
	}
	meta := map[string]string{}
	for _, pair := range m.Meta {
		meta[pair[0]] = pair[1]
	}
	spec, ours := meta[onnxSpec]
	if !ours {
		return nil, ErrForeign
	}
	var parts onnxParts
	if err := json.Unmarshal([]byte(meta[onnxWeights]), &parts); err != nil {
		return nil, fmt.Errorf("its list of weights, %q, is damaged: %w", onnxWeights, err)
	}
	rest := &weights.File{}
	if text, ok := meta[onnxUnread]; ok {
		b, err := base64.StdEncoding.DecodeString(text)
		if err == nil {
			rest, err = weights.ReadFrom(bytes.NewReader(b))
		}
		if err != nil {
			return nil, fmt.Errorf("its weights that no operator reads, %q, are damaged: %w", onnxUnread, err)
		}
	}
	out := &Imported{Name: meta[onnxSpecName], Spec: []byte(spec), Weights: &weights.File{}}
	read := map[string]onnx.Tensor{}
	for _, t := range m.Weights {
		read[t.Name] = t
	}
	listed := map[string]bool{}
	for _, name := range parts.Tensors {
		if listed[name] {
			return nil, fmt.Errorf("its list of weights, %q, has %q twice: another program may have changed the file", onnxWeights, name)
		}
		listed[name] = true
		t, err := weightOf(name, read, rest)
		if err != nil {
			return nil, err
		}
		out.Weights.Tensors = append(out.Weights.Tensors, t)
	}
	for _, key := range parts.Metadata {
		text, ok := meta[key]
		if !ok {
			return nil, fmt.Errorf("the metadata %q are missing: another program may have changed the file", key)
		}
		if out.Weights.Meta == nil {
			out.Weights.Meta = map[string]string{}
		}
		out.Weights.Meta[key] = text
	}
	return out, nil
}

// weightOf finds a weight among what operators read and among the rest.
func weightOf(name string, read map[string]onnx.Tensor, rest *weights.File) (weights.Tensor, error) {
	if t, ok := rest.Tensor(name); ok {
		return *t, nil
	}
	t, ok := read[name]
	if !ok {
		return weights.Tensor{}, fmt.Errorf("the weight %q is missing: another program may have changed the file", name)
	}
	out := weights.Tensor{Name: name}
	for _, d := range t.Shape {
		out.Shape = append(out.Shape, int(d))
	}
	if out.F32, ok = t.Float32s(); ok {
		out.DType = weights.F32
		return out, nil
	}
	if out.I64, ok = t.Int64s(); ok {
		out.DType = weights.I64
		return out, nil
	}
	return weights.Tensor{}, fmt.Errorf("the weight %q is of type %v: another program may have changed the file", name, t.Type)
}
