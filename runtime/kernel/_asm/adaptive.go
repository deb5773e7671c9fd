package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// What follows writes the steps of the optimisers that always add decay·w to the gradient, which is 0 where there is none.

// penalised returns the gradient scale·g + decay·w.
func (w width) penalised(u, g VecVirtual, c map[string]VecVirtual) VecVirtual {
	return w.add(w.mul(c["scale"], g), w.mul(c["decay"], u))
}

// mean stores and returns the mean of x in an array, of which the part kept stays.
func (w width) mean(e elements, array Register, kept, share, x VecVirtual) VecVirtual {
	z := w.add(w.mul(kept, e.load(array)), w.mul(share, x))
	e.store(z, array)
	return z
}

// meanSquare stores and returns the mean of x² in an array, of which the part kept stays.
func (w width) meanSquare(e elements, array Register, kept, share, x VecVirtual) VecVirtual {
	z := w.add(w.mul(kept, e.load(array)), w.mul(w.mul(share, x), x))
	e.store(z, array)
	return z
}

// larger returns x where x > y, else y. A NaN is larger than every number.
func (w width) larger(x, y VecVirtual) VecVirtual {
	z := w.register()
	VMAXPS(y, x, z) // y if one of them is a NaN
	w.choose(w.compare(unordered, x, x), x, z, z)
	return z
}

