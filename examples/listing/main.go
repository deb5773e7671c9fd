// Listing says of houses for sale which kind they are and what they cost, from a photo and six facts: one model with two
// inputs, a trunk that both meet in, and two outputs, which `nnc train` has trained.
//
// What comes in is the weight file and a folder with photos and an array of facts; what goes out is text.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/picture"
)

//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test listing.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("listing: ")
	weights := flag.String("weights", "listing.safetensors", "what nnc train saved")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: listing [-weights FILE] FOLDER, with photos/*.png and facts.npy in it")
	}
	if err := run(os.Stdout, *weights, flag.Arg(0)); err != nil {
		log.Fatal(err)
	}
}

// kinds are the names of the classes.
var kinds = [4]string{"flat", "terraced house", "villa", "shop"}

// photo is the size of the input of that name, and factCount that of the other.
var photo = picture.Size{Channels: 3, Height: 16, Width: 16}

const factCount = 6

// run appraises the listings of a folder, in the order of their photos' names.
func run(w io.Writer, weights, folder string) error {
	predictor, err := LoadListingPredictor(weights)
	if err != nil {
		return err
	}
	codec, err := data.CodecOf(predictor.Metadata())
	if err != nil {
		return fmt.Errorf("%s: %w", weights, err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "photos", "*.png"))
	if err != nil {
		return err
	}
	facts, err := readFacts(filepath.Join(folder, "facts.npy"), len(files))
	if err != nil {
		return err
	}
	pixels, price, kind := make([]float32, photo.Bytes()), make([]float32, 1), make([]float32, len(kinds))
	for i, file := range files {
		if err := readPhoto(pixels, file, codec); err != nil {
			return err
		}
		if err := predictor.Predict(pixels, facts[i*factCount:(i+1)*factCount], price, kind); err != nil {
			return err
		}
		class := codec.Targets()[1] // price is the first
		k := class.ClassIndex(0, kind)
		fmt.Fprintf(w, "%s  %5.2f million  %s, %.1f %% sure\n", filepath.Base(file), price[0], kinds[k], 100*class.Probability(0, k, kind))
	}
	return nil
}

// readPhoto makes the model's values of a photo, as nnc train makes them of a folder of images.
func readPhoto(values []float32, path string, codec *data.Codec) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	image, err := picture.Open(file)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	bytes := make([]uint8, photo.Bytes())
	if err := image.Fit(bytes, photo); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return codec.EncodeBytes(values, "photo", bytes)
}

// readFacts reads the facts of n listings, an array [n, 6] of numbers.
func readFacts(path string, n int) ([]float32, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	a, err := format.ReadNPY(file, path)
	if err != nil {
		return nil, err
	}
	if a.Float == nil || a.Rows() != n || a.RowLen() != factCount {
		return nil, fmt.Errorf("%s: facts are numbers [%d, %d], a row for each photo, but this is %s", path, n, factCount, a)
	}
	return a.Float, nil
}
