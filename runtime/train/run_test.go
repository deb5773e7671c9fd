package train

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/nnrt"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// runJob runs a job and returns what it wrote.
func runJob(t *testing.T, m Model, job Job) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Run(context.Background(), evaluating(m), job, &out, &errs)
	return code, out.String(), errs.String()
}

func mustRun(t *testing.T, m Model, job Job) (stdout, stderr string) {
	t.Helper()
	code, stdout, stderr := runJob(t, m, job)
	require.Equal(t, 0, code, "%s", stderr)
	return stdout, stderr
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func ptr[T any](v T) *T { return &v }

// plane is a table of y = 100 + 20·a − 3·b, and a column of text that tells nothing.
func plane(rows int) string {
	var b strings.Builder
	b.WriteString("a,b,kind,y\n")
	for i := range rows {
		x, z := float64(i%7), float64(i%5)*10
		fmt.Fprintf(&b, "%g,%g,%s,%g\n", x, z, []string{"red", "blue"}[i%2], 100+20*x-3*z)
	}
	return b.String()
}

func TestTrainPredictEval(t *testing.T) {
	table := write(t, "plane.csv", plane(200))
	saved := filepath.Join(t.TempDir(), "plane.safetensors")
	m := newLinear(4, 1, byMSE)
	stdout, stderr := mustRun(t, m.model(16, 40), Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved,
	})
	assert.Contains(t, stdout, "trained on 180 rows, 480 steps: loss ")
	assert.Contains(t, stdout, "held out 20 rows: loss ")
	assert.Contains(t, stdout, "saved "+saved)
	assert.Contains(t, stderr, "numbers standardised: a, b")
	assert.Contains(t, stderr, "kind as 2 indicators: blue, red")
	assert.Contains(t, stderr, "target y: standardised")
	assert.Equal(t, 40, strings.Count(stderr, "valid loss"))
	assert.Regexp(t, `(?m)^epoch 40/40  loss \S+  valid loss \S+  mae \S+  r2 1$`, stderr)

	// A model that has seen nothing gives the same predictions from the file, and they are the truth.
	fresh := newLinear(4, 1, byMSE).model(16, 40)
	stdout, stderr = mustRun(t, fresh, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Empty(t, stderr)
	lines, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 201)
	assert.Equal(t, []string{"y"}, lines[0])
	y, err := strconv.ParseFloat(lines[4][0], 64)
	require.NoError(t, err)
	assert.InDelta(t, 100+20*3-3*30, y, 0.5)

	stdout, _ = mustRun(t, fresh, Job{Command: "eval", Data: []string{table}, Weights: saved, Tables: Tables{Target: []string{"y"}}})
	assert.Regexp(t, `(?m)^rows +200\nloss +\S+\nmae +\S+e-06\nrmse +\S+e-06\nr2 +1\n`, stdout)

	// What a service does by itself agrees to the byte.
	codec, err := data.LoadCodec(saved)
	require.NoError(t, err)
	x, out, own := make([]float32, codec.Width()), make([]float32, 1), make([]float64, 1)
	require.NoError(t, codec.EncodeMap(x, map[string]string{"a": "3", "b": "30", "kind": "blue"}))
	m.row(x, out)
	require.NoError(t, codec.Decode64(own, out))
	assert.Equal(t, lines[4][0], strconv.FormatFloat(own[0], 'g', -1, 64))
}

// What predict says must not depend on the columns' order, on extra columns or on the target's presence.
func TestPredictFindsColumnsByName(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, newLinear(4, 1, byMSE).model(16, 3), Job{
		Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: saved,
	})
	fresh := newLinear(4, 1, byMSE).model(16, 1)
	predict := func(text string) (string, string) {
		return mustRun(t, fresh, Job{Command: "predict", Data: []string{write(t, "rows.csv", text)}, Weights: saved})
	}
	plain, _ := predict("a,b,kind\n1,20,red\n,30,green\n")
	mixed, note := predict("id,kind,y,b,a\n7,red,1,20,1\n8,green,1,30,\n")
	assert.Equal(t, plain, mixed)
	assert.Contains(t, note, "does not use 1 column: id")

	code, _, stderr := runJob(t, fresh, Job{Command: "predict", Data: []string{write(t, "rows.csv", "a,bb,kind\n1,2,red\n")}, Weights: saved})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `there is no column "b", did you mean "bb"?`)
}

