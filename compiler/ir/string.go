package ir

import (
	"fmt"
	"strings"
)

// String returns the graph's text form: one line per value and node, the same for the same graph.
func (g *Graph) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "graph %s\n", g.Model)
	for _, list := range g.Given() {
		for _, v := range list {
			fmt.Fprintf(&s, "  %-7v %s %v%v", v.Role, v.Name, v.Type, v.Layout)
			if v.Lasting() {
				fmt.Fprintf(&s, " %v", v.Init)
			}
			s.WriteString("\n")
		}
	}
	for i, n := range g.Nodes {
		if i == 0 || g.Nodes[i-1].Phase != n.Phase {
			fmt.Fprintf(&s, "%v\n", n.Phase)
		}
		fmt.Fprintf(&s, "  %v\n", n)
	}
	for _, v := range g.Outputs {
		fmt.Fprintf(&s, "output %s\n", v.Name)
	}
	if g.Loss != nil {
		fmt.Fprintf(&s, "loss %s\n", g.Loss.Name)
	}
	r := g.Recipe
	for _, j := range r.Losses {
		fmt.Fprintf(&s, "criterion %s(%s, %s) weight=%v target=%v link=%v", j.Name, j.Output.Name, j.Target.Name, j.Weight, j.Kind, j.Link)
		if j.Longest > 0 {
			fmt.Fprintf(&s, " longest=%d", j.Longest)
		}
		if j.Mask != nil {
			fmt.Fprintf(&s, " mask=%s", j.Mask.Name)
		}
		s.WriteString("\n")
	}
	for _, j := range r.Metrics {
		fmt.Fprintf(&s, "metric %s(%s, %s)\n", j.Label(), j.Output.Name, j.Target.Name)
	}
	if r.Optimiser != nil {
		fmt.Fprintf(&s, "optimiser %s lr=%v%v", r.Optimiser.Name, r.Optimiser.Rate, r.Optimiser.Update.Attrs)
		if r.Optimiser.Spared != nil {
			s.WriteString(" decay_skip=vectors")
		}
		s.WriteString("\n")
		if r.Schedule != nil {
			fmt.Fprintf(&s, "schedule %s%v", r.Schedule.Op.Name, r.Schedule.Op.Attrs)
			if p := r.Schedule.Plateau; p != nil {
				fmt.Fprintf(&s, " factor=%v patience=%d threshold=%v cooldown=%d min=%v", p.Factor, p.Patience, p.Threshold, p.Cooldown, p.Min)
			}
			s.WriteString("\n")
		}
		if r.Clip != nil {
			fmt.Fprintf(&s, "clip%v\n", r.Clip.Attrs)
		}
		if r.Stop != nil {
			fmt.Fprintf(&s, "stop patience=%d monitor=%s min_delta=%v\n", r.Stop.Patience, r.Stop.Monitor, r.Stop.MinDelta)
		}
		if r.Accumulate != nil {
			fmt.Fprintf(&s, "accumulate %d\n", r.Accumulate.Batches)
		}
		if r.Average != nil {
			fmt.Fprintf(&s, "average decay=%v\n", r.Average.Decay)
		}
		fmt.Fprintf(&s, "batch %d epochs %d seed %d\n", r.Batch, r.Epochs, r.Seed)
	}
	return s.String()
}

// String returns the node's text form: results, operation, attributes, operands, line of the spec; of a fused one those
// that it stands for, one behind the other.
func (n *Node) String() string {
	var s strings.Builder
	for k, one := range n.Unfused() {
		if k > 0 {
			s.WriteString(" → ")
		}
		one.write(&s)
	}
	return s.String()
}

func (n *Node) write(s *strings.Builder) {
	for i, v := range n.Out {
		if i > 0 {
			s.WriteString(", ")
		}
		fmt.Fprintf(s, "%s %v%v", v.Name, v.Type, v.Layout)
		if old := n.Overwrites(i); old != nil {
			fmt.Fprintf(s, " over %s", old.Name)
		}
	}
	fmt.Fprintf(s, " = %s%v(", n.Op.Name, n.Op.Attrs)
	for i, v := range n.In {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(v.Name)
	}
	fmt.Fprintf(s, ") :%d:%d", n.Pos.Line, n.Pos.Col)
}

func (i Init) String() string {
	switch {
	case i.Uniform != 0:
		return fmt.Sprintf("uniform ±%v", float32(i.Uniform))
	case i.Normal != 0:
		return fmt.Sprintf("normal %v", float32(i.Normal))
	}
	return fmt.Sprintf("fill %v", i.Fill)
}
