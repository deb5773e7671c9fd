package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

type exportCommand struct {
	PyTorch bool   `name:"pytorch" help:"A Python program that trains the model with PyTorch, on one machine or several."`
	ONNX    bool   `name:"onnx" help:"An ONNX file of what the model predicts, for ONNX Runtime and others; it needs --weights."`
	Weights string `placeholder:"FILE" help:"The weights that training has made, a safetensors file. With --pytorch: what the program starts from."`
	mapFlag
	Output string   `short:"o" placeholder:"FILE" help:"Where to write; - is standard output. Otherwise house.nn becomes house.py or house.onnx beside it."`
	Reads  []string `placeholder:"FORM,..." help:"With --pytorch, what the program reads: table, texts (a table with texts), tokens (the same by a vocabulary of WordPiece), series (windows of a table), arrays, text, questions. Otherwise the one that the model speaks for."`
	Opset  int      `placeholder:"N" help:"With --onnx, the version of its operators; otherwise the lowest that suffices, from 17 on."`

	ModelValues bool `help:"With --onnx, take and give the model's own values, rather than raw columns and the data's own units and class names."`
	constFlags
	Model string `arg:"" name:"model.nn" help:"The spec; - is standard input."`
}

func (exportCommand) Help() string {
	return "Writes the model for another engine. A Python program reads the same data as `nnc train`, starts with the same weights, and " +
		"saves files that nnc takes. An ONNX file holds the spec, the weights and the codec: nnc import gives them back.\n\n" +
		"    nnc export --pytorch house.nn\n" +
		"    nnc export --onnx house.nn --weights house.safetensors"
}

func (c *exportCommand) Run(s *session) error {
	switch {
	case c.PyTorch && c.ONNX:
		return errors.New("--pytorch and --onnx exclude each other")
	case c.PyTorch:
		return c.pytorch(s)
	case c.ONNX && len(c.Reads) > 0:
		return errors.New("--reads is for --pytorch")
	case c.ONNX:
		return c.onnx(s)
	}
	return errors.New("for which engine? --pytorch writes a Python program, --onnx an ONNX file")
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

// replaces is an error where something stands at a path that is not ours, by so many of its first bytes.
func replaces(path string, head int, ours func(head []byte) bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return plain(err)
	}
	defer f.Close()
	b := make([]byte, head)
	if n, _ := io.ReadFull(f, b); ours(b[:n]) {
		return nil
	}
	return fmt.Errorf("%s: not written by nnc, and not overwritten: move it away, or name another file with -o", path)
}
