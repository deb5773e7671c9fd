package data

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
)

// RowReader reads rows of model values from files, the way that a codec says. Of a table it holds one row in
// memory at a time.
type RowReader struct {
	codec *Codec
	notes []string

	file         *os.File // of a table
	csv          *csvReader
	features     []int // field of each of the codec's columns
	targets      []Port
	targetFields [][]int // by target, field of each column; nil if targets are not read

	set *Dataset // of arrays
	at  int
}

// Rows says which rows to read, for OpenRows.
type Rows struct {
	Data    []string // "file", or "name=file" for one input or target
	Select           // of a table without a codec
	Inputs  []Port
	Targets []Port // the model's
	Judge   bool   // read the targets too
}

// OpenRows opens data. Columns are found by the codec's names. Without a codec, values are taken as they stand,
// and the table's columns in their order.
func OpenRows(q Rows, codec *Codec) (*RowReader, error) {
	if codec != nil {
		if err := codec.Fits(q.Inputs, q.Targets); err != nil {
			return nil, err
		}
	}
	src, err := openSource(q.Data, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if src.table != "" {
		return openTableRows(src.table, q, codec)
	}
	if codec == nil {
		codec = src.fit(q.Inputs, q.Targets, ScaleStandard)
	}
	if codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on a table with the columns %s: give a table", q.Data[0], listed(codec.Columns()))
	}
	r := &RowReader{codec: codec}
	var judged []Port
	if q.Judge {
		judged = q.Targets
	}
	r.set, err = src.dataset(q.Inputs, judged, codec)
	return r, err
}

func openTableRows(path string, q Rows, codec *Codec) (r *RowReader, err error) {
	if _, err := tableInput(q.Inputs); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	csv, err := newCSVReader(f, path)
	if err != nil {
		return nil, err
	}
	if codec == nil {
		if codec, err = rawCodec(path, csv.header, q); err != nil {
			return nil, err
		}
	}
	if !codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on arrays, but this is a table", path)
	}
	r = &RowReader{codec: codec, file: f, csv: csv, targets: q.Targets}
	return r, r.findColumns(q)
}

// rawCodec takes all features of a table as they stand.
func rawCodec(path string, header []string, q Rows) (*Codec, error) {
	sel := q.Select
	if !q.Judge {
		// To predict, the target may be there or not.
		sel.Target = slices.DeleteFunc(slices.Clone(sel.Target), func(name string) bool { return !slices.Contains(header, name) })
	}
	features, _, err := sel.roles(path, header)
	if err != nil {
		return nil, err
	}
	columns := make([]column, len(features))
	for i, f := range features {
		columns[i] = column{Name: header[f], Kind: kindNumber, Deviation: 1, required: true}
	}
	targets := targetsOf(q.Targets)
	if q.Judge || len(q.Target) > 0 {
		parts, err := targetColumns(q.Target, q.Targets)
		if err != nil {
			return nil, err
		}
		for i, names := range parts {
			for _, name := range names {
				c := column{Name: name, Kind: kindIndex}
				if !targets[i].IsClass() {
					c.Kind, c.Deviation = kindNumber, 1
				}
				targets[i].Columns = append(targets[i].Columns, c)
			}
		}
	}
	codec := newCodec(ScaleNone, columns, nil, targets)
	if codec.Width() != q.Inputs[0].Size() {
		return nil, fmt.Errorf("%s: there are %s (%s), but the model's input %s takes %d: choose them with --features or --drop",
			path, counted(codec.Width(), "feature column"), listed(codec.Columns()), q.Inputs[0].Name, q.Inputs[0].Size())
	}
	return codec, nil
}

