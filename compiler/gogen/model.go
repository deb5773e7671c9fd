package gogen

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/nnc-lang/nnc/compiler/ir"
	"github.com/nnc-lang/nnc/compiler/plan"
)

// typeModel writes the model's type and the constant of its batch.
func (f *file) typeModel() {
	for _, line := range strings.Split(f.typeDoc(), "\n") {
		f.Comment(strings.TrimRight("// "+line, " "))
	}
	fields := []jen.Code{
		jen.Id("params").Op("*").Id(f.prefix + "Params"),
		jen.Id("list").Index().Add(nnrtFunc("Param")),
		jen.Id("predictor").Op("*").Id(f.model + "Predictor"),
	}
	if f.plan.Step != nil {
		if len(f.graph.Slots) > 0 {
			fields = append(fields, jen.Id("slots").Id(f.prefix+"Slots"))
		}
		fields = append(fields,
			jen.Id("arena").Id(f.prefix+"Arena"),
			jen.Id("pool").Op("*").Add(kernelFunc("Pool")),
			jen.Id("step").Uint64().Comment("steps done"),
			jen.Id("stage").Add(nnrtFunc("Stage")).Comment("how far the four calls have come"),
			jen.Id("n").Int().Comment("rows of the running step"))
		for _, list := range [][]*ir.Value{f.graph.Inputs, f.graph.Targets} {
			for _, v := range list {
				fields = append(fields, jen.Id(f.value(v)).Add(goType(v)).Comment("of the running step, "+shapeOf(v)))
			}
		}
		if len(f.streams) > 0 {
			var streams []jen.Code
			for _, n := range f.streams {
				streams = append(streams, jen.Id(f.streamField(n)).Qual(rngPkg, "Stream"))
			}
			fields = append(fields, jen.Id("streams").Struct(streams...))
		}
	}
	f.Type().Id(f.model).Struct(fields...)
	if f.plan.Step != nil {
		f.Line()
		f.Commentf("// %sBatch is the largest number of rows in one training step.", f.model)
		f.Const().Id(f.model + "Batch").Op("=").Lit(f.plan.Step.Rows)
	}
}

// shapeOf writes a value's shape for a comment: [n, 10].
func shapeOf(v *ir.Value) string {
	return strings.TrimPrefix(v.Type.String(), v.Type.Kind.String())
}

// arenaType writes the struct whose slices lie in a program's arena, and its constructor.
func (f *file) arenaType(name, doc string, p *plan.Program) {
	fields := []jen.Code{}
	values := jen.Dict{}
	if len(p.Scratch) > 0 {
		fields = append(fields, jen.Id("slab").Index().Float32())
		values[jen.Id("slab")] = jen.Id("slab")
	}
	for _, n := range p.Graph.Nodes {
		for _, v := range n.Out {
			if place, ok := p.Places[v]; ok {
				fields = append(fields, jen.Id(f.value(v)).Index().Float32().Comment(oneLine(fmt.Sprintf("%s %s", v.Name, shapeOf(v)))))
				values[jen.Id(f.value(v))] = slab(place)
			}
		}
	}
	f.Line()
	f.Commentf("// %s %s", name, doc)
	f.Type().Id(name).Struct(fields...)
	if len(fields) == 0 {
		return
	}
	f.Line()
	f.Func().Id("new"+strings.ToUpper(name[:1])+name[1:]).Params().Id(name).Block(
		jen.Id("slab").Op(":=").Add(nnrtFunc("Slab")).Call(jen.Lit(p.Arena)),
		jen.Return(jen.Id(name).Values(values)),
	)
}

// slab cuts a place out of the slab.
func slab(p plan.Place) *jen.Statement {
	return jen.Id("slab").Index(jen.Lit(p.Offset), jen.Lit(p.End()), jen.Lit(p.End()))
}

