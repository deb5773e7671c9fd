package format

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"math"
)

// unzip returns the bytes of r, a file of that size, decompressed if gzip's magic stands at its start. There are
// limit of them at most; a file that is not compressed has no limit.
func unzip(r io.Reader, size int64) (in *bufio.Reader, limit int64, err error) {
	packed := &countingReader{r: r}
	in = bufio.NewReaderSize(packed, bufferSize)
	magic, err := in.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	if string(magic) != gzipMagic {
		return in, math.MaxInt64, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, 0, gzipError(err)
	}
	z.Multistream(false)
	limit = math.MaxInt64 - 1 // of a pipe, which does not tell how much is to come
	if size > 0 {
		limit = maxExpansion(size)
	}
	return bufio.NewReaderSize(&gzipReader{z: z, in: in, packed: packed}, bufferSize), limit, nil
}

// countingReader counts what is read from r.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

const (
	gzipMagic  = "\x1f\x8b"
	bufferSize = 1 << 16
)

// gzipReader reads what z decompresses from in, a hundred times what was packed at most: one member after the other. Zeros behind the
// last, as tapes and block devices leave them, are no data.
type gzipReader struct {
	z      *gzip.Reader
	in     *bufio.Reader
	packed *countingReader // below in
	n      int64           // unpacked so far
}

func (g *gzipReader) Read(p []byte) (int, error) {
	n, err := g.z.Read(p)
	if g.n += int64(n); g.n > maxExpansion(g.packed.n) {
		return 0, errors.New("the file expands to more than a hundred times its size; decompress it first")
	}
	if err == io.EOF {
		err = g.next()
	}
	return n, gzipError(err)
}

// next begins the member after the one that has just ended.
func (g *gzipReader) next() error {
	for {
		b, err := g.in.ReadByte()
		if err != nil {
			return err
		}
		if b == 0 {
			continue
		}
		if err := g.in.UnreadByte(); err != nil {
			return err
		}
		if magic, _ := g.in.Peek(2); string(magic) != gzipMagic {
			return errors.New("bytes that are no gzip stand after the compressed data: take them off, or decompress the file first")
		}
		err = g.z.Reset(g.in)
		g.z.Multistream(false)
		return err
	}
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
