package compiler_test

import (
	"flag"
	"testing"
)

var encoder = flag.String("encoder", "testdata/bert/bert", "what make.py in testdata/bert has written, without its ending: of an encoder of any size")

// TestEncoder trains the encoder that finds answers in texts as PyTorch does with its own nn.TransformerEncoderLayer, and
// compares scores, losses, all gradients, and the parameters at the end; make.py in testdata/bert says with what.
func TestEncoder(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program")
	}
	listed, want := readNets(t, *encoder)
	got := listed.train(t, *encoder+".safetensors")
	worst := deviations{}
	for _, n := range listed.Nets {
		compareWithPyTorch(t, n, got, want, worst)
		compareForms(t, n, got)
	}
	worst.log(t)
}
