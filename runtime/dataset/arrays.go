package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// fit makes the codec of arrays.
func (s *source) fit(inputs, targets []data.Port, scale string) *data.Codec {
	var arrays []data.ArrayScale
	for _, p := range inputs {
		a := data.ArrayScale{Name: p.Name}
		b, ok := s.arrays[p.Name]
		if ok = ok && b.Uint8 != nil && !p.Int; ok || s.images[p.Name] != nil {
			a.Divisor = data.ByteRange
			if scale == data.ScaleNone {
				a.Divisor = 1
			}
		}
		arrays = append(arrays, a)
	}
	judged := data.TargetsOf(inputs, targets)
	for i, t := range judged {
		if column, ok := s.classes[t.Name]; ok && !t.Input {
			judged[i].Columns = []data.Column{column}
		}
	}
	return data.NewCodec(scale, data.Writing{}, nil, nil, arrays, judged)
}

// notes are remarks about the files: which images there are, and that bytes of a float input that are all 0 or 1 are flags rather than a picture, and
// divided by 255 a model hardly tells them apart.
func (s *source) notes(inputs []data.Port, codec *data.Codec) []string {
	notes := s.remarks
	for _, p := range inputs {
		if f := s.images[p.Name]; f != nil {
			notes = append(notes, f.count())
		}
		b, ok := s.arrays[p.Name]
		if !ok || s.images[p.Name] != nil || p.Int || codec.Divisor(p.Name) < data.ByteRange || !slices.Contains(b.Uint8, 1) {
			continue
		}
		if slices.Max(b.Uint8) == 1 {
			notes = append(notes, fmt.Sprintf("warning: %s: %s holds bytes that are all 0 or 1, and they are divided by 255: if they are flags rather than a picture, store them as booleans, as array.astype(bool) does, or take them as they stand with --scale none",
				b.path, p.Name))
		}
	}
	return notes
}

// dataset checks the arrays against the ports and makes model values of them; targets may be nil.
func (s *source) dataset(inputs, targets []data.Port, codec *data.Codec) (*Set, error) {
	d := &Set{}
	rows, from := -1, ""
	take := func(p data.Port, input bool) (field, error) {
		a, ok := s.arrays[p.Name]
		if !ok {
			kind := "target"
			if input {
				kind = "input"
			}
			return field{}, fmt.Errorf("no data for the %s %q: bind a file with --data %s=file", kind, p.Name, p.Name)
		}
		if rows >= 0 && a.Rows() != rows {
			return field{}, fmt.Errorf("%s has %d rows, but %s has %d", a.path, a.Rows(), from, rows)
		}
		rows, from = a.Rows(), a.path
		if rows == 0 {
			return field{}, fmt.Errorf("%s: there is no row", a.path)
		}
		if input && a.Uint8 != nil && !p.Int {
			return a.bytes(p, codec.Divisor(p.Name))
		}
		return a.field(p, input)
	}
	for _, p := range inputs {
		f, err := take(p, true)
		if err != nil {
			return nil, err
		}
		d.inputs = append(d.inputs, f)
	}
	for _, p := range targets {
		f, err := take(p, false)
		if err != nil {
			return nil, err
		}
		d.targets = append(d.targets, f)
	}
	d.rows = allRows(rows)
	if target, at, err := d.checkSpans(); err != nil {
		p := targets[target]
		return nil, s.arrays[p.Name].errorAt(p, at, err)
	}
	return d, nil
}

// bytes makes p's values of an array of bytes, which stay bytes in memory.
func (a boundArray) bytes(p data.Port, divisor float64) (field, error) {
	if err := a.checkShape(p); err != nil {
		return field{}, err
	}
	f := field{port: p, size: p.Size(), bytes: a.Uint8, divisor: float32(divisor)}
	if p.Judged == nil {
		return f, nil
	}
	row := make([]float32, f.size)
	for i, b := range a.Uint8 {
		v := float32(b) / f.divisor
		if err := p.CheckJudged(v); err != nil {
			return field{}, a.errorAt(p, i, err)
		}
		row[i%f.size] = v
		if (i+1)%f.size > 0 {
			continue
		}
		if at, err := p.CheckJudgedRow(row); err != nil {
			return field{}, a.errorAt(p, i+1-f.size+at, err)
		}
	}
	return f, nil
}

