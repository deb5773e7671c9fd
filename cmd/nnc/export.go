package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

type exportCommand struct {
	ONNX    bool   `name:"onnx" help:"An ONNX file of what the model predicts, for ONNX Runtime and others; it needs --weights."`
	Weights string `placeholder:"FILE" help:"The weights that training has made, a safetensors file."`
	Output  string `short:"o" placeholder:"FILE" help:"Where to write. Otherwise house.nn becomes house.onnx beside it."`
	Opset   int    `placeholder:"N" help:"With --onnx, the version of its operators; otherwise the lowest that suffices, from 17 on."`

	ModelValues bool `help:"With --onnx, take and give the model's own values, rather than raw columns and the data's own units and class names."`
	constFlags
	Model string `arg:"" name:"model.nn" help:"The spec; - is standard input."`
}

func (exportCommand) Help() string {
	return "Writes the model for another engine. An ONNX file holds the spec, the weights and the codec: nnc import gives them back.\n\n" +
		"    nnc export --onnx house.nn --weights house.safetensors"
}

func (c *exportCommand) Run(s *session) error {
	if !c.ONNX {
		return errors.New("for which engine? --onnx writes an ONNX file")
	}
	return c.onnx(s)
}

// path is where the model goes: beside the spec, with that ending, unless -o says it.
func (c *exportCommand) path(ending string) (string, error) {
	if c.Output != "" {
		return c.Output, nil
	}
	base, ok := strings.CutSuffix(filepath.Base(c.Model), ".nn")
	if !ok || base == "" {
		return "", fmt.Errorf("%s: where shall it go? Say so with -o: only a spec whose name ends in .nn has a place for it beside it", c.Model)
	}
	return filepath.Join(filepath.Dir(c.Model), base+ending), nil
}
