package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// idxElements are the types of the format, by their codes
// (http://yann.lecun.com/exdb/mnist/).
var idxElements = map[byte]element{
	0x08: {'u', 1, true},
	0x09: {'i', 1, true},
	0x0b: {'i', 2, true},
	0x0c: {'i', 4, true},
	0x0d: {'f', 4, true},
	0x0e: {'f', 8, true},
}

// ReadIDX reads one array in MNIST's IDX format, plain or compressed by gzip.
func ReadIDX(path string) (*Array, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	a, err := readIDXFile(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// readIDXFile reads r, the file of that many bytes.
func readIDXFile(r io.Reader, fileSize int64) (*Array, error) {
	in, limit, err := unzip(r, fileSize)
	if err != nil {
		return nil, err
	}
	return readIDX(in, limit)
}

// readIDX reads the format: two zeros, the type, the number of axes, their
// sizes, the elements; all big-endian. The elements may take limit bytes.
func readIDX(r io.Reader, limit int64) (*Array, error) {
	var magic [4]byte
	if _, err := io.ReadFull(r, magic[:]); err != nil {
		return nil, idxTruncated(err)
	}
	e, known := idxElements[magic[2]]
	if magic[0] != 0 || magic[1] != 0 {
		return nil, fmt.Errorf("this is not an IDX file: it begins with % x instead of two zeros", magic[:2])
	}
	if !known {
		return nil, fmt.Errorf("the element type 0x%02x is not one of the IDX format", magic[2])
	}
	sizes := make([]byte, 4*int(magic[3]))
	if _, err := io.ReadFull(r, sizes); err != nil {
		return nil, idxTruncated(err)
	}
	shape := make([]int, magic[3])
	for i := range shape {
		size := binary.BigEndian.Uint32(sizes[4*i:])
		if uint64(size) > math.MaxInt {
			return nil, fmt.Errorf("axis %d has %d elements, more than memory can address", i, size)
		}
		shape[i] = int(size)
	}
	n, err := elementCount(shape, e.size)
	if err != nil {
		return nil, err
	}
	if int64(n) > limit/int64(e.size) {
		return nil, fmt.Errorf("the array %s would expand to more than a hundred times the file; decompress it first", phrase.Shape(shape))
	}
	return readElements(r, shape, e)
}

func idxTruncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the file is truncated: it ends inside the header of an IDX file")
	}
	return err
}
