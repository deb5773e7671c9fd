package op

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// In PyTorch a loss is a sum over items and what to divide it by, as several processes have some rows each: a mean of means
// would not be the mean. Weights of rows multiply the terms of the sum, and are what it is divided by.

// torchSum is the Torch of a loss that is a mean over all elements. Of the text, which gives the term of each element, {2} is
// what a weighted one multiplies them with: of the weights of rows, which RowShares has made shares of.
func torchSum(term, sum string, weighted bool) func(*ir.Node) ir.Torch {
	return func(n *ir.Node) ir.Torch {
		if !weighted {
			return ir.Torch{Call: sum, Count: "{0}.numel()"}
		}
		x := n.In[0].Type
		t := ir.Torch{Call: fmt.Sprintf("(%s * {2}%s).sum()", term, acrossRow(x)), Count: weightsOf(x.Shape.Size())}
		if share := n.In[2].Def; share != nil {
			t.Absorbs, t.Operands = []*ir.Node{share}, []*ir.Value{n.In[0], n.In[1], share.In[0]}
		}
		return t
	}
}

// reducedTorch is the field of a loss's that is one function of PyTorch.
func reducedTorch(call string) func(bool) func(*ir.Node) ir.Torch {
	return func(weighted bool) func(*ir.Node) ir.Torch { return torchReduced(call, weighted) }
}

// acrossRow lets a number for each row be multiplied with values of a type.
func acrossRow(t ir.Type) string {
	if len(t.Shape) == 0 {
		return ""
	}
	return ".view(-1" + strings.Repeat(", 1", len(t.Shape)) + ")"
}

// weightsOf is the sum of the weights of rows that have so many items each.
func weightsOf(items int) string {
	if items == 1 {
		return "{2}.sum()"
	}
	return fmt.Sprintf("{2}.sum() * %d", items)
}

// torchReduced is torchSum of a function of PyTorch, written with what reduces the terms.
func torchReduced(call string, weighted bool) func(*ir.Node) ir.Torch {
	reduced := func(how string) string {
		return strings.TrimSuffix(call, ")") + `, reduction="` + how + `")`
	}
	return torchSum(reduced("none"), reduced("sum"), weighted)
}

// torch is the Torch of a loss of classes by that function of PyTorch, whose items are positions.
func (l Labels) torch(function string, weighted bool) func(*ir.Node) ir.Torch {
	return func(n *ir.Node) ir.Torch {
		x, classes, options := "{0}", "{1}", ""
		if len(n.In[0].Type.Shape) > 1 {
			x, classes = "{0}.flatten(0, -2)", "{1}.flatten()"
		}
		if l.Weights != nil {
			options += ", weight={0}.new_tensor(" + pyNumbers(l.Weights) + ")"
		}
		if l.Ignored != Ignored {
			options += fmt.Sprintf(", ignore_index=%d", l.Ignored)
		}
		if l.Smoothing != 0 {
			options += ", label_smoothing=" + pyNumber(l.Smoothing)
		}
		counted := fmt.Sprintf("({1} != %d)", l.Ignored)
		if l.Weights != nil {
			counted = fmt.Sprintf("{0}.new_tensor(%s)[{1}.clamp(min=0)] * %s", pyNumbers(l.Weights), counted)
		}
		if !weighted {
			if l.Weights != nil {
				counted = "(" + counted + ")"
			}
			return ir.Torch{Call: fmt.Sprintf(`F.%s(%s, %s%s, reduction="sum")`, function, x, classes, options), Count: counted + ".sum()"}
		}
		terms := fmt.Sprintf(`F.%s(%s, %s%s, reduction="none")`, function, x, classes, options)
		if len(n.In[1].Type.Shape) > 0 {
			terms += ".view_as({1})"
		}
		across := "{2}" + acrossRow(n.In[1].Type)
		return ir.Torch{Call: fmt.Sprintf("(%s * %s).sum()", terms, across), Count: fmt.Sprintf("(%s * %s).sum()", counted, across)}
	}
}

