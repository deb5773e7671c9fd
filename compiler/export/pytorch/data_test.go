package pytorch

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/augment"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// reading is data that both nnc and the Python parts read.
type reading struct {
	inputs, targets []data.Port
	class           string   // of the parts
	flags           []string // of the program, beside --data
	training        dataset.Training
	seed            uint64
	inOrder         bool   // --shuffle=false
	augment         string // --augment
	init            bool   // the program takes over the codec
}

// values are the model values that a program makes of data: of each set of rows the hash of every input and target.
type values struct {
	Error string              `json:"error"`
	Codec string              `json:"codec"`
	Sets  map[string][]string `json:"sets"`
	Rows  map[string]int      `json:"rows"`

	Tokens [][][3]int `json:"tokens"` // of each line of a text, where it knows all characters: integer, begin and end
}

// compare holds the Python parts to what nnc makes of the same files: the Codec, which rows are held out, the order of two
// epochs, and each model value, to the bit. One process reads all, since PyTorch takes seconds to start.
func compare(t *testing.T, readings ...*reading) {
	t.Helper()
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("needs a Python with PyTorch, whose name NNC_PYTHON gives")
	}
	want := make([]values, len(readings))
	for i, r := range readings {
		want[i] = r.ours(t)
	}
	for i, got := range theirs(t, python, readings, want) {
		if !assert.Empty(t, got.Error, "reading %d", i) {
			continue
		}
		assert.Equal(t, want[i].Codec, got.Codec, "reading %d", i)
		assert.Equal(t, want[i].Rows, got.Rows, "reading %d", i)
		assert.Equal(t, want[i].Sets, got.Sets, "reading %d", i)
	}
}

// refused holds the Python parts to a message for each reading.
func refused(t *testing.T, want []string, readings ...*reading) {
	t.Helper()
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("needs a Python with PyTorch, whose name NNC_PYTHON gives")
	}
	for i, got := range theirs(t, python, readings, make([]values, len(readings))) {
		assert.Contains(t, got.Error, want[i], "reading %d", i)
		assert.NotContains(t, got.Error, "Traceback", "reading %d", i)
	}
}

// ours is what nnc makes of the data.
func (r *reading) ours(t *testing.T) values {
	t.Helper()
	q := r.training
	q.Inputs, q.Targets = r.inputs, r.targets
	l, err := dataset.Load(q)
	require.NoError(t, err)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	v := values{Codec: text, Sets: map[string][]string{}, Rows: map[string]int{}}
	for epoch := range 2 {
		set, n := l.Train, l.Train.Rows()
		order := rng.New(r.seed, "shuffle."+strconv.Itoa(epoch)).Perm(n)
		if r.inOrder {
			order = inOrder(n)
		} else {
			set = set.Epoch(r.seed, epoch)
		}
		r.add(t, &v, "epoch "+strconv.Itoa(epoch), set, order, epoch)
	}
	for name, set := range map[string]*dataset.Set{"valid": l.Valid, "test": l.Test} {
		if set == nil {
			v.Rows[name], v.Sets[name] = 0, nil
			continue
		}
		r.add(t, &v, name, set, inOrder(set.Rows()), -1)
	}
	return v
}

