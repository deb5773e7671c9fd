package data

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// CodecKey is where a weight file's metadata holds the codec.
const CodecKey = "nnc.codec"

// codecVersion counts the incompatible forms of the stored codec.
const codecVersion = 1

// maxCodec bounds the stored codec, in bytes.
const maxCodec = 64 << 20

// storedCodec is the codec's JSON form. The same codec gives the same bytes.
type storedCodec struct {
	Version int          `json:"version"`
	Scale   string       `json:"scale"`
	Columns []column     `json:"columns,omitempty"`
	Arrays  []arrayScale `json:"arrays,omitempty"`
	Targets []Target     `json:"targets,omitempty"`
}

// ErrNoCodec says that a weight file holds weights only.
var ErrNoCodec = errors.New("the weight file holds no codec: it was not written by nnc train")

// LoadCodec reads the codec that training stored in the weight file at path. The error is ErrNoCodec where the
// file is sound but holds none.
func LoadCodec(path string) (*Codec, error) {
	meta, err := weights.ReadMeta(path)
	if err != nil {
		return nil, err
	}
	c, err := CodecOf(meta)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// CodecOf reads the codec from a weight file's metadata, or returns ErrNoCodec.
func CodecOf(meta map[string]string) (*Codec, error) {
	text, ok := meta[CodecKey]
	if !ok {
		return nil, ErrNoCodec
	}
	return parseCodec([]byte(text))
}

// Text is the codec as the weight file's metadata stores it, under CodecKey.
func (c *Codec) Text() (string, error) {
	text, err := json.Marshal(storedCodec{codecVersion, c.scale, c.columns, c.arrays, c.targets})
	return string(text), err
}

// parseCodec reads what Text wrote and refuses everything that a fit could not have made.
func parseCodec(text []byte) (*Codec, error) {
	if len(text) > maxCodec {
		return nil, fmt.Errorf("codec: %d bytes are too many", len(text))
	}
	var version struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(text, &version); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	if version.Version != codecVersion {
		return nil, fmt.Errorf("codec: version %d, this program reads version %d", version.Version, codecVersion)
	}
	var s storedCodec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("codec: text after its end")
	}
	if err := s.verify(); err != nil {
		return nil, fmt.Errorf("codec: %w", err)
	}
	return newCodec(s.Scale, s.Columns, s.Arrays, s.Targets), nil
}

func (s *storedCodec) verify() error {
	if s.Scale != ScaleStandard && s.Scale != ScaleNone {
		return fmt.Errorf("unknown scale %s", quoted(s.Scale))
	}
	if len(s.Columns) > 0 && len(s.Arrays) > 0 {
		return errors.New("both of a table and of arrays")
	}
	seen := map[string]bool{}
	for i := range s.Columns {
		c := &s.Columns[i]
		if err := c.verify(false); err != nil {
			return err
		}
		if seen[c.Name] {
			return fmt.Errorf("two columns are named %s", quoted(c.Name))
		}
		seen[c.Name] = true
	}
	for _, a := range s.Arrays {
		if a.Name == "" || a.Divisor < 0 || !isFinite(a.Divisor) {
			return fmt.Errorf("array %s: divisor %g", quoted(a.Name), a.Divisor)
		}
	}
	for i := range s.Targets {
		if err := s.Targets[i].verify(); err != nil {
			return err
		}
	}
	return nil
}
