package compiler_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

const wide = "// two numbers\nconst width = 4*(2 + 6) // of the hidden layer\nconst drop = 0.5; const half = width / 2\n" +
	"input x[3]; linear width; relu; dropout drop; linear half; relu; linear 1\nloss mse; sgd 0.1\n"

// A set constant is as if it were written there: in what is made of the spec, and in what is wrong with it.
func TestSetConstants(t *testing.T) {
	text, list := compiler.SetConstants("wide.nn", []byte(wide), []compiler.Constant{{"drop", "-1e-3"}, {"width", "10"}})
	require.Empty(t, list)
	assert.Equal(t, "// two numbers\nconst width = 10 // of the hidden layer\nconst drop = -1e-3; const half = width / 2\n"+
		"input x[3]; linear width; relu; dropout drop; linear half; relu; linear 1\nloss mse; sgd 0.1\n", string(text))

	text, list = compiler.SetConstants("wide.nn", []byte(wide), []compiler.Constant{{"width", "10"}})
	require.Empty(t, list)
	stats, list, err := compiler.Measure("wide.nn", text, compiler.Options{})
	require.NoError(t, err)
	require.Empty(t, list)
	assert.Equal(t, 3*10+10+10*5+5+5+1, stats.Parameters)

	text, list = compiler.SetConstants("wide.nn", []byte(wide), []compiler.Constant{{"width", "7"}})
	require.Empty(t, list)
	list, err = compiler.Check("wide.nn", text, compiler.Options{})
	require.NoError(t, err)
	require.True(t, list.HasErrors())
	assert.Contains(t, list[0].Summary, "`width/2` does not divide exactly: it is 3.5")

	text, list = compiler.SetConstants("wide.nn", []byte(wide), nil)
	assert.Empty(t, list)
	assert.Equal(t, wide, string(text))
}

func TestConstantsThatAreNotThere(t *testing.T) {
	for spec, want := range map[string]string{
		wide:                       "did you mean `width`?",
		"const a = 1\nconst b = 2": "its constants are `a`, `b`",
		"linear 2->1":              "declare it at the top of the spec, as `const widht = 8`, and use it below",
		"repeat 2 { const widht = 3; linear 2->widht }": "declare it at the top of the spec, as `const widht = 8`, and use it below",
	} {
		text, list := compiler.SetConstants("s.nn", []byte(spec), []compiler.Constant{{"widht", "8"}})
		require.Len(t, list, 1, spec)
		assert.Equal(t, spec, string(text))
		assert.Equal(t, "--set widht: the spec has no constant of that name", list[0].Summary)
		assert.Equal(t, want, list[0].Help)
		assert.Equal(t, "s.nn", list[0].File)
	}
	// What is wrong with the syntax may hide the constant; that is said by what reads the text.
	_, list := compiler.SetConstants("s.nn", []byte("const = 3\nlinear 2->1"), []compiler.Constant{{"width", "8"}})
	assert.Empty(t, list)
}

func TestConstantsAreNumbers(t *testing.T) {
	for _, good := range []string{"1", "0.5", "-3", "1e-4", "64"} {
		assert.NoError(t, compiler.Constant{Name: "a", Value: good}.Verify(), good)
	}
	for _, bad := range []string{"", "x", "2*3", "[1]", "1; loss mse", "1\nconst y = 2", "1 2", "0x10", "inf", "nan", "true", `"a"`, "1 // x", "1 ", "(1", "--1"} {
		assert.ErrorContains(t, compiler.Constant{Name: "a", Value: bad}.Verify(), "is not a number", bad)
	}
}
