package random

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/vocab"
)

// train writes how to train.
func (w *writer) train() {
	for _, t := range w.tables {
		if w.chance(5) {
			w.line("freeze %q", t.name+w.oneOf(".*", ".weight", ".w*t"))
		}
	}
	w.optimiser()
	for _, word := range []string{"clip", "schedule", "average", "accumulate", "stop", "length"} {
		if w.chance(3) {
			w.line("%s", w.setting(word))
		}
	}
	batch := w.from(1, 9)
	if w.chance(8) {
		batch = w.from(10, 40)
	}
	w.line("batch %d", batch)
	if !w.chance(4) {
		w.line("seed %d", w.below(100))
	}
}

// optimiser writes one.
func (w *writer) optimiser() {
	var names []string
	for _, word := range vocab.Words() {
		if word.Kind == vocab.Optimiser {
			names = append(names, word.Name)
		}
	}
	names = append([]string{"sgd"}, names...) // the simplest
	word := vocab.Find(w.oneOf(names...), vocab.Optimiser)
	text := w.options(word)
	if strings.Contains(text, "nesterov") { // which wants momentum, and nothing that dampens it
		text = strings.ReplaceAll(text, " dampening=0.2", "")
		if !strings.Contains(text, " momentum=") {
			text += " momentum=0.9"
		}
	}
	w.line("%s%s", word.Name, text)
}

// setting writes one of the settings, but for a batch and a seed.
func (w *writer) setting(word string) string {
	switch word {
	case "clip":
		return "clip " + w.oneOf("0.5", "5", "value=0.01", "value=0.5")
	case "schedule":
		return w.schedule()
	case "average":
		return "average" + w.options(vocab.Find("average", vocab.Setting))
	case "accumulate":
		return fmt.Sprintf("accumulate %d", w.from(1, 3))
	case "stop":
		return w.stop()
	default:
		return w.oneOf("epochs 3", "steps 40")
	}
}

// schedule writes one, for some steps.
func (w *writer) schedule() string {
	word := vocab.Find(w.oneOf("constant", "step", "multistep", "exponential", "linear", "cosine", "onecycle", "plateau"), vocab.Schedule)
	text := "schedule " + word.Name
	switch word.Name {
	case "step":
		text += w.oneOf(" 1", " 2")
	case "multistep":
		text += w.oneOf(" [1, 3]", " [2]")
	case "exponential":
		text += w.oneOf(" 0.5", " 0.9")
	}
	return text + w.options(word)
}

// stop writes it, watching the loss or one of the metrics.
func (w *writer) stop() string {
	text := fmt.Sprintf("stop patience=%d", w.from(1, 3))
	for _, h := range w.heads {
		if len(h.measured) > 0 && h.name != "" {
			return text + fmt.Sprintf(" monitor=%q", h.name+"."+h.measured[w.below(len(h.measured))])
		}
	}
	return text + w.oneOf("", " monitor=loss") + w.options(vocab.Find("stop", vocab.Setting), "monitor")
}
