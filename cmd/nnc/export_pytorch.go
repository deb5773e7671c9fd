package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// pytorch writes a Python program.
func (c *exportCommand) pytorch(s *session) error {
	if c.Opset != 0 || c.ModelValues || c.Map != "" {
		return errors.New("--opset, --model-values and --map are for --onnx")
	}
	sp, err := s.open(c.Model)
	if err == nil {
		err = c.apply(s, &sp)
	}
	if err != nil {
		return err
	}
	path, err := c.program(sp)
	if err != nil {
		return err
	}
	if c.Weights != "" {
		if err := readable(c.Weights, isWeightsName); err != nil {
			return err
		}
		_, out, err := s.openTrained(c.Model, c.constFlags, false)
		if err != nil {
			return err
		}
		if _, err := fitted(weights.Read, "--weights", c.Weights, nil, out); err != nil {
			return err
		}
	}
	text, list, err := compiler.PyTorch(sp.name, sp.text, compiler.PyTorchOptions{Weights: c.Weights, Reads: c.Reads}, s.options(compiler.Options{Model: sp.model}))
	if err := s.judge(sp, list, err); err != nil {
		return err
	}
	if path == "" {
		_, err := s.stdout.Write(text)
		return err
	}
	if there, err := os.ReadFile(path); err == nil && !bytes.Equal(there, text) { // it may have been changed by hand
		kept, err := weights.KeepEarlier(path)
		if err != nil {
			return err
		}
		s.note("the earlier %s is kept as %s", path, kept)
	}
	if err := weights.WriteAtomic(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}); err != nil {
		return err
	}
	s.note("wrote %s", path)
	return nil
}

// program is where the program goes, empty where it is printed.
func (c *exportCommand) program(sp spec) (string, error) {
	if c.Output == standardOutput || c.Output == "" && sp.file == "" {
		return "", nil
	}
	path, err := c.path(".py")
	if err != nil {
		return "", err
	}
	inputs := []string{}
	if c.Weights != "" {
		inputs = append(inputs, c.Weights)
	}
	if err := writable("-o", path, sp, inputs); err != nil {
		return "", err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return path, nil
	}
	return path, replaces(path, maxAbove, isProgram)
}

// programLine begins a program that nnc has written.
var programLine = regexp.MustCompile(`^""".*\. Written by nnc from .*\.`)

// isProgram reports whether a file that begins so is such a program, or empty.
func isProgram(head []byte) bool {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	return len(head) == 0 || programLine.Match(line)
}
