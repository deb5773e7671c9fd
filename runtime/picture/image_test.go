package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func encoded(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.Bytes()
}

// fitted is a file as an image of that shape.
func fitted(file []byte, shape ...int) ([]uint8, error) {
	s, err := SizeOf(shape)
	if err != nil {
		return nil, err
	}
	m, err := Open(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	dst := make([]uint8, s.Bytes())
	return dst, m.Fit(dst, s)
}

// header is the beginning of a PNG file of that many pixels.
func header(width, height uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, width)
	chunk = binary.BigEndian.AppendUint32(chunk, height)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	b := append([]byte(PNGMagic), 0, 0, 0, 13)
	return binary.BigEndian.AppendUint32(append(b, chunk...), crc32.ChecksumIEEE(chunk))
}

func TestBadImages(t *testing.T) {
	whole, err := os.ReadFile("testdata/colour.png")
	require.NoError(t, err)
	photo, err := os.ReadFile("testdata/colour.jpg")
	require.NoError(t, err)
	changed := bytes.Clone(whole)
	changed[len(changed)/2] ^= 0x40
	var moving bytes.Buffer
	require.NoError(t, gif.Encode(&moving, image.NewGray(image.Rect(0, 0, 2, 2)), nil))
	for want, file := range map[string][]byte{
		"the file is empty": {},
		"no PNG and no JPEG image: it begins with \"GIF89":         moving.Bytes(),
		"it begins with \"\\xff\\xd8\"":                            photo[:2],
		"damaged or cut off: png: invalid format: not enough":      whole[:len(whole)/2],
		"damaged or cut off: png: invalid format":                  changed,
		"the image has 8193 × 8192 pixels, more than the 67108864": header(8193, 8192),
		"the image has 67108865 × 1 pixels":                        header(1<<26+1, 1),
		"cut off: png: invalid format: non-positive":               header(0, 4),
	} {
		_, err := fitted(file, 3, 4, 4)
		assert.ErrorContains(t, err, want)
	}
	_, err = fitted(photo[:len(photo)/2], 3, 4, 4)
	assert.ErrorContains(t, err, "the image is damaged or cut off: invalid JPEG format: short Huffman data")
	_, err = fitted(whole[:20], 3, 4, 4)
	assert.EqualError(t, err, "the image is cut off: the file ends inside it")
	_, err = Open(failing{})
	assert.ErrorIs(t, err, errBroken)
}

var errBroken = errors.New("the disk is broken")

type failing struct{}

func (failing) Read([]byte) (int, error)       { return 0, errBroken }
func (failing) Seek(int64, int) (int64, error) { return 0, nil }

// An image may stand anywhere in a file, and reading it again gives the same.
func TestWhereTheReaderStands(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 2, 1))
	m.Pix = []uint8{10, 20}
	r := bytes.NewReader(append([]byte("before"), encoded(t, m)...))
	_, err := r.Seek(6, io.SeekStart)
	require.NoError(t, err)
	opened, err := Open(r)
	require.NoError(t, err)
	assert.Equal(t, [2]int{2, 1}, [2]int{opened.Width, opened.Height})
	assert.True(t, opened.Grey())
	for range 2 {
		dst := make([]uint8, 2)
		require.NoError(t, opened.Fit(dst, Size{1, 1, 2}))
		assert.Equal(t, []uint8{10, 20}, dst)
	}
	assert.ErrorContains(t, opened.Fit(make([]uint8, 3), Size{1, 1, 2}), "2 bytes does not fit into 3")
}

func TestSizeOf(t *testing.T) {
	s, err := SizeOf([]int{28, 30})
	require.NoError(t, err)
	assert.Equal(t, Size{1, 28, 30}, s)
	for want, shape := range map[string][]int{
		"as [3, 32, 32]":    {784},
		"write [3, 28, 30]": {28, 30, 3},
		"1 channel (grey) or 3 (red, green and blue), not 4": {4, 28, 28},
	} {
		_, err := SizeOf(shape)
		assert.ErrorContains(t, err, want)
	}
}

