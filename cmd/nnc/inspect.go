package main

import "github.com/nnc-lang/nnc/compiler"

// inspected is the command line of a command that shows what the compiler makes of one spec.
type inspected struct {
	Batch *int `least:"1" placeholder:"ROWS" help:"Rows of a training step, instead of the spec's."`
	constFlags
	Spec string `arg:"" name:"model.nn" help:"The spec; - is standard input."`
}

// open reads the spec, and says how it is to be compiled.
func (i *inspected) open(s *session) (sp spec, o compiler.Options, err error) {
	if sp, err = s.open(i.Spec); err == nil {
		err = i.apply(s, &sp)
	}
	return sp, s.options(compiler.Options{Model: sp.model, Batch: batchOf(i.Batch), Verify: true}), err
}
