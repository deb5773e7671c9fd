package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/versus/worker"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// The tests' own program is the worker of nnc, and of peers that go wrong.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "worker" {
		if err := wrong(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func wrong(name string) error {
	peer := nnc()
	opened := peer.Open
	switch name {
	case "liar":
		peer.Open = func(t worker.Task) (*worker.Job, error) {
			job, err := opened(t)
			if err != nil {
				return nil, err
			}
			step := job.Step
			job.Step = func() (float32, error) {
				loss, err := step()
				return loss + 0.01, err
			}
			return job, nil
		}
	case "crash":
		return errors.New("banner\nout of luck")
	case "weary": // agrees, then fails
		peer.Open = func(t worker.Task) (*worker.Job, error) {
			job, err := opened(t)
			if err != nil {
				return nil, err
			}
			step, n := job.Step, 0
			job.Step = func() (float32, error) {
				if n++; n > workloads[0].steps() {
					return 0, errors.New("too tired")
				}
				return step()
			}
			return job, nil
		}
	case "absent":
		_, err := io.WriteString(os.Stdout, `{"error": "Libra is not installed", "install": "pip install libra"}`)
		return err
	}
	return run([]string{"worker", "nnc"}, readerOr(name, peer), os.Stdout, os.Stderr)
}

// readerOr serves a peer itself if it is a changed one, and leaves nothing to read then.
func readerOr(name string, peer worker.Peer) io.Reader {
	if name == "nnc" {
		return os.Stdin
	}
	if err := worker.Serve(peer, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return strings.NewReader("")
}

func TestRace(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	w, err := find("seed")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, weights.Write(file, w.file()))
	chosen := []peer{peers[0], {"before", "nnc, before", []string{"train"}, other, ""}, {"predictor", "", []string{"predict"}, python, ""}}
	for _, name := range []string{"liar", "crash", "weary", "absent"} {
		chosen = append(chosen, peer{name, name, []string{"train"}, python, ""})
	}
	how := programs{also: map[string]string{"before": self}, python: self, script: "worker"}
	results := race(w, file, chosen, how, settings{rounds: 3, seconds: 0.002, cores: 1, log: io.Discard})
	require.Len(t, results, 6, "who does not train takes no part")
	for _, one := range results[:2] {
		assert.Empty(t, one.Problem)
		assert.Len(t, one.Rounds, 3)
		assert.Positive(t, one.NS.Low)
		assert.LessOrEqual(t, one.NS.Low, one.NS.Median)
		assert.LessOrEqual(t, one.NS.Median, one.NS.High)
		assert.Zero(t, *one.Allocations)
	}
	assert.Equal(t, 1.0, results[0].NS.Ratio)
	for i, problem := range []string{"WRONG: value 1 is ", "its worker ended: out of luck", "too tired", "Libra is not installed"} {
		assert.Contains(t, results[2+i].Problem, problem)
		assert.Zero(t, results[2+i].NS, "no times of one that failed")
	}
	assert.Equal(t, "pip install libra", results[5].Install)

	var out bytes.Buffer
	(&report{Results: results}).write(&out)
	assert.Regexp(t, `\| W1 +\| train 5 rows \| nnc, before +\| [0-9.]+ [nµm]s +\| [0-9.]+ [nµm]s +\| [0-9.]+ [nµm]s +\| [0-9.]+ +\| 0 `, out.String())
	assert.Contains(t, out.String(), "| liar")
	assert.NotRegexp(t, `\| absent`, out.String())
	assert.Contains(t, out.String(), "- absent: Libra is not installed (pip install libra)")
	err = (&report{Results: results}).wrong()
	assert.ErrorContains(t, err, "W1, train 5 rows, liar: WRONG")
	assert.ErrorContains(t, err, "weary: too tired")
	assert.NotContains(t, err.Error(), "absent")
}

// A step by hand is compared with, so it must be right.
func TestByHandAgrees(t *testing.T) {
	w, err := find("seed")
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, weights.Write(file, w.file()))
	var losses [2][]float32
	for i, p := range []worker.Peer{nnc(), hand()} {
		job, err := p.Open(worker.Task{Workload: "seed", What: "train", Size: 5, File: file, Cores: 1})
		require.NoError(t, err)
		require.NoError(t, job.Restart())
		for range 2 * w.data.batches {
			loss, err := job.Step()
			require.NoError(t, err)
			losses[i] = append(losses[i], loss)
		}
	}
	assert.NoError(t, task{what: "train"}.agree(losses[0], losses[1]))
}

