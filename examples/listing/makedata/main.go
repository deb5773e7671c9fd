// Makedata makes up the listings that this example learns from: go run ./makedata FOLDER.
//
// What comes in is the name of a folder; what goes out are photos and arrays in it, and the same bytes each time: 2000
// listings to learn from and, in the folder new, 8 to be asked about. What a house costs depends on its facts and on its
// kind, and the kind shows in the photo alone.
package main

import (
	"fmt"
	"image"
	"image/png"
	"log"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/nnc-lang/nnc/runtime/format"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: makedata FOLDER")
	}
	for _, set := range []struct {
		folder   string
		seed     uint64
		listings int
	}{{os.Args[1], 1, 2000}, {filepath.Join(os.Args[1], "new"), 2, 8}} {
		if err := write(set.folder, set.seed, set.listings); err != nil {
			log.Fatal("makedata: ", err)
		}
	}
}

// write writes n listings: photos, facts [n, 6], prices [n] in millions, and kinds [n].
func write(folder string, seed uint64, n int) error {
	if err := os.MkdirAll(filepath.Join(folder, "photos"), 0o755); err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(seed, 0))
	facts, price, kind := &format.Array{Shape: []int{n, 6}}, &format.Array{Shape: []int{n}}, &format.Array{Shape: []int{n}}
	for i := range n {
		k := random.IntN(len(kinds))
		h := make(house, 6)
		h.draw(random)
		for f, v := range h {
			facts.Float = append(facts.Float, float32(v)/float32(scale[f]))
		}
		price.Float = append(price.Float, float32(h.price(k))/1000)
		kind.Uint8 = append(kind.Uint8, uint8(k))
		if err := save(filepath.Join(folder, "photos", fmt.Sprintf("%04d.png", i+1)), photo(random, k)); err != nil {
			return err
		}
	}
	for name, a := range map[string]*format.Array{"facts": facts, "price": price, "kind": kind} {
		f, err := os.Create(filepath.Join(folder, name+".npy"))
		if err != nil {
			return err
		}
		if err := format.WriteNPY(f, a); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

// kinds are what a square metre costs in thousands, by kind: flat, terraced house, villa, shop.
var kinds = [4]int{4, 3, 8, 2}

// house is its facts: square metres, rooms, storeys, age in years, kilometres to the centre, square metres of garden.
type house []int

// most and scale are the largest facts and what they are divided by for the model.
var most, scale = [6]int{200, 8, 4, 100, 30, 500}, [6]int{100, 5, 2, 50, 15, 250}

func (h house) draw(random *rand.Rand) {
	for i := range h {
		h[i] = 1 + random.IntN(most[i])
	}
	h[0] += 30
}

// price is in thousands.
func (h house) price(kind int) int {
	return 60 + h[0]*kinds[kind] - h[3] - 3*h[4] + h[5]/5
}

// save writes an image as PNG.
func save(path string, m image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, m); err != nil {
		return err
	}
	return f.Close()
}
