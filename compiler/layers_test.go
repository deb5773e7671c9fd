package compiler_test

import (
	"testing"
)

// TestLayers trains nets that contain a layer, or end in a loss, as PyTorch did, and compares the way and the end,
// running statistics included; make.py in testdata/layers says with what. Train, the four calls, and a mixture of both
// must agree to the bit, and a frozen parameter must be what it was.
func TestLayers(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs programs of many models")
	}
	for _, word := range []string{"layernorm", "rmsnorm", "maxpool", "pools", "embedding", "batchnorm", "huber", "losses", "activations", "shape", "conv", "scales", "sequence", "scattered", "recurrent", "attention", "together"} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			files := "testdata/layers/" + word
			listed, want := readNets(t, files)
			got := listed.train(t, files+".safetensors")

			worst, more := deviations{}, []string(nil)
			for _, n := range listed.Nets {
				if n.State != nil {
					more = []string{"state"}
				}
				t.Run(n.Name, func(t *testing.T) {
					compareWithPyTorch(t, n, got, want, worst)
					compareForms(t, n, got)
					n.compareFrozen(t, got, want)
				})
			}
			worst.log(t, more...)
		})
	}
}
