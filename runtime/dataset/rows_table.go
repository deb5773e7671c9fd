package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// tableRows are the rows of a table. No more of them are held in memory than a call of read returns.
type tableRows struct {
	lastRows
	codec  *data.Codec
	inputs []data.Port
	notes  []string

	table        *format.Table
	how          Reading
	prompt       bool
	features     []int // field of each of the codec's columns
	targets      []data.Port
	judged       []data.Target // the codec's, by target
	targetFields [][]int       // by target, field of each column; nil if targets are not read
	weight       int           // field of the rows' weights; −1: they are not read
	keep         []int         // fields whose cells are wanted
	windows      *windowRows   // what the rows make; nil: each stands alone
	counts       []cellCount   // by the codec's column
	without      int           // rows without a target
}

// openTableRows begins to read a table. Without a codec its cells are taken as they stand.
func openTableRows(table *format.Table, q Rows, codec *data.Codec) (*RowReader, error) {
	if codec == nil {
		var err error
		if codec, err = rawCodec(table, q); err != nil {
			return nil, err
		}
	} else if q.Tokenizer != "" {
		return nil, usageError("--tokenizer %s: the weights say how texts are divided, and hold the vocabulary if they are tokens: leave the flag out", q.Tokenizer)
	}
	if !codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on arrays, but this is a table", table.Name)
	}
	if q.Writing != nil {
		w := codec.Writing().With(*q.Writing)
		if err := w.Verify(); err != nil {
			return nil, usageError("%s: --decimal, --thousands, --missing, beside what the weights were trained with: %w", table.Name, err)
		}
		codec = codec.WithWriting(w)
	}
	inputs, judged := q.judged()
	r := &tableRows{codec: codec, inputs: inputs, table: table, how: q.Reading, prompt: q.Prompt, targets: q.Targets, judged: codec.Targets(), weight: -1}
	r.counts = make([]cellCount, len(codec.Columns()))
	var from rowSource = r
	if codec.Series().Window > 0 {
		w, err := r.intoWindows(q, judged)
		if err != nil {
			return nil, err
		}
		from = w
	}
	table.Expect(r.wanted(q))
	if err := r.findColumns(q); err != nil {
		return nil, err
	}
	return &RowReader{codec: codec, notes: r.notes, keptNames: q.Keep, from: from}, nil
}

// wanted are the columns of a table that will be asked for.
func (r *tableRows) wanted(q Rows) []string {
	names := slices.Concat(r.codec.Columns(), q.Keep, one(r.codec.Series().Group))
	if q.Judge {
		names = append(names, one(q.Weight)...)
	}
	for _, t := range r.judged[:len(q.Targets)] {
		if q.Judge {
			names = append(names, t.Sources()...)
		}
	}
	return names
}

func (r *tableRows) read(inputs, targets []data.Block, most int) (int, error) {
	r.forget()
	n := 0
	for n < most && (n == 0 || !r.prompt || r.table.Ready()) {
		cells, err := r.table.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		ok, err := r.row(inputs, targets, n, cells)
		if err != nil {
			return 0, err
		}
		if ok {
			n++
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// row encodes a row of cells as row n of the blocks. It reports whether it belongs to the rows: without a target it may not.
func (r *tableRows) row(inputs, targets []data.Block, n int, cells []string) (bool, error) {
	ok, err := r.judgeRow(targets, n, cells)
	switch {
	case err != nil:
		return false, err
	case r.windows != nil:
		err = r.windows.note(cells, ok)
	case !ok:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := r.encodeRow(inputs, n, cells); err != nil {
		return false, err
	}
	if err := r.checkSpans(inputs, targets, n); err != nil {
		return false, err
	}
	if r.weight >= 0 {
		writing := r.codec.Writing()
		if err := r.takeWeight(&writing, cells[r.weight]); err != nil {
			return false, err
		}
	}
	r.keepCells(cells)
	return true, nil
}

// keepCells keeps the cells that are wanted of a row.
func (r *tableRows) keepCells(cells []string) {
	if len(r.keep) == 0 {
		return
	}
	kept := make([]string, len(r.keep))
	for i, f := range r.keep {
		kept[i] = cells[f]
	}
	r.kept = append(r.kept, kept)
}

// readAllChunk is the number of rows that readAll reads at a time.
const readAllChunk = 256

func (r *tableRows) readAll(inputs, targets []data.Port) (*Set, error) {
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
		n, err := r.read(in, out, readAllChunk)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		rows += n
		d.weights = append(d.weights, r.weights...)
		for i := range d.inputs {
			d.inputs[i].append(in[i], n)
		}
		for i := range d.targets {
			d.targets[i].append(out[i], n)
		}
	}
	if rows == 0 {
		return nil, fmt.Errorf("%s: there is a header but no row", r.table.Name)
	}
	d.rows = allRows(rows)
	return d, nil
}

// append adds the first n rows of b.
func (f *field) append(b data.Block, n int) {
	if b.Int != nil {
		f.block.Int = append(f.block.Int, b.Int[:n*f.size]...)
		return
	}
	f.block.Float = append(f.block.Float, b.Float[:n*f.size]...)
}
