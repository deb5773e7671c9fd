package dataset

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// Training says what to train on, for Load.
type Training struct {
	Data   []string // "file", or "name=file" for one input or target
	Select          // of a table
	Scale  string   // ScaleStandard (also "") or ScaleNone

	Valid     string   // the split, see ParseSplit; "" is DefaultSplit
	ValidData []string // held-out rows, as Data; excludes Valid
	Seed      uint64   // of the split

	Inputs, Targets []data.Port
}

// Loaded is data ready to train on.
type Loaded struct {
	Codec *data.Codec
	Train *Set
	Valid *Set     // nil where no row is held out
	Notes []string // remarks for the user
}

// Load reads what to train on, holds rows out, takes the statistics from the rest and makes model values of all.
func Load(q Training) (*Loaded, error) {
	if q.Scale == "" {
		q.Scale = data.ScaleStandard
	}
	if q.Scale != data.ScaleStandard && q.Scale != data.ScaleNone {
		return nil, usageError("--scale %s: write standard or none", q.Scale)
	}
	if len(q.ValidData) > 0 && q.Valid != "" {
		return nil, usageError("--valid %s and --valid-data exclude each other", q.Valid)
	}
	var split *Split
	if q.Valid != "" {
		s, err := ParseSplit(q.Valid)
		if err != nil {
			return nil, err
		}
		split = &s
	}
	if err := data.VerifyJudged(q.Inputs, q.Targets); err != nil {
		return nil, UsageError{err}
	}
	src, err := openSource(q.Data, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if src.table != nil {
		defer src.table.Close()
	}
	l := &Loaded{}
	var all *Set
	var held []int
	divide := func(n int) ([]int, error) {
		s := Split{}
		switch {
		case split != nil:
			s = *split
		case len(q.ValidData) == 0:
			s = DefaultSplit(n, len(data.JudgedPorts(q.Inputs, q.Targets)) > 0)
		}
		train, valid, err := s.Rows(n, q.Seed)
		held = valid
		return train, err
	}
	var train []int
	if src.table != nil {
		l.Codec, all, train, err = loadTable(src.table, q, divide)
	} else {
		if err := q.withoutTable(q.Data[0]); err != nil {
			return nil, err
		}
		l.Codec = src.fit(q.Inputs, q.Targets, q.Scale)
		if all, err = src.dataset(q.Inputs, q.Targets, l.Codec); err == nil {
			train, err = divide(all.Rows())
		}
	}
	if err != nil {
		return nil, err
	}
	l.Train = all.Subset(train)
	if len(held) > 0 {
		l.Valid = all.Subset(held)
	}
	if len(q.ValidData) > 0 {
		return l, l.readValid(q)
	}
	return l, nil
}

func loadTable(f *format.File, q Training, divide func(int) ([]int, error)) (*data.Codec, *Set, []int, error) {
	t, err := readTable(f.In, f.Path, q.Select, q.Inputs, q.Targets)
	if err != nil {
		return nil, nil, nil, err
	}
	train, err := divide(t.rows)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	codec, all, err := t.fit(train, q.Inputs, q.Targets, q.Scale)
	return codec, all, train, err
}

func (l *Loaded) readValid(q Training) error {
	r, err := OpenRows(Rows{Data: q.ValidData, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, l.Codec)
	if err != nil {
		return err
	}
	defer r.Close()
	l.Notes = append(l.Notes, r.Notes()...)
	l.Valid, err = r.ReadAll(q.Inputs, q.Targets)
	return err
}
