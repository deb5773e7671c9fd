package main

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// figureOf finds a figure of the held-out rows in what a training prints.
var figureOf = map[string]*regexp.Regexp{
	"r2":       regexp.MustCompile(`(?m)^held out .* r2 (-?[\d.]+)`),
	"accuracy": regexp.MustCompile(`(?m)^held out .* accuracy ([\d.]+)`),
}

// begin writes a table, has a first spec made of it, and runs the command that is printed, in a shell. It returns the
// spec, what init printed, and what the training printed.
func begin(t *testing.T, name, table string, args ...string) (text, reasons, trained string) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(table), 0o600))
	env := append(os.Environ(), cacheDirs(t)...)
	command := func(name string, args ...string) string {
		cmd := exec.Command(name, args...)
		var out, errs bytes.Buffer
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, env, &out, &errs
		require.NoError(t, cmd.Run(), "%v: %s%s", args, &out, &errs)
		return out.String()
	}
	reasons = command("nnc", append([]string{"init", name}, args...)...)
	specs, err := filepath.Glob(filepath.Join(dir, "*.nn"))
	require.NoError(t, err)
	require.Len(t, specs, 1)
	command("nnc", "fmt", "--check", specs[0])
	command("nnc", "check", specs[0])
	written, err := os.ReadFile(specs[0])
	require.NoError(t, err)
	_, next, found := strings.Cut(reasons, "\nnext: ")
	require.True(t, found, reasons)
	return string(written), reasons, command("sh", "-c", next)
}

// better requires a figure of the held-out rows that is better than what needs no model.
func better(t *testing.T, trained, figure string, than float64) {
	t.Helper()
	m := figureOf[figure].FindStringSubmatch(trained)
	require.NotNil(t, m, trained)
	v, err := strconv.ParseFloat(m[1], 64)
	require.NoError(t, err)
	assert.Greater(t, v, than, trained)
}

// flats is a table of all kinds of columns. The rent depends on the area, the heating and the town, of which there are
// more than indicators would do for.
func flats(rows int) string {
	var b strings.Builder
	b.WriteString(",Flat ID,living area,heating,Town,linear,same,empty,remark,rent\n")
	for i := range rows {
		area, town, heating := 30+(i*37)%90, (i*i+i/7)%60, []string{"gas", "oil", "NA", ""}[i%4]
		rent := 8*area + 10*(town%6) + map[string]int{"gas": 50, "oil": -50}[heating]
		number := strconv.Itoa(i % 5)
		if i%11 == 3 {
			number = "NA"
		}
		fmt.Fprintf(&b, "%d,%d,%d,%s,\"town %d, %s\",%s,x,,remark %d,%d\n", i, 5000-i, area, heating, town, "west", number, i, rent)
	}
	return b.String()
}

func TestInitOfAMixedTable(t *testing.T) {
	spec, reasons, trained := begin(t, "flats in town.csv", flats(400), "--target", "rent")
	assert.Contains(t, reasons, "the first column (without a name) counts the rows and is left out\n")
	assert.Contains(t, reasons, "missing values: heating (100), linear (37); the mean stands for a number")
	assert.Contains(t, reasons, "left out: Flat ID (another number in every row), same (the same value in every row), empty (no value in any row), remark (another text in every row)\n")
	assert.Contains(t, reasons, "\nwrote 'flats in town.nn'\n")
	assert.Contains(t, spec, "// 2 numbers: living area, linear\n// heating as 3 indicators: NA, gas, oil\ninput features[5]\n")
	assert.Regexp(t, `(?m)^input Town\[1\] of \d\d$`, spec)
	assert.Contains(t, spec, "from Town; embedding 7; Town_vector: flatten\nfrom features; concat Town_vector\n")
	better(t, trained, "r2", 0.9)

	_, reasons, trained = begin(t, "flats.csv", flats(400), "--target", "rent", "--features", "living area,heating,Town,remark", "--missing-indicator")
	assert.Contains(t, reasons, "--features 'features=living area' --features heating --features Town=Town --index Town --missing-indicator\n")
	better(t, trained, "r2", 0.9)
}

func TestInitOfMissingIndicators(t *testing.T) {
	spec, _, trained := begin(t, "flats.csv", flats(120), "--target", "heating", "--skip-missing-target", "--features", "living area,linear", "--missing-indicator")
	assert.Contains(t, spec, "// 1 indicator of missing values: linear\ninput features[3]\n")
	assert.Contains(t, trained, "trained on 81 rows")
}

