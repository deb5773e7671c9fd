package simplify

import (
	"cmp"
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/op"
)

// mostMaps is the largest number of element-wise operations that the runtime's kernels take: of a chain, and behind a
// product.
const mostMaps = 4

// fuse returns the graph with nodes that begin, and the element-wise ones that follow each of them, made one: each takes
// what the one before has made, element by element, and what is there when the first runs, or when the last of them would.
// The nodes are of one phase and of one round of a repetition, and layers that are written out stay as they are. most is
// how many they are together. Of several that a node could follow, it follows the latest.
func fuse(g *ir.Graph, written map[string]bool, most int, begins, continues func(*ir.Node) bool) *ir.Graph {
	f := newFusing(g)
	for i, n := range g.Nodes {
		if written[n.Layer] {
			continue
		}
		if follows := continues(n) && f.follows(i, n, most); !follows && begins(n) {
			f.groups[n] = &group{nodes: []*ir.Node{n}, place: i}
		}
	}
	lists := map[*ir.Node][]*ir.Node{}
	for _, group := range f.groups {
		if len(group.nodes) > 1 {
			lists[g.Nodes[group.place]] = group.nodes
		}
	}
	return ir.Join(g, lists, inTurn)
}

// group is nodes that become one, in order; place is the index of the node at whose place it will stand.
type group struct {
	nodes []*ir.Node
	place int
}

// last is what the group has made when all is done.
func (g *group) last() *ir.Value { return g.nodes[len(g.nodes)-1].Out[0] }

// fusing is what fuse knows of the graph.
type fusing struct {
	g       *ir.Graph
	groups  map[*ir.Node]*group
	index   map[*ir.Node]int
	run     []int               // numbers the runs of neighbours of one phase and round
	readers map[*ir.Value][]int // of a value or a view of it
	gone    map[*ir.Value][]int // where a value's memory is overwritten
}

func newFusing(g *ir.Graph) *fusing {
	f := &fusing{g: g, groups: map[*ir.Node]*group{}, index: map[*ir.Node]int{}, run: make([]int, len(g.Nodes)),
		readers: map[*ir.Value][]int{}, gone: map[*ir.Value][]int{}}
	for i, n := range g.Nodes {
		f.index[n] = i
		if i > 0 {
			before := g.Nodes[i-1]
			if f.run[i] = f.run[i-1]; n.Scope != before.Scope || n.Phase != before.Phase {
				f.run[i]++
			}
		}
		for _, v := range n.In {
			f.readers[v.Base()] = append(f.readers[v.Base()], i)
		}
		for _, pair := range n.Op.Overwrites {
			old := n.In[pair.Operand].Home()
			f.gone[old] = append(f.gone[old], i)
		}
	}
	return f
}

// at is where a node will stand.
func (f *fusing) at(n *ir.Node) int {
	if group := f.groups[n]; group != nil {
		return group.place
	}
	return f.index[n]
}

// follows lets node i join the group of one of its operands, if it can.
func (f *fusing) follows(i int, n *ir.Node, most int) bool {
	var groups []*group
	for _, v := range n.In {
		if v.Def == nil {
			continue
		}
		if g := f.groups[v.Def]; g != nil && g.last() == v && len(g.nodes) < most && !slices.Contains(groups, g) {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b *group) int { return cmp.Compare(b.place, a.place) })
	for _, g := range groups {
		if f.joins(i, n, g) {
			g.nodes = append(g.nodes, n)
			f.groups[n] = g
			return true
		}
	}
	return false
}

// joins reports whether node i can join a group, which may have to stand at the node's place then.
func (f *fusing) joins(i int, n *ir.Node, g *group) bool {
	v := g.last()
	if f.run[i] != f.run[g.place] || !v.Type.Equal(n.Out[0].Type) {
		return false
	}
	moves := false
	for _, x := range n.In {
		if x == v || x.Def == nil {
			continue
		}
		if def := x.Base().Def; def != nil && f.groups[def] == g {
			return false // what an earlier one has made need not have memory of its own
		}
		moves = moves || f.at(x.Def) > g.place
	}
	return !moves || f.move(g, i)
}

// move lets a group stand at place i, unless something in between reads what it makes or overwrites what it reads.
func (f *fusing) move(g *group, i int) bool {
	for _, n := range g.nodes {
		for _, r := range f.readers[n.Out[0]] {
			if at := f.at(f.g.Nodes[r]); at < i && f.groups[f.g.Nodes[r]] != g {
				return false
			}
		}
		for _, x := range n.In {
			if slices.ContainsFunc(f.gone[x.Home()], func(at int) bool { return at > g.place && at < i }) {
				return false
			}
		}
	}
	g.place = i
	return true
}

// inTurn makes one operation of several nodes, each of which works on what the one before has made.
func inTurn(list []*ir.Node) (*ir.Op, []*ir.Value) {
	var in []*ir.Value
	turns := make([]ir.Fused, len(list))
	for k, n := range list {
		turns[k] = ir.Fused{Op: n.Op, Layer: n.Layer, Pos: n.Pos, In: make([]int, len(n.In))}
		for i, v := range n.In {
			if k > 0 && v == list[k-1].Out[0] {
				turns[k].In[i] = ir.Before
				continue
			}
			if turns[k].In[i] = slices.Index(in, v); turns[k].In[i] < 0 {
				turns[k].In[i] = len(in)
				in = append(in, v)
			}
		}
	}
	return op.Then(turns...), in
}