// amsgrad writes the step of Adam with the largest second moment.
func (w width) amsgrad(masks Mem) {
	arrays, size, c := w.step("amsgrad", "is a step of AMSGrad.", []string{"w", "m", "v", "most", "grad"},
		[]string{"scale", "rate", "root", "beta1", "beta2", "share1", "share2", "epsilon", "decay", "shrink"})
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.penalised(u, e.load(arrays[4]), c)
		u = w.sub(u, w.mul(c["shrink"], u))
		first := w.mul(c["rate"], w.mean(e, arrays[1], c["beta1"], c["share1"], gradient))
		most := w.larger(e.load(arrays[3]), w.meanSquare(e, arrays[2], c["beta2"], c["share2"], gradient))
		e.store(most, arrays[3])
		e.store(w.sub(u, w.div(first, w.add(w.mul(w.sqrt(most), c["root"]), c["epsilon"]))), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// nadam writes the step of NAdam.
func (w width) nadam(masks Mem) {
	arrays, size, c := w.step("nadam", "is a step of NAdam.", []string{"w", "m", "v", "grad"},
		[]string{"scale", "rate", "next", "root", "beta1", "beta2", "share1", "share2", "epsilon", "decay"})
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.penalised(u, e.load(arrays[3]), c)
		first := w.mean(e, arrays[1], c["beta1"], c["share1"], gradient)
		second := w.meanSquare(e, arrays[2], c["beta2"], c["share2"], gradient)
		move := w.add(w.mul(c["rate"], gradient), w.mul(c["next"], first))
		e.store(w.sub(u, w.div(move, w.add(w.mul(w.sqrt(second), c["root"]), c["epsilon"]))), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// adamax writes the step of Adamax.
func (n *numbers) adamax(masks Mem) {
	w, magnitude := n.width, n.bits(^uint32(signBit))
	arrays, size, c := w.step("adamax", "is a step of Adamax.", []string{"w", "m", "u", "grad"},
		[]string{"scale", "rate", "beta1", "beta2", "share1", "epsilon", "decay"})
	w.all(size, masks).each(2, func(e elements) {
		x := e.load(arrays[0])
		gradient := w.penalised(x, e.load(arrays[3]), c)
		first := w.mul(c["rate"], w.mean(e, arrays[1], c["beta1"], c["share1"], gradient))
		VANDPS(magnitude, gradient, gradient)
		most := w.larger(w.mul(c["beta2"], e.load(arrays[2])), w.add(gradient, c["epsilon"]))
		e.store(most, arrays[2])
		e.store(w.sub(x, w.div(first, most)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// rmsprop writes the step of RMSprop, with the mean of the gradient or a buffer of moves or both.
func (w width) rmsprop(name string, masks Mem, centered, buffered bool) {
	names, numbers := []string{"w", "v"}, []string{"scale", "rate", "beta2", "share2", "epsilon", "decay"}
	if centered {
		names = append(names, "mean")
	}
	if buffered {
		names, numbers = append(names, "buffer"), append(numbers, "momentum")
	}
	arrays, size, c := w.step(name, "is a step of RMSprop.", append(names, "grad"), numbers)
	grad, buffer := arrays[len(arrays)-1], arrays[len(arrays)-2]
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.penalised(u, e.load(grad), c)
		second := w.meanSquare(e, arrays[1], c["beta2"], c["share2"], gradient)
		if centered {
			average := w.mean(e, arrays[2], c["beta2"], c["share2"], gradient)
			zero := w.register()
			VXORPS(zero, zero, zero)
			second = w.sub(second, w.mul(average, average))
			VMAXPS(second, zero, second) // second if it is a NaN
		}
		move := w.div(gradient, w.add(w.sqrt(second), c["epsilon"]))
		if buffered {
			move = w.add(w.mul(c["momentum"], e.load(buffer)), move)
			e.store(move, buffer)
		}
		e.store(w.sub(u, w.mul(c["rate"], move)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// adagrad writes the step of Adagrad.
func (w width) adagrad(masks Mem) {
	arrays, size, c := w.step("adagrad", "is a step of Adagrad.", []string{"w", "sum", "grad"}, []string{"scale", "rate", "epsilon", "decay"})
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.penalised(u, e.load(arrays[2]), c)
		sum := w.add(e.load(arrays[1]), w.mul(gradient, gradient))
		e.store(sum, arrays[1])
		move := w.div(gradient, w.add(w.sqrt(sum), c["epsilon"]))
		e.store(w.sub(u, w.mul(c["rate"], move)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// adadelta writes the step of Adadelta.
func (w width) adadelta(masks Mem) {
	arrays, size, c := w.step("adadelta", "is a step of Adadelta.", []string{"w", "v", "delta", "grad"},
		[]string{"scale", "rate", "beta2", "share2", "epsilon", "decay"})
	w.all(size, masks).each(2, func(e elements) {
		u := e.load(arrays[0])
		gradient := w.penalised(u, e.load(arrays[3]), c)
		second := w.meanSquare(e, arrays[1], c["beta2"], c["share2"], gradient)
		root := w.sqrt(w.add(e.load(arrays[2]), c["epsilon"]))
		move := w.mul(w.div(root, w.sqrt(w.add(second, c["epsilon"]))), gradient)
		w.meanSquare(e, arrays[2], c["beta2"], c["share2"], move)
		e.store(w.sub(u, w.mul(c["rate"], move)), arrays[0])
	})
	VZEROUPPER()
	RET()
}

// lion writes the step of Lion.
func (n *numbers) lion(masks Mem) {
	w, sign, zero, unit := n.width, n.bits(signBit), n.bits(0), n.bits(one)
	arrays, size, c := w.step("lion", "is a step of Lion.", []string{"w", "m", "grad"},
		[]string{"scale", "rate", "beta1", "beta2", "share1", "share2", "shrink"})
	w.all(size, masks).each(2, func(e elements) {
		u, m, gradient := e.load(arrays[0]), e.load(arrays[1]), w.mul(c["scale"], e.load(arrays[2]))
		direction := w.add(w.mul(c["beta1"], m), w.mul(c["share1"], gradient))
		e.store(w.add(w.mul(c["beta2"], m), w.mul(c["share2"], gradient)), arrays[1])
		way := w.register()
		VANDPS(sign, direction, way)
		VORPS(unit, way, way)
		w.choose(w.compare(unequal, direction, zero), way, direction, way)
		e.store(w.sub(w.sub(u, w.mul(c["shrink"], u)), w.mul(c["rate"], way)), arrays[0])
	})
	VZEROUPPER()
	RET()
}
