package format

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strings"
)

// File is an open file of data at its first byte. It is opened once, for a pipe gives its bytes only once.
type File struct {
	Path string // as messages name it
	Kind Kind
	In   *bufio.Reader // the bytes, unzipped

	file    *os.File
	limit   int64 // bytes that an array in it may take
	regular bool  // neither a pipe nor a device
}

// Stdin is the path that stands for standard input.
const Stdin = "-"

// Open opens a file, or standard input, and tells its format.
func Open(path string) (*File, error) { return open(path, kindOf) }

// OpenText is Open where text is wanted as it stands: any is KindText, of whatever form. Arrays and images are what they are.
func OpenText(path string) (*File, error) { return open(path, textKind) }

// OpenQuestions is Open where questions are wanted: JSON of any form is KindQuestions, so that reading it says what is wrong with it.
func OpenQuestions(path string) (*File, error) { return open(path, questionKind) }

func open(path string, kindOf func(head []byte) (Kind, error)) (d *File, err error) {
	file, name := os.Stdin, "stdin"
	if path != Stdin {
		name = path
		if file, err = os.Open(path); err != nil {
			return nil, err
		}
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
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	head, err := start(in, info.Mode().IsRegular())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	kind, err := kindOf(head)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if kind == KindJSONL && holdsArticles(ahead(in, info.Mode().IsRegular())) {
		kind = KindQuestions
	}
	d = &File{Path: name, Kind: kind, In: in, file: file, limit: limit, regular: info.Mode().IsRegular()}
	switch {
	case d.Kind != KindNPZ:
	case limit < math.MaxInt64:
		return nil, fmt.Errorf("%s: it is an .npz archive inside gzip: unzip it first", name)
	case !d.regular:
		return nil, fmt.Errorf("%s: an .npz archive is read from both ends, so it must be a file, not a pipe", name)
	}
	return d, nil
}

// start returns the first bytes. Of a pipe it does not wait for more than there are: its writer may wait for an answer.
func start(in *bufio.Reader, regular bool) ([]byte, error) {
	n := sniffed
	if !regular {
		if _, err := in.Peek(1); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		n = min(n, in.Buffered())
	}
	head, err := in.Peek(n)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head, err
}

// ahead returns what the reader can hold of what is to come, of a pipe what is there. An error will be met again in reading.
func ahead(in *bufio.Reader, regular bool) []byte {
	n := in.Buffered()
	if regular {
		n = in.Size()
	}
	head, _ := in.Peek(n)
	return head
}

// Table reads the columns' names of the table that a CSV or JSON lines file holds.
func (d *File) Table(how Layout) (*Table, error) {
	t, err := d.table(how)
	if err != nil {
		return nil, err
	}
	t.regular = d.regular
	return t, nil
}

func (d *File) table(how Layout) (*Table, error) {
	if d.Kind == KindJSONL {
		if how != (Layout{}) {
			return nil, fmt.Errorf("%s: --sep and --no-header are for CSV, and this is JSON lines", d.Path)
		}
		lookahead := 1
		if d.regular {
			lookahead = jsonLookahead
		}
		return newJSONTable(d.In, d.Path, lookahead)
	}
	return NewCSV(d.In, d.Path, how)
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

// A text is in memory as a whole: a plain file by its size, any other up to these bounds, in bytes. Text compresses by less
// than a hundred.
const (
	maxPipedText  = 1 << 30
	smallText     = 16 << 20
	textExpansion = 100
)

// Text reads all that is left of the file.
func (d *File) Text() (string, error) {
	var text strings.Builder
	limit, advice := int64(maxPipedText), "write it to a file of its own first"
	if info, err := d.file.Stat(); err == nil && d.regular {
		if limit = math.MaxInt64 - 1; d.limit < math.MaxInt64 { // gzip
			limit, advice = max(smallText, textExpansion*min(info.Size(), limit/textExpansion)), "decompress it first"
		} else {
			text.Grow(int(min(info.Size(), math.MaxInt)))
		}
	}
	n, err := io.Copy(&text, io.LimitReader(d.In, limit+1))
	if err == nil && n > limit {
		err = fmt.Errorf("the text has more than %d MiB: %s", limit>>20, advice)
	}
	if err != nil {
		return "", fmt.Errorf("%s: %w", d.Path, err)
	}
	return text.String(), nil
}
