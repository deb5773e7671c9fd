package picture

import (
	"image"
	"image/color"
)

// isGrey reports whether pixels of a colour model have no colour.
func isGrey(m color.Model) bool { return m == color.GrayModel || m == color.Gray16Model }

// row writes row y of an image to dst as red, green and blue of each pixel. Transparency is dropped: a pixel has the
// colour that is stored, as with Pillow's convert("RGB"). Of 16 bits it has the upper eight.
func row(dst []uint8, m image.Image, y int) {
	switch m := m.(type) {
	case *image.YCbCr:
		for x := 0; x < len(dst)/3; x++ {
			at, chroma := m.YOffset(x, y), m.COffset(x, y)
			dst[3*x], dst[3*x+1], dst[3*x+2] = color.YCbCrToRGB(m.Y[at], m.Cb[chroma], m.Cr[chroma])
		}
	case *image.Gray:
		spread(dst, m.Pix[m.PixOffset(0, y):], 1)
	case *image.Gray16:
		spread(dst, m.Pix[m.PixOffset(0, y):], 2)
	case *image.RGBA: // what the decoders give in this form is opaque
		thirds(dst, m.Pix[m.PixOffset(0, y):], 1)
	case *image.NRGBA:
		thirds(dst, m.Pix[m.PixOffset(0, y):], 1)
	case *image.RGBA64:
		thirds(dst, m.Pix[m.PixOffset(0, y):], 2)
	case *image.NRGBA64:
		thirds(dst, m.Pix[m.PixOffset(0, y):], 2)
	case *image.CMYK:
		for x := 0; x < len(dst)/3; x++ {
			p := m.Pix[m.PixOffset(x, y):]
			dst[3*x], dst[3*x+1], dst[3*x+2] = color.CMYKToRGB(p[0], p[1], p[2], p[3])
		}
	default:
		for x := 0; x < len(dst)/3; x++ {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			dst[3*x], dst[3*x+1], dst[3*x+2] = c.R, c.G, c.B
		}
	}
}

// spread gives each colour the value of a grey pixel, the upper byte of so many.
func spread(dst, grey []uint8, bytes int) {
	for x := 0; x < len(dst)/3; x++ {
		v := grey[x*bytes]
		dst[3*x], dst[3*x+1], dst[3*x+2] = v, v, v
	}
}

// thirds takes red, green and blue of pixels that also say how opaque they are, the upper byte of so many each.
func thirds(dst, four []uint8, bytes int) {
	for x := 0; x < len(dst)/3; x++ {
		p := four[4*x*bytes:]
		dst[3*x], dst[3*x+1], dst[3*x+2] = p[0], p[bytes], p[2*bytes]
	}
}

// grey turns red, green and blue of each pixel into one value, which moves to the front of the row:
// (19595·red + 38470·green + 7471·blue + 2¹⁵) / 2¹⁶, rounded down, ITU-R 601's luma as Pillow's convert("L") has it.
// A pixel whose three are equal keeps their value.
func grey(rgb []uint8) []uint8 {
	n := len(rgb) / 3
	for x := range n {
		p := rgb[3*x : 3*x+3]
		rgb[x] = uint8((19595*uint32(p[0]) + 38470*uint32(p[1]) + 7471*uint32(p[2]) + 1<<15) >> 16)
	}
	return rgb[:n]
}
