// Bits trains models that use every word of the language, calls the kernels that they do not, and prints what all their
// bits come to. The answer must be the same on every platform, and it fails unless it is the same for every number of
// workers: for two numbers, of models after a few steps, or, where its argument is thorough, for more after all steps.
package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"runtime"

	"github.com/nnc-lang/nnc/runtime/modeltest"
	"github.com/nnc-lang/nnc/runtime/nnrt"
)

const rows = 24

// subject is a generated model on rows of made-up data.
type subject struct {
	train   func() (float32, error)
	predict func() error // fills outputs
	outputs [][]float32
	saveTo  func(io.Writer) error
}

// subjects are models by name, and for how many steps each is trained.
var subjects = []struct {
	name  string
	steps int
	make  func(workers nnrt.Option) subject
}{
	{"scores", 200, func(workers nnrt.Option) subject {
		m, x, classes, out := NewScores(workers), floats("scores", 40), modeltest.Classes("classes", rows, 10), output(10)
		return subject{
			func() (float32, error) { return m.Train(x, classes) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"answer", 200, func(workers nnrt.Option) subject {
		m, x, yes, out := NewAnswer(workers), floats("answer", 3), flags("yes"), output(1)
		return subject{
			func() (float32, error) { return m.Train(x, yes) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"recurrent", 40, func(workers nnrt.Option) subject {
		m, tokens, counts, y, out := NewRecurrent(workers), modeltest.Classes("tokens", rows*7, 12), modeltest.Classes("counts", rows, 8), floats("recurrent", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(tokens, counts, y) },
			func() error { return m.Predict(tokens, counts, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"amounts", 200, func(workers nnrt.Option) subject {
		m, x, y, out := NewAmounts(workers), floats("amounts", 5), floats("amounts", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(x, y) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"curve", 200, func(workers nnrt.Option) subject {
		m, x, out := NewCurve(workers), floats("curve", 1), output(1)
		return subject{
			func() (float32, error) { return m.Train(x, x) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"pools", 40, func(workers nnrt.Option) subject {
		m, image, steps := NewPools(workers), floats("image", 20*18*17), floats("steps", 40*19)
		y, out := floats("pools", 5), output(5)
		return subject{
			func() (float32, error) { return m.Train(image, steps, y) },
			func() error { return m.Predict(image, steps, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"wide", 30, func(workers nnrt.Option) subject {
		m, x, y, out := NewWide(workers), floats("wide", 300), floats("wide target", 12), output(12)
		m.SetTotalSteps(30)
		return subject{
			func() (float32, error) { return m.Train(x, y) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"parts", 100, func(workers nnrt.Option) subject {
		m, kinds, facts := NewParts(workers), modeltest.Classes("kinds", 3*rows, 5), floats("facts", 24)
		y, yes, amount, answer := floats("amount", 1), flags("yes"), output(1), output(1)
		m.SetTotalSteps(100)
		return subject{
			func() (float32, error) { return m.Train(kinds, facts, y, yes) },
			func() error { return m.Predict(kinds, facts, amount, answer) }, [][]float32{amount, answer}, m.SaveTo,
		}
	}},
	{"norms", 60, func(workers nnrt.Option) subject {
		m, photo, words := NewNorms(workers), floats("photo", 3*12*12), modeltest.Classes("words", 6*rows, 40)
		y, out := floats("amount", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(photo, words, y) },
			func() error { return m.Predict(photo, words, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"bends", 100, func(workers nnrt.Option) subject {
		m, x, yes, out := NewBends(workers), floats("bends", 7), flags("yes"), output(1)
		return subject{
			func() (float32, error) { return m.Train(x, yes) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"images", 4, func(workers nnrt.Option) subject {
		m, x, y, out := NewImages(workers), floats("images", 3*13*11), floats("images target", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(x, y) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"moves", 40, func(workers nnrt.Option) subject {
		m, x, seen, count := NewMoves(workers), floats("moves", 6*7*9), modeltest.Classes("seen", 12*rows, 2), modeltest.Classes("count", rows, 13)
		y, out := floats("moves target", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(x, seen, count, y) },
			func() error { return m.Predict(x, seen, count, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"attention", 60, func(workers nnrt.Option) subject {
		m, keep := NewAttentive(workers), modeltest.Classes("keep", 70*rows, 2)
		story, x, y, out := floats("story", 9*5), floats("attention", 70*7), floats("attention target", 2), output(2)
		return subject{
			func() (float32, error) { return m.Train(keep, story, x, y) },
			func() error { return m.Predict(keep, story, x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"sequences", 60, func(workers nnrt.Option) subject {
		m, words, x := NewSequences(workers), modeltest.Classes("words", 12*rows, 40), floats("sequences", 12*7)
		seen, place := modeltest.Classes("seen", 12*rows, 2), modeltest.Classes("place", 2*rows, 12)
		for i, at := range place { // a span is where something is seen
			seen[i/2*12+int(at)] = 1
		}
		y, amount, span := floats("sequences target", 2), output(2), output(24)
		return subject{
			func() (float32, error) { return m.Train(words, x, seen, y, place) },
			func() error { return m.Predict(words, x, seen, amount, span) }, [][]float32{amount, span}, m.SaveTo,
		}
	}},
	{"letters", 60, func(workers nnrt.Option) subject {
		m, tokens, out := NewLetters(workers), modeltest.Classes("letters", 19*rows, 23), output(19*23)
		next := make([]float32, 19*23) // after each letter of the first row
		return subject{
			func() (float32, error) { return m.Train(tokens, tokens) },
			func() error {
				g := m.Generator()
				for i, token := range tokens[:19] {
					if err := g.Next(token, next[i*23:][:23]); err != nil {
						return err
					}
				}
				return m.Predict(tokens, out)
			}, [][]float32{out, next}, m.SaveTo,
		}
	}},
	{"bag", 200, func(workers nnrt.Option) subject {
		m, words, class, out := NewBag(workers), modeltest.Classes("bag", 6*rows, 5000), modeltest.Classes("bags", rows, 3), output(3)
		return subject{
			func() (float32, error) { return m.Train(words, class) },
			func() error { return m.Predict(words, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"sack", 200, func(workers nnrt.Option) subject {
		m, words, class, out := NewSack(workers), modeltest.Classes("sack", 6*rows, 5000), modeltest.Classes("sacks", rows, 3), output(3)
		return subject{
			func() (float32, error) { return m.Train(words, class) },
			func() error { return m.Predict(words, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"odds", 60, func(workers nnrt.Option) subject {
		m, x, near, course := NewOdds(workers), floats("odds", 9), floats("near", 12), floats("course", 5)
		yes, sure, events, shares := indicators("yes", 3), indicators("sure", 3), indicators("events", 2), indicators("shares", 6)
		label, class := modeltest.Classes("label", 4*rows, 5), modeltest.Classes("class", 4*rows, 5)
		out := [][]float32{output(12), output(3), output(3), output(2), output(6), output(5), output(3), output(20), output(20)}
		more := indicators("more", 3)
		return subject{
			func() (float32, error) {
				return m.Train(x, near, yes, sure, events, shares, course, more, label, class)
			},
			func() error {
				return m.Predict(x, out[0], out[1], out[2], out[3], out[4], out[5], out[6], out[7], out[8])
			}, out, m.SaveTo,
		}
	}},
	{"recipe", 100, func(workers nnrt.Option) subject {
		m, x, y, out := NewRecipe(workers), floats("recipe", 20), floats("recipe target", 2), output(2)
		rows := 0
		return subject{
			func() (float32, error) {
				rows = rows%24 + 1 // batches of different numbers of rows
				return m.Train(x[:20*rows], y[:2*rows])
			},
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"price", 100, func(workers nnrt.Option) subject {
		m, x, y, out := NewPrice(workers), modeltest.Floats("price", 64*13), modeltest.Floats("target", 64), make([]float32, 64)
		return subject{
			func() (float32, error) { return m.Train(x, y) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
	{"digits", 100, func(workers nnrt.Option) subject {
		m, x, classes := NewDigits(workers), modeltest.Floats("digits", 64*28*28), modeltest.Classes("digit", 64, 10)
		out := make([]float32, 64*10)
		return subject{
			func() (float32, error) { return m.Train(x, classes) },
			func() error { return m.Predict(x, out) }, [][]float32{out}, m.SaveTo,
		}
	}},
}

func floats(name string, size int) []float32 { return modeltest.Floats(name, size*rows) }

func output(size int) []float32 { return make([]float32, size*rows) }

func flags(name string) []float32 { return indicators(name, 1) }

// indicators are zeros and ones.
func indicators(name string, size int) []float32 {
	y := make([]float32, size*rows)
	for i, c := range modeltest.Classes(name, size*rows, 2) {
		y[i] = float32(c)
	}
	return y
}

func main() {
	log.SetFlags(0)
	runtime.GOMAXPROCS(16)
	thorough := len(os.Args) == 2 && os.Args[1] == "thorough"
	if thorough {
		workerCounts = []int{2, 3, 4, 7, 16}
	}
	for _, s := range subjects {
		all, loss := trained(s.make(nnrt.Workers(1)), s.steps)
		fmt.Printf("%s %.4f %x\n", s.name, loss, all)
		few := s.steps
		if !thorough {
			few = min(s.steps, max(5, s.steps/20))
		}
		alike(s.name, func(workers int) [sha256.Size]byte {
			all, _ := trained(s.make(nnrt.Workers(workers)), few)
			return all
		})
	}
	fmt.Printf("kernels %x\n", alike("kernels", kernels))
}

// workerCounts are those whose bits are compared with those of one worker.
var workerCounts = []int{3, 16}

// alike returns the hash that a function gives with every number of workers.
func alike(name string, hash func(workers int) [sha256.Size]byte) [sha256.Size]byte {
	want := hash(1)
	for _, workers := range workerCounts {
		if runtime.GOMAXPROCS(0) < workers {
			break // WebAssembly has one
		}
		if got := hash(workers); got != want {
			log.Fatalf("%s with %d workers: %x", name, workers, got)
		}
	}
	return want
}

// trained trains a model and returns a hash of its losses, parameters and predictions, and the last loss.
func trained(m subject, steps int) (all [sha256.Size]byte, loss float32) {
	var bits bytes.Buffer
	write := func(v float32) { fmt.Fprintf(&bits, "%08x\n", math.Float32bits(v)) }
	for range steps {
		var err error
		if loss, err = m.train(); err != nil {
			log.Fatal(err)
		}
		write(loss)
	}
	if err := m.saveTo(&bits); err != nil {
		log.Fatal(err)
	}
	if err := m.predict(); err != nil {
		log.Fatal(err)
	}
	for _, y := range m.outputs {
		for _, v := range y {
			write(v)
		}
	}
	return sha256.Sum256(bits.Bytes()), loss
}
