package gogen

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// The parameters of a generator's Next.
const (
	generatorToken  = "token"
	generatorLogits = "logits"
)

// nextPrograms writes the method that computes one position more of a sequence, for models that can.
func (f *file) nextPrograms() []*jen.Statement {
	next := f.plan.Program(plan.Next)
	if next == nil {
		return nil
	}
	logits := next.Graph.Outputs[0].Home()
	fn := function{receiver: "c", typ: f.model + "Generator", name: "forward", program: next,
		doc:     fmt.Sprintf("runs %s for one position more.", f.predict.File),
		structs: [4]string{"c.params", "&c.kept", "&c.acts", ""}, types: [4]string{"Params", "GeneratorKept", "GeneratorActs", ""},
		params:    map[string]bool{generatorToken: true, generatorLogits: true},
		signature: generatorToken + " []int32, " + generatorLogits + " []float32, n int",
		arguments: generatorToken + ", " + generatorLogits + ", n",
		outside: func(v *ir.Value) string {
			if v == logits {
				return generatorLogits
			}
			return generatorToken
		}}
	return f.method(fn, next.Graph.Nodes)
}

// generator writes the type that continues sequences, of models that can.
func (f *file) generator() {
	next := f.plan.Program(plan.Next)
	if next == nil {
		return
	}
	tokens := f.predict.Inputs[0].Type
	kept, acts := f.keptStruct(next), f.generatorStruct(next)
	a := args{"Model": f.model, "Type": f.model + "Generator", "Prefix": f.prefix, "Predicting": f.predicting(),
		"Context": tokens.Shape[0], "Vocabulary": tokens.Limit, "Port": f.predict.Inputs[0].Port(), "Kept": "", "Acts": ""}
	var made []string
	for _, s := range []struct {
		*structure
		field, hole, typ string
	}{{kept, "kept", "Kept", "GeneratorKept"}, {acts, "acts", "Acts", "GeneratorActs"}} {
		if len(s.fields) > 0 {
			a[s.hole] = fmt.Sprintf("%s %s%s", s.field, f.prefix, s.typ)
			made = append(made, fmt.Sprintf(", %s: new%s%s()", s.field, upper(f.prefix), s.typ))
		}
	}
	a["Made"] = strings.Join(made, "")
	f.text(`
// $Type computes one position after the other of one sequence, each from the token there and what the positions before it
// have left: what Predict gives for the whole sequence, with the same bits. It shares the parameters of its model, and must
// not run beside a call that changes them; what it has kept is of those that it has read by then. Generators of one model
// may run beside each other.
type $Type struct {
	params *${Prefix}Params
	$Kept
	$Acts
	position uint64
	token [1]int32
	pool *kernel.Pool // none: a position is too little to share
	version uint64 // of the parameters, for the race detector, as a predictor's
}

// Generator returns a generator at the beginning of a sequence, which shares the model's parameters.
func (m *$Model) Generator() *$Type { return new$Type(m.$Predicting) }

// Generator returns a generator at the beginning of a sequence, which shares the predictor's parameters.
func (p *${Model}Predictor) Generator() *$Type { return new$Type(p.params) }

func new$Type(w *${Prefix}Params) *$Type {
	return &$Type{params: w$Made}
}

// Context is the number of positions that the model sees at most.
func (c *$Type) Context() int { return $Context }

// Vocabulary is the number of tokens, which are the integers below it.
func (c *$Type) Vocabulary() int { return $Vocabulary }

// Position is the number of positions that have been computed.
func (c *$Type) Position() int { return int(c.position) }

// Reset begins a new sequence: it forgets all positions.
func (c *$Type) Reset() { c.position = 0 }

// Next computes the position behind those that there are, of the given token, and fills logits [$Vocabulary] with the scores
// of what follows. After $Context positions it is an error until Reset.
func (c *$Type) Next(token int32, logits []float32) error {
	if c.params == nil {
		return nnrt.UnmadeGenerator("$Model.Next", "$Model")
	}
	if c.position == $Context {
		return nnrt.FullError("$Model.Next", $Context)
	}
	if len(logits) != $Vocabulary {
		return nnrt.LengthError("$Model.Next", "logits", len(logits), 1, $Vocabulary)
	}
	c.token[0] = token
	if err := nnrt.Within("$Model.Next", "$Port", c.token[:], $Vocabulary); err != nil {
		return err
	}
	c.version = c.params.version
	c.forward(c.token[:], logits, 1)
	c.position++
	return nil
}
`, a)
	for _, s := range []*structure{kept, acts} {
		if len(s.fields) > 0 {
			f.declare(s)
			f.layOut(s, "", "", fmt.Sprintf("slab := nnrt.Slab(%d)", s.length(ir.F32)))
		}
	}
}

// keptStruct describes what positions keep for those behind them.
func (f *file) keptStruct(next *plan.Program) *structure {
	return f.newStructure("GeneratorKept", "is what positions leave for those behind them.", next.Graph.Kept,
		func(i int) plan.Place { return f.plan.Kept[i] })
}

// generatorStruct describes what a position makes on its way.
func (f *file) generatorStruct(next *plan.Program) *structure {
	return f.resultsStruct("GeneratorActs", "is what a position makes on its way: values whose lives do not overlap share memory.", inActs, next)
}
