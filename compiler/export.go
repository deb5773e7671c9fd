package compiler

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// unexported is the error for nodes that another engine's form has no rule for, nil for none: a line for each statement.
func unexported(name, form string, nodes []*ir.Node) error {
	var list []error
	said := map[ir.Pos]bool{}
	for _, n := range nodes {
		if !said[n.Pos] {
			said[n.Pos] = true
			list = append(list, fmt.Errorf("%s:%d:%d: %s is not in %s yet (%s): leave it out, or run the model by nnc", name, n.Pos.Line, n.Pos.Col, n.Layer, form, n.Op.Name))
		}
	}
	return errors.Join(list...)
}
