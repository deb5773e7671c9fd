package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar/diag"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

type initCommand struct {
	Data         []string `arg:"" sep:"none" name:"data" help:"Files of a table, CSV or JSON lines, for a first spec; - is standard input. Or a folder of images, or two arrays, or a text to be continued. Or the name of a new folder."`
	Out          string   `short:"o" placeholder:"FILE" help:"The spec to write: otherwise houses.nn here for houses.csv; - is standard output."`
	columnFlags  `group:"Columns of a table:"`
	targetFlags  `group:"Columns of a table:"`
	kindFlags    `group:"Columns of a table:"`
	writingFlags `group:"How a table is written:"`
	Tokens       string `group:"Texts:" enum:"word,char,byte," default:"" placeholder:"KIND" help:"What a text is divided into: word, char or byte. Where nothing is said, a column of texts is one of words, and a text that goes on one of characters."`
	Tokenizer    string `group:"Texts:" placeholder:"wordpiece:FILE" help:"Columns of texts are divided into the tokens of a vocabulary, as BERT's vocab.txt."`
	Group        string `group:"Columns of a table:" placeholder:"COLUMN" help:"A column whose rows of one value are held out together. It is no feature."`
	Weight       string `group:"Columns of a table:" placeholder:"COLUMN" help:"A column of how much each row counts in the losses. It is no feature."`
}

func (initCommand) Help() string {
	return "Of a table: writes a first spec for learning --target, says why it is as it is, and which command trains it. " +
		"The flags of columns and cells are those of nnc train. Of a folder of images with a folder for each class, or of an array of images " +
		"and one of their classes (NPY or IDX), or of a text: likewise. Of a new name: makes a folder with a spec, a program that " +
		"trains it, and the line for go generate. What is there already is never overwritten.\n\n" +
		"    nnc init houses.csv --target price\n" +
		"    nnc init photos\n" +
		"    nnc init images.idx.gz labels.idx.gz\n" +
		"    nnc init shakespeare.txt\n" +
		"    nnc init shop"
}

func (c *initCommand) Run(s *session) error {
	name := c.Data[0]
	_, err := os.Lstat(name)
	bare := reflect.DeepEqual(*c, initCommand{Data: []string{name}, Out: c.Out}) // what stands here is of no table
	if bare && errors.Is(err, fs.ErrNotExist) && name != standardInput && filepath.Ext(name) == "" {
		return c.newFolder(s, name)
	}
	if isFolder(name) {
		return c.newImages(s, reflect.DeepEqual(*c, initCommand{Data: c.Data, Out: c.Out}))
	}
	for _, path := range c.Data {
		if path == standardInput {
			continue
		}
		if err := readable(path, isDataName); err != nil {
			return err
		}
	}
	if dataset.IsArray(name) {
		return c.newImages(s, reflect.DeepEqual(*c, initCommand{Data: c.Data, Out: c.Out}))
	}
	if reflect.DeepEqual(*c, initCommand{Data: []string{name}, Out: c.Out, Tokens: c.Tokens}) {
		if is, err := c.newRunning(s); is || err != nil {
			return err
		}
	}
	return c.newSpec(s)
}

// newSpec writes a first spec of a table.
func (c *initCommand) newSpec(s *session) error {
	path, err := c.specPath(c.Target != nil)
	if err != nil {
		return err
	}
	table, err := c.inspect()
	if err != nil {
		return dataError(err)
	}
	d, err := newDraft(table, c.Index)
	if err != nil {
		return err
	}
	if flag, value := c.dividing(); value != "" && !d.reads() {
		return fmt.Errorf("%s %s says what a text is divided into, but no column of %s is read so: name one of texts with --text", flag, value, table.Name)
	}
	train := c.next(s, d, path)
	text, err := d.spec(compiler.ModelName(path), train)
	if err != nil {
		return err
	}
	return c.write(s, path, text, append(d.reasons(), "next: "+train))
}

// dividing is the flag that says what texts are divided into, and its value; "" where none does.
func (c *initCommand) dividing() (flag, value string) {
	if c.Tokenizer != "" {
		return "--tokenizer", c.Tokenizer
	}
	return "--tokens", c.Tokens
}