// field makes p's values of the array, untouched but for their type.
func (a boundArray) field(p data.Port, input bool) (field, error) {
	if err := a.checkShape(p); err != nil {
		return field{}, err
	}
	f := field{port: p, size: p.Size()}
	if p.Int {
		if a.Float != nil {
			return field{}, fmt.Errorf("%s: %q takes integers, but the array is %s: store it as int32", a.path, p.Name, a)
		}
		f.block.Int = a.Int
		if a.Uint8 != nil {
			f.block.Int = make([]int32, len(a.Uint8))
			for i, v := range a.Uint8 {
				f.block.Int[i] = int32(v)
			}
		}
		return f, a.checkIntegers(p, f.block.Int, input)
	}
	f.block.Float = a.Float
	if a.Float == nil {
		f.block.Float = make([]float32, a.Len())
		for i, v := range a.Uint8 {
			f.block.Float[i] = float32(v)
		}
		for i, v := range a.Int {
			f.block.Float[i] = float32(v)
		}
	}
	return f, a.checkFloats(p, f.block.Float)
}

// checkShape compares the shape of a row with p's. Axes of length 1 do not count: rows of a single number suit
// [1], and grey images [28, 28] suit [1, 28, 28].
func (a boundArray) checkShape(p data.Port) error {
	isOne := func(d int) bool { return d == 1 }
	got := slices.DeleteFunc(slices.Clone(a.Shape[1:]), isOne)
	want := slices.DeleteFunc(slices.Clone(p.Shape), isOne)
	if !slices.Equal(got, want) {
		return fmt.Errorf("%s: each row of the array (%s) has shape %s, but %q takes %s%s",
			a.path, a, phrase.Shape(a.Shape[1:]), p.Name, phrase.Shape(p.Shape), channelsLast(a.Shape[1:], p.Shape))
	}
	return nil
}

// channelsLast says what to do with images whose channels come last; "" where they do not.
func channelsLast(row, want []int) string {
	if len(row) != 3 || len(want) != 3 || row[2] != want[0] || row[0] != want[1] || row[1] != want[2] {
		return ""
	}
	return ": the channels come first, as array.transpose(0, 3, 1, 2) puts them"
}

// checkIntegers compares values with p's limit. A class target may also hold the class that is ignored.
func (a boundArray) checkIntegers(p data.Port, values []int32, input bool) error {
	if p.Limit == 0 {
		return nil
	}
	what, ignored := "value", false
	switch {
	case input:
	case p.Judged.Kind == data.Class:
		what, ignored = "class index", true
	case p.Judged.Kind == data.Span:
		what, ignored = "position", true
	}
	for i, v := range values {
		if v >= 0 && int(v) < p.Limit || ignored && v == p.Judged.LeftOut.Class() {
			continue
		}
		return a.errorAt(p, i, fmt.Errorf("%s %d out of range [0, %d)", what, v, p.Limit))
	}
	return nil
}

// at is where element i stands, as NumPy counts, if the row alone does not tell.
func (a boundArray) at(i int) string {
	if a.RowLen() == 1 {
		return ""
	}
	index := make([]int, len(a.Shape))
	for axis, d := range slices.Backward(a.Shape) {
		index[axis] = i % d
		i /= d
	}
	return fmt.Sprintf(" (the element %s, counted from 0)", phrase.Shape(index))
}

func (a boundArray) checkFloats(p data.Port, values []float32) error {
	for i, v := range values {
		if v-v != 0 {
			return a.errorAt(p, i, fmt.Errorf("%g is not a finite number", v))
		}
		if err := p.CheckJudged(v); err != nil {
			return a.errorAt(p, i, err)
		}
	}
	if at, err := checkRows(p, values); err != nil {
		return a.errorAt(p, at, err)
	}
	return nil
}

// errorAt is an error about element i of p's values.
func (a boundArray) errorAt(p data.Port, i int, err error) error {
	return fmt.Errorf("%s: row %d of %q: %w%s", a.path, i/p.Size()+1, p.Name, err, a.at(i))
}
