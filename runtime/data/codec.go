package data

import "errors"

// Codec turns raw rows into model values and back: the columns in order, their kinds and statistics, the
// classes, the target's units.
type Codec struct{}

var errTODO = errors.New("codec")

// LoadCodec reads the codec that training stored in the weight file at path.
func LoadCodec(path string) (*Codec, error) { return nil, errTODO }

// Columns are the names of the feature columns, in the order in which Encode takes their cells.
func (c *Codec) Columns() []string { return nil }

// Width is the number of model values that Encode writes.
func (c *Codec) Width() int { return 0 }

// Encode writes the model values of one raw row, cells in the order of Columns, to dst [Width].
func (c *Codec) Encode(dst []float32, cells []string) error { return errTODO }

// EncodeMap is Encode for cells by column name; it wants exactly the names of Columns.
func (c *Codec) EncodeMap(dst []float32, row map[string]string) error { return errTODO }

// Decode turns one row of the model's output into the data's own units, or into probabilities where the target
// is a class.
func (c *Codec) Decode(dst, out []float32) error { return errTODO }

// Classes are the names of the target's classes by index, nil where it is not a class.
func (c *Codec) Classes() []string { return nil }
