package nnrt

// Layout is the order in which the elements of an array of shape [out, in, …] lie in memory. The axes after the
// first count as one here, row-major, of size in.
type Layout uint8

// The layouts.
const (
	// RowMajor is the shape's own order, the last axis fastest.
	RowMajor Layout = iota

	// Panels is the order of the weights of products: panels of 16 outputs, one after the other. A panel holds,
	// for each input upwards, the weights of its outputs side by side. The last panel is narrower, if it has to
	// be: nothing is padded. Up to 16 outputs, this is the transposed matrix [in, out].
	Panels
)

// panel is the number of outputs in a panel.
const panel = 16

// Index returns where in memory the element (j, k) of a matrix [out, in] lies.
func (l Layout) Index(j, k, out, in int) int {
	if l == RowMajor {
		return j*in + k
	}
	first := j / panel * panel
	return first*in + k*min(panel, out-first) + j - first
}
