package train

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// echo is a model of one input, one output and one loss that gives its input as it is: its scores are the features.
func echo(size int, target data.Port) Model {
	m := steady([]data.Port{{Name: "x", Shape: []int{size}}}, []data.Port{{Name: "y", Shape: []int{size}}},
		[]Loss{by(target.Judged, Loss{Weight: 1})})
	m.Targets = []data.Port{target}
	m.Predict = func(b *Batch, out [][]float32) error {
		copy(out[0], b.Inputs[0].Float)
		return nil
	}
	return m
}

// echoed is the weights of an echo that has seen a table, whose numbers stay as they are.
func echoed(t *testing.T, m Model, table string, target ...string) string {
	t.Helper()
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: target}, Scale: "none", Valid: "0", Save: saved})
	return saved
}

// The probabilities of scores that are 0 or ln 2: 1/3s and 2/4s.
func TestProbabilitiesOfAllClasses(t *testing.T) {
	m := echo(3, data.Port{Name: "target", Int: true, Limit: 3, Judged: byCrossEntropy})
	const ln2 = "0.6931471805599453"
	table := write(t, "t.csv", "p,q,r,kind\n0,0,0,oak\n0,"+ln2+",0,elm\n999,0,0,\"ash, old\"\n")
	saved := echoed(t, m, table, "kind")
	stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Proba: true})
	assert.Equal(t, "kind,\"kind.ash, old\",kind.elm,kind.oak\n"+
		"\"ash, old\",0.33333334,0.33333334,0.33333334\nelm,0.25,0.5,0.25\n\"ash, old\",1,0,0\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, JSON: true})
	assert.Equal(t, `{"kind":"ash, old","probability":0.33333334}`+"\n"+`{"kind":"elm","probability":0.5}`+"\n"+
		`{"kind":"ash, old","probability":1}`+"\n", stdout)
}

// Of a flag the second class says all. Classes that are indices are numbers in JSON, texts are texts.
func TestProbabilitiesOfFlags(t *testing.T) {
	m := echo(2, data.Port{Name: "target", Shape: []int{2}, Judged: byBCELogits})
	table := write(t, "t.csv", "p,q,wet,warm\n0,0,0,no\n2,-2,1,yes\n")
	saved := echoed(t, m, table, "wet", "warm")
	stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Proba: true})
	assert.Equal(t, "wet,wet.1,warm,warm.yes\n0,0.5,no,0.5\n1,0.8807971,no,0.11920292\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, JSON: true})
	assert.Equal(t, `{"wet":0,"wet.probability":0.5,"warm":"no","warm.probability":0.5}`+"\n"+
		`{"wet":1,"wet.probability":0.8807971,"warm":"no","warm.probability":0.8807971}`+"\n", stdout)
}

