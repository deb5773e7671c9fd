package torch

import (
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// storages are the elements of an archive, each read once.
type storages struct {
	archive *archive
	floats  map[string][]float32 // by key and type
	ints    map[string][]int64
	copied  int64 // bytes in the file of tensors that are no part of a storage as it lies
}

// tensor gives a tensor its elements. Those that lie in order are the storage's own memory, which tensors may share.
func (s *storages) tensor(t *tensor) (weights.Tensor, error) {
	out := weights.Tensor{DType: t.dtype, Shape: t.shape}
	if t.dtype.Float() {
		all, err := elements(s, s.floats, t, func(dst []float32, src []byte, _ int) error {
			t.dtype.DecodeFloats(dst, src)
			return nil
		})
		if err != nil {
			return out, err
		}
		out.F32, err = view(s, t, all)
		return out, err
	}
	all, err := elements(s, s.ints, t, t.dtype.DecodeInts)
	if err != nil {
		return out, err
	}
	out.I64, err = view(s, t, all)
	return out, err
}

// elements reads the elements of a tensor's storage.
func elements[T float32 | int64](s *storages, have map[string][]T, t *tensor, decode func(dst []T, src []byte, first int) error) ([]T, error) {
	key := string(t.dtype) + " " + t.of.key
	if all, ok := have[key]; ok {
		if width := t.dtype.Size(); int64(len(all)) < t.of.bytes/int64(width) {
			return nil, fmt.Errorf("its storage %s is described in two ways", quote(t.of.key))
		}
		return all, nil
	}
	r, size, err := s.archive.open("data/" + t.of.key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size != t.of.bytes {
		return nil, fmt.Errorf("its storage %s has %d bytes, and %d are promised", quote(t.of.key), size, t.of.bytes)
	}
	width := t.dtype.Size()
	all := []T{}
	var buf [1 << 16]byte
	for left := size / int64(width); left > 0; {
		n := int(min(left, int64(len(buf)/width)))
		if _, err := io.ReadFull(r, buf[:n*width]); err != nil {
			return nil, fmt.Errorf("its storage %s: %w", quote(t.of.key), err)
		}
		all = slices.Grow(all, n)[:len(all)+n]
		if err := decode(all[len(all)-n:], buf[:n*width], len(all)-n); err != nil {
			return nil, err
		}
		left -= int64(n)
	}
	if _, err := io.Copy(io.Discard, r); err != nil { // at the end the sum of the bytes is compared
		return nil, fmt.Errorf("its storage %s is damaged: %w", quote(t.of.key), err)
	}
	have[key] = all
	return all, nil
}

// view takes the elements of a tensor of those of its storage.
func view[T any](s *storages, t *tensor, all []T) ([]T, error) {
	if t.elements == 0 {
		return []T{}, nil
	}
	inOrder, step := true, 1
	for i := len(t.shape) - 1; i >= 0; i-- {
		inOrder = inOrder && (t.shape[i] == 1 || t.strides[i] == step)
		step *= t.shape[i]
	}
	if inOrder {
		return all[t.offset:][:t.elements:t.elements], nil
	}
	// Turned tensors are copies. A file has each of its elements in one or two tensors, not in hundreds.
	const most = 16
	if s.copied += int64(t.elements) * int64(t.dtype.Size()); s.copied > most*s.archive.size {
		return nil, fmt.Errorf("the tensors have more than %d times the elements of the file", most)
	}
	out := make([]T, 0, t.elements)
	index := make([]int, len(t.shape))
	for at := t.offset; ; {
		out = append(out, all[at])
		axis := len(index) - 1
		for ; axis >= 0; axis-- {
			if index[axis]++; index[axis] < t.shape[axis] {
				at += t.strides[axis]
				break
			}
			at -= (t.shape[axis] - 1) * t.strides[axis]
			index[axis] = 0
		}
		if axis < 0 {
			return out, nil
		}
	}
}