func TestClasses(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,y,colour\n")
	for i := range 90 {
		fmt.Fprintf(&b, "%d,%d,%s\n", []int{5, 0, -5}[i%3]+i%2, []int{0, 5, -5}[i%3], []string{"red", "green", `"blue, dark"`}[i%3])
	}
	table := write(t, "colours.csv", b.String())
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	m := newLinear(2, 3, byCrossEntropy)
	m.lr = 0.5
	stdout, stderr := mustRun(t, m.model(8, 30), Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"colour"}}, Save: saved, Valid: "last:9"})
	assert.Contains(t, stderr, "target colour: classes blue, dark, green, red")
	assert.Contains(t, stdout, "held out 9 rows")
	assert.Contains(t, stdout, "accuracy 1\n")

	fresh := newLinear(2, 3, byCrossEntropy).model(8, 1)
	stdout, _ = mustRun(t, fresh, Job{Command: "predict", Data: []string{table}, Weights: saved})
	lines, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, []string{"colour", "probability"}, lines[0])
	assert.Equal(t, "red", lines[1][0])
	assert.Equal(t, "blue, dark", lines[3][0])
	p, err := strconv.ParseFloat(lines[1][1], 64)
	require.NoError(t, err)
	assert.Greater(t, p, 0.9)
	assert.LessOrEqual(t, p, 1.0)

	stdout, _ = mustRun(t, fresh, Job{Command: "eval", Data: []string{table}, Weights: saved})
	assert.Regexp(t, `(?m)^ *green +1\.0000 +1\.0000 +1\.0000 +30$`, strings.ReplaceAll(stdout, " \n", "\n"))
	assert.Regexp(t, `(?m)^ *green +0 +30 +0 *$`, stdout)
}

func TestJSONLines(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	stdout, _ := mustRun(t, newLinear(4, 1, byMSE).model(16, 2), Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved, JSON: true, Metrics: []string{"rmse"},
	})
	lines := strings.Split(strings.TrimSpace(stdout), "\n")
	require.Len(t, lines, 3)
	var epoch, result map[string]any
	require.NoError(t, json.Unmarshal([]byte(lines[1]), &epoch))
	require.NoError(t, json.Unmarshal([]byte(lines[2]), &result))
	assert.Equal(t, "epoch", epoch["event"])
	assert.EqualValues(t, 2, epoch["epoch"])
	assert.EqualValues(t, 8, epoch["step"])
	assert.Contains(t, epoch["metrics"], "rmse")
	assert.Equal(t, "result", result["event"])
	assert.Equal(t, saved, result["saved"])
	assert.Equal(t, epoch["valid_loss"], result["valid_loss"])
	assert.EqualValues(t, 6, result["valid_rows"])

	stdout, _ = mustRun(t, newLinear(4, 1, byMSE).model(16, 2), Job{Command: "eval", Data: []string{table}, Weights: saved, JSON: true})
	var eval map[string]any
	require.NoError(t, json.Unmarshal([]byte(stdout), &eval))
	assert.EqualValues(t, 60, eval["rows"])
	assert.Len(t, eval["metrics"], 3)
}

// The order of rows is a function of the seed and the epoch, the same in every run.
func TestOrderOfRows(t *testing.T) {
	table := write(t, "t.csv", "x,y\n0,0\n1,0\n2,0\n3,0\n4,0\n")
	seen := func(job Job) [][]float32 {
		m := newLinear(1, 1, byMSE)
		job.Command, job.Data, job.Target, job.Scale = "train", []string{table}, []string{"y"}, "none"
		mustRun(t, m.model(2, 2), job)
		return m.seen
	}
	inOrder := [][]float32{{0, 1}, {2, 3}, {4}}
	assert.Equal(t, append(append([][]float32{}, inOrder...), inOrder...), seen(Job{Shuffle: ptr(false)}))
	shuffled := seen(Job{})
	assert.Equal(t, shuffled, seen(Job{}))
	assert.NotEqual(t, shuffled, seen(Job{Seed: ptr(uint64(2))}))
	assert.NotEqual(t, shuffled[:3], shuffled[3:], "each epoch has its own order")
	for _, epoch := range [][][]float32{shuffled[:3], shuffled[3:]} {
		assert.ElementsMatch(t, []float32{0, 1, 2, 3, 4}, append(append(append([]float32{}, epoch[0]...), epoch[1]...), epoch[2]...))
	}
	assert.Equal(t, inOrder[:2], seen(Job{Shuffle: ptr(false), Steps: ptr(2)}))
	assert.Len(t, seen(Job{Steps: ptr(7)}), 7, "steps go on into further epochs")
	assert.Len(t, seen(Job{Epochs: ptr(4)}), 12)
}