// A probability that meets the threshold speaks for the second class; without one, one half does not. Evaluations
// decide the same way.
func TestThresholds(t *testing.T) {
	m := echo(2, data.Port{Name: "target", Shape: []int{2}, Judged: byBCELogits})
	// The probabilities of wet are 0.5, 0.88 and 0.12, those of warm 0.5, 0.12 and 0.5.
	table := write(t, "t.csv", "p,q,wet,warm\n0,0,1,yes\n2,-2,1,no\n-2,0,1,no\n")
	saved := echoed(t, m, table, "wet", "warm")
	predicted := func(at ...string) string {
		stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Thresholds: at})
		records, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
		require.NoError(t, err)
		var classes []string
		for _, r := range records[1:] {
			classes = append(classes, r[0]+r[2])
		}
		return strings.Join(classes, " ")
	}
	assert.Equal(t, "0no 1no 0no", predicted())
	assert.Equal(t, "1yes 1no 0yes", predicted("0.5"))
	assert.Equal(t, "1yes 1yes 1yes", predicted("0.1"))
	assert.Equal(t, "1yes 1no 0yes", predicted("y=0.5"))
	assert.Equal(t, "1yes 1no 0yes", predicted("target=0.5"))
	assert.Equal(t, "0yes 0no 0yes", predicted("wet=0.9", "warm=0.5"))
	assert.Equal(t, "1yes 1yes 0yes", predicted("warm=0.1", "0.12"), "0.1192 is below 0.12, but warm has its own")

	stdout, _ := mustRun(t, m, Job{Command: "eval", Data: []string{table}, Weights: saved, Thresholds: []string{"0.5"}, JSON: true})
	var eval struct {
		Metrics map[string]float64
		Reports []struct {
			Target    string
			Confusion [][]int
		}
	}
	require.NoError(t, json.Unmarshal([]byte(stdout), &eval))
	assert.InDelta(t, 4./6, eval.Metrics["accuracy"], 1e-15)
	require.Len(t, eval.Reports, 2)
	assert.Equal(t, [][]int{{0, 0}, {1, 2}}, eval.Reports[0].Confusion)
	assert.Equal(t, [][]int{{1, 1}, {0, 1}}, eval.Reports[1].Confusion)

	for item, want := range map[string]string{
		"1":        "write a probability above 0 and below 1",
		"0":        "write a probability",
		"nan":      "write a probability",
		"wet=":     "write a probability",
		"wett=0.5": `no flags are named "wett", did you mean "wet"?`,
	} {
		for _, command := range []string{"predict", "eval"} {
			code, stdout, stderr := runJob(t, m, Job{Command: command, Data: []string{table}, Weights: saved, Thresholds: []string{item}})
			assert.Equal(t, 2, code)
			assert.Empty(t, stdout)
			assert.Contains(t, stderr, "--threshold "+item+": "+want)
		}
	}
	code, _, stderr := runJob(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Thresholds: []string{"wet=0.1", "wet=0.2"}})
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--threshold wet=0.2: there is another threshold for the same")

	number := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: byMSE})
	table = write(t, "n.csv", "x,y\n1,1\n2,2\n")
	code, _, stderr = runJob(t, number, Job{Command: "predict", Data: []string{table}, Weights: echoed(t, number, table, "y"), Thresholds: []string{"0.5"}})
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--threshold 0.5: the model makes no flags")
}

// Every column of predictions has a name of its own.
func TestNamesOfPredictionsDiffer(t *testing.T) {
	for _, tt := range []struct{ taken, names, want string }{
		{"", "price kind kind.probability", "price kind kind.probability"},
		{"price", "price", "price.predicted"},
		{"price price.predicted", "price", "price.predicted2"},
		{"", "a a a.predicted a", "a a.predicted2 a.predicted a.predicted3"},
	} {
		assert.Equal(t, strings.Fields(tt.want), distinct(strings.Fields(tt.taken), strings.Fields(tt.names)))
	}

	m := echo(2, data.Port{Name: "target", Int: true, Limit: 2, Judged: byCrossEntropy})
	table := write(t, "t.csv", "p,q,probability\n0,1,low\n1,0,high\n")
	saved := echoed(t, m, table, "probability")
	for _, all := range []bool{false, true} {
		stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Proba: all})
		header, _, _ := strings.Cut(stdout, "\n")
		assert.Equal(t, map[bool]string{
			false: "probability,probability.probability", true: "probability,probability.high,probability.low",
		}[all], header)
	}

	// An output that nothing judges is named as a column.
	m.Outputs = append(m.Outputs, data.Port{Name: "probability", Shape: []int{1}})
	stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.True(t, strings.HasPrefix(stdout, "probability,probability.probability,probability.predicted\n"), stdout)
}

// What is not a number has no place in JSON.
func TestPredictionsThatAreNotFinite(t *testing.T) {
	m := echo(3, data.Port{Name: "target", Shape: []int{3}, Judged: byMSE})
	table := write(t, "t.csv", "p,q,r,a,\"b<\"\"\",c\n1,2,3,1,2,3\n")
	saved := echoed(t, m, table, "a", `b<"`, "c")
	m.Predict = func(_ *Batch, out [][]float32) error {
		copy(out[0], []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))})
		return nil
	}
	stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, "a,\"b<\"\"\",c\nNaN,+Inf,-Inf\n", stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, JSON: true})
	assert.Equal(t, `{"a":null,"b<\"":null,"c":null}`+"\n", stdout)
}