// Every share of the loop rests on the number of operations of its turn.
func TestTheLoopsOperations(t *testing.T) {
	source, err := os.ReadFile("fma_amd64.s")
	require.NoError(t, err)
	_, turn, ok := strings.Cut(string(source), "\nloop:\n")
	require.True(t, ok)
	turn, _, ok = strings.Cut(turn, "JNZ  loop")
	require.True(t, ok)
	const lanes, operations = 8, 2 // of an instruction, and of a lane
	assert.Equal(t, strings.Count(turn, "VFMADD231PS Y"), strings.Count(turn, "\n")-1, "nothing but those, and counting")
	if hasFMA {
		assert.Equal(t, fmaFLOP, strings.Count(turn, "VFMADD231PS Y")*lanes*operations)
	}
}

func TestNoPython(t *testing.T) {
	_, err := (&programs{}).command(peer{side: python})
	assert.ErrorContains(t, err, "--python")
}

func TestAgree(t *testing.T) {
	agree := task{what: "predict"}.agree
	assert.NoError(t, agree([]float32{1, 1000}, []float32{1.00009, 1000.09}))
	assert.Error(t, agree([]float32{1}, []float32{1.00011}))
	assert.ErrorContains(t, agree([]float32{1, 2}, []float32{1, 2.001}), "value 2 is 2.001, nnc's 2")
	assert.ErrorContains(t, agree([]float32{0}, []float32{0.0002}), "value 1")
	assert.Error(t, agree([]float32{1}, []float32{float32(math.NaN())}))
	assert.ErrorContains(t, agree([]float32{1}, nil), "0 values, nnc 1")
	assert.NoError(t, task{what: "dropout"}.agree([]float32{5}, []float32{5.4}), "each has masks of its own")
	assert.Error(t, task{what: "dropout"}.agree([]float32{5}, []float32{5.6}))
}

func TestSummarise(t *testing.T) {
	got := summarise([][]float64{{1, 2, 9}, {4, 4}, {8, 6}}, [][]float64{{1, 1, 1}, {1}, {2}})
	assert.Equal(t, figures{Median: 4, Low: 2, High: 7, Ratio: 3.5}, got)
	assert.Zero(t, summarise([][]float64{{1}}, nil).Ratio)
}

func TestShare(t *testing.T) {
	product := &result{Peer: "nnc", FLOP: 80, Rounds: [][]float64{{10}, {40}, {20}}}
	loop := &result{Peer: "fma", FLOP: 30, Rounds: [][]float64{{3}, {12}, {3}}}
	assert.InDelta(t, 0.8, product.share([]*result{product, loop}), 1e-12, "of 8 in 10, 2 in 2.5, 4 in 10")
	assert.Zero(t, product.share([]*result{product}))
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	zero := 0.0
	ns := figures{Median: 2000, Low: 1000, High: 4000, Ratio: 2}
	(&report{
		Machine: machine{CPU: "a CPU", System: "os", Go: "go", Cores: 2, Copy: 10}, Rounds: 3, Seconds: 0.5,
		Results: []*result{
			{Workload: "W1", Task: "train 5 rows", Title: "nnc", Cores: 1, NS: ns, Allocations: &zero, Memory: 3 << 20},
			{Workload: "W1", Task: "train 5 rows", Title: "x", Version: "X 1", Cores: 1, Problem: "WRONG"},
			{Task: "64³", Peer: "nnc", Title: "nnc", Cores: 2, NS: ns, FLOP: 1e5, Share: 0.5},
			{Task: "64³", Peer: "fma", Title: "FMA loop", Cores: 2, NS: ns, FLOP: 2e5, Share: 1},
		},
	}).write(&out)
	assert.Equal(t, `a CPU, os, go, 2 cores. One core copies 10.0 GB/s from memory to memory.
3 rounds of 0.5 s each. X 1.

1 core

| workload | step         | peer | median  | lowest  | highest | × nnc | allocations | memory |
|----------|--------------|------|---------|---------|---------|-------|-------------|--------|
| W1       | train 5 rows | nnc  | 2.00 µs | 1.00 µs | 4.00 µs | 2.00  | 0           | 3 MiB  |
| W1       | train 5 rows | x    | WRONG   |         |         |       |             |        |

2 cores

| product | peer     | GFLOP/s | lowest | highest | × nnc's time | of the FMA loop |
|---------|----------|---------|--------|---------|--------------|-----------------|
| 64³     | nnc      | 50.0    | 25.0   | 100.0   | 2.00         | 50 %            |
| 64³     | FMA loop | 100.0   | 50.0   | 200.0   | –            | 100 %           |
`, out.String())
}