// pyNumbers writes a list of numbers as Python does.
func pyNumbers(numbers []float64) string {
	texts := make([]string, len(numbers))
	for i, x := range numbers {
		texts[i] = pyNumber(x)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// torchShared is the Torch of a binary cross-entropy whose classes have weights, and so perhaps the rows: of logits, flags,
// and the weights of rows.
func torchShared(n *ir.Node) ir.Torch {
	shares := n.In[1].Def
	if shares == nil { // no graph of a model has it so
		return torchSum("", "({2} * F.softplus({0}) + {1} * F.softplus(-{0})).sum()", false)(n)
	}
	text := attrText(shares.Op.Attrs, "pos_weight")
	call := "F.binary_cross_entropy_with_logits({0}, {1}, pos_weight={0}.new_tensor(" + text + "))"
	t := torchReduced(call, false)(n)
	t.Absorbs, t.Operands = []*ir.Node{shares}, []*ir.Value{n.In[0], shares.In[0]}
	if len(shares.In) > 1 {
		t = torchReduced(call, true)(&ir.Node{In: []*ir.Value{n.In[0], shares.In[0], shares.In[1]}})
		t.Absorbs = append(t.Absorbs, shares)
	}
	return t
}

// attrText is the text of an attribute.
func attrText(attrs ir.Attrs, name string) string {
	for _, a := range attrs {
		if a.Name == name {
			return a.Text
		}
	}
	return ""
}

// torchCosine is the Torch of a mean over positions of how far apart two vectors point.
func torchCosine(weighted bool) func(*ir.Node) ir.Torch {
	const terms = "(1 - F.cosine_similarity({0}, {1}, dim=-1, eps=1e-08))"
	return func(n *ir.Node) ir.Torch {
		x := n.In[0].Type
		last := x.Shape[len(x.Shape)-1]
		positions := ir.Row(x.Shape[:len(x.Shape)-1]...)
		if !weighted {
			return ir.Torch{Call: terms + ".sum()", Count: fmt.Sprintf("{0}.numel() / %d", last)}
		}
		return ir.Torch{Call: fmt.Sprintf("(%s * {2}%s).sum()", terms, acrossRow(positions)), Count: weightsOf(positions.Shape.Size())}
	}
}

// torchKL is the Torch of the mean over positions of a divergence: where t is 0 nothing is added, whatever x is.
func torchKL(classes int, weighted bool) func(*ir.Node) ir.Torch {
	const terms = "torch.where({1} > 0, {1} * ({1}.log() - {0}), 0.0)"
	return func(n *ir.Node) ir.Torch {
		t := torchSum(terms, terms+".sum()", weighted)(n)
		t.Count = fmt.Sprintf("{0}.numel() / %d", classes)
		if weighted {
			t.Count = weightsOf(n.In[0].Type.Shape.Size() / classes)
		}
		return t
	}
}

// torchSpan is the Torch of a mean of two means, over starts and over ends: a tuple of sums, and one of what to divide them by.
func torchSpan(weighted bool) func(*ir.Node) ir.Torch {
	return func(*ir.Node) ir.Torch {
		var sums, counts []string
		for i := range 2 {
			counted := fmt.Sprintf("({1}[:, %d] != %d)", i, Ignored)
			if weighted {
				sums = append(sums, fmt.Sprintf(`(F.cross_entropy({0}[:, %d], {1}[:, %[1]d], reduction="none") * {2}).sum()`, i))
				counted = "(" + counted + " * {2})"
			} else {
				sums = append(sums, fmt.Sprintf(`F.cross_entropy({0}[:, %d], {1}[:, %[1]d], reduction="sum")`, i))
			}
			counts = append(counts, counted+".sum()")
		}
		return ir.Torch{Call: "(" + strings.Join(sums, ", ") + ")", Count: "(" + strings.Join(counts, ", ") + ")"}
	}
}
