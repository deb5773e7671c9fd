package weights

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// unknownSize stands for the size of a stream.
const unknownSize = -1

// Read reads the file at path. Its size is compared with what the header
// promises before anything is allocated for the data. Not-a-number and infinite
// values are let through.
func Read(path string) (*File, error) {
	var f *File
	err := open(path, func(r io.Reader, size int64) (err error) {
		f, err = read(r, size)
		return err
	})
	return f, err
}

// ReadMeta reads the metadata of the file at path, nil if it has none. The data
// are not read, but their size is checked.
func ReadMeta(path string) (map[string]string, error) {
	var meta map[string]string
	err := open(path, func(r io.Reader, size int64) (err error) {
		meta, _, err = readHeader(r, size)
		return err
	})
	return meta, err
}

// ReadFrom reads a whole safetensors file from r, up to its end. Memory grows
// with the bytes that arrive, not with what the header promises.
func ReadFrom(r io.Reader) (*File, error) {
	if r == nil {
		return nil, errors.New("safetensors: there is nothing to read from: the reader is nil")
	}
	f, err := read(r, unknownSize)
	if err != nil {
		return nil, fmt.Errorf("safetensors: %w", err)
	}
	return f, nil
}

func open(path string, read func(r io.Reader, size int64) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return fmt.Errorf("%s: this is a folder, not a safetensors file", path)
	}
	size := info.Size()
	if !info.Mode().IsRegular() {
		size = unknownSize
	}
	if err := read(file, size); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func read(r io.Reader, size int64) (*File, error) {
	meta, entries, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	f := &File{Tensors: make([]Tensor, 0, len(entries)), Meta: meta}
	d := dataReader{r: r, promised: dataSize(entries), sized: size != unknownSize}
	for _, e := range entries {
		t, err := d.tensor(e)
		if err != nil {
			return nil, err
		}
		f.Tensors = append(f.Tensors, t)
	}
	return f, d.end()
}

// readHeader reads the length and the header, and compares the size of the
// whole with both unless it is unknown.
func readHeader(r io.Reader, size int64) (map[string]string, []entry, error) {
	var prefix [8]byte
	n, err := io.ReadFull(r, prefix[:])
	if atEnd(err) {
		return nil, nil, fmt.Errorf("the file is truncated: it has %d bytes, the length of the header alone takes 8", n)
	}
	if err != nil {
		return nil, nil, err
	}
	length := binary.LittleEndian.Uint64(prefix[:])
	if length > maxHeader {
		if what := foreign(prefix[:], r); what != "" {
			return nil, nil, fmt.Errorf("this is not a safetensors file: it looks like %s", what)
		}
		return nil, nil, fmt.Errorf("the header would take %d bytes, more than the %d allowed: this is not a safetensors file, or it is damaged", length, maxHeader)
	}
	if size != unknownSize && int64(length) > size-8 {
		return nil, nil, fmt.Errorf("the file is truncated: the header takes %d bytes, there are %d", length, size-8)
	}
	header, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err != nil {
		return nil, nil, err
	}
	if len(header) < int(length) {
		return nil, nil, fmt.Errorf("the file is truncated: the header takes %d bytes, there are %d", length, len(header))
	}
	meta, entries, err := parseHeader(header)
	if err != nil {
		return nil, nil, err
	}
	if size != unknownSize {
		if err := checkDataSize(dataSize(entries), size-8-int64(length)); err != nil {
			return nil, nil, err
		}
	}
	return meta, entries, nil
}

func checkDataSize(promised, got int64) error {
	switch {
	case got < promised:
		return fmt.Errorf("the file is truncated: the header promises %d bytes of data, there are %d", promised, got)
	case got > promised:
		return fmt.Errorf("the header promises %d bytes of data, there are %d: %d too many", promised, got, got-promised)
	}
	return nil
}

func atEnd(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

// dataReader reads the data of one tensor after the other.
type dataReader struct {
	r        io.Reader
	promised int64 // the bytes of data that the header promises
	got      int64
	sized    bool // promised has been compared with the size of the file
	buf      [1 << 16]byte
}

func (d *dataReader) tensor(e entry) (Tensor, error) {
	t := Tensor{Name: e.name, DType: e.dtype, Shape: e.shape}
	// An array of at least 0 elements, so that the slice in use is not nil.
	room := 0
	if d.sized {
		room = e.count
	}
	if e.dtype.Float() {
		t.F32 = make([]float32, 0, room)
	} else {
		t.I64 = make([]int64, 0, room)
	}
	width := e.dtype.Size()
	for done := 0; done < e.count; {
		n := min(e.count-done, len(d.buf)/width)
		chunk := d.buf[:n*width]
		if err := d.fill(chunk); err != nil {
			return Tensor{}, fmt.Errorf("tensor %s: %w", quote(e.name), err)
		}
		if e.dtype.Float() {
			t.F32 = slices.Grow(t.F32, n)[:done+n]
			e.dtype.DecodeFloats(t.F32[done:], chunk)
		} else {
			t.I64 = slices.Grow(t.I64, n)[:done+n]
			if err := e.dtype.DecodeInts(t.I64[done:], chunk, done); err != nil {
				return Tensor{}, fmt.Errorf("tensor %s: %w", quote(e.name), err)
			}
		}
		done += n
	}
	return t, nil
}

func (d *dataReader) fill(chunk []byte) error {
	n, err := io.ReadFull(d.r, chunk)
	d.got += int64(n)
	if atEnd(err) {
		return checkDataSize(d.promised, d.got)
	}
	return err
}

// end checks that nothing follows the data.
func (d *dataReader) end() error {
	n, err := io.ReadFull(d.r, d.buf[:1])
	if n > 0 {
		return fmt.Errorf("more bytes follow after the %d bytes of data that the header promises", d.promised)
	}
	if atEnd(err) {
		return nil
	}
	return err
}
