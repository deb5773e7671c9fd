package main

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// wordedError is a mistake of the command line in the words of this command, not in those of its parser.
type wordedError struct{ text string }

func (e wordedError) Error() string { return e.text }

// numbers have the parser read flags that are numbers here, so that all of them say alike what they take: at least what
// the tag `least` says, or 0.
func numbers() []kong.Option {
	var options []kong.Option
	for _, kind := range []reflect.Kind{reflect.Int, reflect.Uint64, reflect.Float64} {
		options = append(options, kong.KindMapper(kind, kong.MapperFunc(numberOf)))
	}
	return options
}

// numberOf reads one. A number below 0 looks like a flag to the parser, and is none.
func numberOf(ctx *kong.DecodeContext, target reflect.Value) error {
	var text string
	if next, ok := ctx.Scan.Peek().Value.(string); ok && strings.HasPrefix(next, "-") && strings.Trim(next, "-.0123456789") == "" {
		text = next
		ctx.Scan.Pop()
	} else if err := ctx.Scan.PopValueInto("number", &text); err != nil {
		return err
	}
	least, _ := strconv.Atoi(ctx.Value.Tag.Get("least")) // 0 without the tag
	kind, ok := "a whole number", false
	switch target.Kind() {
	case reflect.Float64:
		kind = "a number"
		x, err := strconv.ParseFloat(text, 64)
		ok = err == nil && x >= float64(least) && x <= math.MaxFloat64
		target.SetFloat(x)
	case reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, 64)
		ok = err == nil && n >= uint64(least)
		target.SetUint(n)
	default:
		n, err := strconv.Atoi(text)
		ok = err == nil && n >= least
		target.SetInt(int64(n))
	}
	if !ok {
		return wordedError{fmt.Sprintf("--%s %s: must be %s of at least %d", ctx.Value.Name, text, kind, least)}
	}
	return nil
}