func inOrder(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// add hashes the rows of a set, a batch at a time; of an epoch, from 0, images are changed.
func (r *reading) add(t *testing.T, v *values, name string, set *dataset.Set, rows []int, epoch int) {
	t.Helper()
	const batch = 64
	var inputs, targets []data.Block
	for _, p := range r.inputs {
		inputs = append(inputs, data.NewBlock(p, batch))
	}
	for _, p := range r.targets {
		targets = append(targets, data.NewBlock(p, batch))
	}
	var images []*augment.Images
	if r.augment != "" && epoch >= 0 {
		plan, err := augment.Parse(r.augment)
		require.NoError(t, err)
		for i, p := range r.inputs {
			size := append([]int{1}, p.Shape...)
			size = size[len(size)-3:]
			m := augment.New(plan, size[0], size[1], size[2], set.White(i))
			m.Begin(r.seed, epoch)
			images = append(images, m)
		}
	}
	ports := append(append([]data.Port{}, r.inputs...), r.targets...)
	hashes := make([]string, len(ports))
	sums := make([]interface {
		io.Writer
		Sum([]byte) []byte
	}, len(ports))
	for i := range sums {
		sums[i] = sha256.New()
	}
	for at := 0; at < len(rows); at += batch {
		some := rows[at:min(at+batch, len(rows))]
		set.Gather(some, inputs, targets)
		for i, m := range images {
			size := r.inputs[i].Size()
			for row := range some {
				m.Change(inputs[i].Float[row*size:(row+1)*size], at+row)
			}
		}
		for i, b := range append(append([]data.Block{}, inputs...), targets...) {
			own := b.Rows(0, len(some), ports[i].Size())
			if own.Int != nil {
				require.NoError(t, binary.Write(sums[i], binary.LittleEndian, own.Int))
			} else {
				require.NoError(t, binary.Write(sums[i], binary.LittleEndian, own.Float))
			}
		}
	}
	for i := range sums {
		hashes[i] = hex.EncodeToString(sums[i].Sum(nil))
	}
	v.Rows[name], v.Sets[name] = len(rows), hashes
}

// theirs is what the Python parts make of data.
func theirs(t *testing.T, python string, readings []*reading, ours []values) []values {
	t.Helper()
	var program strings.Builder
	parts(t, &program, map[string]bool{}, "processes", "stream", "files", "codec", "split", "array_files", "arrays", "augment", "text", "questions")
	driver, err := os.ReadFile("testdata/read.py")
	require.NoError(t, err)
	program.Write(driver)
	text := strings.ReplaceAll(program.String(), "{{balanced}}", "None")
	folder := t.TempDir()
	file := filepath.Join(folder, "program.py")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	type job struct {
		Class   string   `json:"class"`
		Inputs  string   `json:"inputs"`
		Targets string   `json:"targets"`
		Codec   string   `json:"codec"`
		Args    []string `json:"args"`
	}
	jobs := make([]job, len(readings))
	for i, r := range readings {
		jobs[i] = job{Class: r.class, Inputs: pythonInputs(r.inputs), Targets: pythonTargets(r.inputs, r.targets), Args: []string{"--seed", strconv.FormatUint(r.seed, 10)}}
		for _, item := range r.training.Data {
			jobs[i].Args = append(jobs[i].Args, "--data", item)
		}
		jobs[i].Args = append(jobs[i].Args, r.flags...)
		if r.class == "WordPiece" {
			jobs[i].Args = r.flags
		}
		if r.init {
			jobs[i].Codec = ours[i].Codec
		}
	}
	work, err := json.Marshal(jobs)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "jobs.json"), work, 0o644))
	cmd := exec.Command(python, file, filepath.Join(folder, "jobs.json"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	require.NoError(t, err)
	list := make([]values, len(readings))
	require.NoError(t, json.Unmarshal(out, &list))
	return list
}

// parts writes parts, each behind those that it needs.
func parts(t *testing.T, program *strings.Builder, there map[string]bool, names ...string) {
	t.Helper()
	for _, name := range names {
		if there[name] {
			continue
		}
		there[name] = true
		text, err := os.ReadFile(filepath.Join("parts", name+".py"))
		require.NoError(t, err)
		if needs, rest, ok := strings.Cut(string(text), "\n"); ok && strings.HasPrefix(needs, "# needs:") {
			parts(t, program, there, strings.Fields(strings.TrimPrefix(needs, "# needs:"))...)
			text = []byte(rest)
		}
		program.Write(text)
		program.WriteString("\n\n")
	}
}

func pythonInputs(inputs []data.Port) string {
	var list []string
	for _, p := range inputs {
		limit := "None"
		if p.Int {
			limit = strconv.Itoa(p.Limit)
		}
		list = append(list, fmt.Sprintf("(%q, %s, %s)", p.Name, tuple(p.Shape), limit))
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func pythonTargets(inputs, targets []data.Port) string {
	var list []string
	ports := data.JudgedPorts(inputs, targets)
	for i, target := range data.TargetsOf(inputs, targets) {
		text := fmt.Sprintf("dict(name=%q, loss=%q, kind=%q, link=%q", target.Name, target.Loss, target.Kind, target.Link)
		if left := target.LeftOut.Class(); left != -100 {
			text += fmt.Sprintf(", left_out=%d", left)
		}
		if target.Longest > 0 {
			text += fmt.Sprintf(", longest=%d", target.Longest)
		}
		if target.Input {
			text += ", input=True"
		}
		if target.Count > 0 {
			text += fmt.Sprintf(", count=%d", target.Count)
		}
		text += ", shape=" + tuple(ports[i].Shape)
		if ports[i].Limit > 0 {
			text += fmt.Sprintf(", limit=%d", ports[i].Limit)
		}
		if target.Mask != "" {
			text += fmt.Sprintf(", mask=%q", target.Mask)
		}
		list = append(list, text+")")
	}
	return "[" + strings.Join(list, ", ") + "]"
}

func tuple(shape []int) string {
	text := "("
	for _, n := range shape {
		text += strconv.Itoa(n) + ","
	}
	return text + ")"
}

// classOf and its like are what losses compare with.
func classOf(count int, shape ...int) data.Port {
	return data.Port{Name: "target", Shape: shape, Int: true, Limit: count, Judged: &data.Judged{Loss: "cross_entropy", Kind: data.Class, Link: data.Softmax}}
}
