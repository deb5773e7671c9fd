package train

import "github.com/nnc-lang/nnc/runtime/data"

// truth is the port that the loss compares its output with.
func (m *Model) truth(l Loss) data.Port {
	if l.Target < 0 {
		return m.Inputs[l.Input]
	}
	return m.Targets[l.Target]
}

// target is where the codec's targets hold the loss's truth: the model's targets first, then the inputs that a loss
// compares with.
func (m *Model) target(l Loss) int {
	if l.Target >= 0 {
		return l.Target
	}
	at := len(m.Targets)
	for _, p := range m.Inputs[:l.Input] {
		if p.Judged != nil {
			at++
		}
	}
	return at
}

// truth is the batch's values of what the loss compares with.
func (b *Batch) truth(l Loss) data.Block {
	if l.Target < 0 {
		return b.Inputs[l.Input]
	}
	return b.Targets[l.Target]
}

// judged is the index of the first loss that judges the output, −1 if none does. Those after it agree on the truth.
func (m *Model) judged(output int) int {
	for i, l := range m.Losses {
		if l.Output == output {
			return i
		}
	}
	return -1
}

// judges are the first losses of each output that is judged.
func (m *Model) judges() []Loss {
	var first []Loss
	for i, l := range m.Losses {
		if m.judged(l.Output) == i {
			first = append(first, l)
		}
	}
	return first
}