// slabType writes a struct of slices of one slab, for parameters or slots, and its constructor.
func (f *file) slabType(name, doc string, values []*ir.Value, places []plan.Place, pointer bool) {
	var fields []jen.Code
	inits := jen.Dict{}
	size := 0
	for i, v := range values {
		text := fmt.Sprintf("%s %s", v.Name, shapeOf(v))
		if v.Layout == ir.Transposed {
			text += ", in memory " + ir.Shape{v.Type.Shape[1], v.Type.Shape[0]}.String()
		}
		fields = append(fields, jen.Id(f.value(v)).Index().Float32().Comment(oneLine(text)))
		inits[jen.Id(f.value(v))] = slab(places[i])
		size = places[i].End()
	}
	f.Line()
	f.Commentf("// %s %s", name, doc)
	f.Type().Id(name).Struct(fields...)
	f.Line()
	result, value := jen.Id(name), jen.Id(name)
	if pointer {
		result, value = jen.Op("*").Id(name), jen.Op("&").Id(name)
	}
	body := []jen.Code{jen.Return(value.Values(inits))}
	if len(values) > 0 {
		body = append([]jen.Code{jen.Id("slab").Op(":=").Add(nnrtFunc("Slab")).Call(jen.Lit(size))}, body...)
	}
	f.Func().Id("new" + strings.ToUpper(name[:1]) + name[1:]).Params().Add(result).Block(body...)
}

// constructor writes NewHouse.
func (f *file) constructor() {
	config := nnrtFunc("Configure").Call(nnrtFunc("Config").Values(jen.Dict{jen.Id("Seed"): jen.Op(strconv.FormatUint(f.graph.Recipe.Seed, 10))}), jen.Id("options"))
	values := jen.Dict{jen.Id("params"): jen.Id("w"), jen.Id("predictor"): jen.Id("new" + f.model + "Predictor").Call(jen.Id("w"))}
	body := []jen.Code{jen.Id("w").Op(":=").Id("new" + f.model + "Params").Call()}
	var grads []jen.Code
	if f.plan.Step != nil {
		values[jen.Id("arena")] = jen.Id("new" + f.model + "Arena").Call()
		if len(f.graph.Slots) > 0 {
			values[jen.Id("slots")] = jen.Id("new" + f.model + "Slots").Call()
		}
		grads = []jen.Code{jen.Op("&").Id("m").Dot("arena")}
	}
	body = append(body,
		jen.Id("m").Op(":=").Op("&").Id(f.model).Values(values),
		jen.Id("m").Dot("list").Op("=").Id("w").Dot("list").Call(grads...))
	draws := f.draws()
	if len(f.streams) > 0 || slices.ContainsFunc(f.graph.Params, func(v *ir.Value) bool { return v.Init.Uniform != 0 || v.Init.Normal != 0 }) {
		body = append(body, jen.Id("seed").Op(":=").Add(config).Dot("Seed"))
	} else {
		body = append(body, jen.Id("_").Op("=").Id("options"))
	}
	body = append(body, draws...)
	for _, n := range f.streams {
		body = append(body, jen.Id("m").Dot("streams").Dot(f.streamField(n)).Op("=").Qual(rngPkg, "New").Call(jen.Id("seed"), jen.Lit(n.Layer)))
	}
	body = append(body, jen.Return(jen.Id("m")))
	f.Line()
	f.Commentf("// New%s returns the model with its parameters initialised as the spec says: from the seed %d, unless an", f.model, f.graph.Recipe.Seed)
	f.Comment("// option names another.")
	f.Func().Id("New" + f.model).Params(jen.Id("options").Op("...").Add(nnrtFunc("Option"))).Op("*").Id(f.model).Block(body...)
}

// draws initialises the parameters.
func (f *file) draws() []jen.Code {
	var draws []jen.Code
	for i, v := range f.graph.Params {
		param := jen.Id("m").Dot("list").Index(jen.Lit(i))
		switch {
		case v.Init.Uniform != 0:
			draws = append(draws, param.Dot("Uniform").Call(jen.Id("seed"), number32(v.Init.Uniform)).Comment(oneLine(v.Name+", "+interval(v.Init.Uniform))))
		case v.Init.Normal != 0:
			draws = append(draws, param.Dot("Normal").Call(jen.Id("seed"), number32(v.Init.Normal)).Comment(oneLine(v.Name)))
		case v.Init.Fill != 0:
			draws = append(draws, param.Dot("Fill").Call(number32(v.Init.Fill)).Comment(oneLine(v.Name)))
		}
	}
	return draws
}

// interval writes a bound as ±1/√16 where it is that, else in digits.
func interval(bound float64) string {
	if fan := math.Round(1 / (bound * bound)); fan > 0 && bound == 1/math.Sqrt(fan) {
		return fmt.Sprintf("±1/√%.0f", fan)
	}
	return fmt.Sprintf("±%.4g", bound)
}
