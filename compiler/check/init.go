package check

import (
	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// placedInit is an `init` and where it stands. One in a body has as many schemes as the body has expansions.
type placedInit struct {
	at     diag.Span
	scheme *vocab.Scheme
}

// idleInits warns of each `init` by which no parameter starts, in any expansion of its body.
func (c *checker) idleInits() {
	used := map[diag.Span]bool{}
	for _, i := range c.inits {
		used[i.at] = used[i.at] || i.scheme.Used()
	}
	for _, i := range c.inits {
		if !used[i.at] {
			c.report(c.problem(diag.IdleInit, i.at, "this `init` does nothing: no weights start by it").
				WithHelp("put it before the layers whose weights it is for: it reaches from there to the next `init`, or to the end of its body"))
		}
	}
}
