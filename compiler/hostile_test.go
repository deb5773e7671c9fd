package compiler_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// hostileSpecs are made to cost much: to be large, or to ask for something large.
func hostileSpecs() map[string]string {
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
	return map[string]string{
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
		"many layers in rounds":       "input x[2, 3]\nlinear 3->4\nrepeat 9000 { rnn 2 layers=100 bidirectional }",
		"many wrong statements":       strings.Repeat("linaer 3\n", 2_000),
		"many undefined names":        "input x[3]\n" + strings.Repeat("add yy\n", 2_000),
	}
}

// work is what something allocates. Unlike the time that it takes, it is the same on every machine.
func work(do func()) (bytes, allocations uint64) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, after.Mallocs - before.Mallocs
}

// Whatever a spec asks for, the answer costs little memory and work.
func TestHostileSpecs(t *testing.T) {
	for name, spec := range hostileSpecs() {
		t.Run(name, func(t *testing.T) {
			bytes, allocations := work(func() {
				list, err := compiler.Check("hostile.nn", []byte(spec), compiler.Options{})
				require.NoError(t, err)
				require.True(t, list.HasErrors())
			})
			assert.Less(t, bytes, uint64(64<<20))
			assert.Less(t, allocations, uint64(1_000_000))
		})
	}
}

// The aim is an answer in less than 100 ms.
func BenchmarkHostileSpecs(b *testing.B) {
	for name, spec := range hostileSpecs() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				_, err := compiler.Check("hostile.nn", []byte(spec), compiler.Options{})
				require.NoError(b, err)
			}
		})
	}
}

// deep is a spec of so many layers.
func deep(input string, layers int) []byte {
	return []byte(input + strings.Repeat("linear 64; relu\n", layers) + "loss mse; adam")
}

// Twice as many layers take twice the work, on values of two axes too.
func TestWorkGrowsWithTheLayers(t *testing.T) {
	for _, input := range []string{"input x[64]\n", "input x[4] of 64\nonehot\n"} {
		var bytes, allocations [2]uint64
		for i := range bytes {
			spec := deep(input, (i+1)*500)
			bytes[i], allocations[i] = work(func() {
				list, err := compiler.Check("deep.nn", spec, compiler.Options{})
				require.NoError(t, err)
				require.Empty(t, list)
			})
		}
		assert.Less(t, float64(bytes[1]), 2.6*float64(bytes[0]))
		assert.Less(t, float64(allocations[1]), 2.2*float64(allocations[0]))
	}
}

// The aim is 200 ms.
func BenchmarkThousandLayers(b *testing.B) {
	spec := deep("input x[64]\n", 1000)
	for b.Loop() {
		_, err := compiler.Check("deep.nn", spec, compiler.Options{})
		require.NoError(b, err)
	}
}
