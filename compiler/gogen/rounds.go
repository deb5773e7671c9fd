package gogen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// segment is a run of nodes of one function: of one round of a repetition, or of none.
type segment struct {
	nodes      []*ir.Node
	repetition *repetition
	round      int
	signature  string               // equal for rounds that one function can compute
	given      []*ir.Value          // what the round reads or writes that is not its own, in order
	labels     map[*ir.Value]string // what they are called within the round
}

// called returns the name of a value within a round: without the scope, and in terms of what the round is given.
func (s *segment) called(v *ir.Value) string {
	if label := s.labels[v.Home()]; label != "" {
		return label
	}
	plain, suffix, part := strings.Cut(strings.TrimPrefix(v.Name, "∂"), "'")
	if part {
		suffix = "'" + suffix
	}
	for _, given := range s.given {
		if strings.HasPrefix(v.Name, "∂") && plain == given.Name {
			return "∂" + s.labels[given] + suffix
		}
	}
	return inRound(v)
}

// label names what a round is given: x and ∂y what other rounds make, everything else as it is called.
func (s *segment) label() {
	s.labels = map[*ir.Value]string{}
	taken := map[string]int{}
	for _, v := range s.given {
		name := v.Name
		if v.Role == ir.Result {
			name = "x"
			if strings.HasPrefix(v.Name, "∂") {
				name = "∂y"
			}
		}
		if taken[name]++; taken[name] > 1 {
			name += strconv.Itoa(taken[name])
		}
		s.labels[v] = name
	}
}

// segments cuts the nodes of a function into runs. Rounds that are alike share the names of their fields, which are
// given here.
func (f *file) segments(fn function, nodes []*ir.Node) []*segment {
	var list []*segment
	for i, n := range nodes {
		if i == 0 || n.Scope != nodes[i-1].Scope {
			f.nameRepetition(n.Scope)
			s := &segment{}
			s.repetition, s.round = f.round(n.Scope)
			list = append(list, s)
		}
		s := list[len(list)-1]
		s.nodes = append(s.nodes, n)
	}
	for _, s := range list {
		if s.repetition != nil {
			f.sign(s, fn.program)
			f.nameResults(s, fn)
		}
	}
	return list
}

// nameResults gives the results of a round the names that they have in the rounds that are alike.
func (f *file) nameResults(s *segment, fn function) {
	for k, n := range s.nodes {
		for i, v := range n.Out {
			if v.Base().Scope != n.Scope || f.known(v.Base()) != "" { // a view of what the round is given has a name elsewhere
				continue
			}
			at := position{fn.typ + "." + fn.name, s.signature, k, i}
			if s.repetition.slot[at] == "" {
				s.repetition.slot[at] = s.repetition.space(fn.types[structOf(n)]).fresh(identifier(s.called(v)))
			}
			f.setField(v.Base(), s.repetition.slot[at])
			f.labels[v.Base()] = s.called(v)
		}
	}
}

