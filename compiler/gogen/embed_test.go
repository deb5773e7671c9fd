package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A predictor that is read from a stream predicts what its model does, running statistics included. The file that is
// embedded here is a stand-in: a variable with the weights' content.
func TestPredictorsFromContent(t *testing.T) {
	p := planned(t, "input x[2]\nlinear 3; batchnorm; linear 2\nloss mse; adam; batch 4")
	source, err := File(p, "main", "tool.safetensors")
	require.NoError(t, err)
	require.Contains(t, string(source), "//go:embed tool.safetensors\nvar toolTrained string\n")
	text := strings.Replace(string(source), "//go:embed tool.safetensors\n", "", 1)
	runProgram(t, []byte(text+`
func main() {
	m := NewTool()
	x := []float32{1, 2, 3, 4, 5, 7, 8, 0}
	if _, err := m.Train(x, make([]float32, 8)); err != nil {
		panic(err)
	}
	if _, err := NewTrainedToolPredictor(); err == nil {
		panic("nothing is embedded yet")
	}
	var content strings.Builder
	if err := m.SaveTo(&content); err != nil {
		panic(err)
	}
	toolTrained = content.String()
	read, err := LoadToolPredictorFrom(strings.NewReader(toolTrained))
	if err != nil {
		panic(err)
	}
	trained, err := NewTrainedToolPredictor()
	if err != nil {
		panic(err)
	}
	want := make([]float32, 8)
	if err := m.Predict(x, want); err != nil {
		panic(err)
	}
	for _, p := range []*ToolPredictor{read, trained} {
		out := make([]float32, 8)
		if err := p.Predict(x, out); err != nil || !slices.Equal(out, want) {
			panic("another prediction")
		}
	}
	header := strings.Replace(toolTrained, "{", "{\"__metadata__\":{\"nnc.codec\":\"{}\"},", 1)
	size := len(header) - len(toolTrained) + int(toolTrained[0]) + int(toolTrained[1])<<8
	named, err := LoadToolPredictorFrom(strings.NewReader(string([]byte{byte(size), byte(size >> 8)}) + header[2:]))
	if err != nil {
		panic(err)
	}
	if named.Metadata()["nnc.codec"] != "{}" || named.Predictor().Metadata()["nnc.codec"] != "{}" || m.Predictor().Metadata() != nil {
		panic("the metadata is that of the file")
	}
	shared := named.Predictor()
	named.Metadata()["nnc.codec"] = "changed"
	shared.Metadata()["nnc.codec"] = "changed"
	if named.Metadata()["nnc.codec"] != "{}" || shared.Metadata()["nnc.codec"] != "{}" {
		panic("whoever asks for the metadata changes the predictor's")
	}
	var saved strings.Builder
	metadata := map[string]string{"nnc.codec": "mine"}
	m.SetMetadata(metadata)
	metadata["nnc.codec"] = "changed"
	m.Metadata()["nnc.codec"] = "changed"
	if err := m.SaveTo(&saved); err != nil {
		panic(err)
	}
	other := NewTool()
	if err := other.LoadFrom(strings.NewReader(saved.String())); err != nil {
		panic(err)
	}
	if other.Metadata()["nnc.codec"] != "mine" || other.Predictor().Metadata()["nnc.codec"] != "mine" {
		panic("the metadata is not that of the file")
	}
	if err := other.Load("nothing.safetensors"); err == nil || !strings.HasPrefix(err.Error(), "Tool.Load: ") || other.Metadata() == nil {
		panic(err)
	}
	if _, err := LoadToolPredictor("nothing.safetensors"); err == nil || !strings.HasPrefix(err.Error(), "LoadToolPredictor: ") {
		panic(err)
	}
	if other.Reset(1); other.Metadata() != nil {
		panic("a model that begins anew knows of a file")
	}
	if p, err := LoadToolPredictorFrom(nil); p != nil || err == nil {
		panic("nothing was read")
	}
	if m.LoadFrom(nil) == nil || m.SaveTo(nil) == nil {
		panic("nothing was read or written")
	}
}
`), nil)
}
