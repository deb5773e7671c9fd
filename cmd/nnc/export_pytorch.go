package main

import (
	"github.com/nnc-lang/nnc/compiler"
)

// pytorch writes a Python program.
func (c *exportCommand) pytorch(s *session) error {
	sp, err := s.open(c.Model)
	if err == nil {
		err = c.apply(s, &sp)
	}
	if err != nil {
		return err
	}
	text, list, err := compiler.PyTorch(sp.name, sp.text, s.options(compiler.Options{Model: sp.model}))
	if err := s.judge(sp, list, err); err != nil {
		return err
	}
	if c.Output == standardOutput || c.Output == "" && sp.file == "" {
		_, err := s.stdout.Write(text)
		return err
	}
	path, err := c.path(".py")
	if err != nil {
		return err
	}
	written, err := writeAll([]file{{path: path, text: text}})
	switch {
	case err != nil:
		return err
	case len(written) == 0:
		s.note("%s is up to date", path)
	default:
		s.note("wrote %s", path)
	}
	return nil
}
