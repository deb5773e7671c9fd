package dataset

import (
	"fmt"
	"io"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// fileColumn is the name of the column that says which file an image is.
const fileColumn = "file"

// imageRows are the rows of a model whose only input takes images. They are decoded as they are read.
type imageRows struct {
	lastRows
	codec   *data.Codec
	input   data.Port
	files   *imageFiles
	divisor float32
	target  *format.Array // of all rows; nil: no target is read
	known   *data.Codec   // whose classes the labels are; nil: the folders make the classes
	skip    bool
	left    []string // images that were left out
	bytes   []uint8
	at      int
}

// openImageRows begins to read images. known is the codec whose classes their folders must be, nil if there is none.
func openImageRows(src *source, q Rows, codec, known *data.Codec) (*RowReader, error) {
	input := q.Inputs[0]
	inputs, _ := q.judged()
	m := &imageRows{codec: codec, input: inputs[0], files: src.images[input.Name], divisor: float32(codec.Divisor(input.Name)), known: known, skip: q.SkipUnreadable}
	r := &RowReader{codec: codec, notes: src.remarks, keptNames: []string{fileColumn}, from: m}
	if scale := codec.Divisor(input.Name); !codec.SawBytes(input.Name) {
		r.notes = append(r.notes, fmt.Sprintf("warning: the weights were trained on numbers of %s as they stood in an array, not on images: the images' bytes are divided by %g", phrase.Visible(input.Name), scale))
	}
	if !q.Judge || len(q.Targets) == 0 {
		return r, nil
	}
	for _, p := range q.Targets {
		if len(q.Targets) > 1 || !namesClass(p) {
			return nil, fmt.Errorf("no data for the target %q: bind a file with --data %s=file", p.Name, p.Name)
		}
	}
	p := q.Targets[0]
	var err error
	_, m.target, err = m.files.labels(p, targetOf(known, p.Name))
	return r, err
}

func (m *imageRows) read(inputs, targets []data.Block, most int) (int, error) {
	m.forget()
	size, n := m.files.size.Bytes(), 0
	if len(m.bytes) < most*size {
		m.bytes = make([]uint8, most*size)
	}
	for n == 0 {
		list := m.files.list[m.at:min(m.at+most, len(m.files.list))]
		if len(list) == 0 {
			return 0, io.EOF
		}
		kept, left, err := m.files.decode(m.bytes, list, m.skip)
		if err != nil {
			return 0, err
		}
		m.left = append(m.left, left...)
		for _, f := range list {
			if len(kept) > 0 && f == kept[0] {
				kept = kept[1:]
				m.kept = append(m.kept, []string{f.path})
				if m.target != nil {
					m.take(targets[0], n)
				}
				n++
			}
			m.at++
		}
		for i, b := range m.bytes[:n*size] {
			v := float32(b) / m.divisor
			if err := m.input.CheckJudged(v); err != nil {
				return 0, fmt.Errorf("%s: %w", m.kept[i/size][0], err)
			}
			inputs[0].Float[i] = v
		}
	}
	return n, nil
}

// take makes the label of the image at hand row n of the target.
func (m *imageRows) take(target data.Block, n int) {
	if target.Int != nil {
		target.Int[n] = m.target.Int[m.at]
		return
	}
	target.Float[n] = float32(m.target.Int[m.at])
}

// readAll is rowSource's, before any image was read.
func (m *imageRows) readAll(inputs, targets []data.Port) (*Set, error) {
	s := &source{arrays: map[string]boundArray{}, images: map[string]*imageFiles{inputs[0].Name: m.files}, classes: map[string]data.Column{}}
	var err error
	if m.left, err = s.loadPort(m.files, m.skip); err != nil {
		return nil, err
	}
	if err := s.loadLabels(targets, m.known); err != nil {
		return nil, err
	}
	return s.dataset(inputs, targets, m.codec)
}

func (m *imageRows) remarks() []string { return unreadable(m.left) }
