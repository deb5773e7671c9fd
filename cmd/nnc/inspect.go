package main

import "github.com/nnc-lang/nnc/compiler"

// inspected is the command line of a command that shows what the compiler makes of one spec.
type inspected struct {
	Batch *int `placeholder:"ROWS" help:"Rows of a training step, instead of the spec's."`
	constFlags
	Spec string `arg:"" name:"model.nn" help:"The spec; - is standard input."`
}

// open reads the spec, and says how it is to be compiled.
func (i *inspected) open(s *session) (sp spec, o compiler.Options, err error) {
	batch, err := batchOf(i.Batch)
	if err != nil {
		return sp, o, err
	}
	if sp, err = s.open(i.Spec); err == nil {
		err = i.apply(s, &sp)
	}
	return sp, s.options(compiler.Options{Model: sp.model, Batch: batch, Verify: true}), err
}