func (r *RowReader) findColumns(q Rows) error {
	header := r.csv.header
	used := map[string]bool{}
	find := func(name, why string) (int, error) {
		used[name] = true
		if i := slices.Index(header, name); i >= 0 {
			return i, nil
		}
		return 0, fmt.Errorf("%s: there is no column %q%s (%s; the columns are %s)", r.csv.name, name, suggest(name, header), why, listed(header))
	}
	for _, name := range r.codec.Columns() {
		i, err := find(name, "the weights were trained with it")
		if err != nil {
			return err
		}
		r.features = append(r.features, i)
	}
	var names []string
	for _, t := range r.codec.targets {
		var fields []int
		for _, c := range t.Columns {
			names = append(names, c.Name)
			used[c.Name] = true
			if !q.Judge {
				continue
			}
			i, err := find(c.Name, "it is the target")
			if err != nil {
				return err
			}
			fields = append(fields, i)
		}
		if q.Judge && len(fields) == 0 {
			return fmt.Errorf("%s: the weights do not say which column is the target %q", r.csv.name, t.Name)
		}
		if q.Judge {
			r.targetFields = append(r.targetFields, fields)
		}
	}
	if len(q.Target) > 0 && len(names) > 0 && !slices.Equal(q.Target, names) {
		return fmt.Errorf("%s: --target names %s, but the weights were trained on the target %s", r.csv.name, listed(q.Target), listed(names))
	}
	var extra []string
	for _, name := range header {
		if !used[name] && !slices.Contains(q.Target, name) && !slices.Contains(q.Drop, name) {
			extra = append(extra, name)
		}
	}
	if len(extra) > 0 {
		r.notes = append(r.notes, fmt.Sprintf("%s: the model does not use %s: %s", r.csv.name, counted(len(extra), "column"), listed(extra)))
	}
	return nil
}

// Codec is the codec that the rows are read with: the one given, or the one that takes values as they stand.
func (r *RowReader) Codec() *Codec { return r.codec }

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
func (r *RowReader) Read(inputs, targets []Block, most int) (int, error) {
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
		cells, err := r.csv.next()
		if errors.Is(err, io.EOF) {
			if n == 0 {
				return 0, io.EOF
			}
			return n, nil
		}
		if err != nil {
			return 0, err
		}
		w := r.codec.width
		if err := r.features32(inputs[0].Float[n*w:(n+1)*w], cells); err != nil {
			return 0, err
		}
		for i, fields := range r.targetFields {
			t, size := &r.codec.targets[i], r.targets[i].Size()
			for j, f := range fields {
				y, err := t.cell(j, cells[f])
				if err != nil {
					return 0, r.csv.errorAt(f, "column %q: %v", t.Columns[j].Name, err)
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

// features32 is Encode with the place of a mistake.
func (r *RowReader) features32(dst []float32, cells []string) error {
	at := 0
	for i, f := range r.features {
		c := &r.codec.columns[i]
		w := c.width()
		if err := c.encode(dst[at:at+w], cells[f]); err != nil {
			return r.csv.errorAt(f, "column %q: %v", c.Name, err)
		}
		at += w
	}
	return nil
}

// cell is the model value of a cell of the target's column i: a scaled number, or a class's index.
func (t *Target) cell(i int, cell string) (float32, error) {
	c := &t.Columns[i]
	text, v, kind := parseCell(cell)
	if kind == cellEmpty {
		return 0, errors.New("the cell is empty: a row without a target cannot be judged")
	}
	if c.Kind == kindClass {
		k, ok := c.index[text]
		if !ok {
			return 0, fmt.Errorf("%s is not a class that the model knows (%s)", quoted(text), listed(c.Classes))
		}
		return float32(k), nil
	}
	switch {
	case kind == cellNotFinite:
		return 0, notFinite(text)
	case kind == cellText:
		return 0, fmt.Errorf("%s is not a number", quoted(text))
	case c.Kind == kindNumber:
		return c.number(v)
	case v != math.Floor(v) || v < 0 || v >= float64(t.Count):
		return 0, fmt.Errorf("class index %s out of range [0, %d)", text, t.Count)
	}
	return float32(v), nil
}

// readAllChunk is the number of rows that ReadAll reads at a time.
const readAllChunk = 256

// ReadAll reads the remaining rows into memory.
func (r *RowReader) ReadAll(inputs, targets []Port) (*Dataset, error) {
	if r.set != nil {
		return r.set, nil
	}
	d := &Dataset{}
	chunkOf := func(ports []Port) (fields []field, chunk []Block) {
		for _, p := range ports {
			fields = append(fields, field{port: p, size: p.Size(), block: NewBlock(p, 0)})
			chunk = append(chunk, NewBlock(p, readAllChunk))
		}
		return fields, chunk
	}
	var in, out []Block
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
		return nil, fmt.Errorf("%s: there is a header but no row", r.csv.name)
	}
	d.rows = allRows(rows)
	return d, nil
}

func (f *field) append(b Block, n int) {
	if b.Int != nil {
		f.block.Int = append(f.block.Int, b.Int[:n*f.size]...)
		return
	}
	f.block.Float = append(f.block.Float, b.Float[:n*f.size]...)
}