// Columns that are neither features nor targets.
func TestInitOfGroupsAndWeights(t *testing.T) {
	spec, reasons, trained := begin(t, "flats.csv", flats(120), "--target", "rent", "--drop", "Flat ID,remark,linear,empty,same", "--group", "Town", "--weight", "living area")
	assert.Contains(t, spec, "// heating as 3 indicators: NA, gas, oil\ninput features[3]\n")
	assert.Contains(t, reasons, " --group Town")
	assert.Contains(t, reasons, " --weight 'living area'")
	assert.Contains(t, trained, "saved flats.safetensors")
}

// Only texts for an embedding: there is no input of numbers.
func TestInitOfTextsAlone(t *testing.T) {
	spec, _, trained := begin(t, "towns.csv", flats(400), "--target", "rent", "--features", "Town")
	assert.NotContains(t, spec, "features[")
	assert.Contains(t, trained, "trained on 360 rows")
	spec, _, _ = begin(t, "towns.csv", flats(400), "--target", "rent", "--features", "Town,heating", "--index", "heating")
	assert.Contains(t, spec, "from Town; embedding 7; Town_vector: flatten\nfrom heating; embedding 2; flatten\nconcat Town_vector\n")
}

// shapes is a table whose columns decide a class: which of two numbers is larger, or that they are near.
func shapes(rows int) string {
	var b strings.Builder
	b.WriteString("wide;tall;kind;is tall;from 1\n")
	for i := range rows {
		x, y := math.Mod(float64(i)*0.618, 1), math.Mod(float64(i)*0.414, 1)
		kind, tall := "square", "no"
		switch {
		case x > y+0.2:
			kind = "wide"
		case y > x+0.2:
			kind = "tall"
		}
		if y > x {
			tall = "yes"
		}
		fmt.Fprintf(&b, "%.4f;%.4f;%s;%s;%d\n", x, y, kind, tall, 1+map[string]int{"square": 0, "wide": 1, "tall": 2}[kind])
	}
	return strings.ReplaceAll(b.String(), ".", ",")
}

func TestInitOfClasses(t *testing.T) {
	spec, reasons, trained := begin(t, "shapes.csv", shapes(300), "--target", "kind", "--drop", "is tall,from 1", "--sep", ";", "--decimal", ",")
	assert.Regexp(t, `target kind: 3 classes, square \(\d+\), tall \(\d+\), wide \(\d+\), so the loss is cross_entropy; always \w+ would be right in \d+(\.\d+)?% of the rows\n`, reasons)
	assert.Contains(t, reasons, `next: nnc train shapes.nn --data shapes.csv --target kind --drop 'is tall' --drop 'from 1' --sep ';' --decimal ,`)
	assert.Contains(t, spec, "linear 3\n\nloss   cross_entropy // kind is one of 3: square, tall, wide\nmetric accuracy\n")
	better(t, trained, "accuracy", 0.8)

	spec, _, trained = begin(t, "./-shapes.csv.txt", shapes(300), "--target", "is tall", "--drop", "kind,from 1", "--sep", ";", "--decimal", ",", "-o", "two.nn")
	assert.Contains(t, spec, "linear 1\n\nloss   bce_logits // is tall is one of two, and what comes out says how likely yes is\nmetric accuracy\n")
	better(t, trained, "accuracy", 0.85)

	spec, reasons, trained = begin(t, "shapes.csv", shapes(300), "--target", "is tall,from 1,tall", "--drop", "kind", "--sep", ";", "--decimal", ",")
	assert.Contains(t, reasons, "as a quantity it would be learnt with --number 'from 1'\n")
	assert.Contains(t, spec, "linear 32; trunk: relu\n\nfrom trunk; is_tall: linear 1\nfrom trunk; from_1: linear 3\nfrom trunk; tall: linear 1\n")
	assert.Contains(t, trained, "from_1.accuracy")
}

// Names of columns that a spec could not bear.
func TestNamesOfAFirstModel(t *testing.T) {
	n := names{plainInput: true}
	for _, tt := range [][2]string{
		{"town", "town"}, {"town", "town_column"}, {"town", "column_town"}, {"town", "texts"}, {"town", "texts_x"},
		{"Postal code", "postal_code"}, {"größe", "gr_e"}, {"features", "features_column"}, {"in", "in_column"}, {"%", "texts_x_x"},
		{"2nd", "column_2nd"}, {"a;b\nloss mse", "a_b_loss_mse"}, {"linear1", "linear1_column"},
	} {
		assert.Equal(t, tt[1], n.of(tt[0], "texts"), tt[0])
	}
}

