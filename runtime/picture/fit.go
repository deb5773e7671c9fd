package picture

import "fmt"

// Size is the shape of the input that takes images: [channels, height, width].
type Size struct {
	Channels      int // 1: grey, 3: red, green and blue
	Height, Width int
}

// Bytes is the number of bytes of an image of that size.
func (s Size) Bytes() int { return s.Channels * s.Height * s.Width }

// SizeOf is the size of an input of that shape: [channels, height, width], or [height, width] of grey images.
func SizeOf(shape []int) (Size, error) {
	switch {
	case len(shape) == 2:
		return Size{1, shape[0], shape[1]}, nil
	case len(shape) == 3 && (shape[0] == 1 || shape[0] == 3):
		return Size{shape[0], shape[1], shape[2]}, nil
	case len(shape) == 3 && (shape[2] == 1 || shape[2] == 3):
		return Size{}, fmt.Errorf("an image is [channels, height, width]: write [%d, %d, %d]", shape[2], shape[0], shape[1])
	case len(shape) == 3:
		return Size{}, fmt.Errorf("an image is [channels, height, width] with 1 channel (grey) or 3 (red, green and blue), not %d", shape[0])
	}
	return Size{}, fmt.Errorf("an image is [channels, height, width], as [3, 32, 32]")
}

// Fit decodes the image and writes it to dst [s.Bytes], channel by channel and row by row. It is scaled, its sides in
// proportion, to the smallest size that covers s, and what stands over is cut off on both sides alike: torchvision's
// Resize and CenterCrop. Scaled is grey or coloured, in bytes, along the rows first.
func (m *Image) Fit(dst []uint8, s Size) error {
	if len(dst) != s.Bytes() || s.Bytes() == 0 {
		return fmt.Errorf("an image of %d bytes does not fit into %d", s.Bytes(), len(dst))
	}
	decoded, err := m.pixels()
	if err != nil {
		return err
	}
	height, width := cover(m.Height, m.Width, s)
	columns := resample(m.Width, width, middle(width-s.Width), s.Width)
	rows := resample(m.Height, height, middle(height-s.Height), s.Height)
	first, end := rows[0].first, rows[len(rows)-1].end()
	narrow := make([]uint8, (end-first)*s.Channels*s.Width) // by row, channel and column
	line := make([]uint8, 3*m.Width)
	for y := first; y < end; y++ {
		row(line, decoded, y)
		pixels := line
		if s.Channels == 1 {
			pixels = grey(line)
		}
		to := narrow[(y-first)*s.Channels*s.Width:]
		for c := range s.Channels {
			for x, t := range columns {
				to[c*s.Width+x] = t.mean(pixels[c:], s.Channels)
			}
		}
	}
	for c := range s.Channels {
		for y, t := range rows {
			t.first -= first
			for x := range s.Width {
				dst[(c*s.Height+y)*s.Width+x] = t.mean(narrow[c*s.Width+x:], s.Channels*s.Width)
			}
		}
	}
	return nil
}

// cover is the smallest size in the image's proportions that covers s.
func cover(height, width int, s Size) (h, w int) {
	if int64(width)*int64(s.Height) >= int64(height)*int64(s.Width) {
		return s.Height, int(int64(s.Height) * int64(width) / int64(height))
	}
	return int(int64(s.Width) * int64(height) / int64(width)), s.Width
}

// middle is half of what stands over, an odd one rounded to the even half, as Python's round does.
func middle(over int) int {
	half := over / 2
	if over%2 != 0 && half%2 != 0 {
		half++
	}
	return half
}
