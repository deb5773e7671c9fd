package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// The format is described in numpy.lib.format.
const (
	npyMagic     = "\x93NUMPY"
	npyMaxHeader = 1 << 16 // NumPy's own headers of plain arrays have a few hundred bytes
	npyMaxRank   = 64      // NumPy's limit
)

// ReadNPY reads one array in NumPy's format, versions 1 to 3, up to the end of
// r; name stands in the messages. Integers must fit into 32 bits, floating-point
// numbers are rounded to float32, arrays in Fortran's order are transposed.
func ReadNPY(r io.Reader, name string) (*Array, error) {
	a, err := readNPY(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return a, nil
}

func readNPY(r io.Reader) (*Array, error) {
	text, err := npyHeaderText(r)
	if err != nil {
		return nil, err
	}
	h, err := parseNPYHeader(text)
	if err != nil {
		return nil, fmt.Errorf("header of the NumPy array: %w", err)
	}
	e, err := npyElement(h.descr)
	if err != nil {
		return nil, err
	}
	a, err := readElements(r, h.shape, e)
	if err != nil {
		return nil, err
	}
	if h.fortran {
		a.Uint8 = fromFortran(a.Uint8, a.Shape)
		a.Int = fromFortran(a.Int, a.Shape)
		a.Float = fromFortran(a.Float, a.Shape)
	}
	return a, nil
}

// npyHeaderText reads the magic, the version, the length and the header.
func npyHeaderText(r io.Reader) (string, error) {
	var start [8]byte
	if _, err := io.ReadFull(r, start[:]); err != nil {
		return "", npyTruncated(err)
	}
	if string(start[:6]) != npyMagic {
		return "", errors.New("this is not a NumPy array (.npy)")
	}
	var length [4]byte // little-endian
	switch major := start[6]; major {
	case 1:
		if _, err := io.ReadFull(r, length[:2]); err != nil {
			return "", npyTruncated(err)
		}
	case 2, 3:
		if _, err := io.ReadFull(r, length[:]); err != nil {
			return "", npyTruncated(err)
		}
	default:
		return "", fmt.Errorf("version %d of NumPy's format is not known", major)
	}
	n := binary.LittleEndian.Uint32(length[:])
	if n > npyMaxHeader {
		return "", fmt.Errorf("the header would take %d bytes, more than the %d allowed", n, npyMaxHeader)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return "", npyTruncated(err)
	}
	return string(text), nil
}

func npyTruncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is truncated: it ends inside the header of a NumPy array")
	}
	return err
}

// npyElement reads a type such as "<f4": byte order, kind, bytes.
func npyElement(descr string) (element, error) {
	refuse := func(what, advice string) (element, error) {
		return element{}, fmt.Errorf("the elements are %s (%s), which cannot be used; %s", what, strconv.Quote(descr), advice)
	}
	const floats = `convert them with array.astype("float32")`
	if descr == "" || !strings.ContainsAny(descr[:1], "<>|") {
		return refuse("of an unknown type", floats)
	}
	switch kind := descr[1:]; kind {
	case "b1", "u1", "i1", "u2", "i2", "f2", "u4", "i4", "f4", "u8", "i8", "f8":
		size := int(kind[1] - '0')
		if descr[0] == '|' && size > 1 {
			return refuse("of an unknown byte order", floats)
		}
		return element{kind[0], size, descr[0] == '>'}, nil
	case "":
		return refuse("of an unknown type", floats)
	default:
		switch kind[0] {
		case 'U', 'S', 'a', 'T':
			return refuse("text", "number the classes with numpy.unique(array, return_inverse=True)[1]")
		case 'O':
			return refuse("Python objects", "they would have to be run to be read; "+floats)
		case 'c':
			return refuse("complex numbers", "store array.real and array.imag")
		case 'M', 'm':
			return refuse("dates or times", floats)
		case 'V':
			return refuse("records", "store one array per field")
		}
		return refuse("of an unknown type", floats)
	}
}

// fromFortran reorders elements whose first axis is the fastest so that the last
// one is.
func fromFortran[T any](src []T, shape []int) []T {
	if len(src) == 0 {
		return src
	}
	strides := make([]int, len(shape)) // in src
	step := 1
	for axis, d := range shape {
		strides[axis] = step
		step *= d
	}
	dst := make([]T, len(src))
	index := make([]int, len(shape))
	at := 0
	for i := range dst {
		dst[i] = src[at]
		for axis := len(shape) - 1; axis >= 0; axis-- {
			index[axis]++
			at += strides[axis]
			if index[axis] < shape[axis] {
				break
			}
			at -= index[axis] * strides[axis]
			index[axis] = 0
		}
	}
	return dst
}

// WriteNPY writes a in NumPy's format 1.0, byte for byte as numpy.save does.
func WriteNPY(w io.Writer, a *Array) error {
	var descr string
	size := 4
	switch {
	case a.Uint8 != nil && a.Int == nil && a.Float == nil:
		descr, size = "|u1", 1
	case a.Int != nil && a.Uint8 == nil && a.Float == nil:
		descr = "<i4"
	case a.Float != nil && a.Uint8 == nil && a.Int == nil:
		descr = "<f4"
	default:
		return errors.New("an array must have exactly one of Uint8, Int and Float")
	}
	n, err := elementCount(a.Shape, size)
	if err != nil {
		return err
	}
	if n != a.Len() {
		return fmt.Errorf("the shape %s has %d elements, there are %d", phrase.Shape(a.Shape), n, a.Len())
	}
	header, err := npyHeader(descr, a.Shape)
	if err != nil {
		return err
	}
	if _, err := w.Write(header); err != nil {
		return err
	}
	if a.Uint8 != nil {
		_, err := w.Write(a.Uint8)
		return err
	}
	buf := make([]byte, 0, 1<<16)
	for i := range n {
		if a.Int != nil {
			buf = binary.LittleEndian.AppendUint32(buf, uint32(a.Int[i]))
		} else {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(a.Float[i]))
		}
		if len(buf) == cap(buf) || i == n-1 {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	return nil
}

// npyHeader returns everything before the data.
func npyHeader(descr string, shape []int) ([]byte, error) {
	if len(shape) > npyMaxRank {
		return nil, fmt.Errorf("the array has %d axes, more than %d", len(shape), npyMaxRank)
	}
	sizes := make([]string, len(shape))
	for i, d := range shape {
		sizes[i] = strconv.Itoa(d)
	}
	tuple := strings.Join(sizes, ", ")
	if len(shape) == 1 {
		tuple += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, tuple)
	// NumPy leaves room for the rows to grow to 21 digits, then pads with 1 to 64
	// bytes so that the data begin at a multiple of 64.
	text += strings.Repeat(" ", 21-len(sizes[0]))
	start := len(npyMagic) + 4
	text += strings.Repeat(" ", 64-(start+len(text)+1)%64) + "\n"
	out := slices.Concat([]byte(npyMagic), []byte{1, 0})
	out = binary.LittleEndian.AppendUint16(out, uint16(len(text)))
	return append(out, text...), nil
}
