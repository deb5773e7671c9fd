package op

import "github.com/nnc-lang/nnc/compiler/ir"

// onnx is what the rules for ONNX write with: an operator of one result is one call.
type onnx struct{ ir.ONNX }

// The types of elements that Cast goes to, by their numbers in the format.
const (
	onnxFloat = 1
	onnxInt   = 7 // of 64 bits, as all integers are
	onnxBool  = 9
)

// with lists attributes: names and values in turn.
func with(pairs ...any) []ir.ONNXAttr {
	attrs := make([]ir.ONNXAttr, len(pairs)/2)
	for i := range attrs {
		attrs[i] = ir.ONNXAttr{Name: pairs[2*i].(string), Value: pairs[2*i+1]}
	}
	return attrs
}

// op adds an operator of one result.
func (o onnx) op(since int, operator string, attrs []ir.ONNXAttr, operands ...string) string {
	return o.Add(since, operator, 1, operands, attrs...)[0]
}

// list is a vector of integers.
func (o onnx) list(x ...int) string { return o.Ints([]int{len(x)}, x...) }

// upTo is the vector of the integers from 0 on, of which there are so many.
func (o onnx) upTo(size int) string {
	x := make([]int, size)
	for i := range x {
		x[i] = i
	}
	return o.list(x...)
}

// vector is one number so many times.
func (o onnx) vector(size int, x float64) string {
	all := make([]float64, size)
	for i := range all {
		all[i] = x
	}
	return o.Floats([]int{size}, all...)
}

func (o onnx) cast(x string, to int) string { return o.op(13, "Cast", with("to", to), x) }

// isSet is where a mask is not 0.
func (o onnx) isSet(mask string) string { return o.cast(mask, onnxBool) }

// reshaped gives x another shape, in which 0 is what the axis of x is, as the rows are.
func (o onnx) reshaped(x string, dims ...int) string {
	return o.op(14, "Reshape", nil, x, o.list(dims...))
}

// transposed brings the axes into another order. The rows are axis 0 here and below.
func (o onnx) transposed(x string, order ...int) string {
	return o.op(13, "Transpose", with("perm", order), x)
}

// unsqueezed puts axes of 1 where these are in the result.
func (o onnx) unsqueezed(x string, axes ...int) string {
	if len(axes) == 0 {
		return x
	}
	return o.op(13, "Unsqueeze", nil, x, o.list(axes...))
}

// summed adds up along axes.
func (o onnx) summed(x string, keep bool, axes ...int) string {
	return o.op(13, "ReduceSum", with("keepdims", int(number(keep))), x, o.list(axes...))
}

// reduced reduces along axes by another operator, which took them as an attribute before opset 18.
func (o onnx) reduced(operator, x string, keep bool, axes ...int) string {
	if o.Opset() < 18 {
		return o.op(13, operator, with("axes", axes, "keepdims", int(number(keep))), x)
	}
	return o.op(18, operator, with("keepdims", int(number(keep))), x, o.list(axes...))
}

// cut is the positions from start to before end along an axis.
func (o onnx) cut(x string, axis, start, end int) string {
	return o.op(13, "Slice", nil, x, o.list(start), o.list(end), o.list(axis))
}

// gathered is, of x [n, T, …] and integers [n, k], the positions of each row that these name, [n, k, …].
func (o onnx) gathered(x, places string) string {
	return o.op(13, "GatherND", with("batch_dims", 1), x, o.unsqueezed(places, 2))
}

// until lists the axes from one to before another.
func until(first, end int) []int {
	var list []int
	for axis := first; axis < end; axis++ {
		list = append(list, axis)
	}
	return list
}

// channelsFirst lets an operator work on x [n, C, …], where nnc has the channels of a sequence last.
func (o onnx) channelsFirst(x string, sequence bool, f func(x string) string) string {
	if !sequence {
		return f(x)
	}
	return o.transposed(f(o.transposed(x, 0, 2, 1)), 0, 2, 1)
}
