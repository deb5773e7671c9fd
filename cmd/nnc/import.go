package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/weights"
)

type importCommand struct {
	File    string `arg:"" name:"model.onnx" help:"An ONNX file that nnc export has written."`
	Output  string `short:"o" placeholder:"FILE" help:"The spec to write. Otherwise house.onnx becomes house.nn beside it."`
	Weights string `placeholder:"FILE" help:"The weight file to write. Otherwise house.safetensors beside house.nn."`
}

func (importCommand) Help() string {
	return "Gives back what an ONNX file was made of: the spec as it was written, and the weights with their codec. What is there " +
		"already is never overwritten.\n\n" +
		"    nnc import house.onnx\n" +
		"    nnc import house.onnx -o again.nn"
}

func (c *importCommand) Run(s *session) error {
	if err := readable(c.File, isONNXName); err != nil {
		return err
	}
	file, err := c.read()
	if err != nil {
		return err
	}
	model, err := compiler.ReadONNX(file)
	if errors.Is(err, compiler.ErrForeign) {
		return problem("%s: %w: save its weights as safetensors or by torch.save, write the spec by hand, and say with nnc weights --map what its tensors are called there", c.File, err)
	}
	if err != nil {
		return problem("%s: %w", c.File, err)
	}
	specPath, weightsPath, err := c.paths()
	if err != nil {
		return err
	}
	if err := s.writeWeights(weightsPath, model.Weights); err != nil {
		return err
	}
	if err := weights.WriteAtomic(specPath, func(w io.Writer) error {
		_, err := w.Write(model.Spec)
		return err
	}); err != nil {
		return errors.Join(err, os.Remove(weightsPath)) // all or nothing: what was written a moment ago was not there before
	}
	s.note("wrote %s", specPath)
	return nil
}

// paths are where the spec and the weights go. Nothing may be there.
func (c *importCommand) paths() (specPath, weightsPath string, err error) {
	specPath = cmp.Or(c.Output, strings.TrimSuffix(c.File, filepath.Ext(c.File))+".nn")
	weightsPath = cmp.Or(c.Weights, strings.TrimSuffix(specPath, ".nn")+".safetensors")
	if !isSpecName(specPath) {
		return "", "", fmt.Errorf("-o %s: the name of a spec ends in .nn", specPath)
	}
	if filepath.Clean(specPath) == filepath.Clean(weightsPath) {
		return "", "", fmt.Errorf("-o and --weights name one file: %s", specPath)
	}
	for _, place := range [][2]string{{"-o", specPath}, {"--weights", weightsPath}} {
		if _, err := os.Lstat(place[1]); !errors.Is(err, fs.ErrNotExist) {
			return "", "", fmt.Errorf("%s is there already, and is not overwritten: name another file with %s", place[1], place[0])
		}
		if err := writable(place[0], place[1], spec{}, nil); err != nil {
			return "", "", err
		}
	}
	return specPath, weightsPath, nil
}

// read reads the file, or so much more of it than an ONNX file can have that it is found too long.
func (c *importCommand) read() ([]byte, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, compiler.ONNXSize+1))
	if err != nil {
		return nil, plain(err)
	}
	if len(file) > compiler.ONNXSize {
		return nil, problem("%s: an ONNX file has at most %d bytes (2 GiB)", c.File, compiler.ONNXSize)
	}
	return file, nil
}
