package train

import (
	"bytes"
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// naive is the metrics of the naive forecast on rows of a time series: that what is forecast stays as it was in a window's
// last row. nil where there are no such rows, or nothing to say of them.
func (t *training) naive(set *dataset.Set) ([]measure, error) {
	judges := t.m.judges()
	if set == nil || len(t.metrics) == 0 || len(judges) != len(t.m.Outputs) {
		return nil, nil
	}
	e := newEvaluation(&t.m, t.set.Codec.Targets(), t.metrics)
	c := newChunk(&t.m, 1, true)
	same := newBlocks(t.m.Targets)
	out := make([][]float32, len(t.m.Outputs))
	for _, l := range judges {
		if l.Target < 0 {
			return nil, nil
		}
		out[l.Output] = same[l.Target].Float
	}
	for at := range set.Rows() {
		row := []int{at}
		if !set.Naive(row, same) {
			return nil, nil
		}
		set.Gather(row, nil, c.full.Targets)
		if err := e.compare(1, c, out); err != nil {
			return nil, err
		}
	}
	return e.measures(), nil
}

// newBlocks has room for a row of each port.
func newBlocks(ports []data.Port) []data.Block {
	var blocks []data.Block
	for _, p := range ports {
		blocks = append(blocks, data.NewBlock(p, 1))
	}
	return blocks
}

// writeNaive writes the metrics of the naive forecast below those of the model.
func writeNaive(b *bytes.Buffer, ms []measure) {
	if len(ms) > 0 {
		fmt.Fprintf(b, "the naive forecast, each window's last value again: %s\n", spelled(ms))
	}
}
