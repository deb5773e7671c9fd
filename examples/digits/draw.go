package main

import (
	"bytes"
	"io"
)

// gap is the blanks between two images.
const gap = 2

// shades are the characters from paper to ink.
const shades = " .:-=+*#%@"

// draw writes images [n, 28, 28] side by side. A character is about twice as high as it is wide, so each stands for
// two pixels, one above the other.
func draw(w io.Writer, pixels []byte) {
	var text bytes.Buffer
	for row := 0; row < side; row += 2 {
		var line []byte
		for image := pixels; len(image) > 0; image = image[size:] {
			for column := range side {
				upper, lower := image[row*side+column], image[(row+1)*side+column]
				line = append(line, shades[(int(upper)+int(lower))*(len(shades)-1)/(2*255)])
			}
			line = append(line, "  "[:gap]...)
		}
		text.Write(append(bytes.TrimRight(line, " "), '\n'))
	}
	_, _ = w.Write(text.Bytes()) // where it cannot be written nobody looks
}
