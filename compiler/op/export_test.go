package op

import "github.com/nnc-lang/nnc/compiler/ir"

// In is a sample of operands that are all drawn from one domain.
func In(d Domain, types ...ir.Type) Sample {
	s := in(types...)
	for i := range types {
		s = s.from(i, d)
	}
	return s
}
