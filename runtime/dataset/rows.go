package dataset

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// RowReader reads rows of model values from files, the way that a codec says. Of a table it holds in memory no more
// rows than a call of Read returns.
type RowReader struct {
	codec  *data.Codec
	inputs []data.Port
	notes  []string
	close  func() error

	table        *format.Table // nil: arrays
	how          Reading
	prompt       bool
	features     []int // field of each of the codec's columns
	targets      []data.Port
	judged       []data.Target // the codec's, by target
	targetFields [][]int       // by target, field of each column; nil if targets are not read
	weight       int           // field of the rows' weights; −1: they are not read
	weights      []float32     // of each row that Read returned
	keep         []int         // fields
	keptNames    []string      // their names
	kept         [][]string    // of each row that Read returned, its cells
	missing      []int         // cells without a value, by the codec's column
	unseen       []unseen      // by the codec's column
	texts        []data.TextCount
	without      int // rows left out because they had no target

	pasts *pasts // rows make windows; nil: each stands alone

	// Of windows that are all in memory, by row: whether it has no target, and which series it is of.
	gaps       []bool
	groups     []int32
	groupCodes map[string]int32

	set    *Set       // of arrays
	images *imageRows // of images alone
	names  []string   // of the images, by row; nil: the rows have none
	at     int
}

// unseen counts the texts of a column that training never saw.
type unseen struct {
	cells int
	texts []string // the first few
}

