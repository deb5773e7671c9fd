package onnx

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestReadsWhatIsWritten(t *testing.T) {
	m := small()
	again, err := Read(bytesOf(t, m))
	require.NoError(t, err)
	m.Weights[3].Raw = []byte{} // no elements
	for i := range again.Weights {
		if again.Weights[i].Type == String {
			again.Weights[i].Raw = nil
		}
	}
	assert.Equal(t, m, again)
	assert.Equal(t, bytesOf(t, m), bytesOf(t, again))
}

func TestNoPrefixIsAFile(t *testing.T) {
	file := bytesOf(t, small())
	whole := 0
	for n := range file {
		if _, err := Read(file[:n]); err == nil {
			whole++ // cut between two fields of the model, behind its graph
		}
	}
	assert.Equal(t, 3, whole)
	_, err := Read(nil)
	assert.EqualError(t, err, "this is not an ONNX file")
	_, err = Read([]byte(`{"model": 1}`))
	assert.Error(t, err)
}

// What other programs write in other ways.
func TestNumbersOfTensorsInFields(t *testing.T) {
	var floats, ints, bools, m, graph message
	floats.int(1, 2)
	floats.int(2, int64(Float))
	floats.floats(4, []float32{1, -2})
	floats.text(8, "floats")
	ints.bytes(1, []byte{1, 3}) // packed
	ints.int(2, int64(Int64))
	ints.bytes(7, binary.AppendUvarint([]byte{5, 0}, math.MaxUint64))
	bools.int(2, int64(Bool))
	bools.int(5, 1)
	for _, tensor := range []*message{&floats, &ints, &bools} {
		graph.message(5, tensor)
	}
	m.int(1, 8)
	m.message(7, &graph)
	model, err := Read(m.tail)
	require.NoError(t, err)
	x, ok := model.Weights[0].Float32s()
	require.True(t, ok)
	assert.Equal(t, []float32{1, -2}, x)
	i, ok := model.Weights[1].Int64s()
	require.True(t, ok)
	assert.Equal(t, []int64{1, 3}, model.Weights[1].Shape)
	assert.Equal(t, []int64{5, 0, -1}, i)
	assert.Equal(t, []byte{1}, model.Weights[2].Raw)
	_, ok = model.Weights[0].Int64s()
	assert.False(t, ok)
}

func TestReadRefuses(t *testing.T) {
	broken := func(change func(m *Model)) []byte {
		m := small()
		change(m)
		return bytesOf(t, m)
	}
	elsewhere := func() []byte {
		var tensor, graph, m message
		tensor.text(8, "w")
		tensor.int(14, 1)
		graph.message(5, &tensor)
		m.int(1, 8)
		m.message(7, &graph)
		return m.tail
	}
	sparse := func() []byte {
		var empty, graph, m message
		graph.message(15, &empty)
		m.int(1, 8)
		m.message(7, &graph)
		return m.tail
	}
	many := func() []byte {
		var tensor, graph, m message
		tensor.bytes(1, make([]byte, mostParts))
		graph.message(5, &tensor)
		m.int(1, 8)
		m.message(7, &graph)
		var file bytes.Buffer
		require.NoError(t, m.writeTo(&file))
		return file.Bytes()
	}
	for message, file := range map[string][]byte{
		"tensor \"c\": float[] takes other than 3 bytes":                                                                                      broken(func(m *Model) { m.Weights[0].Raw = make([]byte, 3) }),
		"tensor \"i\": the shape [-2] has a negative size, or more elements than there are numbers":                                           broken(func(m *Model) { m.Weights[1].Shape[0] = -2 }),
		"tensor \"s\": the shape [3] has 3 elements, and there are 2 texts":                                                                   broken(func(m *Model) { m.Weights[2].Shape[0] = 3 }),
		"two texts of its metadata are called \"k\"":                                                                                          broken(func(m *Model) { m.Meta = append(m.Meta, m.Meta[0]) }),
		"tensor \"w\": its weights lie in another file: save the model as one file, as onnx.save_model does with save_as_external_data=False": elsewhere(),
		"it has sparse tensors, which nnc does not read":                                                                                      sparse(),
		`tensor "": the file has more than 1048576 nodes, names and numbers`:                                                                  many(),
		"node \"" + strings.Repeat("n", 120) + "…\": the file is truncated, damaged, or not an ONNX file": broken(func(m *Model) {
			m.Nodes[0].Op = "\xff"
			m.Nodes[0].Name = strings.Repeat("n", 1000)
		}),
	} {
		_, err := Read(file)
		assert.EqualError(t, err, message)
	}
}

// Whatever the bytes are, reading ends in a model or an error, and what was read can be written and read again.
func FuzzRead(f *testing.F) {
	var file strings.Builder
	_, err := small().WriteTo(&file)
	require.NoError(f, err)
	f.Add([]byte(file.String()))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Read(b)
		if err != nil {
			return
		}
		_ = m.String()
		for _, n := range m.Nodes {
			for _, a := range n.Attrs {
				if a.Value == nil {
					return // of a type that is not written
				}
			}
		}
		again, err := Read(bytesOf(t, m))
		require.NoError(t, err)
		assert.Equal(t, m.String(), again.String())
	})
}