func TestDuration(t *testing.T) {
	for ns, want := range map[float64]string{45.61: "45.6 ns", 999.4: "999 ns", 999.6: "1.00 µs", 12345: "12.3 µs", 9.999e5: "1.00 ms", 2.5e9: "2.50 s"} {
		assert.Equal(t, want, duration(ns))
	}
}

func TestReadCores(t *testing.T) {
	got, err := readCores("1,all,4,2", 4)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 4, 2}, got)
	for _, bad := range []string{"", "0", "5", "two", "1,"} {
		_, err := readCores(bad, 4)
		assert.ErrorContains(t, err, "must be 1 to 4, or all")
	}
}

func TestCPUList(t *testing.T) {
	assert.Equal(t, []int{0, 1, 2, 8}, cpuList("0-2,8"))
	assert.Nil(t, cpuList("0-x"))
	assert.Nil(t, cpuList("3-1"))
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"--workloads", "W3,W1", "--peers", "jax", "--also", "before=x", "--cores", "1"}, io.Discard)
	require.NoError(t, err)
	assert.Equal(t, "digits", o.workloads[0].name)
	require.Len(t, o.peers, 3)
	assert.Equal(t, []string{"nnc", "before", "jax"}, []string{o.peers[0].name, o.peers[1].name, o.peers[2].name})
	for _, c := range []struct{ args, want string }{
		{"--workloads W0", `no "W0": there are W1, W2, `},
		{"--peers caffe", `no peer "caffe": there are nnc, hand, rows, eager`},
		{"--also before", "NAME=PATH"},
		{"--also jax=x", "a peer jax already"},
		{"--also a=x --also a=y", "a peer a already"},
		{"--rounds 0", "--rounds 0"},
		{"--seconds NaN", "--seconds NaN"},
		{"--cores 0", "--cores 0"},
		{"W1", `"W1" is no flag`},
	} {
		_, err := parse(strings.Fields(c.args), io.Discard)
		assert.ErrorContains(t, err, c.want)
	}
}

func TestRun(t *testing.T) {
	file := filepath.Join(t.TempDir(), "out.json")
	var out bytes.Buffer
	args := []string{"--workloads", "W1", "--peers", "nnc", "--cores", "1", "--rounds", "2", "--seconds", "0.001", "--json", file}
	require.NoError(t, run(args, nil, &out, io.Discard))
	assert.Contains(t, out.String(), "| W1       | train 5 rows | nnc  |")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var r report
	require.NoError(t, json.Unmarshal(text, &r))
	require.Len(t, r.Results, 1)
	assert.Positive(t, r.Results[0].NS.Median)
}

func TestArraysAreTheSameEachTime(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for _, folder := range []string{a, b} {
		require.NoError(t, run([]string{"--workloads", "W2", "--arrays", folder}, nil, io.Discard, io.Discard))
	}
	first, err := os.ReadFile(filepath.Join(a, "house.safetensors"))
	require.NoError(t, err)
	second, err := os.ReadFile(filepath.Join(b, "house.safetensors"))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, second))
}
