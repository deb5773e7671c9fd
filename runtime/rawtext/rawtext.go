// Package rawtext carries texts that need not be UTF-8 through what takes UTF-8 only.
//
// File names are bytes on most systems. Between the command line and the program behind it stand a parser of flags and
// JSON, which take text. On the way through, a byte that is not UTF-8 stands as NUL and two hexadecimal digits; no argument
// of a process can have a NUL of its own. The package knows nothing of what the texts name.
package rawtext

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Escape gives a text that is UTF-8.
func Escape(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && size == 1 {
			fmt.Fprintf(&b, "\x00%02x", s[0])
		} else {
			b.WriteString(s[:size])
		}
		s = s[size:]
	}
	return b.String()
}

// Unescape gives the bytes that Escape was given.
func Unescape(s string) string {
	parts := strings.Split(s, "\x00")
	for i, p := range parts[1:] {
		if len(p) < 2 {
			continue
		}
		if b, err := strconv.ParseUint(p[:2], 16, 8); err == nil {
			parts[i+1] = string([]byte{byte(b)}) + p[2:]
		}
	}
	return strings.Join(parts, "")
}

// Each puts f of it in place of every text in v, which is a structure. Texts that a copy of v shares with it
// stay there as they are.
func Each(v reflect.Value, f func(string) string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(f(v.String()))
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			Each(own.Elem(), f)
			v.Set(own)
		}
	case reflect.Slice:
		if !v.IsNil() {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			for i := range own.Len() {
				Each(own.Index(i), f)
			}
			v.Set(own)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() || v.Type().Field(i).Anonymous {
				Each(v.Field(i), f)
			}
		}
	}
}
