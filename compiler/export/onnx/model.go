package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
)

// Model is an ONNX model.
type Model struct {
	IR                int64
	Opsets            map[string]int64 // by the domain of operators, of which the default one is ""
	Producer, Version string
	Name, Doc         string
	Nodes             []Node
	Weights           []Tensor // and other constants
	Inputs, Outputs   []Port
	Values            []Port      // what is known of what nodes make
	Meta              [][2]string // texts under keys
}

// Node applies an operator.
type Node struct {
	Op, Domain string
	Name, Doc  string
	In, Out    []string
	Attrs      []Attr
}

// Attr is an attribute of a node: a float32, int64, string or Tensor, or a list of float32s, int64s or strings; nil is of a
// type that models of nnc do not have, a graph for example.
type Attr struct {
	Name  string
	Value any
}

// Type is the type of elements, by onnx.proto's numbers.
type Type int

// The types that models of nnc have.
const (
	Float  Type = 1
	Uint8  Type = 2
	Int32  Type = 6
	Int64  Type = 7
	String Type = 8
	Bool   Type = 9
	Double Type = 11
)

// typeNames are ONNX's names of its types; the ones without a whole number of bytes per element are left out.
var typeNames = map[Type]string{Float: "float", Uint8: "uint8", 3: "int8", 4: "uint16", 5: "int16", Int32: "int32", Int64: "int64", String: "string",
	Bool: "bool", 10: "float16", Double: "double", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16"}

func (t Type) String() string {
	if name := typeNames[t]; name != "" {
		return name
	}
	return fmt.Sprintf("type %d", int(t))
}

// size is the number of bytes of an element, 0 where that is not known.
func (t Type) size() int {
	switch t {
	case Uint8, 3, Bool:
		return 1
	case 4, 5, 10, 16:
		return 2
	case Float, Int32, 12:
		return 4
	case Int64, Double, 13, 14:
		return 8
	case 15:
		return 16
	}
	return 0
}

// Tensor is an array that the file holds. Raw has the elements in little-endian bytes, the last axis fastest; of Strings
// they are Texts.
type Tensor struct {
	Name  string
	Type  Type
	Shape []int64
	Raw   []byte
	Texts []string
}

// Rows is the size of an axis that may have any: of which there is one, the rows.
const Rows = -1

// rows is what that axis is called in files.
const rows = "rows"

// Port is an input, an output, or what is known of a value. Doc is for people.
type Port struct {
	Name  string
	Type  Type
	Shape []int64
	Doc   string
}

// String is the port's text form: x float[rows, 13].
func (p Port) String() string { return p.Name + " " + shaped(p.Type, p.Shape) }

func shaped(t Type, shape []int64) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%v[", t)
	for i, d := range shape {
		if i > 0 {
			s.WriteString(", ")
		}
		if d == Rows {
			s.WriteString(rows)
		} else {
			fmt.Fprint(&s, d)
		}
	}
	s.WriteString("]")
	return s.String()
}

// Floats returns a tensor of float32s.
func Floats(name string, shape []int64, x ...float32) Tensor {
	raw := make([]byte, 0, 4*len(x))
	for _, v := range x {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return Tensor{Name: name, Type: Float, Shape: shape, Raw: raw}
}

// Doubles returns a tensor of float64s.
func Doubles(name string, shape []int64, x ...float64) Tensor {
	var raw []byte
	for _, v := range x {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
	}
	return Tensor{Name: name, Type: Double, Shape: shape, Raw: raw}
}

// Ints returns a tensor of int64s.
func Ints(name string, shape []int64, x ...int64) Tensor {
	var raw []byte
	for _, v := range x {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(v))
	}
	return Tensor{Name: name, Type: Int64, Shape: shape, Raw: raw}
}

// Bools returns a tensor of truth values.
func Bools(name string, shape []int64, x ...bool) Tensor {
	raw := make([]byte, len(x))
	for i, v := range x {
		if v {
			raw[i] = 1
		}
	}
	return Tensor{Name: name, Type: Bool, Shape: shape, Raw: raw}
}

// Strings returns a tensor of texts.
func Strings(name string, shape []int64, x ...string) Tensor {
	return Tensor{Name: name, Type: String, Shape: shape, Texts: x}
}

// Float32s returns the elements of a tensor of float32s; ok is false where it is of another type, or has not those that its
// shape says.
func (t Tensor) Float32s() (x []float32, ok bool) {
	if t.Type != Float || !t.whole() {
		return nil, false
	}
	x = make([]float32, len(t.Raw)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(t.Raw[4*i:]))
	}
	return x, true
}

// Int64s is the same of int64s.
func (t Tensor) Int64s() (x []int64, ok bool) {
	if t.Type != Int64 || !t.whole() {
		return nil, false
	}
	x = make([]int64, len(t.Raw)/8)
	for i := range x {
		x[i] = int64(binary.LittleEndian.Uint64(t.Raw[8*i:]))
	}
	return x, true
}

// whole reports whether there are as many bytes as the shape says.
func (t Tensor) whole() bool {
	n, ok := elements(t.Shape)
	size := int64(t.Type.size())
	return ok && size > 0 && n <= math.MaxInt64/size && n*size == int64(len(t.Raw))
}

// elements is the number of elements of a shape; ok is false where there is no such number.
func elements(shape []int64) (n int64, ok bool) {
	n = 1
	for _, d := range shape {
		if d < 0 || d > 0 && n > math.MaxInt64/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}
