package compiler_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// Whatever a spec asks for, the answer comes fast and costs little memory.
func TestHostileSpecs(t *testing.T) {
	const megabyte = 1 << 20
	var doubling, chain strings.Builder
	doubling.WriteString("block A0x { relu }\n")
	for i := range 60 {
		fmt.Fprintf(&doubling, "block A%dx { A%dx; A%dx }\n", i+1, i, i)
	}
	doubling.WriteString("input x[3]\nA60x\nlinear 1")
	for i := range 1000 {
		fmt.Fprintf(&chain, "block B%dx { B%dx; relu }\n", i+1, i)
	}
	chain.WriteString("block B0x { relu }\ninput x[3]\nB1000x")
	long := strings.Repeat("a", 400)
	for name, spec := range map[string]string{
		"nested braces":               strings.Repeat("repeat 2 {", 100_000),
		"nested and closed":           strings.Repeat("repeat 2 {", 50_000) + strings.Repeat("}", 50_000),
		"a megabyte of parentheses":   strings.Repeat("(", megabyte),
		"a line of a million letters": "input " + strings.Repeat("x", 1_000_000) + "[3]",
		"a line of a million words":   strings.Repeat("a ", 500_000),
		"a product that wraps":        "input x[4294967296, 4294967296]; linear 1",
		"a product of constants":      "const n = 3037000500\ninput x[n*n]; linear 1",
		"a weight that wraps":         "input x[3037000500]; linear 3037000500",
		"a million rounds":            "input x[3]; repeat 1000000 { linear 3 }",
		"rounds within rounds":        "input x[3]; repeat 999 { repeat 999 { repeat 999 { linear 3 } } }",
		"blocks that double":          doubling.String(),
		"a chain of blocks":           chain.String(),
		"as many axes as fit":         "input x[" + strings.Repeat("1,", 2000) + "1]",
		"long names in many rounds":   "input x[3]\n" + long + ": repeat 3000 { " + long + ": linear 3 }",
		"many operands in rounds":     "input x[3]\nrepeat 9000 { add" + strings.Repeat(" x", 64) + " }",
		"many wrong statements":       strings.Repeat("linaer 3\n", 2_000),
		"many undefined names":        "input x[3]\n" + strings.Repeat("add yy\n", 2_000),
	} {
		t.Run(name, func(t *testing.T) {
			best := time.Hour
			for range 20 { // the machine may be busy with something else
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := time.Now()
				list, err := compiler.Check("hostile.nn", []byte(spec), compiler.Options{})
				best = min(best, time.Since(start))
				runtime.ReadMemStats(&after)
				require.NoError(t, err)
				require.True(t, list.HasErrors())
				assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
				if best < 100*time.Millisecond {
					break
				}
			}
			assert.Less(t, best, 100*time.Millisecond)
		})
	}
}

// A spec of a thousand layers is checked before anyone notices, on values of two axes too.
func TestThousandLayersAreCheckedFast(t *testing.T) {
	for _, input := range []string{"input x[64]\n", "input x[4] of 64\nonehot\n"} {
		checkFast(t, []byte(input+strings.Repeat("linear 64; relu\n", 1000)+"loss mse; adam"))
	}
}

func checkFast(t *testing.T, spec []byte) {
	best := time.Hour
	for range 20 {
		start := time.Now()
		list, err := compiler.Check("deep.nn", spec, compiler.Options{})
		best = min(best, time.Since(start))
		require.NoError(t, err)
		require.Empty(t, list)
		if best < 200*time.Millisecond {
			break
		}
	}
	t.Log(best)
	assert.Less(t, best, 200*time.Millisecond)
}
