package check

import (
	"strconv"

	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// What a spec may grow to. The limits hold before anything is built, so that a few lines cannot ask for more
// memory than the machine has.
const (
	maxStatements = 10_000 // after expansion
	maxBodies     = 64     // within one another, after expansion
	maxPath       = 1_000  // bytes of a layer's name, with its scopes
	maxNames      = 64     // in one statement
	maxLosses     = 64
	fewArguments  = 4   // numbers in lists among them, that a statement has without counting as more than one
	fewNodes      = 4   // of a layer that counts as one statement
	maxMistakes   = 100 // in one report, and as many warnings
)

// charge takes a statement, and what its arguments cost beyond, from the budget. It reports whether there was enough.
func (c *checker) charge(s *grammar.Stmt) bool {
	if c.budget < 0 {
		return false
	}
	arguments := 0
	for _, a := range s.Args {
		arguments += max(1, len(a.Value.List))
	}
	if c.budget -= 1 + max(0, arguments-fewArguments); c.budget < 0 {
		c.tooLarge(s.Word.Span, "the spec grows to more than %d statements", maxStatements)
	}
	return c.budget >= 0
}

// chargeNodes counts a statement as several if its layer has made many nodes, as recurrent layers do that are stacked.
func (c *checker) chargeNodes(s *grammar.Stmt, nodes int) bool {
	if c.budget -= max(0, nodes-fewNodes); c.budget < 0 {
		c.tooLarge(s.Word.Span, "the spec grows to more than %d statements, or to layers that are as much", maxStatements)
	}
	return c.budget >= 0
}

// tooLarge ends the expansion.
func (c *checker) tooLarge(span diag.Span, format string, args ...any) {
	if n := len(c.uses); n > 0 {
		span = c.uses[0].span
	}
	c.report(c.problem(diag.LimitExceeded, span, format, args...).
		WithHelp("repeat less, or use fewer blocks within blocks"))
	c.budget = -1
	c.invalidate()
}

// fits reports whether a shape's product stays below the limit, and a diagnostic otherwise.
func (c *checker) fits(span diag.Span, what string, dims ...int) bool {
	if _, ok := product(c.most, dims...); ok {
		return true
	}
	c.report(c.problem(diag.TooLarge, span, "%s would have more than %d elements", what, c.most).
		WithHelp("the limit is %d elements, %s; --max-memory raises it", c.most, memory(c.most)))
	return false
}

// product multiplies sizes; false if it exceeds the most.
func product(most int, dims ...int) (n int, ok bool) {
	n = 1
	for _, d := range dims {
		if d < 0 || n > 0 && d > most/n {
			return 0, false
		}
		n *= d
	}
	return n, true
}

// count returns a lower bound of what statements expand to, at most a little over maxStatements: repetitions whose
// count is written as a number are worked out.
func count(stmts []*grammar.Stmt) int {
	n := len(stmts)
	for _, s := range stmts {
		if s.Body == nil || n > maxStatements {
			continue
		}
		rounds := 1
		if s.Word.Name == "repeat" && len(s.Args) == 1 && s.Args[0].Value.Expr != nil {
			if written, err := strconv.Atoi(s.Args[0].Value.Expr.Text); err == nil {
				rounds = min(written, maxStatements)
			}
		}
		n += rounds * count(s.Body.Stmts)
	}
	return min(n, maxStatements+1)
}
