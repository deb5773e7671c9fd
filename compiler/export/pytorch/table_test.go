package pytorch_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/dataset"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// tableCase is a table that nnc and the exported program read alike.
type tableCase struct {
	name            string
	files           map[string]string // the first is --data, "valid" and "test" are held out
	more            []string          // further files of --data
	q               dataset.Training
	tables          dataset.Tables
	init            *dataset.Training // whose codec the training starts from
	inputs, targets []data.Port
	class           string // of the data in Python; "": TableData
}

// what testdata/table.py reads of a case.
type tableFixture struct {
	Name     string            `json:"name"`
	Part     string            `json:"part"`
	Class    string            `json:"class"`
	Balanced string            `json:"balanced"`
	Args     []string          `json:"args"`
	From     string            `json:"from"`
	Inputs   []map[string]any  `json:"inputs"`
	Targets  []json.RawMessage `json:"targets"`
	Error    string            `json:"error"`
	Codec    string            `json:"codec"`
	Train    rowsFixture       `json:"train"`
	Valid    rowsFixture       `json:"valid"`
	Test     rowsFixture       `json:"test"`
	Orders   []rowsFixture     `json:"orders"`
}

type rowsFixture struct {
	Inputs  []any     `json:"inputs"`
	Targets []any     `json:"targets"`
	Weights []float32 `json:"weights"`
}

func rowsOf(set *dataset.Set, order []int, inputs, targets []data.Port) rowsFixture {
	f := rowsFixture{Inputs: []any{}, Targets: []any{}, Weights: []float32{}}
	if set == nil {
		return f
	}
	var in, out []data.Block
	for _, p := range inputs {
		in = append(in, data.NewBlock(p, len(order)))
	}
	for _, p := range targets {
		out = append(out, data.NewBlock(p, len(order)))
	}
	set.Gather(order, in, out)
	values := func(b data.Block) any {
		if b.Int != nil {
			return b.Int
		}
		return b.Float
	}
	for _, b := range in {
		f.Inputs = append(f.Inputs, values(b))
	}
	for _, b := range out {
		f.Targets = append(f.Targets, values(b))
	}
	own := set.Weights()
	for _, r := range order {
		w := float32(1)
		if own != nil {
			w = own[r]
		}
		f.Weights = append(f.Weights, w)
	}
	return f
}

