package weights

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// maxHeader is the largest header in bytes, the cap that the reference
// implementation has.
const maxHeader = 100_000_000

const metadataKey = "__metadata__"

// entry is what the header says of one tensor.
type entry struct {
	name       string
	dtype      DType
	shape      []int
	count      int   // the product of shape
	begin, end int64 // bytes, from the start of the data
}

// parseHeader checks a header against every rule that can be checked without
// the data. The entries come in the order of their data, and tile it from 0 to
// the last one's end.
func parseHeader(header []byte) (meta map[string]string, entries []entry, err error) {
	if len(header) == 0 || header[0] != '{' {
		return nil, nil, errors.New("the header does not begin with '{': this is not a safetensors file")
	}
	if !utf8.Valid(header) {
		return nil, nil, errors.New("the header is not valid UTF-8")
	}
	text := bytes.TrimRight(header, " \t\r\n") // the format says spaces; some writers end with a line feed
	if text[len(text)-1] != '}' {
		return nil, nil, errors.New("the header is not one JSON object padded with blanks")
	}
	// The token reader below forgives some malformed texts, such as unpaired
	// surrogates and text after the object.
	if !json.Valid(text) {
		return nil, nil, errors.New("the header is not valid JSON")
	}
	if i := unpairedSurrogate(text); i >= 0 {
		return nil, nil, fmt.Errorf("the header has half a surrogate pair at byte %d", i)
	}

	p := headerParser{json.NewDecoder(bytes.NewReader(text))}
	p.UseNumber()
	err = p.object(func(key string) error {
		if key == metadataKey {
			meta, err = p.metadata()
			return err
		}
		e, err := p.tensor(key)
		entries = append(entries, e)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return meta, entries, checkTiling(entries)
}

// checkTiling sorts entries by their data and checks that each begins where the
// one before ends, the first at 0.
func checkTiling(entries []entry) error {
	slices.SortStableFunc(entries, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.begin, b.begin), cmp.Compare(a.end, b.end))
	})
	at := int64(0)
	for i, e := range entries {
		switch {
		case e.begin > at:
			return fmt.Errorf("tensor %s: its data begin at byte %d, but the data before end at %d: a hole of %d bytes",
				quote(e.name), e.begin, at, e.begin-at)
		case e.begin < at:
			return fmt.Errorf("tensor %s: its data begin at byte %d, inside those of %s, which end at %d",
				quote(e.name), e.begin, quote(entries[i-1].name), at)
		}
		at = e.end
	}
	return nil
}

// dataSize is the number of bytes that the entries of a checked header take.
func dataSize(entries []entry) int64 {
	if len(entries) == 0 {
		return 0
	}
	return entries[len(entries)-1].end
}

// headerParser reads the header token by token, since encoding/json lets
// duplicate keys pass and cannot tell 1 from 1.0. Its input is valid JSON.
type headerParser struct{ *json.Decoder }

var errNotObject = errors.New("an object is wanted")

// object calls member for each key, which must read the value.
func (p headerParser) object(member func(key string) error) error {
	if t, err := p.Token(); err != nil {
		return err
	} else if t != json.Delim('{') {
		return errNotObject
	}
	return p.members(member)
}

// members is object behind its brace.
func (p headerParser) members(member func(key string) error) error {
	seen := map[string]bool{}
	for p.More() {
		t, err := p.Token()
		if err != nil {
			return err
		}
		key := t.(string) // in valid JSON every key is a string
		if seen[key] {
			return fmt.Errorf("the key %s occurs twice", quote(key))
		}
		seen[key] = true
		if err := member(key); err != nil {
			return err
		}
	}
	_, err := p.Token()
	return err
}

