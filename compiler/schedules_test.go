package compiler_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/compiler"
)

// course is the learning rate of every step of a training; make.py in testdata/schedules says where it is from.
type course struct {
	Statement    string
	LR           float64
	Steps, Epoch int
	Losses       []float64 // of the epochs
	Rates        []float64
}

// TestSchedules compares the learning rate of every step with PyTorch's, over whole trainings by generated models.
func TestSchedules(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs a program of many models")
	}
	t.Parallel()
	text, err := os.ReadFile("testdata/schedules/schedules.json")
	require.NoError(t, err)
	var courses []course
	require.NoError(t, json.Unmarshal(text, &courses))
	got := ratesOf(t, courses)
	require.Len(t, got, len(courses))
	for i, c := range courses {
		t.Run(fmt.Sprintf("%s, %d steps", c.Statement, c.Steps), func(t *testing.T) {
			require.Len(t, got[i], c.Steps)
			for s, want := range c.Rates {
				assert.InDelta(t, want, got[i][s], 1e-12*want+1e-17, "step %d", s)
			}
		})
	}
}

// ratesOf trains a model by each schedule, in one program, and returns the rates of its steps.
func ratesOf(t *testing.T, courses []course) [][]float64 {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666))
	}
	var body strings.Builder
	for i, c := range courses {
		name := fmt.Sprint("Net", i)
		spec := fmt.Sprintf("linear 1->1\nloss mse\nsgd %g\n%s\nbatch 1\n", c.LR, c.Statement)
		out, list, err := compiler.Compile(name+".nn", []byte(spec), compiler.Options{Package: "main", Model: name, Verify: true})
		require.NoError(t, err)
		require.Empty(t, list, spec)
		write(name+"_nn.go", string(out.Code))
		told, done := "", ""
		if strings.Contains(string(out.Code), ") SetTotalSteps(") {
			told = fmt.Sprintf("m.SetTotalSteps(%d)", c.Steps)
		}
		if strings.Contains(string(out.Code), ") SetEpochSteps(") {
			told = fmt.Sprintf("m.SetEpochSteps(%d)", c.Epoch)
		}
		if len(c.Losses) > 0 {
			done = fmt.Sprintf("if epoch := (s + 1) / %d; (s+1) %% %[1]d == 0 {\nm.EpochDone(%#v[epoch-1])\n}", c.Epoch, c.Losses)
		}
		fmt.Fprintf(&body, `{
	m := New%s()
	%s
	rates := make([]float64, %d)
	for s := range rates {
		_, err := m.Forward(x)
		check(err)
		_, err = m.Loss(x)
		check(err)
		check(m.Backward())
		check(m.Step())
		rates[s] = m.now.schedule
		%s
	}
	all = append(all, rates)
}
`, name, told, c.Steps, done)
	}
	write("main.go", `package main

import (
	"encoding/json"
	"log"
	"os"
)

func main() {
	var all [][]float64
	x := []float32{1}
`+body.String()+`
	check(json.NewEncoder(os.Stdout).Encode(all))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
`)
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	write("go.mod", fmt.Sprintf("module schedules\n\ngo 1.24\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %q\n", root))
	run := exec.Command("go", "run", "-trimpath", ".")
	run.Dir = folder
	run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off", "GOTOOLCHAIN=local", "CGO_ENABLED=0")
	run.Stderr = os.Stderr
	output, err := run.Output()
	require.NoError(t, err)
	var rates [][]float64
	require.NoError(t, json.Unmarshal(output, &rates))
	return rates
}