// The epoch's loss is the mean over rows: a smaller last batch counts by its rows.
func TestEpochLossIsTheMeanOverRows(t *testing.T) {
	table := write(t, "t.csv", "x,y\n0,1\n0,1\n0,4\n")
	m := newLinear(1, 1, byMSE)
	m.lr = 0
	stdout, _ := mustRun(t, m.model(2, 1), Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Scale: "none", Shuffle: ptr(false),
	})
	assert.Contains(t, stdout, "3 rows, 2 steps: loss 6\n") // (1 + 1 + 16)/3
}

func TestInit(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	job := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved}
	first := newLinear(4, 1, byMSE)
	mustRun(t, first.model(16, 3), job)

	job.Init, job.Epochs = saved, ptr(1)
	second := newLinear(4, 1, byMSE)
	second.lr = 0
	mustRun(t, second.model(16, 3), job)
	assert.Equal(t, first.w, second.w)

	code, _, stderr := runJob(t, newLinear(4, 2, byMSE).model(16, 3), Job{
		Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y", "a"}, Features: []string{"b", "kind", "y"}[:2]}, Init: saved,
	})
	assert.Equal(t, 1, code)
	assert.NotEmpty(t, stderr)
}

// Weights without a codec, such as PyTorch writes, take values as they stand.
func TestPlainWeights(t *testing.T) {
	m := newLinear(2, 1, byMSE)
	copy(m.w, []float32{2, 3})
	m.b[0] = 1
	path := filepath.Join(t.TempDir(), "plain.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Tensors: m.export()}))
	table := write(t, "t.csv", "a,b,y\n1,10,33\n2,20,60\n")

	out := filepath.Join(t.TempDir(), "out.csv")
	stdout, _ := mustRun(t, newLinear(2, 1, byMSE).model(4, 1), Job{Command: "predict", Data: []string{table}, Weights: path, Tables: Tables{Drop: []string{"y"}}, Out: out})
	assert.Empty(t, stdout)
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "target\n33\n65\n", string(text))

	stdout, _ = mustRun(t, newLinear(2, 1, byMSE).model(4, 1), Job{Command: "eval", Data: []string{table}, Weights: path, Tables: Tables{Target: []string{"y"}}})
	assert.Regexp(t, `(?m)^loss +12\.5\nmae +2\.5$`, stdout)

	code, _, stderr := runJob(t, newLinear(2, 1, byMSE).model(4, 1), Job{Command: "predict", Data: []string{table}, Weights: path})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "3 feature columns (a, b, y), but the model's input features takes 2")
}

// Weights that are not finite numbers compute nothing, so no command takes them.
func TestWeightsThatAreNotFinite(t *testing.T) {
	table := write(t, "t.csv", "a,b,y\n1,10,33\n2,20,60\n")
	for text, bad := range map[string]float64{"NaN": math.NaN(), "+Inf": math.Inf(1), "-Inf": math.Inf(-1)} {
		m := newLinear(2, 1, byMSE)
		m.w[1] = float32(bad)
		path := filepath.Join(t.TempDir(), "bad.safetensors")
		require.NoError(t, weights.Write(path, &weights.File{Tensors: m.export()}))
		for command, job := range map[string]Job{
			"predict": {Weights: path, Tables: Tables{Drop: []string{"y"}}}, "eval": {Weights: path, Tables: Tables{Target: []string{"y"}}}, "train": {Init: path, Tables: Tables{Target: []string{"y"}}},
		} {
			job.Command, job.Data = command, []string{table}
			code, stdout, stderr := runJob(t, newLinear(2, 1, byMSE).model(4, 1), job)
			assert.Equal(t, 1, code)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, path+": element 1 of linear1.weight is "+text)
		}
	}
}

