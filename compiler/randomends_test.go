package compiler_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// enter writes the inputs, and lets the last one flow, or all joined.
func (w *specWriter) enter() {
	for i := range 1 + w.IntN(3) {
		x := specValue{name: w.name("x"), inputs: 1 << i, integers: w.chance(4)}
		for range 1 + w.IntN(3) {
			x.shape = append(x.shape, 1+w.IntN(4))
		}
		if !x.integers {
			w.line("input %s%v", x.name, x.shape)
			w.values, w.inputs = append(w.values, x), append(w.inputs, x)
			continue
		}
		limit := 2 + w.IntN(5)
		x.shape = x.shape[:min(2, len(x.shape))]
		w.line("input %s%v of %d", x.name, x.shape, limit)
		x.shape = append(x.shape, limit)
		w.inputs = append(w.inputs, x)
	}
	for i := range w.inputs {
		if x := &w.inputs[i]; x.integers {
			w.line("from %s", x.name)
			w.current = *x
			if w.chance(2) {
				w.label("v", "onehot")
			} else {
				last := len(x.shape) - 1
				w.current.shape = append(x.shape[:last:last], w.width())
				w.label("v", fmt.Sprint("embedding ", w.current.shape[last]))
			}
			*x = w.current
		}
	}
	w.current = w.inputs[len(w.inputs)-1]
	w.line("from %s", w.current.name)
	if w.chance(3) {
		w.gather()
	}
}

// gather joins the current value with the inputs that it does not come from.
func (w *specWriter) gather() {
	var missing []specValue
	for _, x := range w.inputs {
		if w.current.inputs&x.inputs == 0 {
			missing = append(missing, x)
		}
	}
	if len(missing) == 0 {
		return
	}
	w.flatten()
	here := w.current
	for i, x := range missing {
		w.line("from %s", x.name)
		w.current = x
		w.flatten()
		missing[i] = w.current
	}
	w.line("from %s", here.name)
	w.current = here
	for _, x := range missing {
		w.concat(x, 0)
	}
}

// flatten writes the statement, with a label.
func (w *specWriter) flatten() {
	w.current.shape = ir.Shape{w.current.shape.Size()}
	w.label("v", "flatten")
}

// leave writes one to three outputs, what judges them, and how to train.
func (w *specWriter) leave() {
	var losses []string
	heads := 1 + w.IntN(3)
	named := heads > 1 || w.chance(2)
	var outputs []string
	values := slices.Clone(w.values)
	w.gather()
	for i := range heads {
		if v, ok := w.pick(func(specValue) bool { return true }); ok && i > 0 {
			w.line("from %s", v.name)
			w.current = v
		}
		head, loss := w.head(named, i > 0)
		losses, outputs = append(losses, loss...), append(outputs, head)
	}
	for _, loss := range losses {
		w.line("%s", loss)
	}
	if named && w.chance(3) {
		for _, v := range values {
			if v.name[0] == 'v' && w.chance(3) {
				outputs = append(outputs, v.name)
			}
		}
		w.Shuffle(len(outputs), func(i, k int) { outputs[i], outputs[k] = outputs[k], outputs[i] })
		w.line("output %s", strings.Join(outputs, " "))
	}
	for _, l := range w.layers {
		if w.chance(3) {
			w.line("freeze %q", l.name+w.oneOf(".*", ".weight", ".w*t"))
		}
	}
	w.optimiser()
	if w.chance(3) {
		w.line("%s", w.oneOf("clip 0.5", "clip 5"))
	}
	if w.chance(3) {
		w.line("%s", w.oneOf("schedule linear", "schedule cosine warmup=1 min=0.001", "schedule constant warmup=2",
			"schedule step 1 gamma=0.5 warmup=1", "schedule multistep [2, 3] every=steps", "schedule exponential 0.9", "schedule onecycle"))
	}
	if w.chance(4) {
		w.line("%s", w.oneOf("average decay=0.6", "average"))
	}
	if w.chance(3) {
		w.line("accumulate %d", 2+w.IntN(2))
	}
	w.line("batch 6\nseed %d", w.IntN(100))
}

// head writes an output, and returns its name and the statements that judge it. With anything it may be made of an
// input, to which it is compared.
func (w *specWriter) head(named, anything bool) (name string, losses []string) {
	weight := w.oneOf("", "", " weight=0.5", " weight=2.5")
	if x := w.inputs[w.IntN(len(w.inputs))]; anything && !x.integers && w.chance(3) {
		h, last := w.width(), x.shape.Last()
		name = w.name("y")
		w.line("from %s\nlinear %d->%d; tanh\n%s: linear %d->%d", x.name, last, h, name, h, last)
		return name, []string{"loss " + w.oneOf("mse ", "mae ") + name + weight + " target=" + x.name}
	}
	loss := w.oneOf("mse", "mae", "huber", "smooth_l1", "cross_entropy", "nll", "bce_logits", "bce", "hinge", "poisson", "kl", "cosine")
	if rank := len(w.current.shape); rank > 1 && ((loss == "cross_entropy" || loss == "nll") && rank > 2 || w.chance(3)) {
		w.line("flatten")
		w.current.shape = ir.Shape{w.current.shape.Size()}
	}
	out := 2 + w.IntN(4)
	layer := fmt.Sprintf("linear %d->%d", w.current.shape.Last(), out)
	if last, ok := map[string]string{"bce": "sigmoid", "kl": "log_softmax", "nll": "log_softmax", "poisson": "tanh"}[loss]; ok {
		w.line("%s", layer)
		layer = last
	}
	if named {
		name = w.name("y")
		layer = name + ": " + layer
	}
	w.line("%s", layer)
	arguments := strings.TrimRight(" "+name, " ")
	statement := "loss " + loss + arguments
	if loss == "cross_entropy" && w.chance(2) {
		statement += " smoothing=0.1"
	}
	if (loss == "cross_entropy" || loss == "nll") && w.chance(2) {
		statement += " class_weights=" + []string{"[1, 2]", "[0.5, 0, 3]", "[2, 1, 1, 0.25]", "[1, 0, 0, 2, 0.5]"}[out-2]
	}
	if loss == "bce_logits" && w.chance(2) {
		statement += w.oneOf(" pos_weight=2.5", " pos_weight="+[]string{"[1, 2]", "[0.5, 0, 3]", "[2, 1, 1, 0.25]", "[1, 0, 0, 2, 0.5]"}[out-2])
	}
	losses = append(losses, statement+weight)
	switch {
	case w.chance(2):
	case loss == "cross_entropy":
		losses = append(losses, "metric accuracy"+arguments, "metric "+w.oneOf("top"+arguments+" k=2", "f1"+arguments, "perplexity"+arguments))
	case loss == "bce_logits":
		losses = append(losses, "metric "+w.oneOf("auc", "precision", "recall")+arguments)
	case loss == "mse":
		losses = append(losses, "loss mae"+arguments+" weight=0.25", "metric r2"+arguments)
	}
	return name, losses
}
