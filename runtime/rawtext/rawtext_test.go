package rawtext

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

// Bytes that are no UTF-8 come back as they were, among letters that are, and a text that is stays as it stands.
func TestEscapedBytes(t *testing.T) {
	for _, s := range []string{"", "a.csv", "模型 ü.csv", "\xfc", "a\xfcb", "\xff\xfe\x80", "ü\xc3", "\xe6\xa8x", "\xed\xb3\xbc", "\uFFFD"} {
		e := Escape(s)
		assert.True(t, utf8.ValidString(e), "%q", s)
		assert.Equal(t, utf8.ValidString(s), e == s, "%q", s)
		assert.Equal(t, s, Unescape(e), "%q", s)
	}
	assert.Equal(t, "a\x00fcb", Escape("a\xfcb"))
}

func TestEach(t *testing.T) {
	type inner struct{ S string }
	type outer struct {
		S     string
		List  []string
		P     *string
		None  *string
		Inner inner
		N     int
		own   string
	}
	p := "p"
	v := outer{S: "s", List: []string{"a", "b"}, P: &p, Inner: inner{"i"}, N: 3, own: "own"}
	copied := v
	Each(reflect.ValueOf(&v).Elem(), strings.ToUpper)
	assert.Equal(t, outer{S: "S", List: []string{"A", "B"}, P: v.P, Inner: inner{"I"}, N: 3, own: "own"}, v)
	assert.Equal(t, "P", *v.P)
	assert.Equal(t, outer{S: "s", List: []string{"a", "b"}, P: &p, Inner: inner{"i"}, N: 3, own: "own"}, copied)
	assert.Equal(t, "p", p)
}
