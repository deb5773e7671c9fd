package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/weights"
)

var update = flag.Bool("update", false, "write what the commands print into the scripts' files")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nnc": main})
}

// Beyond testscript's own, the scripts know
//
//	exits N command…   the command must end with that exit code
//	snapshot           remember every file of the script's folder: name, content and time
//	unchanged          since the snapshot no file has come, gone or been written
//	truncate file N    keep the first N bytes
//	tensors file name=AxB…   write a weight file of zeros
//	header file N text       write a weight file with that header, whatever it says, and N bytes of zeros
//	image file WxH grey…     write a PNG or JPEG image of upright stripes
func TestScripts(t *testing.T) {
	if testing.Short() { // as under the race detector: what they run are programs of their own
		t.Skip("runs hundreds of commands")
	}
	shared := cacheDirs(t)
	torch, err := filepath.Abs("../../runtime/torch/testdata")
	require.NoError(t, err)
	command, err := exec.LookPath("nnc")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Vars = append(env.Vars, shared...)
			env.Setenv("NNC", command)
			env.Setenv("TORCH", torch) // files that PyTorch has written
			env.Values[snapshotKey] = new(string)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":     exits,
			"snapshot":  snapshot,
			"unchanged": unchanged,
			"truncate":  truncate,
			"tensors":   tensors,
			"header":    header,
			"image":     writeImage,
		},
	})
}

// cacheDirs is an environment with Go's cache of the user and a new cache of programs, for all scripts together.
func cacheDirs(t *testing.T) []string {
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	require.NoError(t, err)
	dir := t.TempDir()
	return []string{
		"GOCACHE=" + strings.TrimSpace(string(goCache)),
		"XDG_CACHE_HOME=" + dir, "HOME=" + dir, "LocalAppData=" + dir,
		"GOPACKAGE=", "GOFILE=", "COLUMNS=", "TERM=", "NO_COLOR=",
	}
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N command [args…]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		got = ended.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

type snapshotKeyType struct{}

var snapshotKey snapshotKeyType

// tree describes every file under the script's folder.
func tree(ts *testscript.TestScript) string {
	var b strings.Builder
	root := ts.Getenv("WORK")
	ts.Check(filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		fmt.Fprintf(&b, "%s %s %s %x\n", strings.TrimPrefix(path, root), info.Mode(), info.ModTime(), sha256.Sum256(text))
		return err
	}))
	return b.String()
}

func snapshot(ts *testscript.TestScript, neg bool, args []string) {
	*ts.Value(snapshotKey).(*string) = tree(ts)
}

func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	before, after := *ts.Value(snapshotKey).(*string), tree(ts)
	if before == "" || (before == after) == neg {
		ts.Fatalf("files before:\n%sfiles now:\n%s", before, after)
	}
}

func truncate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: truncate file N")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

func tensors(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: tensors file name=AxB…")
	}
	f := &weights.File{}
	for _, arg := range args[1:] {
		name, dims, _ := strings.Cut(arg, "=")
		t := weights.Tensor{Name: name, DType: weights.F32}
		size := 1
		for _, d := range strings.Split(dims, "x") {
			n, err := strconv.Atoi(d)
			ts.Check(err)
			t.Shape, size = append(t.Shape, n), size*n
		}
		t.F32 = make([]float32, size)
		f.Tensors = append(f.Tensors, t)
	}
	ts.Check(weights.Write(ts.MkAbs(args[0]), f))
}

func header(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: header file N text")
	}
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	content := append(binary.LittleEndian.AppendUint64(nil, uint64(len(args[2]))), args[2]...)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), append(content, make([]byte, n)...), 0o666))
}

// The command is a function too, of arguments and streams.
func TestRun(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := run([]string{"build", "-p", "p", "-"}, strings.NewReader("linear 10->1; loss mse; sgd 0.01\n"), &stdout, &stderr)
	assert.Equal(t, 0, code)
	assert.Empty(t, stderr.String())
	assert.True(t, strings.HasPrefix(stdout.String(), "// Code generated by nnc from stdin. DO NOT EDIT.\n"), stdout.String())

	for _, args := range [][]string{{"--help"}, {"train", "--help"}, {"build", "-h"}} {
		stdout.Reset()
		assert.Equal(t, 0, run(args, nil, &stdout, &stderr))
		assert.Contains(t, stdout.String(), "Usage: nnc")
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("broken pipe") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestStreamsThatFail(t *testing.T) {
	var stderr bytes.Buffer
	assert.Equal(t, 2, run([]string{"check", "-"}, failing{}, failing{}, &stderr))
	assert.Equal(t, "nnc check: standard input: broken pipe\n", stderr.String())
	for _, args := range [][]string{{"build", "-e", "linear 2->1"}, {"version"}, {"--version"}, {"explain"}, {"dump", "--after", "check", "-"}} {
		stderr.Reset()
		assert.Equal(t, 2, run(args, strings.NewReader("linear 2->1"), failing{}, &stderr))
		assert.Contains(t, stderr.String(), "no space left")
	}
}
