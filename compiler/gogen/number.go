package gogen

import (
	"strconv"

	"github.com/dave/jennifer/jen"
)

// number writes a constant, in the shortest decimals that give it back. Every number goes through here or
// through number32: jennifer's literals of floats lose their type or their form.
func number(x float64) *jen.Statement { return jen.Op(strconv.FormatFloat(x, 'g', -1, 64)) }

// number32 writes a constant that is used as a float32.
func number32(x float64) *jen.Statement { return jen.Op(strconv.FormatFloat(x, 'g', -1, 32)) }