// sign works out the signature of a round: its operations, and of each operand whether it is made by a node of the
// segment, which field of the round's structs it is, or which of the values that are given; of each result its field
// where it has one.
func (f *file) sign(s *segment, p *plan.Program) {
	var text strings.Builder
	made := map[*ir.Value]string{}
	number := map[*ir.Value]int{}
	refer := func(v *ir.Value) string {
		switch base := v.Home(); {
		case v.Role == ir.Const:
			return "#" + v.Name
		case v.Scalar():
			if v.Role == ir.Result {
				return "$" + f.field(v)
			}
			return "$" + v.Name
		case made[v.Base()] != "":
			return made[v.Base()]
		case base.Scope == s.nodes[0].Scope && f.known(base) != "" && !p.Outside[base]:
			return fmt.Sprintf("%v.%s", base.Role == ir.Result, f.fields[base])
		default:
			if _, known := number[base]; !known {
				number[base] = len(s.given)
				s.given = append(s.given, base)
			}
			return fmt.Sprintf("given%d", number[base])
		}
	}
	for k, n := range s.nodes {
		fmt.Fprintf(&text, "%s%v %s %v", n.Op.Name, n.Op.Attrs, strings.Replace(n.Layer, n.Scope+".", "", 1), f.plan.Written[n.Layer])
		for _, v := range n.In {
			fmt.Fprintf(&text, " %s:%v%v", refer(v), v.Type, v.Layout)
		}
		for i, v := range n.Out {
			_, placed := p.Places[v]
			switch old := n.Overwrites(i); {
			case old != nil:
				made[v] = refer(old)
			case n.Op.View:
				made[v] = refer(n.In[0])
			case p.Outside[v]:
				refer(v)
			default:
				made[v] = fmt.Sprintf("made%d.%d", k, i)
			}
			// another function may have named the results already, rounds apart that are alike here
			fmt.Fprintf(&text, " %v%v%v%s", v.Type, v.Layout, placed, f.known(v.Base()))
		}
		fmt.Fprintf(&text, " %d\n", p.Scratch[n].Size)
		if f.written(n) == nil {
			continue
		}
		for _, m := range s.nodes[:k] { // which loops there may be depends on what shares memory
			for _, x := range slices.Concat(m.In, m.Out) {
				for _, y := range n.Out {
					if overlap(p, x.Base(), y) {
						text.WriteString("|")
					} else {
						text.WriteString(".")
					}
				}
			}
		}
	}
	s.signature = text.String()
	s.label()
}

// rolled groups segments: those of a repetition whose neighbours are alike become calls of one function.
func rolled(list []*segment) [][]*segment {
	var groups [][]*segment
	for i, s := range list {
		if i > 0 && s.repetition != nil && s.repetition == list[i-1].repetition && s.signature == list[i-1].signature {
			groups[len(groups)-1] = append(groups[len(groups)-1], s)
		} else {
			groups = append(groups, []*segment{s})
		}
	}
	return groups
}

// roundFunction writes the function that computes rounds that are alike, in terms of the first.
func (f *file) roundFunction(fn function, name string, rounds []*segment) *jen.Statement {
	s := rounds[0]
	b := &body{file: f, program: fn.program, receiver: fn.receiver, types: fn.types, outside: fn.outside, round: s, alike: rounds,
		given: map[*ir.Value]string{}, params: map[string]bool{}}
	b.start(s.nodes)
	var given []typedName
	for _, v := range s.given {
		b.given[v] = b.locals.fresh(identifier(s.labels[v]))
		given = append(given, typedName{b.given[v], goType(v)})
	}
	b.write(s.nodes)
	var params []typedName
	for k, letter := range letters {
		if b.used[k] {
			params = append(params, typedName{letter, "*" + f.prefix + fn.types[k] + upper(s.repetition.ident)})
		}
	}
	random := slices.ContainsFunc(s.nodes, func(n *ir.Node) bool { return n.Op.Random })
	if random {
		params = append(params, typedName{"random", "*" + f.prefix + "Random" + upper(s.repetition.ident)})
	}
	f.rounds[fn.typ+"."+name] = roundParams{b.used, random}
	if fn.signature != "" {
		given = append(given, typedName{"n", "int"})
	}
	doc := fmt.Sprintf("%s is a round of %s in %s.", name, s.repetition.ident, fn.name)
	head := fmt.Sprintf("// %s\nfunc (%s *%s) %s(%s) ", doc, fn.receiver, fn.typ, name, signature(params, given...))
	return raw(head).Block(b.stmts...)
}

// roundParams says which structs the function of a round takes, and whether it takes random numbers.
type roundParams struct {
	structs [4]bool
	random  bool
}

