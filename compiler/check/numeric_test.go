package check

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler/vocab"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// pool declares every form that numbers may have.
var pool = &vocab.Word{Name: "pool", Usage: "pool kernel|global [stride=kernel] …", Args: []vocab.Arg{
	{Name: "kernel", Kind: vocab.Integers, Positional: true, Required: true, Single: true, Lengths: []int{2}, Min: 1, Max: 99,
		Choices: []string{"global"}, Doc: "the window"},
	{Name: "stride", Kind: vocab.Integers, Single: true, Lengths: []int{2}, Default: math.NaN(), Min: 1, Max: 99, Doc: "…"},
	{Name: "pad", Kind: vocab.Integers, Single: true, Lengths: []int{2, 4}, Min: 0, Max: 99, Choices: []string{"same", "half"}, Doc: "…"},
	{Name: "rate", Kind: vocab.Number, Default: 0.5, Min: 0, Max: 1, Choices: []string{"auto"}, Doc: "…"},
	{Name: "weights", Kind: vocab.Numbers, Min: 0, Max: math.MaxFloat32, Doc: "…"},
	{Name: "order", Kind: vocab.Integers, Lengths: []int{3}, Min: -1, Max: 2, Doc: "…"},
	{Name: "scales", Kind: vocab.Numbers, Single: true, Default: 1, Min: -math.MaxFloat32, Max: math.MaxFloat32, Doc: "…"},
	{Name: "mode", Kind: vocab.Choice, Choices: []string{"zeros", "mirror"}, Doc: "…"},
}}

// read reads the arguments of a statement that stands below a few constants.
func read(t *testing.T, args string) (call *vocab.Call, ok bool, list diag.List, src string) {
	t.Helper()
	src = "const k = 3; const half = 2; const bad = missing\npool " + args
	file, list := grammar.Parse("spec.nn", []byte(src))
	require.Empty(t, list)
	c := newChecker(file, Options{})
	c.statements(file.Stmts[:3], 0, 0)
	require.Len(t, c.list, 1) // of bad
	s := file.Stmts[3]
	values, ok := c.arguments(pool, s.Word.Span, s.Args)
	return &vocab.Call{Word: pool, At: s.Word.Span, Args: values}, ok, c.list[1:], src
}

// text is what stands at a place.
func text(src string, s diag.Span) string { return src[s.Start.Offset:s.End.Offset] }

func TestNumbers(t *testing.T) {
	call, ok, list, src := read(t, "[k, 2*k-1] stride=2 pad=[1, 2, 3, 4] weights=[1, 2.5, k] order=[2, -1, 0] scales=[-1] rate=auto mode=mirror")
	require.True(t, ok, list.Error())
	h, w := call.Pair("kernel")
	assert.Equal(t, []int{3, 5}, []int{h, w})
	h, w = call.Pair("stride")
	assert.Equal(t, []int{2, 2}, []int{h, w})
	assert.Equal(t, []int{1, 2, 3, 4}, call.Ints("pad"))
	assert.Equal(t, []float64{1, 2.5, 3}, call.Numbers("weights"))
	assert.Equal(t, []int{2, -1, 0}, call.Ints("order"))
	assert.Equal(t, []float64{-1}, call.Numbers("scales"))
	assert.NotNil(t, call.Args["scales"].List)
	assert.Equal(t, []string{"auto", "mirror", "", ""}, []string{call.Choice("rate"), call.Choice("mode"), call.Choice("kernel"), call.Choice("pad")})
	for i, want := range []string{"1", "2", "3", "4"} {
		assert.Equal(t, want, text(src, call.Args["pad"].Spans[i]))
	}
	assert.Equal(t, "pad=[1, 2, 3, 4]", text(src, call.Span("pad")))
}

// What is left out has its default, and a constant does not hide a name that may stand in place of numbers.
func TestNumbersLeftOut(t *testing.T) {
	call, ok, list, _ := read(t, "global pad=half")
	require.True(t, ok, list.Error())
	assert.Equal(t, []string{"global", "half", "", "zeros"}, []string{call.Choice("kernel"), call.Choice("pad"), call.Choice("rate"), call.Choice("mode")})
	assert.Equal(t, 0.5, call.Number("rate"))
	assert.Equal(t, []float64{1}, call.Numbers("scales"))
	assert.Nil(t, call.Args["scales"].List)
	for _, name := range []string{"kernel", "pad", "stride", "weights", "order"} {
		assert.Nil(t, call.Ints(name), name)
	}
	assert.True(t, call.Given("pad"))
	assert.False(t, call.Given("stride"))
	call, ok, _, _ = read(t, "2")
	require.True(t, ok)
	assert.Equal(t, []int{0}, call.Ints("pad"))
}