// specPath is where the spec goes. If settled, nothing else is left to say, and nothing may be there.
func (c *initCommand) specPath(settled bool) (string, error) {
	path := c.Out
	if path == "" || path == standardInput {
		path = specFor(c.Data[0])
	}
	if !strings.HasSuffix(path, ".nn") {
		return "", fmt.Errorf("-o %s: the name of a spec ends in .nn", path)
	}
	if _, err := os.Lstat(path); err == nil && c.Out != standardInput && settled {
		return "", fmt.Errorf("%s is there already, and is not overwritten: name another file with -o", path)
	}
	return path, nil
}

// write writes the spec and says why it is as it is; the last of the reasons is the next command.
func (c *initCommand) write(s *session, path string, text []byte, reasons []string) error {
	list, err := compiler.Check(path, text, s.options(compiler.Options{Verify: true}))
	list = slices.DeleteFunc(list, func(f diag.Diagnostic) bool { return f.Severity != diag.Error })
	if err := s.judge(spec{name: path, text: text}, list, err); err != nil {
		return err
	}
	if c.Out == standardInput {
		for _, line := range reasons {
			s.note("%s", line)
		}
		_, err := s.stdout.Write(text)
		return err
	}
	if err := writeNew(path, text); err != nil {
		return err
	}
	last := len(reasons) - 1
	reasons = slices.Insert(reasons, last, "wrote "+shellWord(path))
	_, err = fmt.Fprintln(s.stdout, strings.Join(reasons, "\n"))
	return err
}

// inspect reads the table. The flags are the same in JSON there.
func (c *initCommand) inspect() (*dataset.Summary, error) {
	var flags dataset.Tables
	text, err := json.Marshal(job{columnFlags: c.columnFlags, writingFlags: c.writingFlags, targetFlags: c.targetFlags, kindFlags: c.kindFlags, textFlags: textFlags{Tokens: c.Tokens, Tokenizer: c.Tokenizer}})
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &flags); err != nil {
		return nil, err
	}
	reading, err := flags.Reading()
	if err != nil {
		return nil, err
	}
	columns := flags.Selection()
	columns.Group, columns.Weight = c.Group, c.Weight
	return dataset.Inspect(dataset.Inspection{Data: c.Data, Select: columns, Reading: reading})
}

// next is the command that trains the model.
func (c *initCommand) next(s *session, d *draft, path string) string {
	columns, kinds := d.flags(c.columnFlags, c.kindFlags)
	return trainWith(s, path, trainingFlags{
		Data: c.Data, columnFlags: columns, writingFlags: c.writingFlags, targetFlags: c.targetFlags, kindFlags: kinds,
		textFlags: textFlags{Tokens: c.Tokens, Tokenizer: c.Tokenizer}, Group: c.Group, Weight: c.Weight, Shuffle: true,
	})
}

// trainWith is the command that trains the model of a spec with these flags.
func trainWith(s *session, path string, flags trainingFlags) string {
	if strings.HasPrefix(path, "-") {
		path = "." + string(filepath.Separator) + path
	}
	train := trainCommand{Model: path, trainingFlags: flags}
	words := []string{"nnc train"}
	for _, arg := range train.arguments(s) {
		words = append(words, shellWord(arg))
	}
	return strings.Join(words, " ")
}

// specFor is the name of the spec of a data file: houses.nn here for ../houses.csv.gz.
func specFor(data string) string {
	base := filepath.Base(data)
	base = strings.TrimSuffix(base, ".gz")
	base = strings.TrimSuffix(base, filepath.Ext(base))
	base = strings.TrimLeft(base, "-._")
	if base == "" || refusedByGo(base+".nn") != "" {
		base = "model"
	}
	return base + ".nn"
}

// writeNew writes a file that must not be there yet, all of it or nothing.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return plain(err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(path)
		return fmt.Errorf("%s: %w", path, cause(err))
	}
	return nil
}

// dataError decides the exit code of an error about a table, as a model's program does.
func dataError(err error) error {
	var usage dataset.UsageError
	var path *fs.PathError
	if errors.As(err, &usage) || errors.As(err, &path) {
		return err
	}
	return exit{exitProblem, err}
}
