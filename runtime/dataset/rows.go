package dataset

import (
	"errors"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// RowReader reads rows of model values from files, the way that a codec says.
type RowReader struct {
	codec     *data.Codec
	notes     []string
	keptNames []string // of the columns to keep
	close     func() error
	from      rowSource
}

// rowSource is what a RowReader's rows come from.
type rowSource interface {
	read(inputs, targets []data.Block, most int) (int, error) // RowReader.Read
	readAll(inputs, targets []data.Port) (*Set, error)        // RowReader.ReadAll
	remarks() []string                                        // RowReader.Remarks
	last() *lastRows
}

// lastRows is what stands beside the values of the rows that were read last.
type lastRows struct {
	kept    [][]string // by row, its cells of the columns to keep
	weights []float32  // by row; empty: no column of weights is read
}

func (l *lastRows) last() *lastRows { return l }

// forget makes room for what stands beside the next rows.
func (l *lastRows) forget() { l.kept, l.weights = l.kept[:0], l.weights[:0] }

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
	src, err := openSource(q.Data, q.Select.opener(asText, q.Inputs, q.Targets, codec), q.Layout, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if len(src.questions) > 0 {
		return openQuestionRows(src, q, codec)
	}
	if codec != nil && codec.Windows() != nil {
		src.Close()
		return nil, fmt.Errorf("%s holds no questions about passages, which the weights were trained on: give a file in the form of SQuAD", q.Data[0])
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
	set, err := src.dataset(inputs, targets, codec)
	if err != nil {
		return nil, err
	}
	r := &RowReader{codec: codec, notes: src.remarks}
	rows := &setRows{set: set}
	for _, p := range inputs {
		if f := src.images[p.Name]; f != nil && rows.names == nil {
			r.keptNames = []string{fileColumn}
			for _, m := range f.list {
				rows.names = append(rows.names, m.path)
			}
		}
	}
	r.from = rows
	return r, nil
}

// Codec is the codec that the rows are read with: the one given, or the one that takes values as they stand.
func (r *RowReader) Codec() *data.Codec { return r.codec }

// Notes are remarks for the user, such as columns that are not used.
func (r *RowReader) Notes() []string { return r.notes }

// Remarks are what there is to say once all rows are read: values that are missing, texts that training never saw, rows
// left out.
func (r *RowReader) Remarks() []string { return r.from.remarks() }

// KeptNames are the names of the columns to keep: those of Rows.Keep, and of images, which have no columns, "file".
func (r *RowReader) KeptNames() []string { return r.keptNames }

// Kept are the cells of the columns to keep, of each row that Read returned last: of images, their files.
func (r *RowReader) Kept() [][]string { return r.from.last().kept }

// Weights are how much each row counts that Read returned last, empty where no column of weights is read.
func (r *RowReader) Weights() []float32 { return r.from.last().weights }

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
	return r.from.read(inputs, targets, most)
}

// ReadAll reads the remaining rows into memory.
func (r *RowReader) ReadAll(inputs, targets []data.Port) (*Set, error) {
	return r.from.readAll(inputs, targets)
}
