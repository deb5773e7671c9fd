package ir

// Tensor is a value's content in float64, for Eval: Rows arrays of the type's shape, one if it has no batch
// axis, in row-major order. Integers are held as floats.
type Tensor struct {
	Type Type
	Rows int
	Data []float64
}

// NewTensor returns a tensor of zeros for a batch of that many rows.
func NewTensor(t Type, rows int) Tensor {
	if !t.Batch {
		return Tensor{Type: t, Rows: 1, Data: make([]float64, t.Shape.Size())}
	}
	return Tensor{Type: t, Rows: rows, Data: make([]float64, rows*t.Shape.Size())}
}

// Matrix returns the tensor's extent as a matrix whose columns are the last axis: all other axes, the batch
// among them, are rows.
func (t Tensor) Matrix() (rows, columns int) {
	columns = t.Type.Shape.Last()
	return len(t.Data) / columns, columns
}

// Row returns the elements of a row.
func (t Tensor) Row(i int) []float64 {
	size := t.Type.Shape.Size()
	return t.Data[i*size : (i+1)*size]
}
