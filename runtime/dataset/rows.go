package dataset

import (
	"errors"
	"fmt"
	"io"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// RowReader reads rows of model values from files, the way that a codec says. Of a table it holds one row in
// memory at a time.
type RowReader struct {
	codec  *data.Codec
	inputs []data.Port
	notes  []string

	file         *format.File // a table
	csv          *format.CSV
	features     []int // field of each of the codec's columns
	targets      []data.Port
	judged       []data.Target // the codec's, by target
	targetFields [][]int       // by target, field of each column; nil if targets are not read

	set *Set // of arrays
	at  int
}

// Rows says which rows to read, for OpenRows.
type Rows struct {
	Data    []string // "file", or "name=file" for one input or target
	Select           // of a table without a codec
	Inputs  []data.Port
	Targets []data.Port // the model's
	Judge   bool        // read the targets too
}

// judged are the inputs and targets as they are to be read: to predict, nothing is compared with them.
func (q Rows) judged() (inputs, targets []data.Port) {
	if q.Judge {
		return q.Inputs, q.Targets
	}
	return data.Unjudged(q.Inputs), nil
}

// OpenRows opens data. Columns are found by the codec's names. Without a codec, values are taken as they stand,
// and the table's columns in their order.
func OpenRows(q Rows, codec *data.Codec) (*RowReader, error) {
	if err := data.VerifyJudged(q.Inputs, q.Targets); err != nil {
		return nil, UsageError{err}
	}
	if codec != nil {
		if err := codec.Fits(q.Inputs, q.Targets); err != nil {
			return nil, err
		}
	}
	src, err := openSource(q.Data, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if src.table != nil {
		r, err := openTableRows(src.table, q, codec)
		if err != nil {
			src.table.Close()
		}
		return r, err
	}
	if err := q.withoutTable(q.Data[0]); err != nil {
		return nil, err
	}
	if codec == nil {
		codec = src.fit(q.Inputs, q.Targets, data.ScaleStandard)
	}
	if codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on a table with the columns %s: give a table", q.Data[0], phrase.Listed(codec.Columns()))
	}
	inputs, targets := q.judged()
	r := &RowReader{codec: codec, inputs: inputs}
	r.set, err = src.dataset(inputs, targets, codec)
	return r, err
}

func openTableRows(f *format.File, q Rows, codec *data.Codec) (*RowReader, error) {
	path := f.Path
	csv, err := format.NewCSV(f.In, path)
	if err != nil {
		return nil, err
	}
	if codec == nil {
		if codec, err = rawCodec(path, csv.Header, q); err != nil {
			return nil, err
		}
	}
	if !codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on arrays, but this is a table", path)
	}
	inputs, _ := q.judged()
	r := &RowReader{codec: codec, inputs: inputs, file: f, csv: csv, targets: q.Targets, judged: codec.Targets()}
	return r, r.findColumns(q)
}

// Codec is the codec that the rows are read with: the one given, or the one that takes values as they stand.
func (r *RowReader) Codec() *data.Codec { return r.codec }

// Notes are remarks for the user, such as columns that are not used.
func (r *RowReader) Notes() []string { return r.notes }

// Close closes the file.
func (r *RowReader) Close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

// Read reads up to most rows into one block per input and, if targets are read, per target. It returns their
// number, or io.EOF after the last.
func (r *RowReader) Read(inputs, targets []data.Block, most int) (int, error) {
	if r.set != nil {
		n := min(most, r.set.Rows()-r.at)
		if n <= 0 {
			return 0, io.EOF
		}
		rows := make([]int, n)
		for i := range rows {
			rows[i] = r.at + i
		}
		r.at += n
		r.set.Gather(rows, inputs, targets)
		return n, nil
	}
	for n := range most {
		cells, err := r.csv.Next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		for i, f := range r.features {
			if err := r.encodeCell(inputs, n, i, cells[f]); err != nil {
				return 0, r.csv.ErrorAt(f, "column %q: %v", r.codec.Column(i).Name, err)
			}
		}
		for i, fields := range r.targetFields {
			t, size := &r.judged[i], r.targets[i].Size()
			for j, f := range fields {
				y, err := t.Cell(j, cells[f])
				if err != nil {
					return 0, r.csv.ErrorAt(f, "column %q: %v", t.Columns[j].Name, err)
				}
				if r.targets[i].Int {
					targets[i].Int[n*size+j] = int32(y)
				} else {
					targets[i].Float[n*size+j] = y
				}
			}
		}
	}
	return most, nil
}

// encodeCell is the codec's, with the check of what outputs are compared with.
func (r *RowReader) encodeCell(inputs []data.Block, row, i int, cell string) error {
	if err := r.codec.EncodeCell(inputs, row, i, cell); err != nil {
		return err
	}
	if r.codec.Column(i).Kind != data.KindNumber {
		return nil // an indicator, or an integer in its range
	}
	input, at := r.codec.Slot(i)
	p := &r.inputs[input]
	return p.CheckJudged(inputs[input].Float[row*p.Size()+at])
}

// readAllChunk is the number of rows that ReadAll reads at a time.
const readAllChunk = 256

// ReadAll reads the remaining rows into memory.
func (r *RowReader) ReadAll(inputs, targets []data.Port) (*Set, error) {
	if r.set != nil {
		return r.set, nil
	}
	d := &Set{}
	chunkOf := func(ports []data.Port) (fields []field, chunk []data.Block) {
		for _, p := range ports {
			fields = append(fields, field{port: p, size: p.Size(), block: data.NewBlock(p, 0)})
			chunk = append(chunk, data.NewBlock(p, readAllChunk))
		}
		return fields, chunk
	}
	var in, out []data.Block
	d.inputs, in = chunkOf(inputs)
	d.targets, out = chunkOf(targets)
	rows := 0
	for {
		n, err := r.Read(in, out, readAllChunk)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rows += n
		for i := range d.inputs {
			d.inputs[i].append(in[i], n)
		}
		for i := range d.targets {
			d.targets[i].append(out[i], n)
		}
	}
	if rows == 0 {
		return nil, fmt.Errorf("%s: there is a header but no row", r.csv.Name)
	}
	d.rows = allRows(rows)
	return d, nil
}

func (f *field) append(b data.Block, n int) {
	if b.Int != nil {
		f.block.Int = append(f.block.Int, b.Int[:n*f.size]...)
		return
	}
	f.block.Float = append(f.block.Float, b.Float[:n*f.size]...)
}
