// Digits recognises digits: it loads what `nnc train` has learnt from images, by one of three models, shows some others
// as text and says what it takes them for.
//
// What comes in are files in MNIST's format and the weights; what goes out is text.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// The residual net has no test beside it: to compare its gradients with differences takes minutes where there is no
// assembly.
//
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build --test digits.nn cnn.nn
//go:generate go run github.com/nnc-lang/nnc/cmd/nnc build resnet.nn

func main() {
	log.SetFlags(0)
	log.SetPrefix("digits: ")
	model := flag.String("model", "digits", "which model: digits, cnn or resnet")
	weights := flag.String("weights", "", "what nnc train saved: otherwise digits.safetensors, or as the model is called")
	images := flag.String("images", "test-images.idx", "the digits, plain or gzip")
	labels := flag.String("labels", "", "what they are, if that is known")
	show := flag.Int("show", 3, "how many of them to draw")
	flag.Parse()
	if *weights == "" {
		*weights = *model + ".safetensors"
	}
	if err := run(os.Stdout, *model, *weights, *images, *labels, *show); err != nil {
		log.Fatal(err)
	}
}

// run classifies all images, draws the first ones, and counts how many labels it agrees with.
func run(w io.Writer, model, weights, images, labels string, show int) error {
	guesses, pixels, err := classify(model, weights, images)
	if err != nil {
		return err
	}
	if show = min(max(show, 0), len(guesses)); show > 0 {
		draw(w, pixels[:show*size])
		line := ""
		for _, g := range guesses[:show] {
			line += fmt.Sprintf("%-*s", side+gap, fmt.Sprintf("a %d, %.1f %% sure", g.digit, 100*g.probability))
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	if labels == "" {
		return nil
	}
	truth, err := format.ReadIDX(labels)
	switch {
	case err != nil:
		return err
	case len(truth.Shape) != 1 || truth.Uint8 == nil:
		return fmt.Errorf("%s: labels are bytes, one per image, but this is %s", labels, truth)
	case truth.Rows() != len(guesses):
		return fmt.Errorf("%s has %d labels, but %s has %d images", labels, truth.Rows(), images, len(guesses))
	}
	right := 0
	for i, label := range truth.Uint8 {
		if guesses[i].digit == int(label) {
			right++
		}
	}
	fmt.Fprintf(w, "%d of %d right\n", right, len(guesses))
	return nil
}

const (
	side    = 28 // of an image, in pixels
	size    = side * side
	classes = 10
)

// guess is what the model takes an image for.
type guess struct {
	digit       int
	probability float32
}

// predictor is what the models have in common: images in, ten scores for each out.
type predictor interface {
	Predict(image, scores []float32) error
}

// models load the weights of a model, by the name of its spec.
var models = map[string]func(weights string) (predictor, error){
	"digits": func(weights string) (predictor, error) { return LoadDigitsPredictor(weights) },
	"cnn":    func(weights string) (predictor, error) { return LoadDigitsCNNPredictor(weights) },
	"resnet": func(weights string) (predictor, error) { return LoadResNetPredictor(weights) },
}

// classify predicts the digits of a file and returns its pixels [n, 28, 28] too.
func classify(model, weights, images string) ([]guess, []byte, error) {
	load, known := models[model]
	if !known {
		return nil, nil, fmt.Errorf("there is no model %q: digits, cnn and resnet are", model)
	}
	codec, err := data.LoadCodec(weights)
	if err != nil {
		return nil, nil, err
	}
	predictor, err := load(weights)
	if err != nil {
		return nil, nil, err
	}
	file, err := format.ReadIDX(images)
	if err != nil {
		return nil, nil, err
	}
	if file.Uint8 == nil || len(file.Shape) != 3 || file.RowLen() != size || file.Rows() == 0 {
		return nil, nil, fmt.Errorf("%s: images are bytes [n, %d, %d], but this is %s", images, side, side, file)
	}
	image := make([]float32, len(file.Uint8))
	for i, pixel := range file.Uint8 {
		image[i] = float32(pixel) / 255 // as in training
	}
	logits := make([]float32, file.Rows()*classes)
	if err := predictor.Predict(image, logits); err != nil {
		return nil, nil, err
	}
	guesses := make([]guess, file.Rows())
	for i := range guesses {
		probability := logits[i*classes : (i+1)*classes]
		if err := codec.Decode(probability, probability); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", weights, err)
		}
		digit := data.Argmax(probability)
		guesses[i] = guess{digit, probability[digit]}
	}
	return guesses, file.Uint8, nil
}
