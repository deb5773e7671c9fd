package data

import (
	"fmt"
	"slices"
)

// judged are the ports that outputs are compared with: the targets, then the inputs that a loss names.
func judged(inputs, targets []Port) []Port {
	ports := slices.Clone(targets)
	for _, p := range inputs {
		if p.Loss != "" {
			ports = append(ports, p)
		}
	}
	return ports
}

// targetsOf are the judged ports in their own units, their classes indices.
func targetsOf(inputs, targets []Port) []Target {
	ports := judged(inputs, targets)
	list := make([]Target, len(ports))
	for i, p := range ports {
		list[i] = Target{Name: p.Name, Loss: p.Loss, Count: classCount(p), Input: i >= len(targets)}
	}
	return list
}

// classCount is the number of classes of a judged port: the limit of cross_entropy's indices, 2 of bce_logits,
// else 0.
func classCount(p Port) int {
	switch p.Loss {
	case LossCrossEntropy:
		return p.Limit
	case LossBCELogits:
		return 2
	}
	return 0
}

// checkJudged returns an error if p's loss cannot compare with the model value v.
func (p *Port) checkJudged(v float32) error {
	if p.Loss == LossBCELogits && !(v >= 0 && v <= 1) {
		return fmt.Errorf("%g is not between 0 and 1, as %s wants", v, p.Loss)
	}
	return nil
}

// unjudged are the ports with nothing compared with them, so that any values will do.
func unjudged(ports []Port) []Port {
	ports = slices.Clone(ports)
	for i := range ports {
		ports[i].Loss = ""
	}
	return ports
}

// mirror gives a target that is an input the units of that input: its columns, an indicator being a number of its
// own, or the divisor of its bytes.
func (c *Codec) mirror(t *Target) {
	for _, a := range c.arrays {
		if a.Name == t.Name {
			t.divisor = a.Divisor
		}
	}
	t.Columns = nil
	for i := range c.columns {
		col := &c.columns[i]
		if in := c.inputs[c.slots[i].input]; in.Name != "" && in.Name != t.Name {
			continue
		}
		if col.Kind != kindClass {
			t.Columns = append(t.Columns, *col)
			continue
		}
		for _, class := range col.Classes {
			t.Columns = append(t.Columns, column{Name: col.Name + "." + class, Kind: kindNumber, Deviation: 1})
		}
	}
}
