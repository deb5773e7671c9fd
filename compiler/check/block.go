package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// block is a definition.
type block struct {
	name     string
	stmt     *grammar.Stmt
	broken   bool // it cannot be expanded, which has been reported
	used     bool // by a statement outside of its own body
	expanded bool
	asked    map[string]bool // the parameters that an expansion has used
}

// collect finds the definitions of blocks, which may be used above and below.
func (c *checker) collect(stmts []*grammar.Stmt) {
	for _, s := range stmts {
		if s.Word.Name != "block" {
			continue
		}
		ident := nameOf(s.Args[0]) // the grammar asks for one
		stem, numbered := automatic(ident.Name)
		switch before := c.blocks[ident.Name]; {
		case ident.Name[0] < 'A' || ident.Name[0] > 'Z':
			c.report(c.problem(diag.ReservedName, ident.Span, "a block's name starts with a capital, so that no word of the language hides it").
				WithHelp("write `block %s`", capital(ident.Name)))
			continue
		case numbered:
			c.report(c.problem(diag.ReservedName, ident.Span, "a block's name cannot end in a digit: its uses are numbered").
				WithHelp("write `block %sX`", stem))
			continue
		case before != nil:
			c.report(c.problem(diag.DuplicateName, ident.Span, "the block `%s` is defined twice", ident.Name).
				WithNote(before.stmt.Args[0].Span, "first here").WithHelp("choose another name"))
			continue
		}
		b := &block{name: ident.Name, stmt: s, asked: map[string]bool{}}
		c.blocks[ident.Name], c.defined = b, append(c.defined, b)
		if len(s.Args) > 1 {
			c.report(c.problem(diag.UnexpectedArgument, s.Args[1].Span, "a block's parameters stand in parentheses after its name").
				WithHelp("write `%s`", vocab.Find("block", vocab.Structure).Usage))
			b.broken = true
		}
		b.broken = b.broken || s.Body == nil || len(s.Body.Stmts) == 0
	}
	c.recursion()
	for _, s := range stmts {
		c.markUses(s, s)
	}
}

// markUses marks the blocks that the statements of a body use, but for the one that a definition, top, makes.
func (c *checker) markUses(s, top *grammar.Stmt) {
	if b := c.blocks[s.Word.Name]; b != nil && b.stmt != top {
		b.used = true
	}
	if s.Body != nil {
		for _, inner := range s.Body.Stmts {
			c.markUses(inner, top)
		}
	}
}

// blockNames lists the blocks of the file.
func (c *checker) blockNames() []string {
	return slices.Sorted(maps.Keys(c.blocks))
}

// recursion reports the blocks that use themselves, directly or by others.
func (c *checker) recursion() {
	const under, done = 1, 2
	state := map[*block]int{}
	var visit func(b *block)
	var walk func(b *block, stmts []*grammar.Stmt)
	walk = func(b *block, stmts []*grammar.Stmt) {
		for _, s := range stmts {
			if inner := c.blocks[s.Word.Name]; inner != nil {
				if state[inner] == under {
					c.report(c.problem(diag.Recursion, s.Word.Span, "the block `%s` uses itself: it would never end", inner.name).
						WithNote(inner.stmt.Args[0].Span, "defined here").
						WithHelp("`repeat n { … }` repeats a number of times"))
					b.broken = true
				}
				visit(inner)
			}
			if s.Body != nil {
				walk(b, s.Body.Stmts)
			}
		}
	}
	visit = func(b *block) {
		if state[b] != 0 {
			return
		}
		state[b] = under
		if b.stmt.Body != nil {
			walk(b, b.stmt.Body.Stmts)
		}
		state[b] = done
	}
	for _, b := range c.defined {
		visit(b)
	}
}

// small writes the first letter of a block's name small: what its uses are called.
func small(name string) string { return strings.ToLower(name[:1]) + name[1:] }

// capital writes the first letter large.
func capital(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// unexpanded checks what can be checked of the blocks that nothing has expanded: their words.
func (c *checker) unexpanded() {
	for _, b := range c.defined {
		if b.stmt.Body != nil && !b.expanded {
			c.wordsOf(b.stmt.Body.Stmts)
		}
	}
}

func (c *checker) wordsOf(stmts []*grammar.Stmt) {
	for _, s := range stmts {
		word := vocab.Find(s.Word.Name, vocab.Structure, vocab.Layer, vocab.Optimiser, vocab.Setting)
		switch {
		case c.blocks[s.Word.Name] != nil:
		case word == nil:
			c.unknownWord(s)
		case !c.inBody(word):
			c.misplaced(s, word)
		}
		for _, a := range s.Args {
			c.mention(a.Value.Expr)
		}
		if s.Body != nil {
			c.wordsOf(s.Body.Stmts)
		}
	}
}

// mention notes the names in an expression as wanted, though nothing works it out.
func (c *checker) mention(e *grammar.Expr) {
	if e == nil {
		return
	}
	if e.Kind == grammar.Name {
		c.wanted[e.Text] = true
	}
	c.mention(e.X)
	c.mention(e.Y)
}

// unusedBlocks warns of blocks that nothing uses, and of parameters that no use has asked for.
func (c *checker) unusedBlocks() {
	for _, b := range c.defined {
		if b.broken {
			continue
		}
		if !b.used {
			c.report(c.problem(diag.UnusedName, b.stmt.Args[0].Span, "the block `%s` is never used, and so its sizes are not checked", b.name).
				WithHelp("write `%s` where a layer may stand, or leave the block out", b.name))
			continue
		}
		for _, p := range b.stmt.Params {
			if b.expanded && !b.asked[p.Name.Name] && !c.list.HasErrors() {
				c.report(c.problem(diag.UnusedName, p.Name.Span, "the parameter `%s` of `%s` is never used", p.Name.Name, b.name).
					WithHelp("leave it out"))
			}
		}
	}
}
