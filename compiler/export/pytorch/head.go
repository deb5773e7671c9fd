package pytorch

import (
	"path/filepath"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// head is the program's documentation: what it is, and how it is run on one machine, on several, and on GPUs.
func head(g *ir.Graph) string {
	spec := filepath.Base(g.File)
	stem := strings.TrimSuffix(spec, ".nn")
	text := `"""$Model, as a PyTorch program of its own. Written by nnc from $spec.
`
	if len(g.Recipe.Losses) > 0 {
		text += `
    python $stem.py --data FILE …                                one process, on a GPU if there is one
    torchrun --nproc-per-node=4 $stem.py --data FILE …           four, each on a GPU of its own if there are any

On several machines, the same on each, where HOST is one of them:

    torchrun --nnodes=2 --nproc-per-node=4 --rdzv-backend=c10d --rdzv-endpoint=HOST:29500 $stem.py --data FILE …

The processes share the rows of each batch and take one step together, so that the weights are the same up to rounding
however many there are: --batch counts the rows of all of them. Each reads the data, so that all machines need it under
the same name. With --checkpoint FILE every epoch leaves what --resume FILE goes on from; the first machine writes it,
and all of them read it.

Weights start, rows are held out, drawn and shuffled, and elements dropped as ` + "`nnc train`" + ` does it. ` + "`nnc predict $spec\n--weights $stem.safetensors`" + ` takes what is saved here, and --init takes what nnc saved.
`
	}
	text += `
It needs torch, numpy and safetensors, and nothing of nnc.
"""
`
	return strings.NewReplacer("$Model", g.Model, "$spec", quoted(spec), "$stem", quoted(stem)).Replace(text)
}