// metadata reads a map of texts, or null, which some writers put where there is nothing to say.
func (p headerParser) metadata() (map[string]string, error) {
	meta := map[string]string{}
	t, err := p.Token()
	switch {
	case err == nil && t == nil:
		return nil, nil
	case err == nil && t != json.Delim('{'):
		err = errNotObject
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", metadataKey, err)
	}
	err = p.members(func(key string) error {
		t, err := p.Token()
		if err != nil {
			return err
		}
		value, ok := t.(string)
		if !ok {
			return fmt.Errorf("the value of %s is not a string", quote(key))
		}
		meta[key] = value
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", metadataKey, err)
	}
	return meta, nil
}

func (p headerParser) tensor(name string) (entry, error) {
	e := entry{name: name}
	var offsets []int64
	var hasDType, hasShape, hasOffsets bool
	err := p.object(func(key string) error {
		switch key {
		case "dtype":
			hasDType = true
			t, err := p.Token()
			if err != nil {
				return err
			}
			s, ok := t.(string)
			if !ok {
				return errors.New("dtype is not a string")
			}
			e.dtype = DType(s)
			return e.dtype.valid()
		case "shape":
			hasShape = true
			sizes, err := p.integers(key, maxRank)
			for _, s := range sizes {
				if s > math.MaxInt {
					return fmt.Errorf("the size %d in its shape is more than memory can address", s)
				}
				e.shape = append(e.shape, int(s))
			}
			return err
		case "data_offsets":
			hasOffsets = true
			var err error
			offsets, err = p.integers(key, 2)
			if err == nil && len(offsets) != 2 {
				return fmt.Errorf("data_offsets holds %d numbers, not 2", len(offsets))
			}
			return err
		}
		return fmt.Errorf("unknown field %s; the format has dtype, shape and data_offsets", quote(key))
	})
	if err == nil {
		switch {
		case !hasDType:
			err = errors.New("the field dtype is missing")
		case !hasShape:
			err = errors.New("the field shape is missing")
		case !hasOffsets:
			err = errors.New("the field data_offsets is missing")
		default:
			e.begin, e.end = offsets[0], offsets[1]
			err = e.checkSize()
		}
	}
	if err != nil {
		return entry{}, fmt.Errorf("tensor %s: %w", quote(name), err)
	}
	return e, nil
}

// checkSize sets count and checks that the data have just that many elements.
func (e *entry) checkSize() (err error) {
	if e.count, err = elements(e.shape); err != nil {
		return err
	}
	if e.begin > e.end {
		return fmt.Errorf("data_offsets [%d, %d] end before they begin", e.begin, e.end)
	}
	if want := int64(e.count) * int64(e.dtype.Size()); e.end-e.begin != want {
		return fmt.Errorf("data_offsets [%d, %d] span %d bytes, but %s %s takes %d",
			e.begin, e.end, e.end-e.begin, e.dtype, shapeString(e.shape), want)
	}
	return nil
}

// integers reads an array of at most limit non-negative integers, written in
// digits only: no sign, fraction or exponent.
func (p headerParser) integers(field string, limit int) ([]int64, error) {
	if t, err := p.Token(); err != nil {
		return nil, err
	} else if t != json.Delim('[') {
		return nil, fmt.Errorf("%s is not an array", field)
	}
	var out []int64
	for p.More() {
		t, err := p.Token()
		if err != nil {
			return nil, err
		}
		number, ok := t.(json.Number)
		if !ok {
			return nil, fmt.Errorf("%s holds something that is not a number", field)
		}
		v, err := strconv.ParseUint(number.String(), 10, 63)
		if err != nil {
			return nil, fmt.Errorf("%s holds %s, which is not an integer between 0 and %d", field, quote(number.String()), int64(math.MaxInt64))
		}
		if len(out) == limit {
			return nil, fmt.Errorf("%s holds more than %d numbers", field, limit)
		}
		out = append(out, int64(v))
	}
	_, err := p.Token()
	return out, err
}

// unpairedSurrogate returns where valid JSON text has a \u escape that is half
// of a surrogate pair, or −1. encoding/json would read it as U+FFFD, so that
// different names became one.
func unpairedSurrogate(text []byte) int {
	unit := func(i int) uint64 { // the code unit escaped at i, or 0
		if i+6 > len(text) || text[i] != '\\' || text[i+1] != 'u' {
			return 0
		}
		u, _ := strconv.ParseUint(string(text[i+2:i+6]), 16, 16)
		return u
	}
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		u := unit(i)
		switch {
		case u >= 0xd800 && u < 0xdc00: // a high half
			if low := unit(i + 6); low < 0xdc00 || low > 0xdfff {
				return i
			}
			i += 11
		case u >= 0xdc00 && u <= 0xdfff:
			return i
		default:
			i++ // the escaped character, which may be a backslash
		}
	}
	return -1
}
