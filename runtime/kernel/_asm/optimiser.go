package main

import (
	"fmt"
	"strings"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// optimisers writes the steps of the optimisers, operation for operation as their files of package kernel say.
func (w width) optimisers() {
	masks := masks()
	w.sgd("sgd", masks, false)
	w.sgd("sgdDecay", masks, true)
	w.momentum("momentum", masks, false)
	w.momentum("nesterov", masks, true)
	w.adam("adam", masks, "")
	w.adam("adamDecay", masks, "decay")
	w.adam("adamW", masks, "shrink")
	n := w.numbers()
	w.amsgrad(masks)
	w.nadam(masks)
	n.adamax(masks)
	w.rmsprop("rmsprop", masks, false, false)
	w.rmsprop("rmspropMomentum", masks, false, true)
	w.rmsprop("centered", masks, true, false)
	w.rmsprop("centeredMomentum", masks, true, true)
	w.adagrad(masks)
	w.adadelta(masks)
	n.lion(masks)
}

// step begins a function whose parameters are arrays, their size, and numbers.
func (w width) step(name, doc string, arrays, numbers []string) (at []Register, size Register, c map[string]VecVirtual) {
	w.function(name, fmt.Sprintf("func(%s *float32, size int, %s float32)", strings.Join(arrays, ", "), strings.Join(numbers, ", ")), doc)
	for _, array := range arrays {
		at = append(at, Load(Param(array), GP64()))
	}
	size = Load(Param("size"), GP64())
	c = map[string]VecVirtual{}
	for _, number := range numbers {
		c[number] = w.broadcast(number)
	}
	return at, size, c
}

// all is a loop over all elements of arrays.
func (w width) all(size Register, masks Mem) walk {
	from := GP64()
	XORQ(from, from)
	return walk{w: w, label: "elements", masks: masks, left: size, from: from, column: from}
}

// sgd writes w −= rate·(scale·g + decay·w), or the same without decay.
func (w width) sgd(name string, masks Mem, decay bool) {
	numbers := []string{"scale", "rate"}
	if decay {
		numbers = append(numbers, "decay")
	}
	arrays, size, c := w.step(name, "is a step of SGD.", []string{"w", "grad"}, numbers)
	w.all(size, masks).each(4, func(e elements) {
		u, gradient := e.load(arrays[0]), w.mul(c["scale"], e.load(arrays[1]))
		if decay {
			gradient = w.add(gradient, w.mul(c["decay"], u))
		}
		e.store(w.sub(u, w.mul(c["rate"], gradient)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// momentum writes v = momentum·v + share·gradient and w −= rate·v, or rate·(gradient + momentum·v).
func (w width) momentum(name string, masks Mem, nesterov bool) {
	arrays, size, c := w.step(name, "is a step of SGD with momentum, but not the first.",
		[]string{"w", "v", "grad"}, []string{"scale", "rate", "decay", "momentum", "share"})
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.add(w.mul(c["scale"], e.load(arrays[2])), w.mul(c["decay"], u))
		v := w.add(w.mul(c["momentum"], e.load(arrays[1])), w.mul(c["share"], gradient))
		e.store(v, arrays[1])
		if nesterov {
			v = w.add(gradient, w.mul(c["momentum"], v))
		}
		e.store(w.sub(u, w.mul(c["rate"], v)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// adam writes the step of Adam, with decay of the gradient or shrinking of the parameters or neither.
func (w width) adam(name string, masks Mem, decay string) {
	numbers := []string{"scale", "rate", "root", "beta1", "beta2", "share1", "share2", "epsilon"}
	if decay != "" {
		numbers = append(numbers, decay)
	}
	arrays, size, c := w.step(name, "is a step of Adam.", []string{"w", "m", "v", "grad"}, numbers)
	w.all(size, masks).each(2, func(e elements) {
		u, gradient := e.load(arrays[0]), w.mul(c["scale"], e.load(arrays[3]))
		switch decay {
		case "decay":
			gradient = w.add(gradient, w.mul(c["decay"], u))
		case "shrink":
			u = w.sub(u, w.mul(c["shrink"], u))
		}
		first := w.add(w.mul(c["beta1"], e.load(arrays[1])), w.mul(c["share1"], gradient))
		e.store(first, arrays[1])
		second := w.add(w.mul(c["beta2"], e.load(arrays[2])), w.mul(w.mul(c["share2"], gradient), gradient))
		e.store(second, arrays[2])
		move := w.div(w.mul(c["rate"], first), w.add(w.mul(w.sqrt(second), c["root"]), c["epsilon"]))
		e.store(w.sub(u, move), arrays[0])
	})
	VZEROUPPER()
	RET()
}