func TestNotANumberStops(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	m := newLinear(4, 1, byMSE)
	m.poison = 7
	code, stdout, stderr := runJob(t, m.model(16, 5), Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved, Valid: "0"})
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "step 7 (epoch 2, its rows 33 to 48): the loss is NaN, so training has stopped: try a lower learning rate")
	assert.NoFileExists(t, saved)

	// A model that refuses such a step can say what is the matter with it.
	for _, tt := range []struct {
		loss float32
		err  error
		want string
	}{
		{float32(math.Inf(1)), nil, "step 6 (epoch 2, its rows 17 to 32): the loss is +Inf, so"},
		{0.5, ErrGradient, "step 6 (epoch 2, its rows 17 to 32): a gradient is not a finite number, so"},
	} {
		l := newLinear(4, 1, byMSE)
		m := l.model(16, 5)
		m.Train = func(b *Batch) (float32, error) {
			if l.steps == 5 {
				return tt.loss, tt.err
			}
			return l.train(b)
		}
		m.Trace = func() *nnrt.NotFinite {
			var trace nnrt.Trace
			trace.See("linear1", "linear", "m.nn:1:1", 1, 0, float32(math.NaN()), 1)
			return trace.First()
		}
		_, _, stderr := runJob(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved, Valid: "0"})
		assert.Contains(t, stderr, tt.want+" training has stopped: the first value that is not finite is linear1, which linear at m.nn:1:1 makes: NaN in row 2 of the step, 1 of its 3 numbers; try a lower")
		assert.NoFileExists(t, saved)
	}

	// The last update may spoil the weights after a sound loss.
	m = newLinear(4, 1, byMSE)
	m.lr = 1e38
	code, _, stderr = runJob(t, m.model(60, 1), Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved, Valid: "0", Scale: "none"})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "after step 1, element 0 of linear1.weight is")
	assert.NoFileExists(t, saved)
}

func TestSignalFinishesTheStepAndSaves(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	for signal, want := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143} {
		saved := filepath.Join(t.TempDir(), "w.safetensors")
		l := newLinear(4, 1, byMSE)
		m := l.model(16, 100)
		ctx, cancel := context.WithCancelCause(context.Background())
		step := m.Train
		m.Train = func(b *Batch) (float32, error) {
			if l.steps == 5 {
				cancel(Interrupted{signal})
			}
			return step(b)
		}
		var stdout, stderr bytes.Buffer
		code := Run(ctx, evaluating(m), Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}, Save: saved}, &stdout, &stderr)
		assert.Equal(t, want, code)
		assert.Contains(t, stderr.String(), "interrupted after step 6")
		assert.FileExists(t, saved)
	}
}

func TestWatchSignals(t *testing.T) {
	ctx, stop := watchSignals(context.Background())
	defer stop()
	self, err := os.FindProcess(os.Getpid())
	require.NoError(t, err)
	if err := self.Signal(syscall.SIGTERM); err != nil {
		t.Skip("this platform sends no signals")
	}
	<-ctx.Done()
	assert.Equal(t, Interrupted{syscall.SIGTERM}, context.Cause(ctx))
}

func TestExitCodes(t *testing.T) {
	table := write(t, "plane.csv", plane(60))
	good := Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"y"}}}
	for name, tt := range map[string]struct {
		change func(*Job)
		code   int
		want   string
	}{
		"unknown command":  {func(j *Job) { j.Command = "fly" }, 2, `unknown command "fly"`},
		"missing file":     {func(j *Job) { j.Data = []string{"nowhere.csv"} }, 2, "nowhere.csv"},
		"a folder":         {func(j *Job) { j.Data = []string{filepath.Dir(table)} }, 1, "is a folder"},
		"no data":          {func(j *Job) { j.Data = nil }, 2, "no data: name a file with --data"},
		"no target":        {func(j *Job) { j.Target = nil }, 2, "which column is the target?"},
		"two targets":      {func(j *Job) { j.Target = []string{"y", "a"} }, 2, "--target names 2 columns"},
		"no such target":   {func(j *Job) { j.Target = []string{"z"} }, 1, `there is no column "z"`},
		"unknown metric":   {func(j *Job) { j.Metrics = []string{"joy"} }, 2, "the metrics are accuracy, top, exact_match, precision, recall, f1, auc, perplexity, mae, rmse, r2"},
		"unsuited metric":  {func(j *Job) { j.Metrics = []string{"accuracy"} }, 2, "does not suit"},
		"no epochs":        {func(j *Job) { j.Epochs = ptr(0) }, 2, "between 1 and"},
		"no steps":         {func(j *Job) { j.Steps = ptr(0) }, 2, "between 1 and"},
		"negative epochs":  {func(j *Job) { j.Epochs = ptr(-1) }, 2, "-1 epochs"},
		"endless":          {func(j *Job) { j.Epochs = ptr(1 << 60) }, 2, "the length of a training"},
		"unwritable":       {func(j *Job) { j.Save = filepath.Join(table, "x", "w.safetensors") }, 2, "w.safetensors"},
		"no weights":       {func(j *Job) { j.Command = "predict" }, 2, "--weights"},
		"missing weights":  {func(j *Job) { j.Command, j.Weights = "eval", "nowhere.st" }, 2, "nowhere.st"},
		"hostile weights":  {func(j *Job) { j.Command, j.Weights = "eval", table }, 1, table},
		"bad split":        {func(j *Job) { j.Valid = "1.5" }, 2, "--valid 1.5"},
		"all held out":     {func(j *Job) { j.Valid = "last:60" }, 1, "60 rows held out of 60"},
		"split and file":   {func(j *Job) { j.Valid, j.ValidData = "0.1", []string{table} }, 2, "exclude each other"},
		"unknown scale":    {func(j *Job) { j.Scale = "log" }, 2, "--scale log"},
		"missing held-out": {func(j *Job) { j.ValidData = []string{"nowhere.csv"} }, 2, "nowhere.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			job := good
			tt.change(&job)
			code, stdout, stderr := runJob(t, newLinear(4, 1, byMSE).model(16, 2), job)
			assert.Equal(t, tt.code, code)
			assert.Contains(t, stderr, tt.want)
			assert.Empty(t, stdout)
		})
	}
	m := newLinear(4, 1, byMSE)
	m.fail = errors.New("no memory for this")
	code, _, stderr := runJob(t, m.model(16, 2), good)
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, "step 1 (epoch 1): no memory for this")
}

