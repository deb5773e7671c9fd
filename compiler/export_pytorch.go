package compiler

import (
	"fmt"

	"github.com/nnc-lang/nnc/compiler/autodiff"
	"github.com/nnc-lang/nnc/compiler/export/pytorch"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// PyTorchOptions are what the caller decides about a Python program.
type PyTorchOptions struct {
	// Weights is the weight file that the program starts from where it is told no other; "" is none. That it holds
	// Output.Tensors is the caller's to check.
	Weights string

	// Reads are the forms of data that the program reads: table, texts, tokens, series, arrays, text, questions. None: the one
	// that the model speaks for.
	Reads []string
}

// PyTorch turns a spec into a Python program that trains the model with PyTorch. name is the spec's file name, which
// diagnostics show. The text is nil if the list holds an error; the error is for mistakes of the compiler itself.
func PyTorch(name string, src []byte, on PyTorchOptions, o Options) (text []byte, list diag.List, err error) {
	s, list, err := run(name, src, o, "check")
	if err != nil || list.HasErrors() {
		return nil, list, err
	}
	defer func() {
		if r := recover(); r != nil {
			text, err = nil, fmt.Errorf("%s: internal error: %v; please report it with the spec", name, r)
		}
	}()
	m := pytorch.Model{Forward: s.forward, Step: autodiff.Step(s.forward), Weights: on.Weights, Reads: on.Reads}
	if m.Step != nil {
		o.RowWeights = true
		weighted, _, err := run(name, src, o, "check")
		if err != nil {
			return nil, list, err
		}
		m.Weighted = weighted.forward
	}
	if list = append(list, untranslated(name, s.file, pytorch.Without(m.Forward), "PyTorch")...); list.HasErrors() {
		return nil, list, nil
	}
	text, err = pytorch.Write(m)
	return text, list, err
}

// untranslated reports the layers of nodes for which another engine has no rule.
func untranslated(name string, file *grammar.File, nodes []*ir.Node, engine string) diag.List {
	var list diag.List
	for _, n := range nodes {
		word, at := n.Op.Name, diag.Span{Start: diag.Pos{Line: n.Pos.Line, Col: n.Pos.Col}}
		if s := statementAt(file.Stmts, n.Pos); s != nil {
			word, at = s.Word.Name, s.Word.Span
		}
		list = append(list, diag.New(diag.NotYet, name, at, "this version of nnc cannot export `%s` to %s yet", word, engine).
			WithHelp("make the model of other words, or leave the layer out; `nnc build` and `nnc train` have it"))
	}
	return list
}

// statementAt finds the statement that begins there, nil if there is none.
func statementAt(stmts []*grammar.Stmt, at ir.Pos) *grammar.Stmt {
	for _, s := range stmts {
		if s.Span.Start.Line == at.Line && s.Span.Start.Col == at.Col {
			return s
		}
		if s.Body != nil {
			if found := statementAt(s.Body.Stmts, at); found != nil {
				return found
			}
		}
	}
	return nil
}
