package weights

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"unicode/utf8"
)

// Write writes f to path as WriteAtomic does. The same f gives the same bytes.
func Write(path string, f *File) error {
	err := writeFile(Disk, path, func(w io.Writer) error { return WriteTo(w, f) })
	if err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// WriteTo writes f to w. Tensors of type F32 and of all integer types can be
// written. Wider elements come first, as in files from Python, so that each lies
// at a multiple of its size for readers that map the file into memory; apart
// from that, tensors keep their order. Nothing is written if f breaks a rule of
// the format.
func WriteTo(w io.Writer, f *File) error {
	if w == nil {
		return errors.New("safetensors: there is nothing to write to: the writer is nil")
	}
	tensors := slices.Clone(f.Tensors)
	slices.SortStableFunc(tensors, func(a, b Tensor) int {
		return cmp.Compare(b.DType.Size(), a.DType.Size())
	})
	header, err := buildHeader(tensors, f.Meta)
	if err != nil {
		return fmt.Errorf("safetensors: %w", err)
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	buf := make([]byte, 1<<16)
	for i := range tensors {
		if err := tensors[i].writeData(w, buf); err != nil {
			return err
		}
	}
	return nil
}

// buildHeader returns the length and the header, padded with spaces so that the
// data begin at a multiple of 8.
func buildHeader(tensors []Tensor, meta map[string]string) ([]byte, error) {
	h := headerWriter{}
	h.WriteString("\x00\x00\x00\x00\x00\x00\x00\x00{")
	if len(meta) > 0 {
		h.key(metadataKey)
		h.WriteByte('{')
		for _, key := range slices.Sorted(maps.Keys(meta)) {
			if !utf8.ValidString(key) || !utf8.ValidString(meta[key]) {
				return nil, fmt.Errorf("metadata %s: not valid UTF-8", quote(key))
			}
			h.key(key)
			h.string(meta[key])
		}
		h.WriteByte('}')
	}
	seen := map[string]bool{metadataKey: true}
	offset := int64(0)
	for i := range tensors {
		t := &tensors[i]
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("tensor %s: %w", quote(t.Name), err)
		}
		if seen[t.Name] {
			return nil, fmt.Errorf("tensor %s: the name is taken", quote(t.Name))
		}
		seen[t.Name] = true
		end := offset + int64(len(t.F32)+len(t.I64))*int64(t.DType.Size())
		h.key(t.Name)
		fmt.Fprintf(&h, `{"dtype":"%s","shape":[`, t.DType)
		for axis, d := range t.Shape {
			if axis > 0 {
				h.WriteByte(',')
			}
			fmt.Fprint(&h, d)
		}
		fmt.Fprintf(&h, `],"data_offsets":[%d,%d]}`, offset, end)
		offset = end
	}
	h.WriteByte('}')
	for h.Len()%8 != 0 {
		h.WriteByte(' ')
	}
	out := h.Bytes()
	length := len(out) - 8
	if h.full || length > maxHeader {
		return nil, fmt.Errorf("the header takes more than the %d bytes that readers accept", maxHeader)
	}
	binary.LittleEndian.PutUint64(out, uint64(length))
	return out, nil
}

// headerWriter writes compact JSON. Once a string does not fit into a header, it
// is full and what it holds is of no use.
type headerWriter struct {
	bytes.Buffer
	full bool
}

// key begins a member of an object, after a comma if it is not the first.
func (h *headerWriter) key(name string) {
	if b := h.Bytes(); b[len(b)-1] != '{' {
		h.WriteByte(',')
	}
	h.string(name)
	h.WriteByte(':')
}

func (h *headerWriter) string(s string) {
	if h.full = h.full || h.Len()+len(s) > maxHeader; h.full {
		return
	}
	enc := json.NewEncoder(&h.Buffer)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s)       // a string into a buffer: neither can fail
	h.Truncate(h.Len() - 1) // the newline that Encode adds
}

// check tells whether t can be written.
func (t *Tensor) check() error {
	if !utf8.ValidString(t.Name) {
		return errors.New("the name is not valid UTF-8")
	}
	if err := t.DType.valid(); err != nil {
		return err
	}
	if t.DType.Float() && t.DType != F32 {
		return fmt.Errorf("elements of type %s are read only; write F32", t.DType)
	}
	n, err := elements(t.Shape)
	if err != nil {
		return err
	}
	got, other := len(t.I64), len(t.F32)
	if t.DType.Float() {
		got, other = other, got
	}
	if other > 0 {
		return fmt.Errorf("it has type %s, but both or the wrong one of F32 and I64 are set", t.DType)
	}
	if got != n {
		return fmt.Errorf("the shape %s has %d elements, there are %d", shapeString(t.Shape), n, got)
	}
	lo, hi := t.DType.intRange()
	for i, v := range t.I64 {
		if v < lo || v > hi {
			return fmt.Errorf("element %d is %d, which %s cannot hold", i, v, t.DType)
		}
	}
	return nil
}

// writeData writes the elements piece by piece through buf.
func (t *Tensor) writeData(w io.Writer, buf []byte) error {
	width := t.DType.Size()
	for rest := t.F32; len(rest) > 0; {
		n := min(len(rest), len(buf)/width)
		for i, v := range rest[:n] {
			binary.LittleEndian.PutUint32(buf[4*i:], math.Float32bits(v))
		}
		if _, err := w.Write(buf[:n*width]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	for rest := t.I64; len(rest) > 0; {
		n := min(len(rest), len(buf)/width)
		t.DType.encodeInts(buf, rest[:n])
		if _, err := w.Write(buf[:n*width]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}
