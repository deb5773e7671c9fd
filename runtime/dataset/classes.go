package dataset

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// classes works out what the texts of a class target stand for, and the class index of each code. Where all are
// integers in [0, count) they are indices; else they are names, in byte order, and must be count in number.
func (c *tableColumn) classes(file string, by data.Judged, count int) (data.Column, []int32, error) {
	index := make([]int32, len(c.names))
	integers, outside := true, -1
	for i, name := range c.names {
		_, v, kind := data.ParseCell(name)
		if kind != data.CellNumber || v != math.Floor(v) {
			integers = false
			break
		}
		if v < 0 || v >= float64(count) {
			if outside < 0 {
				outside = i
			}
			continue
		}
		index[i] = int32(v)
	}
	if integers && outside < 0 {
		return data.Column{Name: c.name, Kind: data.KindIndex}, index, nil
	}
	if len(c.names) != count {
		switch {
		case by.Kind == data.Flag && len(c.names) > count:
			at := c.first[count]
			return data.Column{}, nil, fmt.Errorf("%s:%d:%d: column %q: %s is a third class (after %s), but %s judges 0 or 1, or two names",
				file, at.Line, at.Column, c.name, phrase.Quoted(c.names[count]), phrase.Listed(c.names[:count]), by.Loss)
		case by.Kind == data.Flag:
			return data.Column{}, nil, fmt.Errorf("%s: column %q has only one class (%s); %s needs two", file, c.name, phrase.Quoted(c.names[0]), by.Loss)
		case integers:
			at := c.first[outside]
			return data.Column{}, nil, fmt.Errorf("%s:%d:%d: column %q: class index %s out of range [0, %d)", file, at.Line, at.Column, c.name, c.names[outside], count)
		}
		return data.Column{}, nil, fmt.Errorf("%s: target %q has %d classes (%s) but the model gives %d outputs: write `linear %d`",
			file, c.name, len(c.names), phrase.Listed(sorted(c.names)), count, len(c.names))
	}
	names := sorted(c.names)
	for code, name := range c.names {
		i, _ := slices.BinarySearch(names, name)
		index[code] = int32(i)
	}
	return data.Column{Name: c.name, Kind: data.KindClass, Classes: names}, index, nil
}

func sorted(names []string) []string {
	s := slices.Clone(names)
	slices.Sort(s)
	return s
}
