package data

import (
	"errors"
	"fmt"
)

// History keeps the rows of a series that a model forecasts from: the last Window rows of a table, as model values. It is
// for one goroutine at a time.
type History struct {
	codec *Codec
	rows  int // that were added
	ring  []Block
	row   []Block // one, of each input
}

// NewHistory is a history without a row. The codec must be one of a series.
func (c *Codec) NewHistory() (*History, error) {
	if c.series.Window == 0 {
		return nil, errors.New("history: the model takes single rows, not windows: it was not trained with --window")
	}
	h := &History{codec: c}
	for _, in := range c.inputs {
		p := Port{Shape: []int{in.width}, Int: in.ints}
		h.row = append(h.row, NewBlock(p, 1))
		h.ring = append(h.ring, NewBlock(p, 2*c.series.Window))
	}
	return h, nil
}

// Add adds the row that follows, its cells in the order of Codec.Columns. After an error the history is as before.
func (h *History) Add(cells []string) error {
	if err := h.codec.EncodeInputs(h.row, cells); err != nil {
		return err
	}
	h.take()
	return nil
}

// AddMap is Add for cells by column name, with EncodeMap's rules.
func (h *History) AddMap(row map[string]string) error {
	if err := h.codec.EncodeInputsMap(h.row, row); err != nil {
		return err
	}
	h.take()
	return nil
}

// take puts the row into both halves of the ring, so that the last window always lies in one piece.
func (h *History) take() {
	n := h.codec.series.Window
	for i, in := range h.codec.inputs {
		for _, at := range []int{h.rows % n, h.rows%n + n} {
			copy(h.ring[i].Float[min(at*in.width, len(h.ring[i].Float)):], h.row[i].Float)
			copy(h.ring[i].Int[min(at*in.width, len(h.ring[i].Int)):], h.row[i].Int)
		}
	}
	h.rows++
}

// Missing is the number of rows that a window still lacks.
func (h *History) Missing() int { return max(0, h.codec.series.Window-h.rows) }

// Window is the last window, a block for each of Codec.Inputs. It is valid until the next row, and an error before there
// are as many rows.
func (h *History) Window() ([]Block, error) {
	n := h.codec.series.Window
	if h.rows < n {
		return nil, fmt.Errorf("history: a window is %d rows, and there are only %d", n, h.rows)
	}
	window := make([]Block, len(h.ring))
	for i, in := range h.codec.inputs {
		window[i] = h.ring[i].Rows(h.rows%n, h.rows%n+n, in.width)
	}
	return window, nil
}
