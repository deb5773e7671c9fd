package gogen

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Every method of a model and of its predictor that nobody has made returns an error that names the constructor, or
// nothing, and writes nothing; a prediction into what it reads is refused.
func TestZeroValuesSayWhoMakesThem(t *testing.T) {
	source, err := File(planned(t, "input x[2]\nlinear 3; batchnorm; linear 2\nloss bce_logits; adam; schedule linear"), "main", "")
	require.NoError(t, err)
	source = append(source, `
func main() {
	var m Tool
	var p ToolPredictor
	x, y := make([]float32, 2), make([]float32, 2)
	_, train := m.Train(x, y)
	_, forward := m.Forward(x)
	_, loss := m.Loss(y)
	for name, err := range map[string]error{
		"Train": train, "Forward": forward, "Loss": loss, "Backward": m.Backward(), "Step": m.Step(),
		"Predict": m.Predict(x, y), "PredictProb": m.PredictProb(x, y), "Evaluate": m.Evaluate(x, y, x, make([]nnrt.Mean, 1)),
		"Save": m.Save("tool.safetensors"), "SaveTo": m.SaveTo(os.Stderr), "Load": m.Load("tool.safetensors"), "LoadFrom": m.LoadFrom(os.Stdin),
	} {
		if err == nil || err.Error() != "Tool."+name+": this Tool was not made by NewTool" {
			panic(err)
		}
	}
	if _, err := os.Stat("tool.safetensors"); err == nil {
		panic("a file is written")
	}
	for _, p := range []*ToolPredictor{&p, p.Predictor(), m.Predictor()} {
		for name, err := range map[string]error{"Predict": p.Predict(x, y), "PredictProb": p.PredictProb(x, y), "Evaluate": p.Evaluate(x, y, x, make([]nnrt.Mean, 1))} {
			if err == nil || !strings.Contains(err.Error(), "this ToolPredictor was not made by LoadToolPredictor") {
				panic(name)
			}
		}
	}
	m.SetLR(1)
	m.SetTotalSteps(1)
	m.Reset(3)
	if m.Params() != nil || m.State().Params != nil || m.Steps() != 0 {
		panic("there is something")
	}

	made := NewTool()
	both := make([]float32, 8)
	if err := made.Predict(both[:4], both[3:7]); err == nil || err.Error() != "Tool.Predict: x and out share memory: give each its own" {
		panic(err)
	}
	if err := made.Evaluate(both[:4], both[4:], both[4:], make([]nnrt.Mean, 1)); err == nil {
		panic("the target is written to")
	}
	if err := made.Predict(both[:4], both[4:]); err != nil {
		panic(err)
	}
}
`...)
	source = []byte(strings.Replace(string(source), "import (", "import (\n\t\"os\"\n\t\"strings\"", 1))
	runProgram(t, source, nil)
}
