package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/torch"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// onnx writes an ONNX file.
func (c *exportCommand) onnx(s *session) error {
	if c.Weights == "" {
		return errors.New("which weights? An ONNX file is a trained model, and begins with what training has made: name it with --weights; nnc train --save makes it")
	}
	on := compiler.ONNXOptions{Opset: c.Opset, ModelValues: c.ModelValues}
	if err := on.Verify(); err != nil {
		return fmt.Errorf("--%w", err)
	}
	if err := readable(c.Weights, isWeightsName); err != nil {
		return err
	}
	names, err := c.mapping()
	if err != nil {
		return err
	}
	path, err := c.path(".onnx")
	if err != nil {
		return err
	}
	sp, out, err := s.openTrained(c.Model, c.constFlags, false)
	if err != nil {
		return err
	}
	if path != standardOutput {
		err = writable("-o", path, sp, []string{c.Weights, c.Map})
	}
	if err != nil {
		return err
	}
	if c.Output == "" {
		if err := replaces(path, compiler.ONNXHead, compiler.IsONNX); err != nil {
			return err
		}
	}
	f, err := fitted(torch.Read, "--weights", c.Weights, names, out)
	if err != nil {
		return err
	}
	model, list, err := compiler.ONNX(sp.name, sp.text, f, on, s.options(compiler.Options{Model: sp.model}))
	if list.HasErrors() {
		return s.judge(sp, list, err)
	}
	if err != nil {
		return problem("%w", err)
	}
	write := func(w io.Writer) error {
		_, err := model.WriteTo(w)
		return err
	}
	if path == standardOutput {
		err = write(s.stdout)
	} else {
		err = weights.WriteAtomic(path, write)
	}
	if err != nil {
		return err
	}
	if _, raw := f.Meta[data.CodecKey]; !raw && !c.ModelValues {
		s.note("%s holds weights only: the file takes and gives the model's own values", c.Weights)
	}
	if path != standardOutput {
		s.note("wrote %s", path)
	}
	return nil
}

// fitted reads a model's weights, which a flag has named, by the names and in the order that the model has.
func fitted(read func(path string) (*weights.File, error), flag, path string, names *weights.Mapping, out *compiler.Output) (*weights.File, error) {
	f, err := read(path)
	if path := new(fs.PathError); errors.As(err, &path) {
		return nil, plain(err)
	}
	if err != nil {
		return nil, problem("%s %w", flag, err)
	}
	if names != nil {
		if err := errors.Join(names.Whole(), names.Rename(f)); err != nil {
			return nil, problem("%w", err)
		}
	}
	d := f.Compare(wanted(out))
	if err := d.Err(); err != nil {
		if whose := data.Whose(f.Meta); whose != "" {
			err = fmt.Errorf("%w\n  %s", err, whose)
		}
		return nil, problem("%s %s: %w", flag, path, err)
	}
	return &weights.File{Tensors: d.Fit, Meta: f.Meta}, nil
}
