package random

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/vocab"
)

// head is an output that losses judge.
type head struct {
	name     string // "" where it is the last value
	losses   []*vocab.Word
	classes  int      // of a loss of classes
	measured []string // metrics, as they are reported
	like     string   // the input that it shall be, if it is one
}

// leave writes one to four outputs, what judges them, and how to train.
func (w *writer) leave() {
	if w.onward {
		w.scores()
		w.train()
		return
	}
	values, count := slices.Clone(w.values), w.from(1, 4)
	named := count > 1 || w.chance(2)
	var statements, outputs []string
	w.gather()
	for i := range count {
		if i > 0 {
			w.back()
		}
		statements = append(statements, w.head(named, i > 0)...)
		outputs = append(outputs, w.heads[i].name)
	}
	for _, s := range statements {
		w.line("%s", s)
	}
	if named && w.chance(3) {
		for _, v := range values {
			if v.made && v.name[0] == 'v' && w.chance(3) {
				outputs = append(outputs, v.name)
			}
		}
		for i := range outputs {
			k := w.from(i, len(outputs)-1)
			outputs[i], outputs[k] = outputs[k], outputs[i]
		}
		w.line("output %s", strings.Join(outputs, " "))
	}
	w.train()
}

// scores writes the output of a model that continues a sequence, perhaps by the weight of its embedding.
func (w *writer) scores() {
	vocabulary := w.classes[0].last
	loss := vocab.Find(w.oneOf("cross_entropy", "nll"), vocab.Loss)
	h := head{losses: []*vocab.Word{loss}, classes: vocabulary}
	var fits []table
	for _, t := range w.tables {
		if t.rows == vocabulary {
			fits = append(fits, t)
		}
	}
	if len(fits) > 0 && w.chance(2) {
		t := fits[w.below(len(fits))]
		w.line("linear %d", t.columns) // which nothing freezes
		w.line("linear %d tied=%s%s", vocabulary, t.name, w.oneOf("", " bias=false"))
	} else {
		w.line("linear %d", vocabulary)
	}
	if loss.Name == "nll" {
		w.line("log_softmax")
	}
	w.line("%s", w.loss(loss, h))
	for _, m := range w.metrics(&h) {
		w.line("%s", m)
	}
	w.heads = append(w.heads, h)
}

// behind says which layers make what a loss takes: a linear layer before all of them.
var behind = map[string]string{"bce": "sigmoid", "kl": "log_softmax", "nll": "log_softmax", "poisson": "tanh"}

// head writes an output, and returns the statements that judge it. With anything it may be made of an input, to which it
// is compared.
func (w *writer) head(named, anything bool) []string {
	names := []string{"mse", "mae", "huber", "smooth_l1", "cross_entropy", "nll", "bce_logits", "bce", "hinge", "poisson", "kl", "cosine"}
	if len(w.current.shape) == 2 {
		names = append(names, "span", "span", "span")
	}
	loss := vocab.Find(w.oneOf(names...), vocab.Loss)
	h, target := head{losses: []*vocab.Word{loss}}, ""
	if all := w.comparable(loss); anything && len(all) > 0 && w.chance(2) {
		x := all[w.below(len(all))]
		w.current = x.value
		w.line("from %s", x.name)
		w.linear(w.width())
		w.line("tanh")
		h.classes, h.like, target = x.last, x.input, " target="+x.input
	} else if loss.Target == ir.Span {
		h.classes, target = 2, w.mask(w.current.shape[:1], false, true)
	} else {
		if rank := len(w.current.shape); rank > 2 && loss.Target == ir.Class || rank > 1 && w.chance(3) {
			w.flatten()
		}
		if h.classes = w.from(1, 5); loss.Target == ir.Class || loss.Target == ir.Distribution {
			h.classes++
		}
	}
	shape := slices.Clone(w.current.shape)
	shape[len(shape)-1] = h.classes
	layer := fmt.Sprintf("linear %d->%d%s", w.current.shape.Last(), h.classes, w.options(layer("linear"), "tied"))
	if last := behind[loss.Name]; last != "" {
		w.line("%s", layer)
		layer = last
	}
	w.current.shape, w.current.name = shape, ""
	if named {
		h.name = w.label("y", layer)
	} else {
		w.line("%s", layer)
	}
	statements := []string{w.loss(loss, h) + target}
	if loss.Target == ir.Quantity && w.chance(3) {
		second := vocab.Find(map[bool]string{true: "mae", false: "mse"}[loss.Name == "mse"], vocab.Loss)
		if second != loss {
			statements = append(statements, w.loss(second, h)+target)
		}
	}
	statements = append(statements, w.metrics(&h)...)
	w.heads = append(w.heads, h)
	return statements
}

// loss writes the statement.
func (w *writer) loss(loss *vocab.Word, h head) string {
	text := strings.TrimRight("loss "+loss.Name+" "+h.name, " ")
	if h.name != "" && w.chance(5) {
		text = "loss " + loss.Name + " output=" + h.name
	}
	weights := func() string {
		list := make([]string, h.classes)
		for i := range list {
			list[i] = w.oneOf("1", "0", "2", "0.25")
		}
		list[0] = "0.5"
		return "[" + strings.Join(list, ", ") + "]"
	}
	for _, a := range loss.Args {
		switch a.Name {
		case "class_weights":
			if written := w.oneOf(append([]string{"", "list"}, a.Choices...)...); written == "list" {
				text += " class_weights=" + weights()
			} else if written == "none" || written == "balanced" && w.balances(h) {
				return text + " class_weights=" + written
			}
		case "pos_weight":
			if written := w.oneOf("", "2.5", "list"); written == "list" {
				text += " pos_weight=" + weights()
			} else if written != "" {
				text += " pos_weight=" + written
			}
		case "ignore":
			text += w.oneOf("", " ignore=0", " ignore=-1")
		}
	}
	return text + w.options(loss, "class_weights", "pos_weight", "ignore")
}

// balances is where rare classes may count for as much as others: one class in a row, which one loss judges.
func (w *writer) balances(h head) bool { return h.name == "" && len(w.current.shape) == 1 }

// metrics writes some that suit what the losses of an output compare with.
func (w *writer) metrics(h *head) (statements []string) {
	for _, m := range vocab.Words() {
		if m.Kind != vocab.Metric || !slices.Contains(m.Suits, h.losses[0].Target) || !w.chance(4) {
			continue
		}
		text := strings.TrimRight(m.Name+" "+h.name, " ")
		label := m.Name
		if m.Name == "top" {
			k := min(w.from(1, 3), h.classes)
			if text, label = fmt.Sprintf("%s k=%d", text, k), fmt.Sprintf("top:%d", k); h.classes >= 5 && w.chance(2) {
				text, label = strings.TrimRight("top "+h.name, " "), "top:5"
			}
		}
		statements = append(statements, "metric "+text)
		h.measured = append(h.measured, label)
	}
	return statements
}
