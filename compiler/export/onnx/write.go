package onnx

import (
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
)

// producer is who files say wrote them.
const producer = "nnc"

// MaxSize is how large a file can be: protocol buffers have no more.
const MaxSize = math.MaxInt32

// WriteTo writes the model as a file. The same model gives the same bytes. Nothing is written of one that no file can hold.
func (m *Model) WriteTo(w io.Writer) (int64, error) {
	out := m.message()
	if out.size > MaxSize {
		return 0, fmt.Errorf("the file would take %d bytes, and an ONNX file has at most %d (2 GiB): keep the model in safetensors, and run it by nnc or PyTorch", out.size, int64(MaxSize))
	}
	return out.size, out.writeTo(w)
}

// The fields are numbered as in https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
func (m *Model) message() *message {
	var graph, out message
	for i := range m.Nodes {
		graph.message(1, m.Nodes[i].message())
	}
	graph.text(2, m.Name)
	for i := range m.Weights {
		graph.message(5, m.Weights[i].message())
	}
	graph.text(10, m.Doc)
	for _, list := range []struct {
		field int
		ports []Port
	}{{11, m.Inputs}, {12, m.Outputs}, {13, m.Values}} {
		for _, p := range list.ports {
			graph.message(list.field, p.message())
		}
	}
	out.int(1, m.IR)
	out.text(2, m.Producer)
	out.text(3, m.Version)
	out.text(6, m.Doc)
	out.message(7, &graph)
	for _, domain := range slices.Sorted(maps.Keys(m.Opsets)) {
		var opset message
		opset.text(1, domain)
		opset.int(2, m.Opsets[domain])
		out.message(8, &opset)
	}
	for _, p := range m.Meta {
		var pair message
		pair.text(1, p[0])
		pair.text(2, p[1])
		out.message(14, &pair)
	}
	return &out
}

func (n *Node) message() *message {
	var m message
	m.texts(1, n.In)
	m.texts(2, n.Out)
	m.text(3, n.Name)
	m.text(4, n.Op)
	for _, a := range n.Attrs {
		m.message(5, a.message())
	}
	m.text(6, n.Doc)
	m.text(7, n.Domain)
	return &m
}

// The numbers of the types of attributes.
const (
	attrFloat   = 1
	attrInt     = 2
	attrString  = 3
	attrTensor  = 4
	attrFloats  = 6
	attrInts    = 7
	attrStrings = 8
)

func (a Attr) message() *message {
	var m message
	m.text(1, a.Name)
	var kind int64
	switch v := a.Value.(type) {
	case float32:
		kind = attrFloat
		m.float(2, v)
	case int64:
		kind = attrInt
		m.int(3, v)
	case string:
		kind = attrString
		m.bytes(4, []byte(v))
	case Tensor:
		kind = attrTensor
		m.message(5, v.message())
	case []float32:
		kind = attrFloats
		m.floats(7, v)
	case []int64:
		kind = attrInts
		m.ints(8, v)
	case []string:
		kind = attrStrings
		m.texts(9, v)
	default:
		panic(fmt.Sprintf("onnx: attribute %s of type %T", a.Name, v))
	}
	m.int(20, kind)
	return &m
}

func (t Tensor) message() *message {
	var m message
	m.ints(1, t.Shape)
	m.int(2, int64(t.Type))
	m.texts(6, t.Texts)
	m.text(8, t.Name)
	if t.Type != String {
		m.bytes(9, t.Raw)
	}
	return &m
}

func (p Port) message() *message {
	var shape, tensor, kind, m message
	for _, d := range p.Shape {
		var dim message
		if d == Rows {
			dim.text(2, rows)
		} else {
			dim.int(1, d)
		}
		shape.message(1, &dim)
	}
	tensor.int(1, int64(p.Type))
	tensor.message(2, &shape)
	kind.message(1, &tensor)
	m.text(1, p.Name)
	m.message(2, &kind)
	m.text(3, p.Doc)
	return &m
}

// Head is how many bytes of a file Ours looks at.
const Head = 7

// Ours reports whether a file that begins so was written here: its first fields are the version of the format, which is below
// 128, and the producer.
func Ours(head []byte) bool {
	return len(head) >= Head && head[0] == 1<<3 && head[1] < 128 && string(head[2:Head]) == "\x12\x03"+producer
}
