package pytorch

import (
	"fmt"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// ports writes INPUTS and TARGETS: what data has to have.
func (p *program) ports() string {
	var w strings.Builder
	var inputs, targets []string
	for _, v := range p.graph.Inputs {
		inputs = append(inputs, fmt.Sprintf("(%q, %s, %s)", v.Port(), tupled(v.Type.Shape), limit(v)))
	}
	assign(&w, "INPUTS", "[", inputs, "]", "name, shape, and of integers the number that they are below")
	seen := map[*ir.Value]bool{}
	var compared []string
	for _, j := range p.graph.Recipe.Losses {
		if seen[j.Target] {
			continue
		}
		seen[j.Target] = true
		fields := []string{fmt.Sprintf("name=%q", j.Target.Port()), fmt.Sprintf("loss=%q", j.Name), fmt.Sprintf("kind=%q", j.Kind), fmt.Sprintf("link=%q", j.Link)}
		if j.Kind == ir.Class && j.Ignored != usuallyIgnored {
			fields = append(fields, fmt.Sprintf("left_out=%d", j.Ignored))
		}
		if j.Longest > 0 {
			fields = append(fields, fmt.Sprintf("longest=%d", j.Longest))
		}
		if j.Target.Role == ir.Input {
			fields = append(fields, "input=True")
		}
		switch j.Kind {
		case ir.Class:
			fields = append(fields, fmt.Sprintf("count=%d", j.Target.Type.Limit))
		case ir.Flag:
			fields = append(fields, "count=2")
		}
		fields = append(fields, "shape="+tupled(j.Target.Type.Shape), "limit="+limit(j.Target))
		if j.Mask != nil {
			fields = append(fields, fmt.Sprintf("mask=%q", j.Mask.Port()))
		}
		text := "dict(" + strings.Join(fields, ", ") + ")"
		if j.Target.Role == ir.Input {
			compared = append(compared, text)
		} else {
			targets = append(targets, text)
		}
	}
	assign(&w, "TARGETS", "[", append(targets, compared...), "]", "what the losses compare with")
	return w.String()
}

// usuallyIgnored is the class that takes no part where a loss does not say otherwise.
const usuallyIgnored = -100

// limit is the number that a value's integers are below, or None.
func limit(v *ir.Value) string {
	if v.Type.Kind != ir.I32 {
		return "None"
	}
	return fmt.Sprint(v.Type.Limit)
}
