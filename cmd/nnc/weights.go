package main

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/runtime/torch"
	"github.com/nnc-lang/nnc/runtime/weights"
)

type weightsCommand struct {
	File   string `arg:"" name:"file" help:"The weights, a safetensors file or what torch.save wrote; or the spec of a model with which those after it are compared."`
	Behind string `arg:"" optional:"" name:"weights" help:"The weights, where a spec stands before them."`
	mapFlag
	Save   string `placeholder:"FILE" help:"Write what the model takes, as nnc train saves it: by the names here, in float32."`
	Export string `placeholder:"FILE" help:"Write the model's weights by the names that they have on the left of --map."`
	Torch  bool   `help:"With --export, join the tensors that PyTorch has as one, such as those of attention."`
	Norm   bool   `help:"Show the norm of each tensor, instead of its least, mean and greatest element."`
	JSON   bool   `name:"json" help:"Write one JSON object."`
	constFlags
}

func (weightsCommand) Help() string {
	return "Lists the tensors of a weight file, or compares them with what a model takes; the exit code is 1 where they do not fit. " +
		"Of F16, BF16, F64 and F32 files float32 is read. With --map the names of another program become those here.\n\n" +
		"    nnc weights house.safetensors\n" +
		"    nnc weights house.nn torch.pt --map names.txt\n" +
		"    nnc weights house.nn torch.safetensors --map names.txt --save w.safetensors\n" +
		"    nnc weights house.nn house.safetensors --torch --export torch.safetensors"
}

func (c *weightsCommand) Run(s *session) error {
	model, path, err := c.files()
	if err != nil {
		return err
	}
	if err := readable(path, isWeightsName); err != nil {
		return err
	}
	m, err := c.mapping()
	if err != nil {
		return err
	}
	var sp spec
	var out *compiler.Output
	if model != "" {
		if sp, out, err = s.openTrained(model, c.constFlags, false); err != nil {
			return err
		}
	}
	inputs := []string{path, c.Map}
	if err := errors.Join(writable("--save", c.Save, sp, inputs), writable("--export", c.Export, sp, inputs)); err != nil {
		return err
	}
	f, err := torch.Read(path)
	if path := new(fs.PathError); errors.As(err, &path) {
		return plain(err)
	}
	if err != nil {
		return problem("%w", err)
	}
	if c.Export != "" {
		return c.export(s, path, f, wanted(out), m)
	}
	there := slices.Clone(f.Tensors)
	if m != nil {
		if err := m.Rename(f); err != nil {
			return problem("%w", err)
		}
	}
	if c.Save != "" {
		if m != nil {
			if err := m.Whole(); err != nil {
				return problem("%w", err)
			}
		}
		return c.save(s, path, f, wanted(out))
	}
	report := c.report(path, there, f.Meta, m)
	if model != "" {
		d := f.Compare(wanted(out))
		if m != nil {
			if err := m.StartAnew(d); err != nil {
				return problem("%w", err)
			}
		}
		report.compare(sp.name, d)
	}
	if err := report.write(s.stdout, c.JSON, c.Norm); err != nil {
		return err
	}
	if report.Model != nil && !report.Model.Fits {
		return reported
	}
	return nil
}

// files are the spec, empty without one, and the weights.
func (c *weightsCommand) files() (model, path string, err error) {
	alone := c.Behind == ""
	switch {
	case alone && isSpecName(c.File):
		return "", "", fmt.Errorf("which weights? %s is a spec: name the file after it", c.File)
	case isSpecName(c.Behind):
		return "", "", fmt.Errorf("%s is a spec: it comes before the weights", c.Behind)
	case alone && (c.Save != "" || c.Export != ""):
		return "", "", fmt.Errorf("which model's weights are they to be? Name its spec before %s", c.File)
	case alone && len(c.Set) > 0:
		return "", "", errors.New("--set is for the constants of a spec: name it before the weights")
	case c.Save != "" && c.Export != "":
		return "", "", errors.New("--save and --export exclude each other: one writes the names here, the other those of another program")
	case c.Torch && c.Export == "":
		return "", "", errors.New("--torch says how --export writes: name a file with it")
	case alone:
		return "", c.File, nil
	}
	return c.File, c.Behind, nil
}

// save writes what the model takes, as files of nnc have it.
func (c *weightsCommand) save(s *session, path string, f *weights.File, want []weights.Want) error {
	d := f.Compare(want)
	if err := d.Err(); err != nil {
		return problem("%s: %w", path, err)
	}
	return s.writeWeights(c.Save, &weights.File{Tensors: d.Fit, Meta: f.Meta})
}

// formatKey is where programs of the PyTorch world look for who wrote a file.
const formatKey = "format"

// export writes the model's weights by the names of another program.
func (c *weightsCommand) export(s *session, path string, f *weights.File, want []weights.Want, m *weights.Mapping) error {
	d := f.Compare(want)
	if err := d.Err(); err != nil {
		return problem("%s: %w", path, err)
	}
	theirs := &weights.File{Tensors: d.Fit, Meta: f.Meta}
	if c.Torch {
		theirs.Tensors = weights.Packed(theirs.Tensors, want)
		if theirs.Meta == nil {
			theirs.Meta = map[string]string{}
		}
		theirs.Meta[formatKey] = "pt"
	}
	if m != nil {
		turned, err := m.Turned()
		if err == nil {
			err = turned.Rename(theirs)
		}
		if err != nil {
			return problem("%w", err)
		}
	}
	return s.writeWeights(c.Export, theirs)
}

// writeWeights writes a weight file, and says so.
func (s *session) writeWeights(path string, f *weights.File) error {
	if err := weights.Write(path, f); err != nil {
		return err
	}
	s.note("wrote %s: %s", path, counted(len(f.Tensors), "tensor"))
	return nil
}
