package format

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
)

// Kind is the kind of a file, told from its first bytes.
type Kind int

// The formats.
const (
	KindCSV Kind = iota // any text
	KindNPY
	KindNPZ
	KindIDX
)

// File is an open file of data at its first byte. It is opened once, for a pipe gives its bytes only once.
type File struct {
	Path string
	Kind Kind
	In   *bufio.Reader // the bytes, unzipped

	file  *os.File
	limit int64 // bytes that an array in it may take
}

// Open opens a file and tells its format.
func Open(path string) (d *File, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
		}
	}()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("is a folder, not a file")}
	}
	in, limit, err := unzip(file, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	head, err := in.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	d = &File{Path: path, file: file, In: in, limit: limit, Kind: formatOf(head)}
	switch {
	case d.Kind != KindNPZ:
	case limit < math.MaxInt64:
		return nil, fmt.Errorf("%s: it is an .npz archive inside gzip: unzip it first", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s: an .npz archive is read from both ends, so it must be a file, not a pipe", path)
	}
	return d, nil
}

func formatOf(head []byte) Kind {
	switch {
	case bytes.HasPrefix(head, []byte(npyMagic)):
		return KindNPY
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return KindNPZ
	case len(head) >= 4 && head[0] == 0 && head[1] == 0 && head[2] >= 8 && head[2] <= 14:
		return KindIDX
	}
	return KindCSV
}

// unzip returns the bytes of r, a file of that size, decompressed if gzip's magic stands at its start. There are
// limit of them at most; a file that is not compressed has no limit.
func unzip(r io.Reader, size int64) (in *bufio.Reader, limit int64, err error) {
	in = bufio.NewReader(r)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	if string(magic) != "\x1f\x8b" {
		return in, math.MaxInt64, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, 0, gzipError(err)
	}
	limit = maxExpansion(size)
	return bufio.NewReader(&gzipReader{z, limit}), limit, nil
}

// gzipReader reads what z decompresses, left bytes at most.
type gzipReader struct {
	z    *gzip.Reader
	left int64
}

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if g.left -= int64(n); g.left < 0 {
		return 0, errors.New("the file expands to more than a hundred times its size; decompress it first")
	}
	return n, gzipError(err)
}

// gzipError says what is wrong with a compressed file.
func gzipError(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case err == io.EOF:
		return io.EOF
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file is truncated: it ends inside the compressed data")
	case errors.Is(err, gzip.ErrChecksum):
		return errors.New("the file is damaged: its checksum is wrong")
	case errors.Is(err, gzip.ErrHeader), errors.As(err, &corrupt):
		return errors.New("the file is damaged: it begins like a gzip file, but it is none, or not throughout")
	}
	return err
}

// Array reads the array that an NPY or IDX file holds.
func (d *File) Array() (*Array, error) {
	var a *Array
	var err error
	if d.Kind == KindIDX {
		a, err = readIDX(d.In, d.limit)
	} else {
		a, err = readNPY(d.In)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", d.Path, err)
	}
	return a, nil
}

// Close closes the file.
func (d *File) Close() error { return d.file.Close() }
