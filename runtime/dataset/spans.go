package dataset

import "github.com/nnc-lang/nnc/runtime/data"

// maskOf is the input that says at which positions the target may stand, −1 if none does.
func maskOf(target *data.Port, inputs []data.Port) int {
	if target.Judged != nil && target.Judged.Mask != "" {
		for i, p := range inputs {
			if p.Name == target.Judged.Mask {
				return i
			}
		}
	}
	return -1
}

// checkSpans finds a target that is a span and ends before it starts, or stands at a position which its mask leaves out: which
// target, which element of all its rows, and what is wrong with it.
func (d *Set) checkSpans() (target, at int, err error) {
	var inputs []data.Port
	for _, f := range d.inputs {
		inputs = append(inputs, f.port)
	}
	for i := range d.targets {
		f := &d.targets[i]
		if f.port.Judged == nil || f.port.Judged.Kind != data.Span {
			continue
		}
		var mask data.Block
		of := maskOf(&f.port, inputs)
		if of >= 0 {
			mask = data.NewBlock(inputs[of], 1)
		}
		for r := range d.rows {
			if of >= 0 {
				d.inputs[of].gather(mask, d.rows, []int{r})
			}
			row := d.rows[r] * f.size
			if at, err := f.port.CheckSpan(f.block.Int[row:row+f.size], mask); err != nil {
				return i, row + at, err
			}
		}
	}
	return 0, 0, nil
}
