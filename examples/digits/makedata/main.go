// Makedata draws the digits that this example learns from: go run ./makedata FOLDER.
//
// What comes in is the name of a folder; what goes out are images and labels in it, in MNIST's format and the same
// bytes each time. The digits are those of a seven-segment display, each somewhere else in its image, in another
// size and slant, under noise.
package main

import (
	"encoding/binary"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: makedata FOLDER")
	}
	if err := os.MkdirAll(os.Args[1], 0o755); err != nil {
		log.Fatal("makedata: ", err)
	}
	for _, set := range []struct {
		name   string
		seed   uint64
		digits int
	}{{"train", 1, 3000}, {"test", 3, 500}} {
		images, labels := files(set.seed, set.digits)
		for kind, bytes := range map[string][]byte{"images": images, "labels": labels} {
			if err := os.WriteFile(filepath.Join(os.Args[1], set.name+"-"+kind+".idx"), bytes, 0o644); err != nil {
				log.Fatal("makedata: ", err)
			}
		}
	}
}

const side = 28 // of an image, in pixels

// files draws n digits and returns the files of their images [n, 28, 28] and of their labels [n].
func files(seed uint64, n int) (images, labels []byte) {
	random := rand.New(rand.NewPCG(seed, 0))
	images, labels = idx(n, side, side), idx(n)
	for range n {
		digit := random.IntN(10)
		images = append(images, draw(random, digit)...)
		labels = append(labels, byte(digit))
	}
	return images, labels
}

// idx is the head of a file of bytes in the IDX format: two zeros, the type, the number of axes, their sizes.
func idx(sizes ...int) []byte {
	head := []byte{0, 0, 0x08, byte(len(sizes))}
	for _, n := range sizes {
		head = binary.BigEndian.AppendUint32(head, uint32(n))
	}
	return head
}

// segments says which of the seven are lit for each digit, in the display's usual order: top, upper right, lower
// right, bottom, lower left, upper left, middle.
var segments = [10]string{"abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg"}

// draw returns the pixels of a digit, row by row; 255 is ink.
func draw(random *rand.Rand, digit int) []byte {
	pixels := make([]byte, side*side)
	for i := range pixels {
		pixels[i] = byte(random.IntN(50))
	}
	half := 8 + random.IntN(2) // the length of an upright segment
	width, pen := 10+random.IntN(3), 3+random.IntN(2)
	left, top := 6+random.IntN(4), 2+random.IntN(4)
	slant := random.IntN(4) // pixels by which the top leans to the right
	ink := 150 + random.IntN(60)
	fill := func(x, y, width, height int) {
		for r := y; r < y+height; r++ {
			lean := slant * (2*half - r) / (2 * half)
			for c := x + lean; c < x+lean+width; c++ {
				pixels[(top+r)*side+left+c] = byte(ink + random.IntN(45))
			}
		}
	}
	for _, s := range segments[digit] {
		switch s {
		case 'a':
			fill(0, 0, width, pen)
		case 'b':
			fill(width-pen, 0, pen, half+pen)
		case 'c':
			fill(width-pen, half, pen, half+pen)
		case 'd':
			fill(0, 2*half, width, pen)
		case 'e':
			fill(0, half, pen, half+pen)
		case 'f':
			fill(0, 0, pen, half+pen)
		case 'g':
			fill(0, half, width, pen)
		}
	}
	return pixels
}