func TestNumbersThatDoNotFit(t *testing.T) {
	for _, c := range []struct{ args, code, at, summary, help string }{
		{"", "NN014", "pool", "needs a whole number or a list of 2, or `global`", "pool kernel|global"},
		{"[3]", "NN012", "[3]", "`kernel` of `pool` is a whole number or a list of 2, or `global`, but this is a list of 1", ""},
		{"kernel=[1, 2, 3]", "NN012", "[1, 2, 3]", "a list of 3", ""},
		{"2 pad=[1, 2, 3]", "NN012", "[1, 2, 3]", "a list of 2 or 4, or `same`, or `half`, but", ""},
		{"2 order=[1, 2]", "NN012", "[1, 2]", "a list of 3 whole numbers, but", ""},
		{"[3, 1.5]", "NN012", "1.5", "every number in `kernel` of `pool` is whole, but this is 1.5", ""},
		{"[3, 4.0]", "NN012", "4.0", "is whole", "`4`"},
		{"[0, 3]", "NN013", "0", "must be from 1 to 99, but this is 0", ""},
		{"[3, k-3]", "NN013", "k-3", "must be from 1 to 99, but this is 0", ""},
		{"2 weights=[1, -2]", "NN013", "-2", "`weights` of `pool` must be at least 0, but this is -2", ""},
		{"2 weights=[1, true]", "NN012", "true", "a number is wanted", ""},
		{`2 weights=["a"]`, "NN012", `"a"`, "a number is wanted", ""},
		{"2 weights=[1, 7/0]", "NN013", "7/0", "divides by zero", ""},
		{"2 weights=[1, kk]", "NN030", "kk", "not defined", "did you mean `k`"},
		{"2 weights=1.5", "NN012", "weights=1.5", "is a list of numbers", "brackets: `[1.5]`"},
		{"2 order=k", "NN012", "order=k", "is a list of 3 whole numbers", "brackets: `[k]`"},
		{"2 rate=[1, 2]", "NN012", "rate=[1, 2]", "is a number, or `auto`", ""},
		{"2 rate=2", "NN013", "rate=2", "from 0 to 1, but is 2", ""},
		{"2 rate=autoo", "NN012", "rate=autoo", "is a number, or `auto`", "did you mean `auto`"},
		{"globl", "NN012", "globl", "or `global`", "did you mean `global`"},
		{"2 pad=quite", "NN030", "quite", "not defined", "`pad` is a whole number or a list of 2 or 4, or `same`, or `half`"},
		{"2 pad=[same, 1]", "NN030", "same", "not defined", ""},
		{"2 global", "NN015", "global", "`kernel` is given twice", ""},
		{"2 3", "NN016", "3", "no use for `3`", ""},
		{"2->3", "NN012", "2->3", "a whole number", ""},
		{"2 stride=1->[2, 3]", "NN012", "stride=1->[2, 3]", "a whole number", ""},
		{"2 mode=[1]", "NN012", "mode=[1]", "no mode", ""},
	} {
		t.Run(c.args, func(t *testing.T) {
			_, ok, list, src := read(t, c.args)
			assert.False(t, ok)
			require.Len(t, list, 1, list.Error())
			d := list[0]
			assert.Equal(t, c.code, d.Code)
			assert.Equal(t, c.at, text(src, d.Span))
			assert.Contains(t, d.Summary, c.summary)
			assert.Contains(t, d.Help, c.help)
		})
	}
}

// What depends on a mistake that has been reported is no mistake of its own.
func TestNumbersThatAreNotKnown(t *testing.T) {
	_, ok, list, _ := read(t, "2 weights=[1, bad]")
	assert.False(t, ok)
	assert.Empty(t, list)
}

// A few lines that repeat long lists cannot take long.
func TestListsCostWhatTheyHold(t *testing.T) {
	file, _ := grammar.Parse("spec.nn", []byte("pool weights=[1"+strings.Repeat(", 1", 1_999)+"]"))
	c := newChecker(file, Options{})
	taken := 0
	for c.charge(file.Stmts[0]) {
		taken++
	}
	assert.Equal(t, 5, taken) // 10,000 / 2,000
	assert.Equal(t, diag.LimitExceeded, c.list[0].Code)
}

func TestFormsOfNumbers(t *testing.T) {
	for name, want := range map[string]string{
		"kernel":  "a whole number or a list of 2, each from 1 to 99, or `global`",
		"pad":     "a whole number or a list of 2 or 4, each from 0 to 99, or `same`, or `half`",
		"rate":    "a number, from 0 to 1, or `auto`",
		"weights": "a list of numbers, each at least 0",
		"order":   "a list of 3 whole numbers, each from -1 to 2",
		"scales":  "a number or a list of numbers",
		"mode":    "one of zeros, mirror",
	} {
		for _, a := range pool.Args {
			if a.Name == name {
				assert.Equal(t, want, a.Type())
			}
		}
	}
	standard := map[string]string{"pad": "0", "rate": "0.5", "scales": "1", "mode": "zeros"}
	for _, a := range pool.Args {
		assert.Equal(t, standard[a.Name], a.Standard(), a.Name)
	}
}
