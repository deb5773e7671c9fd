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
		_, v, kind := c.writing.Parse(name)
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
	if by.Kind == data.Flag && c.between() {
		return data.Column{}, nil, fmt.Errorf("%s: column %q holds numbers between 0 and 1 (%s): of a table %s takes 0 and 1, or two texts; numbers between come as an array, with --data name=file.npy",
			file, c.name, phrase.Listed(sorted(c.names)), by.Loss)
	}
	if len(c.names) != count {
		switch {
		case by.Kind == data.Flag && len(c.names) > count:
			at := c.first[count]
			return data.Column{}, nil, fmt.Errorf("%s: column %q: %s is a third class (after %s), but %s judges 0 or 1, or two names%s",
				at, c.name, phrase.Quoted(c.names[count]), phrase.Listed(c.names[:count]), by.Loss, c.otherLoss(by, count))
		case by.Kind == data.Flag:
			return data.Column{}, nil, fmt.Errorf("%s: column %q has only one class (%s); %s needs two", file, c.name, phrase.Quoted(c.names[0]), by.Loss)
		case integers:
			at := c.first[outside]
			return data.Column{}, nil, fmt.Errorf("%s: column %q: class index %s out of range [0, %d)%s", at, c.name, c.names[outside], count, c.otherLoss(by, count))
		}
		return data.Column{}, nil, fmt.Errorf("%s: target %q has %d classes (%s) but the model gives %d outputs: write `linear %d`%s",
			file, c.name, len(c.names), phrase.Listed(sorted(c.names)), count, len(c.names), c.otherLoss(by, count))
	}
	names := sorted(c.names)
	for code, name := range c.names {
		i, _ := slices.BinarySearch(names, name)
		index[code] = int32(i)
	}
	return data.Column{Name: c.name, Kind: data.KindClass, Classes: names}, index, nil
}

// between reports whether a text is a number above 0 and below 1.
func (c *tableColumn) between() bool {
	return slices.ContainsFunc(c.names, func(name string) bool {
		_, v, kind := c.writing.Parse(name)
		return kind == data.CellNumber && v > 0 && v < 1
	})
}

// otherLoss names the loss that would suit a target of more different cells than there are classes.
func (c *tableColumn) otherLoss(by data.Judged, count int) string {
	numbers := true
	for _, name := range c.names {
		_, _, kind := c.writing.Parse(name)
		numbers = numbers && kind == data.CellNumber
	}
	switch {
	case numbers && len(c.names) > 2*count:
		return "; if it is a quantity rather than a class, the loss is `mse`, after `linear 1`"
	case len(c.names) > 2 && by.Kind == data.Flag:
		return fmt.Sprintf("; the loss of %d classes is `cross_entropy`, after `linear %d`", len(c.names), len(c.names))
	}
	return ""
}

func sorted(names []string) []string {
	s := slices.Clone(names)
	slices.Sort(s)
	return s
}