// A service that uses the codec itself has the numbers of both forms, to the last digit.
func TestPredictionsAreThoseOfAService(t *testing.T) {
	table := write(t, "t.csv", "at,until\n0,1700000000\n1,1700000301\n4,1700003599\n9,1700007207\n")
	m := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: byMSE})
	saved := filepath.Join(t.TempDir(), "w.safetensors")
	mustRun(t, m, Job{Command: "train", Data: []string{table}, Tables: Tables{Target: []string{"until"}}, Valid: "0", Save: saved})
	codec, err := data.LoadCodec(saved)
	require.NoError(t, err)
	var asCSV, asJSON strings.Builder
	asCSV.WriteString("until\n")
	x, y := make([]float32, 1), make([]float64, 1)
	for _, at := range []string{"0", "1", "4", "9"} {
		require.NoError(t, codec.EncodeMap(x, map[string]string{"at": at}))
		require.NoError(t, codec.Decode64(y, x))
		asCSV.WriteString(strconv.FormatFloat(y[0], 'f', -1, 64) + "\n")
		text, err := json.Marshal(map[string]float64{"until": y[0]})
		require.NoError(t, err)
		asJSON.Write(append(text, '\n'))
	}
	stdout, _ := mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved})
	assert.Equal(t, asCSV.String(), stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, JSON: true})
	assert.Equal(t, asJSON.String(), stdout)

	out := filepath.Join(t.TempDir(), "p.jsonl")
	mustRun(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, JSON: true, Out: out})
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	assert.Equal(t, asJSON.String(), string(text))
}

// Both forms of every kind of output: an input's values that a loss takes for flags, an input's classes by column, the
// classes of a sequence, and what nothing judges.
func TestFormsOfOtherOutputs(t *testing.T) {
	forms := func(m Model, data, saved string) (asCSV, all, asJSON string) {
		asCSV, _ = mustRun(t, m, Job{Command: "predict", Data: []string{data}, Weights: saved})
		code, all, stderr := runJob(t, m, Job{Command: "predict", Data: []string{data}, Weights: saved, Proba: true})
		if code == 2 {
			assert.Contains(t, stderr, "--proba gives the probability of every class, but the model predicts no classes")
		}
		asJSON, _ = mustRun(t, m, Job{Command: "predict", Data: []string{data}, Weights: saved, JSON: true})
		return asCSV, all, asJSON
	}
	table := write(t, "colours.csv", "dark,colour\n0,red\n1,blue\n")
	m := steady([]data.Port{{Name: "x", Shape: []int{3}, Judged: byBCELogits}},
		[]data.Port{{Name: "y", Shape: []int{3}}, {Name: "code", Shape: []int{1}}}, itself(byBCELogits), []float32{0, 2, -2}, []float32{0.1})
	asCSV, all, asJSON := forms(m, table, echoed(t, m, table))
	assert.Equal(t, "dark,colour.blue,colour.red,code\n"+strings.Repeat("0.5,0.8807971,0.11920292,0.1\n", 2), asCSV)
	assert.Empty(t, all, "values have no classes")
	assert.Equal(t, strings.Repeat(`{"dark":0.5,"colour.blue":0.8807971,"colour.red":0.11920292,"code":0.1}`+"\n", 2), asJSON)
	code, _, stderr := runJob(t, m, Job{Command: "predict", Data: []string{table}, Weights: echoed(t, m, table), Thresholds: []string{"0.5"}})
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "the model makes no flags")

	table = write(t, "tokens.csv", "p,q\n0,1\n1,1\n")
	tokens := data.Port{Name: "tokens", Shape: []int{2}, Int: true, Limit: 2, Judged: byCrossEntropy}
	m = steady([]data.Port{tokens}, []data.Port{{Name: "y", Shape: []int{2, 2}}}, itself(byCrossEntropy), []float32{0, 0, -2, 0})
	asCSV, all, asJSON = forms(m, table, echoed(t, m, table))
	assert.Equal(t, "p,p.probability,q,q.probability\n"+strings.Repeat("0,0.5,1,0.8807971\n", 2), asCSV)
	assert.Equal(t, "p,p.0,p.1,q,q.0,q.1\n"+strings.Repeat("0,0.5,0.5,1,0.11920292,0.8807971\n", 2), all)
	assert.Equal(t, strings.Repeat(`{"p":0,"p.probability":0.5,"q":1,"q.probability":0.8807971}`+"\n", 2), asJSON)

	// What nothing judges in a model without a loss.
	m.Inputs[0].Judged, m.Losses = nil, nil
	asCSV, all, asJSON = forms(m, table, echoedPlain(t, m))
	assert.Equal(t, "y.0,y.1,y.2,y.3\n"+strings.Repeat("0,0,-2,0\n", 2), asCSV)
	assert.Empty(t, all)
	assert.Equal(t, strings.Repeat(`{"y.0":0,"y.1":0,"y.2":-2,"y.3":0}`+"\n", 2), asJSON)
}

