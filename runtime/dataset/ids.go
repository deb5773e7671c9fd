package dataset

import (
	"math"

	"github.com/nnc-lang/nnc/runtime/data"
)

// ids are the integers of a text, each in as few bytes as its vocabulary allows.
type ids interface {
	len() int
	// copy writes those from at on to dst.
	copy(dst []int32, at int)
}

type packed[T uint8 | uint16 | int32] []T

func (p packed[T]) len() int { return len(p) }

func (p packed[T]) copy(dst []int32, at int) {
	for i, id := range p[at : at+len(dst)] {
		dst[i] = int32(id)
	}
}

// encode turns texts into the integers of a closed vocabulary, one behind the other. A symbol that it lacks is an error
// that says where it stands.
func encode(v *data.Vocabulary, texts []textFile) (ids, error) {
	switch size := v.Size(); {
	case size <= math.MaxUint8+1:
		return pack[uint8](v, texts)
	case size <= math.MaxUint16+1:
		return pack[uint16](v, texts)
	}
	return pack[int32](v, texts)
}

func pack[T uint8 | uint16 | int32](v *data.Vocabulary, texts []textFile) (packed[T], error) {
	most := 0
	for _, t := range texts {
		most += v.Kind().Count(t.text)
	}
	p := make(packed[T], 0, most)
	for _, t := range texts {
		for at, symbol := range v.Kind().Of(t.text) {
			id, ok := v.ID(symbol)
			if !ok {
				return nil, t.errorAt(at, v.Lacks(symbol))
			}
			p = append(p, T(id))
		}
	}
	return p, nil
}
