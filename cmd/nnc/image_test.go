package main

import (
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// writeImage is the scripts' command "image file WIDTHxHEIGHT grey…": an image, PNG or JPEG by the file's ending, of
// upright stripes of one width.
func writeImage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: image file WIDTHxHEIGHT grey…")
	}
	var width, height int
	if n, err := fmt.Sscanf(args[1], "%dx%d", &width, &height); n != 2 || err != nil {
		ts.Fatalf("image: %q is no size", args[1])
	}
	m := image.NewGray(image.Rect(0, 0, width, height))
	for x := range width {
		grey, err := strconv.ParseUint(args[2+x*(len(args)-2)/width], 10, 8)
		ts.Check(err)
		for y := range height {
			m.SetGray(x, y, color.Gray{Y: uint8(grey)})
		}
	}
	path := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(filepath.Dir(path), 0o777))
	f, err := os.Create(path)
	ts.Check(err)
	if filepath.Ext(path) == ".png" {
		ts.Check(png.Encode(f, m))
	} else {
		ts.Check(jpeg.Encode(f, m, nil))
	}
	ts.Check(f.Close())
}
