// Package weights reads and writes tensors in the safetensors format
// (https://github.com/huggingface/safetensors#format), the one that PyTorch
// users exchange.
//
// In come bytes that may be damaged or hostile; out go named tensors, float32
// or int64, or one error that says which rule was broken where. Nothing is
// allocated that the bytes at hand do not justify. In the other direction,
// tensors go in and a file comes out that is either complete or not there.
// The package must not know what a model, a layer or an optimiser is.
package weights

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// File is the content of a safetensors file.
type File struct {
	Tensors []Tensor          // in the order of their data
	Meta    map[string]string // the free text under __metadata__; nil if absent

	leftOut []string // what a Mapping has taken out, by the names in the file
}

// Tensor is a named dense array, the last axis fastest. An empty Shape is a
// single number. Floating-point types fill F32, all others I64; the other slice
// is nil.
type Tensor struct {
	Name  string
	DType DType // how the elements stand in the file
	Shape []int
	F32   []float32
	I64   []int64

	origin string // of a tensor that a Mapping has renamed: what it was, and by which line it is not
	cutOf  int    // of one of which it has taken the first rows: how many there were, else 0
}

// Tensor returns the tensor of that name. The pointer leads into f.
func (f *File) Tensor(name string) (*Tensor, bool) {
	for i := range f.Tensors {
		if f.Tensors[i].Name == name {
			return &f.Tensors[i], true
		}
	}
	return nil, false
}

// maxRank is how many axes a tensor may have: PyTorch's limit.
const maxRank = 64

// elements returns the product of shape, an error if that many elements of 8
// bytes would not fit in memory. A size of 0 does not excuse the others from
// fitting.
func elements(shape []int) (int, error) {
	if len(shape) > maxRank {
		return 0, fmt.Errorf("the shape has %d axes, more than %d", len(shape), maxRank)
	}
	n, empty := uint64(1), false
	for _, d := range shape {
		if d < 0 {
			return 0, fmt.Errorf("the shape %s has a negative size", shapeString(shape))
		}
		if d == 0 {
			empty = true
			continue
		}
		hi, lo := bits.Mul64(n, uint64(d))
		if hi != 0 || lo > math.MaxInt/8 {
			return 0, fmt.Errorf("the shape %s has more elements than memory can address", shapeString(shape))
		}
		n = lo
	}
	if empty {
		return 0, nil
	}
	return int(n), nil
}

// shapeString writes a shape as the spec language and PyTorch do: [3, 4].
func shapeString(shape []int) string {
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}

// quote makes a name from a file fit for a message: escaped, and cut where a
// hostile file makes it endless.
func quote(name string) string {
	const longest = 120
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "…"
	}
	return strconv.Quote(name)
}
