package random

import (
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
)

// Every word of the language stands in what is drawn, with each of its arguments and without, with each flag, each choice,
// and each name in place of a number; and the words themselves in the models that are always tried. A word or an argument that
// is new to the language needs a place in the generator.
func TestEverythingIsDrawn(t *testing.T) {
	drawn, tried := map[string]int{}, map[string]int{}
	for i, spec := range many() {
		file, list := grammar.Parse("random.nn", []byte(spec))
		require.Empty(t, list)
		count(file.Stmts, drawn)
		if i < models {
			count(file.Stmts, tried)
		}
	}
	for _, word := range vocab.Words() {
		for i, use := range uses(word) {
			assert.NotZero(t, drawn[use], "no spec that is drawn has %s", use)
			assert.False(t, i == 0 && tried[use] == 0, "no model that is always tried has %s", use)
		}
	}
}

// many are so many specs, those that are always tried the first, that everything stands in them.
var many = sync.OnceValue(func() []string {
	list := make([]string, 10*models)
	for i := range list {
		list[i] = specs(most).Example(i + 1)
	}
	return list
})

// never are the uses that no spec has: the argument must be given, or nothing but its default fits.
var never = []string{
	"structure output: no name", // the statement needs one
	"structure freeze: no pattern",
}

// uses lists what there is to a word: it, each argument given and left out, each name that an argument may be.
func uses(word *vocab.Word) []string {
	name := word.Kind.String() + " " + word.Name
	all := []string{name}
	for _, a := range word.Args {
		if a.Kind == vocab.Free {
			continue
		}
		all = append(all, name+": "+a.Name)
		if !a.Required {
			all = append(all, name+": no "+a.Name)
		}
		names := a.Choices
		if a.Kind == vocab.Bool {
			names = []string{"true", "false"}
		}
		for _, choice := range names {
			all = append(all, name+": "+a.Name+"="+choice)
		}
	}
	return slices.DeleteFunc(all, func(use string) bool { return slices.Contains(never, use) })
}

// count counts the uses of words in statements.
func count(statements []*grammar.Stmt, drawn map[string]int) {
	for _, s := range statements {
		if s.Body != nil {
			count(s.Body.Stmts, drawn)
		}
		word, args := vocab.Find(s.Word.Name, vocab.Structure, vocab.Layer, vocab.Optimiser, vocab.Setting), s.Args
		if word == nil {
			continue // the use of a block
		}
		drawn[word.Kind.String()+" "+word.Name]++
		if behind := map[string]vocab.Kind{"loss": vocab.Loss, "metric": vocab.Metric, "schedule": vocab.Schedule}[word.Name]; behind != 0 {
			word, args = vocab.Find(args[0].Value.Expr.Text, behind), args[1:]
			drawn[word.Kind.String()+" "+word.Name]++
		}
		name, given := word.Kind.String()+" "+word.Name+": ", map[string]bool{}
		positional := slices.DeleteFunc(slices.Clone(word.Args), func(a vocab.Arg) bool { return !a.Positional })
		for _, arg := range args {
			text := ""
			if arg.Value.Expr != nil {
				text = arg.Value.Expr.Text
			}
			declared := text
			switch {
			case arg.Name != nil:
				declared = arg.Name.Name
			case slices.ContainsFunc(word.Args, func(a vocab.Arg) bool { return a.Name == text && a.Kind == vocab.Flag }):
			case len(positional) > 0:
				if declared = positional[0].Name; !positional[0].Many {
					positional = positional[1:]
				}
			}
			given[declared] = true
			drawn[name+declared+"="+text]++
		}
		for _, a := range word.Args {
			if given[a.Name] {
				drawn[name+a.Name]++
			} else {
				drawn[name+"no "+a.Name]++
			}
		}
	}
}
