package onnx

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// tensor reads a tensor, and gives its numbers the form of Raw, whichever of the two they have in the file.
func (r *reader) tensor(f field) (Tensor, error) {
	var t Tensor
	var typed []byte
	var kind, where int64
	raw := false
	err := r.message(f, func(f field) (err error) {
		switch f.number {
		case 1:
			return r.ints(f, &t.Shape)
		case 2:
			err = f.int(&kind)
			t.Type = Type(kind)
		case 4, 10: // floats, doubles: as they are
			if f.wire == varint {
				return errTruncated
			}
			typed = append(typed, f.bytes...)
		case 5, 7, 11: // ints of up to 32 bits, int64s, unsigned ones
			var list []int64
			if err = r.ints(f, &list); err == nil {
				typed = appendInts(typed, list, t.Type.size())
			}
		case 6:
			return f.texts(&t.Texts)
		case 8:
			return f.text(&t.Name)
		case 9:
			if f.wire != sized {
				return errTruncated
			}
			t.Raw, raw = f.bytes, true
		case 13:
			return errElsewhere
		case 14:
			if err = f.int(&where); err == nil && where != 0 {
				err = errElsewhere
			}
		}
		return err
	})
	if !raw {
		t.Raw = typed
	}
	if err == nil {
		err = t.check()
	}
	if err != nil {
		return t, within("tensor", t.Name, err)
	}
	return t, nil
}

// appendInts appends numbers, each in so many bytes; of types that nothing is known of, nothing.
func appendInts(b []byte, list []int64, size int) []byte {
	for _, v := range list {
		var eight [8]byte
		binary.LittleEndian.PutUint64(eight[:], uint64(v))
		b = append(b, eight[:min(size, 8)]...)
	}
	return b
}

// check says what is wrong with a tensor. Of types whose elements have no whole number of bytes nothing is known.
func (t Tensor) check() error {
	n, ok := elements(t.Shape)
	switch {
	case !ok:
		return fmt.Errorf("the shape %v has a negative size, or more elements than there are numbers", t.Shape)
	case t.Type == String && int64(len(t.Texts)) != n:
		return fmt.Errorf("the shape %v has %d elements, and there are %d texts", t.Shape, n, len(t.Texts))
	case t.Type != String && len(t.Texts) > 0:
		return errors.New("it has texts, and is not of that type")
	case t.Type != String && t.Type.size() > 0 && !t.whole():
		return fmt.Errorf("%s takes other than %d bytes", shaped(t.Type, t.Shape), len(t.Raw))
	}
	return nil
}