// roundCalls calls the function of rounds that are alike for each of them: in a loop, where what each is given follows
// from its number.
func (b *body) roundCalls(fn function, i item) string {
	given := make([][]string, len(i.calls)) // what each round is given
	var lines []string
	for t, s := range i.calls {
		for _, v := range s.given {
			given[t] = append(given[t], b.memory(v))
		}
		lines = append(lines, b.roundCall(fn, i.name, s, strconv.Itoa(s.round), given[t]))
	}
	first, last := i.calls[0], i.calls[len(i.calls)-1]
	index := b.locals.fresh("i")
	var before, inner, after []string
	for k, v := range first.given {
		course, ok := courseOf(i.calls, given, k, index)
		if !ok || len(i.calls) < 3 {
			return strings.Join(lines, "\n")
		}
		if course == (courseOfRounds{}) {
			continue
		}
		name := b.locals.fresh(identifier(first.labels[v]))
		if course.behind != "" {
			before = append(before, name+" := "+given[0][k])
			after = append(after, name+" = "+course.behind)
		} else {
			inner = append(inner, name+" := "+given[len(given)-1][k],
				fmt.Sprintf("if %s != %d {\n%s = %s\n}", index, last.round, name, course.ahead))
		}
		given[0][k] = name
	}
	head := fmt.Sprintf("for %s := %d; %s >= %d; %s-- {", index, first.round, index, last.round, index)
	if last.round > first.round {
		head = fmt.Sprintf("for %s := %d; %s <= %d; %s++ {", index, first.round, index, last.round, index)
		if first.round == 0 {
			head = fmt.Sprintf("for %s := range %d {", index, last.round+1)
		}
	}
	call := b.roundCall(fn, i.name, first, index, given[0])
	return strings.Join(slices.Concat(before, []string{head}, inner, []string{call}, after, []string{"}"}), "\n")
}

// courseOfRounds tells how something that rounds are given follows from their number: from the round that was computed
// before, from the one that is computed next, or not at all.
type courseOfRounds struct{ behind, ahead string }

// courseOf tells it of the k-th thing that rounds are given; it is not ok if there is no such rule. In a forward pass a
// round takes what the one before has made; backwards it takes the gradient from there, and what the one that comes next
// has made forwards, which the last takes from elsewhere.
func courseOf(calls []*segment, given [][]string, k int, index string) (course courseOfRounds, ok bool) {
	ident, step := calls[0].repetition.ident, 1
	if calls[1].round < calls[0].round {
		step = -1
	}
	// relative writes what round t is given with the number of another round of the calls in terms of its own.
	relative := func(t, other int, number string) string {
		return strings.ReplaceAll(given[t][k], fmt.Sprintf("%s[%d].", ident, calls[other].round), fmt.Sprintf("%s[%s].", ident, number))
	}
	n := len(calls)
	same, behind, ahead := true, true, true
	for t := range n {
		same = same && given[t][k] == given[0][k]
		behind = behind && (t == 0 || relative(t, t-1, index) == relative(1, 0, index))
		ahead = ahead && (t == n-1 || relative(t, t+1, index) == relative(0, 1, index))
	}
	number := fmt.Sprintf("%s+1", index)
	if step < 0 {
		number = fmt.Sprintf("%s-1", index)
	}
	switch {
	case same:
		return courseOfRounds{}, true
	case behind:
		return courseOfRounds{behind: relative(1, 0, index)}, true
	case ahead:
		return courseOfRounds{ahead: relative(0, 1, number)}, true
	}
	return courseOfRounds{}, false
}

// roundCall calls the function of a round, of the given number, on what it is given.
func (b *body) roundCall(fn function, name string, s *segment, number string, given []string) string {
	takes := b.rounds[fn.typ+"."+name]
	var arguments []string
	for k, taken := range takes.structs {
		if taken {
			b.used[k] = true
			arguments = append(arguments, fmt.Sprintf("&%s.%s[%s]", b.name(letters[k]), s.repetition.ident, number))
		}
	}
	if takes.random {
		arguments = append(arguments, fmt.Sprintf("&%s.random.%s[%s]", b.name(b.receiver), s.repetition.ident, number))
	}
	arguments = append(arguments, given...)
	if fn.signature != "" {
		arguments = append(arguments, b.name("n"))
	}
	return fmt.Sprintf("%s.%s(%s)", b.name(b.receiver), name, strings.Join(arguments, ", "))
}
