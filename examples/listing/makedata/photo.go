package main

import (
	"image"
	"image/color"
	"math/rand/v2"
)

const side = 24 // of a photo, in pixels

var (
	sky    = color.RGBA{150, 190, 230, 255}
	meadow = color.RGBA{90, 150, 70, 255}
	window = color.RGBA{60, 70, 90, 255}
	walls  = []color.RGBA{{150, 150, 155, 255}, {190, 90, 70, 255}, {235, 230, 215, 255}, {225, 190, 80, 255}} // by kind
	roof   = color.RGBA{120, 50, 40, 255}
	awning = color.RGBA{210, 60, 60, 255}
)

// photo draws a house of a kind somewhere in front of sky and meadow, in some light and with noise over it.
func photo(random *rand.Rand, kind int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, side, side))
	ground := 17 + random.IntN(3)
	fill(m, 0, 0, side, ground, sky)
	fill(m, 0, ground, side, side, meadow)
	wall := walls[kind]
	left := 2 + random.IntN(4)
	switch kind {
	case 0: // a flat: a high block with rows of windows
		right, top := left+12, ground-14
		fill(m, left, top, right, ground, wall)
		for y := top + 2; y < ground-2; y += 3 {
			for x := left + 1; x < right-1; x += 3 {
				fill(m, x, y, x+2, y+1, window)
			}
		}
	case 1: // terraced houses, each with its roof
		for x := left; x < left+15; x += 5 {
			fill(m, x, ground-7, x+5, ground, wall)
			gable(m, x, ground-7, 5)
			fill(m, x+2, ground-4, x+3, ground-2, window)
		}
	case 2: // a villa: one wide roof
		fill(m, left, ground-7, left+16, ground, wall)
		gable(m, left, ground-7, 16)
		fill(m, left+2, ground-5, left+5, ground-2, window)
		fill(m, left+11, ground-5, left+14, ground-2, window)
	default: // a shop: low, with a large window under a striped awning
		fill(m, left, ground-9, left+15, ground, wall)
		fill(m, left+1, ground-5, left+14, ground-1, window)
		for x := left; x < left+15; x += 2 {
			fill(m, x, ground-7, x+1, ground-5, awning)
		}
	}
	light := 80 + random.IntN(41) // in hundredths
	for i, v := range m.Pix {
		if i%4 != 3 {
			m.Pix[i] = uint8(min(max(int(v)*light/100+random.IntN(41)-20, 0), 255))
		}
	}
	return m
}

// fill colours the pixels from one corner to before the other, those that are in the image.
func fill(m *image.RGBA, left, top, right, bottom int, c color.RGBA) {
	for y := max(top, 0); y < min(bottom, side); y++ {
		for x := max(left, 0); x < min(right, side); x++ {
			m.SetRGBA(x, y, c)
		}
	}
}

// gable draws a roof that ends at bottom.
func gable(m *image.RGBA, left, bottom, width int) {
	for i := range width / 2 {
		fill(m, left+i, bottom-1-i, left+width-i, bottom-i, roof)
	}
}
