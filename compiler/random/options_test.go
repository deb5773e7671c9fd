package random

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/vocab"
)

// numbers are what optional numbers are drawn from, by the word and the argument, or by the argument alone where all
// words that have it take the same.
var numbers = map[string][]string{
	"eps": {"0.1", "0.01", "1e-3"}, "batchnorm momentum": {"0.3", "1", "0"}, "elu alpha": {"0.5", "1.5"}, "leaky_relu slope": {"0.2", "-0.5"},
	"hardtanh min": {"-0.5", "-2"}, "hardtanh max": {"0.25", "1.5"}, "softplus beta": {"2", "0.5"}, "pad value": {"0.5", "-1"}, "dropout": {"0.25", "0"},

	"weight": {"0.5", "2.5"}, "huber delta": {"0.5", "2"}, "smooth_l1 beta": {"0.5", "2"}, "smoothing": {"0.1", "0.5"}, "top k": {"1", "2"}, "span max": {"1", "2"},

	"lr": {"0.01", "0.1", "0.003"}, "decay": {"0.1", "0.01"}, "momentum": {"0.9", "0.5"}, "dampening": {"0.2"}, "beta1": {"0.8", "0.5"}, "beta2": {"0.9", "0.99"},
	"momentum_decay": {"0.01", "0.5"}, "alpha": {"0.9", "0.5"}, "lr_decay": {"0.5"}, "initial": {"0.1", "0.01"}, "rho": {"0.5", "0.95"}, "average decay": {"0.6", "0.99"},

	"warmup": {"1", "2"}, "schedule linear min": {"0.001"}, "min": {"0.001"}, "gamma": {"0.5", "0.9"}, "step n": {"1", "2"}, "rise": {"0.5", "0.75"}, "div": {"10"},
	"final_div": {"100"}, "factor": {"0.5"}, "patience": {"1", "2"}, "threshold": {"0.01"}, "cooldown": {"1"}, "min_delta": {"0.001"}, "onecycle warmup": {"0"},
}

// number draws one for an argument.
func (w *writer) number(word string, a vocab.Arg) string {
	drawn, ok := numbers[word+" "+a.Name]
	if !ok {
		drawn, ok = numbers[a.Name]
	}
	if !ok {
		panic(fmt.Sprintf("the generator knows no number for `%s` of `%s`", a.Name, word))
	}
	return w.oneOf(drawn...)
}

// options writes some of a word's optional arguments, in any order: flags, choices, and numbers. Those that are left out
// are written by who calls, or are no option of this use.
func (w *writer) options(word *vocab.Word, without ...string) string {
	var all []string
	for _, a := range word.Args {
		if slices.Contains(without, a.Name) || a.Required {
			continue
		}
		var text string
		switch {
		case a.Kind == vocab.Flag:
			text = w.oneOf("", a.Name)
		case a.Kind == vocab.Bool:
			text = w.oneOf("", a.Name+"=false", a.Name+"=true")
		case a.Kind == vocab.Choice:
			text = w.oneOf(append([]string{""}, prefixed(a.Name+"=", a.Choices)...)...)
		case a.Kind == vocab.Number || a.Kind == vocab.Integer:
			if !w.chance(2) {
				break
			}
			text = a.Name + "=" + w.number(word.Name, a)
			if a.Positional {
				text = w.number(word.Name, a)
			}
		}
		if text != "" {
			all = append(all, text)
		}
	}
	if len(all) > 1 && w.chance(3) {
		last := len(all) - 1
		all[0], all[last] = all[last], all[0]
	}
	return strings.Join(append([]string{""}, all...), " ")
}

func prefixed(prefix string, texts []string) (all []string) {
	for _, text := range texts {
		all = append(all, prefix+text)
	}
	return all
}

// layer is the declaration of a layer's word.
func layer(name string) *vocab.Word { return vocab.Find(name, vocab.Layer) }