// A mistake in the data of a prediction leaves the old file as it was.
func TestPredictWritesWhollyOrNotAtAll(t *testing.T) {
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, newLinear(4, 1, byMSE).model(16, 1), Job{
		Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: saved,
	})
	rows := plane(3000) + "1,much,red,2\n"
	out := write(t, "out.csv", "old")
	code, _, stderr := runJob(t, newLinear(4, 1, byMSE).model(16, 1), Job{
		Command: "predict", Data: []string{write(t, "rows.csv", rows)}, Weights: saved, Out: out,
	})
	assert.Equal(t, 1, code)
	assert.Contains(t, stderr, `rows.csv:3002:3: column "b": "much" is not a number`)
	assert.NotContains(t, stderr, "cannot write")
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, "old", string(text))
	files, err := os.ReadDir(filepath.Dir(out))
	require.NoError(t, err)
	assert.Len(t, files, 1)
}

func TestValidData(t *testing.T) {
	stdout, stderr := mustRun(t, newLinear(4, 1, byMSE).model(16, 2), Job{
		Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}},
		ValidData: []string{write(t, "held.csv", plane(7))},
	})
	assert.Contains(t, stdout, "trained on 60 rows")
	assert.Contains(t, stdout, "held out 7 rows")
	assert.Equal(t, 2, strings.Count(stderr, "valid loss"))
}

// A long job stands in a file, and bytes that JSON cannot hold are escaped.
func TestOpenJob(t *testing.T) {
	job, err := OpenJob(`{"command":"train"}`)
	require.NoError(t, err)
	assert.Equal(t, "train", job.Command)

	columns := strings.Repeat(`"column",`, 400_000) + `"last"`
	path := write(t, "job", `{"drop":[`+columns+`],"save":"a\u0000fcb\u0000C3","data":["\u0000ff=ü","c"]}`)
	job, err = OpenJob("@" + path)
	require.NoError(t, err)
	assert.Len(t, job.Drop, 400_001)
	assert.Equal(t, "a\xfcb\xc3", job.Save)
	assert.Equal(t, []string{"\xff=ü", "c"}, job.Data)

	// Nothing else is an escape, and no name has a NUL.
	job, err = OpenJob(`{"save":"a\u0000","out":"\u0000zz\u00001"}`)
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "zz1"}, []string{job.Save, job.Out})

	for _, bad := range []string{"", "@", "@" + path + ".none", "@" + write(t, "nothing", "")} {
		_, err := OpenJob(bad)
		assert.Error(t, err, bad)
	}
}

func TestReadJob(t *testing.T) {
	job := Job{Command: "train", Data: []string{"a.csv"}, Epochs: ptr(3), Seed: ptr(uint64(1) << 63), Shuffle: ptr(false)}
	text, err := json.Marshal(job)
	require.NoError(t, err)
	assert.JSONEq(t, `{"command":"train","data":["a.csv"],"epochs":3,"seed":9223372036854775808,"shuffle":false}`, string(text))
	back, err := ReadJob(bytes.NewReader(text))
	require.NoError(t, err)
	assert.Equal(t, job, back)
	for _, bad := range []string{``, `{`, `{"comand":"train"}`, `{"epochs":"3"}`, strings.Repeat(" ", maxJob+1)} {
		_, err := ReadJob(strings.NewReader(bad))
		assert.Error(t, err, "%.20s", bad)
	}
}