// echoedPlain is weights without a codec.
func echoedPlain(t *testing.T, m Model) string {
	t.Helper()
	saved := filepath.Join(t.TempDir(), "plain.safetensors")
	require.NoError(t, weights.Write(saved, &weights.File{Tensors: m.Export()}))
	return saved
}

// Columns that are carried over stand in front as they are written, whether the model knows them or not.
func TestKeptColumns(t *testing.T) {
	m := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: byMSE})
	saved := echoed(t, m, write(t, "t.csv", "x,price\n1,1\n2,2\n"), "price")
	table := write(t, "new.csv", "note,x,price,no\n\"a, \"\"b\"\"\",1.50,7,001\n <c>,2,,002\n")
	job := Job{Command: "predict", Data: []string{table}, Weights: saved, Keep: []string{"note", "price", "x", "no"}}
	job.ID = []string{"no"}
	stdout, stderr := mustRun(t, m, job)
	assert.Equal(t, "no,note,price,x,price.predicted\n001,\"a, \"\"b\"\"\",7,1.50,1.5\n002,\" <c>\",,2,2\n", stdout)
	assert.Empty(t, stderr)
	job.JSON = true
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, `{"no":"001","note":"a, \"b\"","price":"7","x":"1.50","price.predicted":1.5}`+"\n"+
		`{"no":"002","note":" <c>","price":"","x":"2","price.predicted":2}`+"\n", stdout)

	job.Keep = []string{"nota"}
	code, stdout, stderr := runJob(t, m, job)
	assert.Equal(t, 1, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, `there is no column "nota", did you mean "note"?`)
	job.Data = []string{arrayFile(t, "x", &format.Array{Shape: []int{1}, Float: []float32{1}})}
	code, _, stderr = runJob(t, m, job)
	assert.Equal(t, 2, code)
	assert.Contains(t, stderr, "--id no chooses columns of a table")
	job.ID = nil
	_, _, stderr = runJob(t, m, job)
	assert.Contains(t, stderr, "--keep nota chooses columns of a table")
	job.Data, job.ID, job.Keep = []string{table}, []string{"np"}, nil
	_, _, stderr = runJob(t, m, job)
	assert.Contains(t, stderr, `there is no column "np", did you mean "no"? (--id names it;`)

	// Weights that know no columns take all others for features.
	table = write(t, "plain.csv", "no,x\n7,3\n")
	job = Job{Command: "predict", Data: []string{table}, Weights: echoedPlain(t, m), Keep: []string{"no"}}
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, "no,target\n7,3\n", stdout)
	job.Keep = []string{"nota"}
	_, _, stderr = runJob(t, m, job)
	assert.Contains(t, stderr, `--keep: there is no column "nota"`)
	// What another flag names may be carried over too, a feature that --features names among it.
	job.Keep = []string{"no", "x"}
	for _, tables := range []Tables{{Drop: []string{"no"}}, {ID: []string{"no"}}} {
		tables.Features = []string{"x"}
		job.Tables = tables
		stdout, _ = mustRun(t, m, job)
		assert.Equal(t, "no,x,target\n7,3,3\n", stdout, "%+v", tables)
		job.Tables.Features, job.Keep = nil, []string{"no"}
		stdout, _ = mustRun(t, m, job)
		assert.Equal(t, "no,target\n7,3\n", stdout, "%+v", tables)
		job.Keep = []string{"no", "x"}
	}
	job.Keep = []string{"no"}
	job.Tables = Tables{Target: []string{"no"}}
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, "no,no.predicted\n7,3\n", stdout)
	// The column without a name.
	job = Job{Command: "predict", Data: []string{write(t, "index.csv", ",x\n5,3\n")}, Weights: job.Weights, Keep: []string{""}}
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, ",target\n5,3\n", stdout)
}

