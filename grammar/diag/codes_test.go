package diag_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/grammar/diag"
)

func TestCodesAreUniqueAndSorted(t *testing.T) {
	form := regexp.MustCompile(`^NN\d{3}$`)
	for i, e := range diag.Codes {
		assert.Regexp(t, form, e.Code)
		assert.NotEmpty(t, e.Title, e.Code)
		if i > 0 {
			assert.Less(t, diag.Codes[i-1].Code, e.Code)
		}
		found, ok := diag.Lookup(e.Code)
		assert.True(t, ok)
		assert.Equal(t, e, found)
	}
	_, ok := diag.Lookup("NN999")
	assert.False(t, ok)
}

func TestNewTakesTheSeverityOfTheCode(t *testing.T) {
	assert.Equal(t, diag.Error, diag.New(diag.SyntaxError, "a.nn", diag.Span{}, "x").Severity)
	assert.Equal(t, diag.Warning, diag.New(diag.UnusedLabel, "a.nn", diag.Span{}, "x").Severity)
	assert.Panics(t, func() { diag.New("NN999", "a.nn", diag.Span{}, "x") })
}

func TestList(t *testing.T) {
	at := func(line, col int) diag.Span {
		p := diag.Pos{Line: line, Col: col}
		return diag.Span{Start: p, End: p}
	}
	list := diag.List{
		diag.New(diag.SyntaxError, "a.nn", at(2, 1), "third"),
		diag.New(diag.UnusedLabel, "a.nn", at(1, 9), "second"),
		diag.New(diag.SyntaxError, "a.nn", at(2, 1), "fourth"),
		diag.New(diag.UnknownWord, "a.nn", at(1, 2), "first \x1b[2J"),
		diag.New(diag.LimitExceeded, "a.nn", diag.Span{}, "the file itself"),
	}
	list.Sort()
	assert.Equal(t, `a.nn: error[NN003]: the file itself
a.nn:1:2: error[NN010]: first <U+001B>[2J
a.nn:1:9: warning[NN033]: second
a.nn:2:1: error[NN001]: third
a.nn:2:1: error[NN001]: fourth`, list.Error())
	assert.True(t, list.HasErrors())
	require.Error(t, list.Err())

	warnings := diag.List{diag.New(diag.UnusedLabel, "", at(1, 9), "w")}
	assert.False(t, warnings.HasErrors())
	assert.NoError(t, warnings.Err())
	assert.NoError(t, diag.List(nil).Err())
	assert.Equal(t, "1:9: warning[NN033]: w", warnings.Error())
}

func TestSpanJoin(t *testing.T) {
	span := func(from, to int) diag.Span {
		return diag.Span{Start: diag.Pos{Offset: from, Line: 1, Col: from + 1}, End: diag.Pos{Offset: to, Line: 1, Col: to + 1}}
	}
	assert.Equal(t, span(1, 9), span(4, 9).Join(span(1, 2)))
	assert.Equal(t, span(1, 9), span(1, 9).Join(span(3, 4)))
	assert.Equal(t, span(1, 9), diag.Span{}.Join(span(1, 9)))
	assert.Equal(t, span(1, 9), span(1, 9).Join(diag.Span{}))
}
