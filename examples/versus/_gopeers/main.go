// Gopeers is the worker of the other Go libraries: gopeers gomlx, or gopeers gorgonia.
//
// It reads requests from standard input and writes replies to standard output, as package worker says.
package main

import (
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/weights"
)

func main() {
	log.SetFlags(0)
	peers := map[string]worker.Peer{
		"gomlx":    {Version: "GoMLX" + version("github.com/gomlx/gomlx"), Open: openGoMLX},
		"gorgonia": {Version: "Gorgonia" + version("gorgonia.org/gorgonia"), Open: openGorgonia},
	}
	if len(os.Args) != 2 || peers[os.Args[1]].Open == nil {
		log.Fatal("gopeers: name gomlx or gorgonia")
	}
	out := os.Stdout
	os.Stdout = os.Stderr // what a library prints is no reply
	if err := worker.Serve(peers[os.Args[1]], os.Stdin, out); err != nil {
		log.Fatal("gopeers: ", err)
	}
}

// version returns that of a library in this program.
func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	if info != nil {
		for _, m := range info.Deps {
			if m.Path == module {
				return " " + m.Version
			}
		}
	}
	return ""
}

// model is a task's model and data: linear layers with ReLU between them.
type model struct {
	adam    bool // or SGD
	classes int  // of the targets; 0: squared error
	rate    float64
	layers  []layer
	inputs  []float32 // all rows
	width   int       // numbers of a row
	targets []float32
	class   []int64
	rows    int // of a step or a prediction
	batches int
}

// layer is a linear layer: weight [out, in], bias [out].
type layer struct {
	in, out      int
	weight, bias []float32
}

// read reads the file of a task. The models' optimisers and rates are those of the specs.
func read(t worker.Task) (*model, error) {
	m := &model{rows: t.Size}
	switch t.Workload {
	case "seed":
		m.rate = 0.01
	case "house":
		m.adam, m.rate = true, 0.001
	case "digits":
		m.adam, m.rate, m.classes = true, 0.001, 10
	default:
		return nil, fmt.Errorf("the Go libraries have no %s here", t.Workload)
	}
	f, err := weights.Read(t.File)
	if err != nil {
		return nil, err
	}
	inputs, _ := f.Tensor("inputs")
	targets, _ := f.Tensor("targets")
	if inputs == nil || targets == nil {
		return nil, fmt.Errorf("the file has no inputs or no targets")
	}
	m.inputs, m.width = inputs.F32, inputs.Shape[1]
	m.targets, m.class = targets.F32, targets.I64
	m.batches = inputs.Shape[0] / t.Size
	for i := 1; ; i++ {
		w, _ := f.Tensor(fmt.Sprintf("linear%d.weight", i))
		b, _ := f.Tensor(fmt.Sprintf("linear%d.bias", i))
		if w == nil || b == nil {
			return m, nil
		}
		m.layers = append(m.layers, layer{w.Shape[1], w.Shape[0], w.F32, b.F32})
	}
}

const beta1, beta2, epsilon = 0.9, 0.999, 1e-8
