// Command _asm writes the kernels' assembly for amd64: a file of instructions and one of Go declarations for each
// entry of files.
//
//	go generate ./runtime/kernel
//
// It is a module of its own, so that nobody who uses the runtime needs the assembler's generator.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"

	. "github.com/mmcloughlin/avo/build"
)

// files says what stands in each file. What is written for a width is written for all of widths.
var files = map[string]func(){
	"copy": copyRows,
	"cpu":  cpu,
	"depthwise": func() {
		for _, w := range widths {
			w.depthwise(masks())
			w.depthwiseGrad(masks())
		}
	},
	"elementwise": elementwise,
	"product": func() {
		mask := masks()
		for _, w := range widths {
			w.products(mask)
			w.rows(mask)
			w.sumRows(mask)
			w.copyPanels()
		}
		transpose()
		across()
	},
	"attention": func() {
		for _, w := range widths {
			w.scores()
		}
	},
	"reduction": func() {
		for _, w := range widths {
			w.reductions()
		}
	},
	"pool": func() {
		maxPools()
		for _, w := range widths {
			w.maxLanes(masks())
			w.maxLanesGrad(masks())
			w.meansOfLanes(masks())
			w.maxPairs()
		}
	},
	"recurrent": recurrent,
	"random": func() {
		for _, w := range widths {
			w.random()
		}
	},
	"optimiser": func() {
		for _, w := range widths {
			w.optimisers()
		}
	},
}

func main() {
	file := flag.String("file", "", "what to write: an entry of files")
	flag.Parse()
	write, ok := files[*file]
	if !ok {
		fmt.Fprintf(os.Stderr, "-file %q: there are %q\n", *file, slices.Sorted(maps.Keys(files)))
		os.Exit(2)
	}
	ConstraintExpr("!purego")
	write()
	dispatch()
	Generate()
}
