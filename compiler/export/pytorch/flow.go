package pytorch

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// step is a statement of a forward pass: a node, a call of an object of the program's own, or a loop over rounds.
type step struct {
	expression
	out  []*ir.Value
	line int // of the spec; of a call of a class of the program's own less than 0: that of its first node

	loop   string            // the head of a loop; empty: it is none
	starts []*ir.Value       // of a loop, for each result: what is in its place before the first round; nil: nothing is
	rounds map[*ir.Value]int // of a loop: the result that stands where a value stands in the first round

	inlined bool // it is written where its result is read
}

// steps are the statements of an object's forward pass.
func (p *program) steps(o *object) []*step {
	var list []*step
	for i := 0; i < len(o.nodes); {
		s, nodes := p.step(o, o, o.nodes[i:])
		list = append(list, s)
		i += nodes
	}
	return list
}

// step makes the first statement of a forward pass that computes the nodes, and says how many of them it does. The object
// at is the one whose region the first node is in.
func (p *program) step(self, at *object, nodes []*ir.Node) (*step, int) {
	n := nodes[0]
	c := at.towards(n.Layer)
	switch {
	case c == nil || c.made != "" || len(c.below) == 0:
		return p.nodeStep(self, n), 1
	case c.list():
		if s, done := p.loopStep(self, c, nodes); s != nil {
			return s, done
		}
		c = c.towards(n.Layer)
		if c == nil || !c.own() {
			return p.nodeStep(self, n), 1
		}
	}
	if c.whole && c.nodes[0] == n {
		return p.callStep(c.from(self), c), len(c.nodes)
	}
	return p.step(self, c, nodes)
}

// towards returns the object below that a layer is or stands below, or nil.
func (o *object) towards(layer string) *object {
	for _, b := range o.below {
		if within(layer, b.path) {
			return b
		}
	}
	return nil
}

// nodeStep is the statement of a node.
func (p *program) nodeStep(self *object, n *ir.Node) *step {
	r := p.rules[n]
	object := ""
	if o := p.called[n]; o != nil {
		object = o.from(self)
	}
	return &step{expression: express(r.Call, r.Operands, object, func(v *ir.Value) string { return p.fixed(self, n, v) }), out: r.results, line: n.Pos.Line}
}

// fixed writes what is the same in each pass: a number, a tensor.
func (p *program) fixed(self *object, n *ir.Node, v *ir.Value) string {
	switch v.Role {
	case ir.Const:
		return strconv.FormatFloat(v.Number, 'g', -1, 64)
	case ir.Param, ir.State:
		name := p.tensors[tensorOf{n, v}]
		if name == "" { // an object has it
			name = own(v, n.Layer)
		}
		cut := strings.LastIndexByte(name, '.')
		return p.root.at(p, name[:cut]).from(self) + name[cut:]
	}
	return ""
}

// callStep is the call of an object of a class of the program's own.
func (p *program) callStep(by string, o *object) *step {
	e := expression{{text: by + "("}}
	for i, v := range p.ins(o) {
		if i > 0 {
			e = append(e, part{text: ", "})
		}
		e = append(e, part{value: v})
	}
	return &step{expression: append(e, part{text: ")"}), out: p.outs(o), line: -o.nodes[0].Pos.Line}
}

// loopStep is a loop over rounds, if the nodes begin with them, each takes what the one before has made, and they are of one class.
func (p *program) loopStep(self, list *object, nodes []*ir.Node) (*step, int) {
	var ins, outs [][]*ir.Value
	done := 0
	for _, o := range list.below {
		if !o.own() || !o.whole || o.class != list.below[0].class || done >= len(nodes) || o.nodes[0] != nodes[done] {
			return nil, 0
		}
		done += len(o.nodes)
		ins, outs = append(ins, p.ins(o)), append(outs, p.outs(o))
	}
	last := len(outs) - 1
	if last < 1 || len(outs[0]) == 0 {
		return nil, 0
	}
	s := &step{loop: "for layer in " + list.from(self) + ":", out: outs[last], starts: make([]*ir.Value, len(outs[0])), rounds: map[*ir.Value]int{}}
	for j, v := range ins[0] {
		from := slices.Index(outs[0], ins[1][j])
		for i := 1; i < len(ins); i++ {
			if from < 0 && ins[i][j] != v || from >= 0 && ins[i][j] != outs[i-1][from] {
				return nil, 0
			}
		}
		if from < 0 {
			continue
		}
		if s.starts[from] != nil {
			return nil, 0 // one result stands in two places
		}
		s.starts[from], s.rounds[v] = v, from
	}
	for i := range last { // what a round makes is for the next alone
		for _, v := range outs[i] {
			if len(p.readers(v)) != p.readersIn(v, list.below[i+1]) || slices.Contains(p.graph.Outputs, v) {
				return nil, 0
			}
		}
	}
	call := p.callStep("layer", list.below[0])
	s.expression = call.expression
	return s, done
}

// ins are the values that an object's forward pass is given, in the order in which it reads them.
func (p *program) ins(o *object) []*ir.Value {
	var list []*ir.Value
	for _, n := range o.nodes {
		for _, v := range p.rules[n].reads() {
			if (v.Def == nil || !slices.Contains(o.nodes, v.Def)) && !slices.Contains(list, v) {
				list = append(list, v)
			}
		}
	}
	return list
}

// outs are the values of an object's forward pass that something outside of it reads.
func (p *program) outs(o *object) []*ir.Value {
	var list []*ir.Value
	for _, n := range o.nodes {
		for _, v := range p.rules[n].results {
			if slices.Contains(p.graph.Outputs, v) || len(p.readers(v)) > p.readersIn(v, o) {
				list = append(list, v)
			}
		}
	}
	return list
}

// readers are the nodes of the forward pass that read a value.
func (p *program) readers(v *ir.Value) []*ir.Node {
	if p.readBy == nil {
		p.readBy = map[*ir.Value][]*ir.Node{}
		for _, n := range p.live() {
			for _, v := range p.rules[n].reads() {
				p.readBy[v] = append(p.readBy[v], n)
			}
		}
	}
	return p.readBy[v]
}

// readersIn is how many of them are an object's.
func (p *program) readersIn(v *ir.Value, o *object) int {
	count := 0
	for _, n := range p.readers(v) {
		if slices.Contains(o.nodes, n) {
			count++
		}
	}
	return count
}
