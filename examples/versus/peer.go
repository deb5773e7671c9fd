package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// peer is a library in one of its ways of use.
type peer struct {
	name  string // for --peers, and what its worker is told to be
	title string
	tasks []string // of which kinds
	side  side
	only  string // the one workload that it does, or ""
}

// side is the program that a peer's worker is.
type side int

const (
	own    side = iota // this program
	python             // worker.py
	gopher             // _gopeers
	other              // another build of this program
)

var peers = []peer{
	{"nnc", "nnc", []string{"train", "dropout", "predict", "product"}, own, ""},
	{"hand", "by hand", []string{"train"}, own, "seed"},
	{"rows", "nnc, weight row by row", []string{"product"}, own, ""},
	{"eager", "PyTorch eager", []string{"train", "dropout", "predict", "product"}, python, ""},
	{"fused", "PyTorch eager, fused optimiser", []string{"train", "dropout"}, python, ""},
	{"compiled", "PyTorch compiled", []string{"train", "dropout", "predict"}, python, ""},
	{"whole", "PyTorch compiled, optimiser too", []string{"train", "dropout"}, python, ""},
	{"jax", "JAX jit", []string{"train", "dropout", "predict", "product"}, python, ""},
	{"onnxruntime", "ONNX Runtime", []string{"predict"}, python, ""},
	{"numpy", "NumPy", []string{"product"}, python, ""},
	{"gomlx", "GoMLX, Go backend", []string{"train", "predict"}, gopher, ""},
	{"gorgonia", "Gorgonia", []string{"train", "predict"}, gopher, ""},
	{"fma", "FMA loop", []string{"product"}, own, ""},
}

// notInGo are the workloads that GoMLX and Gorgonia have no model of here.
var notInGo = []string{"cnn", "sentiment", "shakespeare", "bert"}

// choose returns nnc, the peers of these names, or all, and other builds of nnc behind it.
func choose(names string, also []string) ([]peer, error) {
	chosen := []peer{peers[0]}
	for _, a := range also {
		name, _, _ := strings.Cut(a, "=")
		if slices.ContainsFunc(append(chosen, peers...), func(p peer) bool { return p.name == name }) {
			return nil, fmt.Errorf("--also %s: there is a peer %s already", a, name)
		}
		chosen = append(chosen, peer{name, "nnc, " + name, peers[0].tasks, other, ""})
	}
	if names == "" {
		return append(chosen, peers[1:]...), nil
	}
	for name := range strings.SplitSeq(names, ",") {
		at := slices.IndexFunc(peers, func(p peer) bool { return p.name == name })
		if at < 0 {
			var all []string
			for _, p := range peers {
				all = append(all, p.name)
			}
			return nil, fmt.Errorf("--peers %s: there is no peer %q: there are %s", names, name, strings.Join(all, ", "))
		}
		if at > 0 {
			chosen = append(chosen, peers[at])
		}
	}
	return chosen, nil
}

// programs says how to start each side.
type programs struct {
	also    map[string]string // builds of nnc by name
	python  string            // the interpreter
	script  string            // worker.py
	gopeers func() (string, error)
}

// command returns the arguments that start the worker of a peer.
func (p *programs) command(q peer) ([]string, error) {
	switch q.side {
	case other:
		return []string{p.also[q.name], "worker", "nnc"}, nil
	case python:
		if p.python == "" {
			return nil, missing{"no Python is found", "name one by --python, or activate a virtual environment"}
		}
		return []string{p.python, p.script, q.name}, nil
	case gopher:
		program, err := p.gopeers()
		if err != nil {
			return nil, err
		}
		return []string{program, q.name}, nil
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return []string{self, "worker", q.name}, nil
}

// missing is why a peer is not there, and what to do about it.
type missing struct{ what, install string }

func (m missing) Error() string { return m.what + ": " + m.install }

// findPython returns the interpreter that is asked for, that of the active environment, or the system's; "" if there
// is none.
func findPython(asked string) string {
	if asked != "" {
		return asked
	}
	if active := os.Getenv("VIRTUAL_ENV"); active != "" {
		for _, place := range []string{"bin/python", `Scripts\python.exe`} {
			if _, err := os.Stat(filepath.Join(active, place)); err == nil {
				return filepath.Join(active, place)
			}
		}
	}
	for _, name := range []string{"python3", "python"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// buildGoPeers builds the program of the other Go libraries into a folder and returns it. They are a module of their
// own, which Go fetches if it has to.
func buildGoPeers(folder string) (string, error) {
	list := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/nnc-lang/nnc/examples/versus")
	place, err := list.Output()
	if err != nil {
		return "", missing{"its source is not found", "start the comparison within nnc's repository"}
	}
	program := filepath.Join(folder, "gopeers.exe") // no system minds the ending, and one wants it
	build := exec.Command("go", "build", "-o", program, ".")
	build.Dir = filepath.Join(strings.TrimSpace(string(place)), "_gopeers")
	build.Env = append(os.Environ(), "GOWORK=off")
	if log, err := build.CombinedOutput(); err != nil {
		if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) {
			return "", err
		}
		return "", fmt.Errorf("it does not build: %s", lastLine(string(log)))
	}
	return program, nil
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