// What the data say commands no terminal, and is written as it is where a program reads it.
func TestPredictionsOnATerminal(t *testing.T) {
	m := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: byMSE})
	saved := echoed(t, m, write(t, "t.csv", "x,\"p\x1b[2J\"\n1,1\n2,2\n"), "p\x1b[2J")
	long := strings.Repeat("n", 100)
	table := write(t, "new.csv", "note\x07,x\n\"a\x1b]0;b\nc\",1\n<\u009b\u202e\U000e0001"+long+">,2\n")
	job := Job{Command: "predict", Data: []string{table}, Weights: saved, Keep: []string{"note\x07"}, Terminal: true}
	stdout, _ := mustRun(t, m, job)
	assert.Equal(t, "note<U+0007>,p<U+001B>[2J\na<U+001B>]0;b<U+000A>c,1\n<<U+009B><U+202E><U+E0001>"+long+">,2\n", stdout)
	job.JSON = true
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, `{"note\u0007":"a\u001b]0;b\nc","p\u001b[2J":1}`+"\n"+
		`{"note\u0007":"<\u009b\u202e\udb40\udc01`+long+`>","p\u001b[2J":2}`+"\n", stdout)

	raw := "note\x07,p\x1b[2J\n\"a\x1b]0;b\nc\",1\n<\u009b\u202e\U000e0001" + long + ">,2\n"
	job.JSON, job.Terminal = false, false
	stdout, _ = mustRun(t, m, job)
	assert.Equal(t, raw, stdout)
	job.Terminal, job.Out = true, filepath.Join(t.TempDir(), "p.csv")
	mustRun(t, m, job)
	text, err := os.ReadFile(job.Out)
	require.NoError(t, err)
	assert.Equal(t, raw, string(text))
}

// Whoever writes a row into a pipe and waits gets its prediction, without the rows that may follow.
func TestPredictionsDoNotWaitForMoreRows(t *testing.T) {
	m := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: byMSE})
	saved := echoed(t, m, write(t, "t.csv", "x,y\n1,1\n2,2\n"), "y")
	for _, tt := range []struct {
		asJSON               bool
		first, second, third string
		want                 [3]string
	}{
		{false, "x\n1\n", "2\n", "3\n4\n", [3]string{"y\n1\n", "2\n", "3\n4\n"}},
		{true, `{"x":1}` + "\n", `{"x":2}` + "\n", `{"x":3}` + "\n" + `{"x":4}` + "\n", [3]string{`{"y":1}` + "\n", `{"y":2}` + "\n", `{"y":3}` + "\n" + `{"y":4}` + "\n"}},
	} {
		in, feed, err := os.Pipe()
		require.NoError(t, err)
		answers, out, err := os.Pipe()
		require.NoError(t, err)
		_ = answers.SetReadDeadline(time.Now().Add(20 * time.Second)) // where pipes have deadlines
		stdin := os.Stdin
		os.Stdin = in
		done := make(chan int)
		go func() {
			var stderr bytes.Buffer
			done <- Run(t.Context(), evaluating(m), Job{Command: "predict", Data: []string{"-"}, Weights: saved, JSON: tt.asJSON}, out, &stderr)
		}()
		for i, rows := range []string{tt.first, tt.second, tt.third} {
			_, err := feed.WriteString(rows)
			require.NoError(t, err)
			answer := make([]byte, len(tt.want[i]))
			_, err = io.ReadFull(answers, answer)
			require.NoError(t, err, "the answer to %q", rows)
			assert.Equal(t, tt.want[i], string(answer))
		}
		require.NoError(t, feed.Close())
		assert.Equal(t, 0, <-done)
		os.Stdin = stdin
		out.Close()
		answers.Close()
	}
}

// What predictions cannot have is refused, and a mistake in the first rows leaves no header behind.
func TestPredictionsThatAreNone(t *testing.T) {
	m := echo(1, data.Port{Name: "target", Shape: []int{1}, Judged: &data.Judged{Loss: "mse"}})
	table := write(t, "t.csv", "p,y\n1,2\n2,3\n")
	saved := echoed(t, m, table, "y")
	code, stdout, stderr := runJob(t, m, Job{Command: "predict", Data: []string{table}, Weights: saved, Proba: true})
	assert.Equal(t, 2, code)
	assert.Empty(t, stdout)
	assert.Contains(t, stderr, "--proba gives the probability of every class, but the model predicts no classes: leave it out")
	code, stdout, stderr = runJob(t, m, Job{Command: "predict", Data: []string{write(t, "bad.csv", "p\nnone of it\n")}, Weights: saved})
	assert.Equal(t, 1, code, stderr)
	assert.Empty(t, stdout)
	stdout, _ = mustRun(t, m, Job{Command: "predict", Data: []string{write(t, "empty.csv", "p\n")}, Weights: saved})
	assert.Equal(t, "y\n", stdout)
}