// How a new module finds the runtime.
func TestOriginOfTheRuntime(t *testing.T) {
	assert.Equal(t, "\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => /src/nnc\n", origin{clone: "/src/nnc"}.lines())
	assert.Contains(t, origin{clone: "/my src/nnc"}.lines(), "=> \"/my src/nnc\"\n")
	assert.Equal(t, "go mod edit -require github.com/nnc-lang/nnc@v0.0.0 -replace 'github.com/nnc-lang/nnc=/my src/nnc'", origin{clone: "/my src/nnc"}.command())
	assert.Empty(t, origin{version: "v0.1.0"}.lines())
	assert.Equal(t, "go get github.com/nnc-lang/nnc@v0.1.0", origin{version: "v0.1.0"}.command())
	assert.Contains(t, origin{}.command(), "=../nnc ")
	here, err := filepath.Abs("../..")
	require.NoError(t, err)
	assert.Equal(t, origin{clone: here}, builtFrom())
}

func TestNameOfASpec(t *testing.T) {
	for data, want := range map[string]string{
		"houses.csv": "houses.nn", "../a/houses.v2.csv.gz": "houses.v2.nn", "-": "model.nn", "/dev/stdin": "stdin.nn", ".csv": "model.nn",
		"-x.csv": "x.nn", "nul.csv": "model.nn", `a"b.csv`: "model.nn", "rows": "rows.nn",
	} {
		assert.Equal(t, want, specFor(data), data)
	}
}

// remarks is a table whose label follows from a word of a text, beside columns that say nothing.
func remarks(rows int) string {
	words := strings.Fields("the film that we saw there was of a kind and it had some")
	var b strings.Builder
	b.WriteString("number,remark,stars,label\n")
	for i := range rows {
		label, telling := "no", []string{"dull", "awful", "poor"}[i/2%3]
		if i%2 == 0 {
			label, telling = "yes", []string{"good", "great", "fine"}[i/2%3]
		}
		var text []string
		for k := range 6 + i%5 {
			text = append(text, words[(i*i+3*k)%len(words)])
		}
		fmt.Fprintf(&b, "%d,\"%s %s, %s.\",%d,%s\n", i, strings.Join(text[:3], " "), telling, strings.Join(text[3:], " "), i%5, label)
	}
	return b.String()
}

func TestInitOfProse(t *testing.T) {
	spec, reasons, trained := begin(t, "remarks.csv", remarks(200), "--target", "label")
	assert.Contains(t, spec, "input remark[13] of 24\ninput remark_words[13] of 2\n")
	assert.Contains(t, spec, "from remark; embedding 5; remark_vector: mean mask=remark_words\nfrom features; concat remark_vector\n")
	assert.Contains(t, reasons, "remark word by word: the mean of the embeddings of its first 13 words; 22 different ones occur two times or more\n")
	assert.Contains(t, reasons, " --features remark=remark")
	better(t, trained, "accuracy", 0.9)

	spec, reasons, trained = begin(t, "remarks.csv", remarks(200), "--target", "label", "--features", "remark")
	assert.Contains(t, spec, "from remark; embedding 5; mean mask=remark_words\n")
	assert.Contains(t, reasons, " --features remark\n")
	better(t, trained, "accuracy", 0.9)
}

func TestInitOfTokens(t *testing.T) {
	vocabulary := filepath.Join(t.TempDir(), "vocab.txt")
	tokens := strings.Fields("[PAD] [UNK] [CLS] [SEP] . , the film that we saw there was of a kind and it had some d ##ull awful poor good great fine")
	require.NoError(t, os.WriteFile(vocabulary, []byte(strings.Join(tokens, "\n")+"\n"), 0o644))
	spec, reasons, trained := begin(t, "remarks.csv", remarks(200), "--target", "label", "--tokenizer", "wordpiece:"+vocabulary)
	assert.Contains(t, spec, "input remark[15] of 27\ninput remark_mask[15] of 2\n")
	assert.Contains(t, spec, "from remark; embedding 5; remark_vector: mean mask=remark_mask\n")
	assert.Contains(t, reasons, "remark token by token: the mean of the embeddings of its first 15 tokens, of the 27 of the vocabulary\n")
	assert.Contains(t, reasons, " --tokenizer wordpiece:")
	better(t, trained, "accuracy", 0.9)
}

func TestInitOfARunningText(t *testing.T) {
	spec, reasons, trained := begin(t, "poem.txt", strings.Repeat("a rose is a rose\n", 60))
	assert.Contains(t, spec, "const vocab = 8 // different characters\nconst context = 32 ")
	assert.Contains(t, reasons, "poem.txt: a text of 1020 characters, 8 different: \\n aeiors\n")
	assert.Contains(t, reasons, "would have a loss of 2.079\n", "ln 8")
	assert.Contains(t, reasons, "once it is trained: nnc generate poem.nn --weights poem.safetensors\n")
	perplexity := regexp.MustCompile(`(?m)^held out .* perplexity ([\d.]+)`).FindStringSubmatch(trained)
	require.NotNil(t, perplexity, trained)
	v, err := strconv.ParseFloat(perplexity[1], 64)
	require.NoError(t, err)
	assert.Less(t, v, 1.5)
}