// Every form that the decoders give, and one that they do not, with the same colour in it: what is stored counts, not
// what shows.
func TestColours(t *testing.T) {
	at := image.Rect(0, 0, 1, 1)
	want := color.NRGBA{200, 100, 50, 255}
	forms := map[string]image.Image{
		"RGBA":    &image.RGBA{Pix: []uint8{200, 100, 50, 255}, Stride: 4, Rect: at},
		"NRGBA":   &image.NRGBA{Pix: []uint8{200, 100, 50, 0}, Stride: 4, Rect: at},
		"RGBA64":  &image.RGBA64{Pix: []uint8{200, 9, 100, 9, 50, 255, 255, 255}, Stride: 8, Rect: at},
		"NRGBA64": &image.NRGBA64{Pix: []uint8{200, 9, 100, 9, 50, 255, 0, 0}, Stride: 8, Rect: at},
		"palette": &image.Paletted{Pix: []uint8{1}, Stride: 1, Rect: at, Palette: color.Palette{color.Black, color.NRGBA{200, 100, 50, 0}}},
		"CMYK":    &image.CMYK{Pix: []uint8{55, 155, 205, 0}, Stride: 4, Rect: at},
		"other":   uniform{want},
	}
	for name, m := range forms {
		got := make([]uint8, 3)
		row(got, m, 0)
		assert.Equal(t, []uint8{200, 100, 50}, got, name)
	}
	for name, m := range map[string]image.Image{
		"Gray":   &image.Gray{Pix: []uint8{77}, Stride: 1, Rect: at},
		"Gray16": &image.Gray16{Pix: []uint8{77, 255}, Stride: 2, Rect: at},
		"YCbCr":  &image.YCbCr{Y: []uint8{77}, Cb: []uint8{128}, Cr: []uint8{128}, YStride: 1, CStride: 1, SubsampleRatio: image.YCbCrSubsampleRatio444, Rect: at},
	} {
		got := make([]uint8, 3)
		row(got, m, 0)
		assert.Equal(t, []uint8{77, 77, 77}, got, name)
		assert.Equal(t, []uint8{77}, grey(got), name)
	}
	// 0.299·200 + 0.587·100 + 0.114·50 = 124.2
	assert.Equal(t, []uint8{124, 0, 255}, grey([]uint8{200, 100, 50, 0, 0, 0, 255, 255, 255}))
}

type uniform struct{ color.NRGBA }

func (uniform) ColorModel() color.Model   { return color.NRGBAModel }
func (uniform) Bounds() image.Rectangle   { return image.Rect(0, 0, 1, 1) }
func (u uniform) At(int, int) color.Color { return u.NRGBA }

// A picture four times as wide as high, of which the middle square is left: of its columns 0 to 15, columns 6 to 9.
func TestMiddle(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 16, 4))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 16 * 10)
	}
	got, err := fitted(encoded(t, m), 4, 4)
	require.NoError(t, err)
	assert.Equal(t, []uint8{60, 70, 80, 90}, got[:4])
	// Halves go to the even number: of one column too many none is cut off before, of three two.
	assert.Equal(t, []int{0, 0, 1, 2, 2, 2}, []int{middle(0), middle(1), middle(2), middle(3), middle(4), middle(5)})
}

// Images of one colour stay that, whatever happens to their size.
func TestOneColour(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {3, 200}, {199, 7}, {64, 64}} {
		m := image.NewNRGBA(image.Rect(0, 0, size[0], size[1]))
		for i := range m.Pix {
			m.Pix[i] = []uint8{255, 17, 0, 255}[i%4]
		}
		got, err := fitted(encoded(t, m), 3, 9, 31)
		require.NoError(t, err)
		assert.Equal(t, bytes.Repeat([]uint8{255}, 9*31), got[:9*31])
		assert.Equal(t, bytes.Repeat([]uint8{17}, 9*31), got[9*31:2*9*31])
		assert.Equal(t, make([]uint8, 9*31), got[2*9*31:])
	}
}

// A long image takes memory by its own size, not by what it would grow to.
func TestLongImage(t *testing.T) {
	got, err := fitted(encoded(t, image.NewGray(image.Rect(0, 0, 1, 1<<20))), 64, 64)
	require.NoError(t, err)
	assert.Equal(t, make([]uint8, 64*64), got)
}

func FuzzImage(f *testing.F) {
	for _, name := range []string{"colour.png", "palette.png", "bits.png", "grey.jpg"} {
		file, err := os.ReadFile("testdata/" + name)
		require.NoError(f, err)
		f.Add(file)
	}
	f.Add(header(4, 4))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := Open(bytes.NewReader(file))
		if err != nil || m.Width*m.Height > 1<<16 {
			return
		}
		_ = m.Fit(make([]uint8, 3*5*7), Size{3, 5, 7})
	})
}