// Rows says which rows to read, for OpenRows.
type Rows struct {
	Data    []string // files, each "file", or "name=file" for one input or target
	Select           // of a table without a codec
	Reading          // of a table
	Keep    []string // columns of a table whose cells are wanted, see RowReader.Kept
	Inputs  []data.Port
	Targets []data.Port // the model's
	Judge   bool        // read the targets too
	Prompt  bool        // Read returns the rows that a pipe has given, rather than wait for more

	SkipUnreadable bool // images that cannot be read are left out, else they are an error
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
	asText := continues(q.Inputs, q.Targets) && (codec == nil || !codec.IsTable())
	src, err := openSource(q.Data, asText, q.Layout, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if src.table != nil {
		if q.SkipUnreadable {
			src.Close()
			return nil, src.loadImages(nil, nil, nil, true)
		}
		r, err := openTableRows(src.table, q, codec)
		if err != nil {
			src.Close()
			return nil, err
		}
		r.close = src.Close
		return r, nil
	}
	if err := errors.Join(q.Select.withoutTable(q.Data[0]), q.Reading.withoutTable(q.Data[0])); err != nil {
		src.Close()
		return nil, err
	}
	if len(src.texts) > 0 {
		defer src.Close()
		return openTextRows(src, q, codec)
	}
	if len(q.Keep) > 0 {
		return nil, usageError("--keep %s chooses columns of a table, but %s is no table", phrase.Listed(q.Keep), q.Data[0])
	}
	known := codec
	if codec == nil {
		codec = src.fit(q.Inputs, q.Targets, data.ScaleStandard)
	}
	if codec.IsTable() {
		return nil, fmt.Errorf("%s: the weights were trained on a table with the columns %s: give a table", q.Data[0], phrase.Listed(codec.Columns()))
	}
	inputs, targets := q.judged()
	if len(src.images) == 1 && len(src.arrays) == 0 && len(q.Inputs) == 1 {
		return openImageRows(src, q, codec, known)
	}
	if err := src.loadImages(inputs, targets, known, q.SkipUnreadable); err != nil {
		return nil, err
	}
	r := &RowReader{codec: codec, inputs: inputs, notes: src.remarks}
	for _, p := range inputs {
		if f := src.images[p.Name]; f != nil && r.names == nil {
			r.keptNames = []string{fileColumn}
			for _, m := range f.list {
				r.names = append(r.names, m.path)
			}
		}
	}
	r.set, err = src.dataset(inputs, targets, codec)
	return r, err
}

func openTableRows(table *format.Table, q Rows, codec *data.Codec) (*RowReader, error) {
	if codec == nil {
		var err error
		if codec, err = rawCodec(table, q); err != nil {
			return nil, err
		}
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
	r := &RowReader{codec: codec, inputs: inputs, table: table, how: q.Reading, prompt: q.Prompt, targets: q.Targets, judged: codec.Targets(), weight: -1}
	if s := codec.Series(); s.Window > 0 {
		if q.Weight != "" {
			return nil, usageError("--weight: the model takes windows, and a row is a part of several")
		}
		windows, err := newSeries(s, inputs, judged, sources(r.judged))
		if err != nil {
			return nil, err
		}
		r.pasts = &pasts{series: windows, of: map[string]*past{}, group: -1}
		r.inputs, r.targets = windows.inputs, windows.targets
	}
	r.unseen, r.missing = make([]unseen, len(codec.Columns())), make([]int, len(codec.Columns()))
	r.texts = make([]data.TextCount, len(codec.Columns()))
	table.Expect(r.wanted(q))
	r.keptNames = q.Keep
	return r, r.findColumns(q)
}

// Codec is the codec that the rows are read with: the one given, or the one that takes values as they stand.
func (r *RowReader) Codec() *data.Codec { return r.codec }

// Notes are remarks for the user, such as columns that are not used.
func (r *RowReader) Notes() []string { return r.notes }

// wanted are the columns of a table that will be asked for.
func (r *RowReader) wanted(q Rows) []string {
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

// Remarks are what there is to say once all rows are read: values that are missing, texts that training never saw, rows
// left out.
func (r *RowReader) Remarks() []string {
	var remarks []string
	for i, n := range r.missing {
		if n > 0 {
			remarks = append(remarks, missingNote(r.codec.Column(i), n))
		}
	}
	for i, u := range r.unseen {
		if u.cells == 0 {
			continue
		}
		col, becomes := r.codec.Column(i), "all indicators 0"
		if col.Kind == data.KindIndex {
			becomes = fmt.Sprintf("the integer %d", len(col.Classes))
		}
		remarks = append(remarks, fmt.Sprintf("%s: %s of a text that training never saw (%s): %s",
			phrase.Visible(col.Name), phrase.Counted(u.cells, "cell"), phrase.Listed(u.texts), becomes))
	}
	for i := range r.texts {
		if n := &r.texts[i]; n.Texts > 0 {
			col := r.codec.Column(i)
			remarks = append(remarks, fmt.Sprintf("%s: %s", phrase.Visible(col.Name), n.Said(col.Tokens)))
		}
	}
	if r.images != nil {
		remarks = append(remarks, unreadable(r.images.left)...)
	}
	switch {
	case r.without > 0 && r.pasts != nil:
		remarks = append(remarks, fmt.Sprintf("%s without a target: windows that forecast them are left out", phrase.Counted(r.without, "row")))
	case r.without > 0:
		remarks = append(remarks, fmt.Sprintf("%s without a target left out", phrase.Counted(r.without, "row")))
	}
	return remarks
}

// KeptNames are the names of the columns to keep: those of Rows.Keep, and of images, which have no columns, "file".
func (r *RowReader) KeptNames() []string { return r.keptNames }

// Kept are the cells of the columns to keep, of each row that Read returned last: of images, their files.
func (r *RowReader) Kept() [][]string { return r.kept }

// Weights are how much each row counts that Read returned last, nil where no column of weights is read.
func (r *RowReader) Weights() []float32 { return r.weights }

// Close closes the files.
func (r *RowReader) Close() error {
	if r.close == nil {
		return nil
	}
	return r.close()
}

// Read reads up to most rows into one block per input and, if targets are read, per target. It returns their
// number, or io.EOF after the last.
func (r *RowReader) Read(inputs, targets []data.Block, most int) (int, error) {
	if r.images != nil {
		return r.readImages(inputs, targets, most)
	}
	if r.set != nil {
		n := min(most, r.set.Rows()-r.at)
		if n <= 0 {
			return 0, io.EOF
		}
		rows := make([]int, n)
		r.kept = r.kept[:0]
		for i := range rows {
			rows[i] = r.at + i
			if len(r.keptNames) > 0 {
				r.kept = append(r.kept, []string{r.names[r.at+i]})
			}
		}
		r.at += n
		r.set.Gather(rows, inputs, targets)
		return n, nil
	}
	if r.pasts != nil {
		return r.readWindows(inputs, targets, most)
	}
	return r.readRows(inputs, targets, most)
}

// readRows is Read of a table's rows as they stand.
func (r *RowReader) readRows(inputs, targets []data.Block, most int) (int, error) {
	r.kept, r.weights = r.kept[:0], r.weights[:0]
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
func (r *RowReader) row(inputs, targets []data.Block, n int, cells []string) (bool, error) {
	ok, err := r.judgeRow(targets, n, cells)
	switch {
	case err != nil:
		return false, err
	case r.pasts != nil:
		err = r.noteRow(cells, ok)
	case !ok:
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := r.encodeRow(inputs, n, cells); err != nil {
		return false, err
	}
	if err := r.checkMasks(inputs, targets, n); err != nil {
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

// checkMasks returns an error if a target of row n of the blocks is a position that its mask leaves out.
func (r *RowReader) checkMasks(inputs, targets []data.Block, n int) error {
	for i, fields := range r.targetFields {
		of := maskOf(&r.targets[i], r.inputs)
		if of < 0 || r.pasts != nil {
			continue
		}
		mask := inputs[of].Rows(n, n+1, r.inputs[of].Size())
		if at, err := r.targets[i].CheckUnmasked(targets[i].Int[n*2:][:2], mask); err != nil {
			return r.table.ErrorAt(fields[at], "column %q: %v", r.judged[i].Columns[at].Name, err)
		}
	}
	return nil
}

// keepCells keeps the cells that are wanted of a row.
func (r *RowReader) keepCells(cells []string) {
	if len(r.keep) == 0 {
		return
	}
	kept := make([]string, len(r.keep))
	for i, f := range r.keep {
		kept[i] = cells[f]
	}
	r.kept = append(r.kept, kept)
}

// judgeRow encodes the targets of a row of cells as row n of the blocks. It reports whether it has one, where a row need
// not.
func (r *RowReader) judgeRow(targets []data.Block, n int, cells []string) (bool, error) {
	writing := r.codec.Writing()
	for i, fields := range r.targetFields {
		t, size := &r.judged[i], r.targets[i].Size()
		for j, f := range fields {
			y, err := t.Cell(&writing, j, cells[f])
			if r.how.SkipMissingTarget && errors.Is(err, data.ErrNoTarget) {
				r.without++
				return false, nil
			}
			if err != nil {
				return false, r.table.ErrorAt(f, "column %q: %v", t.Columns[j].Name, err)
			}
			if err := r.targets[i].CheckJudged(y); err != nil {
				return false, r.table.ErrorAt(f, "column %q: %v", t.Columns[j].Name, err)
			}
			if r.targets[i].Int {
				targets[i].Int[n*size+j] = int32(y)
				continue
			}
			targets[i].Float[n*size+j] = y
		}
		if targets[i].Float == nil {
			continue
		}
		if at, err := r.targets[i].CheckJudgedRow(targets[i].Float[n*size:][:size]); err != nil {
			return false, r.table.ErrorAt(fields[at], "column %q and those behind it: %v", t.Columns[at].Name, err)
		}
	}
	return true, nil
}

// encodeRow encodes the features of a row of cells as row n of the blocks.
func (r *RowReader) encodeRow(inputs []data.Block, n int, cells []string) error {
	for i, f := range r.features {
		if err := r.encodeCell(inputs, n, i, cells[f]); err != nil {
			return r.table.ErrorAt(f, "column %q: %v", r.codec.Column(i).Name, err)
		}
	}
	for i, p := range r.inputs {
		if inputs[i].Float == nil {
			continue
		}
		if _, err := p.CheckJudgedRow(inputs[i].Float[n*p.Size():][:p.Size()]); err != nil {
			return r.table.ErrorAt(r.features[0], "the input %s: %v", p.Name, err)
		}
	}
	return nil
}

// missingNote says how many cells of a feature hold no value, and what stands for them.
func missingNote(col *data.Column, n int) string {
	stands := "all indicators 0"
	switch col.Kind {
	case data.KindNumber:
		stands = fmt.Sprintf("the mean, %.6g, stands for them", col.Mean)
	case data.KindIndex:
		stands = fmt.Sprintf("the integer %d stands for them", len(col.Classes))
	}
	return fmt.Sprintf("%s: %s missing: %s", phrase.Visible(col.Name), phrase.Counted(n, "value"), stands)
}

// namedUnseen bounds the texts that a remark names.
const namedUnseen = 3

// encodeCell is the codec's, with the check of what outputs are compared with.
func (r *RowReader) encodeCell(inputs []data.Block, row, i int, cell string) error {
	col := r.codec.Column(i)
	if col.Kind == data.KindTokens {
		r.codec.EncodeText(inputs, row, i, cell, &r.texts[i])
		return nil
	}
	if err := r.codec.EncodeCell(inputs, row, i, cell); err != nil {
		return err
	}
	if writing := r.codec.Writing(); col.Lacks(&writing, cell) {
		r.missing[i]++
	}
	if col.Unseen(cell) {
		if r.how.RefuseUnseen {
			return fmt.Errorf("%s is a text that training never saw (it saw %s)", phrase.Quoted(cell), phrase.Listed(col.Classes))
		}
		u := &r.unseen[i]
		u.cells++
		if len(u.texts) < namedUnseen && !slices.Contains(u.texts, cell) {
			u.texts = append(u.texts, cell)
		}
	}
	if col.Kind != data.KindNumber {
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
	if r.images != nil {
		return r.readAllImages(inputs, targets)
	}
	if r.pasts != nil {
		return r.readAllWindows(inputs, targets)
	}
	return r.readAllRows(inputs, targets)
}

// readAllRows is ReadAll of a table's rows as they stand.
func (r *RowReader) readAllRows(inputs, targets []data.Port) (*Set, error) {
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
		n, err := r.readRows(in, out, readAllChunk)
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

func (f *field) append(b data.Block, n int) {
	if b.Int != nil {
		f.block.Int = append(f.block.Int, b.Int[:n*f.size]...)
		return
	}
	f.block.Float = append(f.block.Float, b.Float[:n*f.size]...)
}
