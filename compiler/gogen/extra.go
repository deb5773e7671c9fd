package gogen

import "github.com/nnc-lang/nnc/compiler/plan"

func Test(p *plan.Plan, pkg string) ([]byte, error) { return nil, nil }