func inOrder(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

// flags are a training as the exported program's command line says it.
func flags(q dataset.Training, t dataset.Tables) []string {
	args := []string{}
	list := func(flag string, values []string) {
		if len(values) > 0 {
			escaped := make([]string, len(values))
			for i, v := range values {
				escaped[i] = strings.ReplaceAll(v, ",", `\,`)
			}
			args = append(args, flag+"="+strings.Join(escaped, ","))
		}
	}
	one := func(flag, value string) {
		if value != "" {
			args = append(args, flag+"="+value)
		}
	}
	on := func(flag string, is bool) {
		if is {
			args = append(args, flag)
		}
	}
	number := func(flag string, n int) {
		if n != 0 {
			args = append(args, fmt.Sprintf("%s=%d", flag, n))
		}
	}
	for _, file := range q.Data {
		args = append(args, "--data="+file)
	}
	for _, file := range q.ValidData {
		args = append(args, "--valid-data="+file)
	}
	for _, file := range q.Test {
		args = append(args, "--test="+file)
	}
	one("--valid", q.Valid)
	number("--split-seed", int(q.Seed))
	list("--target", t.Target)
	list("--features", t.Features)
	list("--drop", t.Drop)
	list("--id", t.ID)
	list("--number", t.Number)
	list("--text", t.Text)
	list("--index", t.Index)
	list("--missing", t.Missing)
	one("--group", q.Group)
	one("--weight", q.Weight)
	one("--scale", q.Scale)
	one("--sep", t.Sep)
	one("--decimal", t.Decimal)
	one("--thousands", t.Thousands)
	one("--tokens", t.Tokens)
	one("--tokenizer", t.Tokenizer)
	one("--truncate", t.Truncate)
	number("--window", q.Window)
	number("--horizon", q.Horizon)
	on("--no-header", t.NoHeader)
	on("--missing-indicator", t.MissingIndicator)
	on("--skip-missing-target", t.SkipMissingTarget)
	return args
}

func (c *tableCase) fixture(t *testing.T) tableFixture {
	folder := t.TempDir()
	q := c.q
	path := func(name string) string { return filepath.Join(folder, name) }
	for name, text := range c.files {
		require.NoError(t, os.WriteFile(path(name), []byte(text), 0o644))
	}
	if len(q.Data) == 0 {
		q.Data = []string{path("data")}
		for _, name := range c.more {
			q.Data = append(q.Data, path(name))
		}
	}
	if _, ok := c.files["vocab"]; ok && c.tables.Tokenizer == "" {
		c.tables.Tokenizer = "wordpiece:" + path("vocab")
	}
	if _, ok := c.files["valid"]; ok {
		q.ValidData = []string{path("valid")}
	}
	if _, ok := c.files["test"]; ok {
		q.Test = []string{path("test")}
	}
	q.Inputs, q.Targets = c.inputs, c.targets
	selected := func(q *dataset.Training) {
		group, weight := q.Group, q.Weight
		q.Select = c.tables.Selection()
		q.Group, q.Weight = group, weight
		how, err := c.tables.Reading()
		require.NoError(t, err)
		q.Reading = how
	}
	f := tableFixture{Name: c.name, Part: "table", Class: "TableData", Args: flags(q, c.tables), Orders: []rowsFixture{}}
	switch c.class {
	case "SeriesData":
		f.Class, f.Part = c.class, "table_series"
	case "TextTableData":
		f.Class, f.Part = c.class, "table_text"
	case "PieceTableData":
		f.Class, f.Part = c.class, "table_pieces"
	}
	selected(&q)
	if c.init != nil {
		earlier := *c.init
		require.NoError(t, os.WriteFile(path("earlier"), []byte(c.files["earlier"]), 0o644))
		earlier.Data, earlier.Inputs, earlier.Targets = []string{path("earlier")}, c.inputs, c.targets
		selected(&earlier)
		l, err := dataset.Load(earlier)
		require.NoError(t, err)
		f.From, err = l.Codec.Text()
		require.NoError(t, err)
		q.From = &dataset.Start{Codec: l.Codec, File: "earlier.safetensors"}
		same := c.tables
		same.Tokenizer = "" // the weights have the vocabulary
		f.Args = append(flags(q, same), "--init=earlier.safetensors")
		q.Number, q.Text, q.Index, q.Tokenizer, q.MissingIndicator = nil, nil, nil, "", false
	}
	for _, p := range c.inputs {
		var limit any
		if p.Int {
			limit = p.Limit
		}
		f.Inputs = append(f.Inputs, map[string]any{"name": p.Name, "shape": p.Shape, "limit": limit})
	}
	ports := data.JudgedPorts(c.inputs, c.targets)
	for i, judged := range data.TargetsOf(c.inputs, c.targets) {
		text, err := json.Marshal(judged)
		require.NoError(t, err)
		shape, err := json.Marshal(ports[i].Shape)
		require.NoError(t, err)
		more := fmt.Sprintf(`,"shape":%s}`, shape)
		if ports[i].Int {
			more = fmt.Sprintf(`,"shape":%s,"limit":%d}`, shape, ports[i].Limit)
		}
		f.Targets = append(f.Targets, append(text[:len(text)-1:len(text)-1], more...))
	}
	l, err := dataset.Load(q)
	if err != nil {
		f.Error = err.Error()
		return f
	}
	f.Codec, err = l.Codec.Text()
	require.NoError(t, err)
	part := func(set *dataset.Set) rowsFixture {
		if set == nil {
			return rowsOf(nil, nil, nil, nil)
		}
		return rowsOf(set, inOrder(set.Rows()), c.inputs, c.targets)
	}
	f.Train, f.Valid, f.Test = part(l.Train), part(l.Valid), part(l.Test)
	for epoch := range 2 {
		order := rng.New(0, fmt.Sprintf("shuffle.%d", epoch)).Perm(l.Train.Rows())
		f.Orders = append(f.Orders, rowsOf(l.Train, order, c.inputs, c.targets))
	}
	return f
}

func numbers(name string, shape ...int) data.Port { return data.Port{Name: name, Shape: shape} }

func integers(name string, limit int, shape ...int) data.Port {
	return data.Port{Name: name, Shape: shape, Int: true, Limit: limit}
}

func judged(p data.Port, loss string, kind data.TargetKind, link data.Link) data.Port {
	p.Judged = &data.Judged{Loss: loss, Kind: kind, Link: link}
	return p
}

func quantity(n int) data.Port {
	return judged(numbers("target", n), "mse", data.Quantity, data.Identity)
}

func class(n int) data.Port {
	return judged(integers("target", n, 1), "cross_entropy", data.Class, data.Softmax)
}

func flag(n int) data.Port {
	return judged(numbers("target", n), "bce_logits", data.Flag, data.Sigmoid)
}

// rows are n lines, made of their numbers.
func rows(head string, n int, line func(i int) string) string {
	var b strings.Builder
	b.WriteString(head + "\n")
	for i := range n {
		b.WriteString(line(i) + "\n")
	}
	return b.String()
}

// draw is a number in [0, n) for a row of a column.
func draw(column string, i, n int) int { return int(rng.New(7, column).Uint64(uint64(i)) % uint64(n)) }

func pick(column string, i int, texts ...string) string { return texts[draw(column, i, len(texts))] }

// The program reads a table as nnc train does: the Codec, the rows on each side, their order and their model values are
// the same to the bit.
func TestTablesAsNncReadsThem(t *testing.T) {
	compareTables(t, tableCases())
}

func TestCaliforniaHousingAsNncReadsIt(t *testing.T) {
	path := shared.File(t, "data/california-housing.csv")
	compareTables(t, []tableCase{{name: "california", q: dataset.Training{Data: []string{path}, Test: []string{"0.2"}, Seed: 3},
		tables: dataset.Tables{Target: []string{"median_house_value"}}, inputs: []data.Port{numbers("x", 13)}, targets: []data.Port{quantity(1)}}})
}

func compareTables(t *testing.T, cases []tableCase) {
	t.Helper()
	python := os.Getenv("NNC_PYTHON")
	if python == "" {
		t.Skip("NNC_PYTHON names no python with numpy and torch")
	}
	var fixtures []tableFixture
	for i := range cases {
		fixtures = append(fixtures, cases[i].fixture(t))
	}
	text, err := json.Marshal(fixtures)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "cases.json")
	require.NoError(t, os.WriteFile(file, text, 0o644))
	out, err := exec.Command(python, "testdata/table.py", "parts", file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
}
