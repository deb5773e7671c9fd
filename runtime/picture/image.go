package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
)

// MaxPixels is the most that an image may have, width times height, to be decoded. Decoding takes up to a dozen bytes
// for each.
const MaxPixels = 1 << 26

// Image is an image that is not decoded yet.
type Image struct {
	Width, Height int

	r      io.ReadSeeker
	start  int64
	decode func(io.Reader) (image.Image, error)
	grey   bool
}

// Grey reports whether the image has no colours by its format.
func (m *Image) Grey() bool { return m.grey }

// Open reads the size of a PNG or JPEG image, told from its first bytes, and refuses what is too large to be decoded.
func Open(r io.ReadSeeker) (*Image, error) {
	start, err := r.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(r)
	head, err := in.Peek(8)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	m := &Image{r: r, start: start}
	var config func(io.Reader) (image.Config, error)
	switch text := string(head); {
	case text == "":
		return nil, errors.New("the file is empty")
	case strings.HasPrefix(text, PNGMagic):
		config, m.decode = png.DecodeConfig, png.Decode
	case strings.HasPrefix(text, JPEGMagic):
		config, m.decode = jpeg.DecodeConfig, jpeg.Decode
	default:
		return nil, fmt.Errorf("this is no PNG and no JPEG image: it begins with %q; save it as one", head)
	}
	c, err := config(in)
	if err != nil {
		return nil, damaged(err)
	}
	m.Width, m.Height = c.Width, c.Height
	m.grey = isGrey(c.ColorModel)
	switch {
	case m.Width < 1 || m.Height < 1:
		return nil, errors.New("the image has no pixels")
	case int64(m.Width)*int64(m.Height) > MaxPixels:
		return nil, fmt.Errorf("the image has %d × %d pixels, more than the %d that are decoded: make it smaller first", m.Width, m.Height, MaxPixels)
	}
	return m, nil
}

// The bytes that the two formats begin with.
const (
	PNGMagic  = "\x89PNG\r\n\x1a\n"
	JPEGMagic = "\xff\xd8\xff"
)

// pixels decodes the image.
func (m *Image) pixels() (image.Image, error) {
	if _, err := m.r.Seek(m.start, io.SeekStart); err != nil {
		return nil, err
	}
	decoded, err := m.decode(bufio.NewReader(m.r))
	if err != nil {
		return nil, damaged(err)
	}
	if size := decoded.Bounds().Size(); size.X != m.Width || size.Y != m.Height {
		return nil, fmt.Errorf("the image is damaged: it is %d × %d pixels large and says %d × %d", size.X, size.Y, m.Width, m.Height)
	}
	return decoded, nil
}

// damaged says what is wrong with an image that cannot be decoded. Errors of the file itself stay what they are.
func damaged(err error) error {
	var format png.FormatError
	var broken jpeg.FormatError
	var feature png.UnsupportedError
	var kind jpeg.UnsupportedError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the image is cut off: the file ends inside it")
	case errors.As(err, &format), errors.As(err, &broken):
		return fmt.Errorf("the image is damaged or cut off: %w", err)
	case errors.As(err, &feature), errors.As(err, &kind):
		return fmt.Errorf("the image is of a kind that is not read, save it anew: %w", err)
	}
	return err
}
