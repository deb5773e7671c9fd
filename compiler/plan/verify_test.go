package plan

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// The naive verifier refuses every fault that is put into a good plan.
func TestVerifyRefusesFaults(t *testing.T) {
	counts := map[string]int{}
	for seed := range uint64(12) {
		p := Memory(random(seed), nil)
		for _, program := range p.Programs {
			refused := func(fault, want string, v any) {
				counts[fault]++
				err := program.verify()
				require.Error(t, err, "graph %d, %s: %s: %v", seed, program.Name, fault, v)
				require.Regexp(t, want, err.Error(), fault)
			}
			const taken = "memory (was|is) taken|does not lie where"
			// over reports whether v may lie where u does: it is an operand that is not needed any more.
			over := func(v, u *ir.Value) bool {
				k, ok := slices.IndexFunc(v.Def.In, func(x *ir.Value) bool { return x.Base() == u }), false
				for _, pair := range v.Def.Op.Over {
					ok = ok || pair.Operand == k
				}
				return ok && last(program, u) == made(program, v) && program.Places[u].Size == program.Places[v].Size
			}
			for v, place := range program.Places {
				with := func(place Place, fault, want string) {
					old := program.Places[v]
					program.Places[v] = place
					refused(fault, want, v.Name)
					program.Places[v] = old
				}
				with(Place{place.Offset, place.Size - 1}, "shrunk", "needs more memory than its place has")
				with(Place{place.Offset + 1, place.Size}, "misaligned", "between its lines|does not lie where")
				with(Place{place.Offset - 8, place.Size}, "misaligned", "between its lines|does not lie where")
				with(Place{program.Arena, place.Size}, "outside", "outside the arena|does not lie where")
				with(Place{-16, place.Size}, "outside", "outside the arena|does not lie where")
				if program.read(v) {
					delete(program.Places, v)
					refused("missing", "has no place", v.Name)
					program.Places[v] = place
				}
			}
			for i, n := range program.Graph.Nodes {
				for _, v := range n.Out {
					place, ok := program.Places[v]
					if !ok {
						if !program.read(v) && !program.Outside[v] && !v.Type.Scalar() && v.Home() == v && !n.Op.View {
							final := program.Graph.Nodes[len(program.Graph.Nodes)-1]
							if final != n {
								final.In = append(final.In, v)
								refused("a result that nobody read is read", "has no place", v.Name)
								final.In = final.In[:len(final.In)-1]
							}
						}
						continue
					}
					for u, other := range program.Places {
						if u == v || last(program, u) < i || made(program, u) > i || other.Offset+place.Size > program.Arena || other == place || over(v, u) {
							continue
						}
						program.Places[v] = Place{other.Offset, place.Size}
						refused("two live values overlapped", taken, u.Name+" and "+v.Name)
						program.Places[v] = place
					}
				}
				scratch, ok := program.Scratch[n]
				if !ok {
					continue
				}
				program.Scratch[n] = Place{scratch.Offset, scratch.Size - 1}
				refused("scratch shrunk", "scratch needs more memory than its place has", n)
				delete(program.Scratch, n)
				refused("scratch missing", "scratch needs more memory than its place has", n)
				program.Scratch[n] = Place{scratch.Offset + 4, scratch.Size}
				refused("scratch misaligned", "between its lines", n)
				for u, other := range program.Places {
					if last(program, u) >= i && made(program, u) <= i && other.Offset+scratch.Size <= program.Arena {
						program.Scratch[n] = Place{other.Offset, scratch.Size}
						refused("scratch over a live value", taken, n)
					}
				}
				program.Scratch[n] = scratch
			}
			if program.Arena > 0 {
				program.Arena -= 16
				refused("arena shrunk", "outside the arena", seed)
				program.Arena += 16
			}
		}
		require.NoError(t, Verify(p), "all faults are undone")
	}
	t.Log(counts)
	for _, fault := range []string{"shrunk", "misaligned", "outside", "missing", "two live values overlapped", "scratch shrunk",
		"scratch missing", "scratch misaligned", "scratch over a live value", "arena shrunk", "a result that nobody read is read"} {
		assert.Greater(t, counts[fault], 20, fault)
	}
}
