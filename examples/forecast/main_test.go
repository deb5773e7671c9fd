package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// training is the command of the README.
var training = []string{"train", "forecast.nn", "--data", "load.csv", "--target", "load", "--id", "time", "--window", "48", "--valid", "last:500", "--test", "last:1000"}

// train runs it with other flags, and returns the weights and what the command wrote.
func train(t *testing.T, flags ...string) (weights, said string) {
	weights = filepath.Join(t.TempDir(), "forecast.safetensors")
	return weights, nnctest.Run(t, append(append(training, "--save", weights), flags...)...)
}

// The program's forecast behind the last hour is the last line of nnc predict, value for value, and its mean absolute
// error that of nnc train's rows to test on.
func TestForecastsAreThoseOfPredict(t *testing.T) {
	weights, said := train(t, "--epochs", "1", "--json")
	var forecast bytes.Buffer
	require.NoError(t, run(&forecast, weights, "load.csv", 0))
	predicted := strings.Split(strings.TrimSpace(nnctest.Run(t, "predict", "forecast.nn", "--weights", weights, "--data", "load.csv", "--id", "time")), "\n")
	require.Len(t, predicted, 1+5040-48+1, "a forecast behind each window")
	values := strings.Split(predicted[len(predicted)-1], ",")
	require.Equal(t, "2024-07-28 23:00", values[0])
	lines := strings.Split(strings.TrimSpace(forecast.String()), "\n")
	require.Len(t, lines, ahead)
	for k, line := range lines {
		var load float64
		_, err := fmt.Sscan(values[1+k], &load)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(line, fmt.Sprintf("2024-07-29 %02d:00  %5.1f MW  #", k, load)), line)
	}

	records := strings.Split(strings.TrimSpace(said), "\n")
	var result struct {
		Metrics struct{ MAE float64 } `json:"test_metrics"`
	}
	require.NoError(t, json.Unmarshal([]byte(records[len(records)-1]), &result))
	require.Positive(t, result.Metrics.MAE)
	var comparison bytes.Buffer
	require.NoError(t, run(&comparison, weights, "load.csv", 1000))
	assert.Contains(t, comparison.String(), fmt.Sprintf("the model %30.3f MW\n", result.Metrics.MAE))
}

// The errors of what needs no model, where the load rises by 1 MW an hour: k hours, a day, and a week.
func TestNaiveForecasts(t *testing.T) {
	weights, _ := train(t, "--epochs", "1")
	table := "time,hour,day,temperature,load\n"
	for i := range 300 {
		table += fmt.Sprintf("2024-01-01 00:00,0,Mon,10,%d\n", i)
	}
	path := filepath.Join(t.TempDir(), "rising.csv")
	require.NoError(t, os.WriteFile(path, []byte(table), 0o600))
	var comparison bytes.Buffer
	require.NoError(t, run(&comparison, weights, path, 100))
	assert.Contains(t, comparison.String(), "the last hour that is known       12.500 MW\n")
	assert.Contains(t, comparison.String(), "the same hour of the day before   24.000 MW\n")
	assert.Contains(t, comparison.String(), "the same hour of the week before  168.000 MW\n")
	assert.ErrorContains(t, run(&comparison, weights, path, 200), "take 392 hours: there are 300")
}

func TestRefuses(t *testing.T) {
	weights, _ := train(t, "--epochs", "1")
	const header = "time,hour,day,temperature,load\n"
	for want, table := range map[string]string{
		`there is no column "temperature"`: "time,hour,day,load\n",
		"there is no hour":                 header,
		`line.csv:2: parsing time "now"`:   header + "now,1,Mon,1,1\n",
		`line.csv:2: strconv.ParseFloat`:   header + "2024-01-01 00:00,1,Mon,1,much\n",
		`column "temperature": "warm"`:     header + "2024-01-01 00:00,1,Mon,warm,1\n",
		"there are only 1":                 header + "2024-01-01 00:00,1,Mon,1,1\n",
		"wrong number of fields":           header + "1,1\n",
	} {
		path := filepath.Join(t.TempDir(), "line.csv")
		require.NoError(t, os.WriteFile(path, []byte(table), 0o600))
		assert.ErrorContains(t, run(&bytes.Buffer{}, weights, path, 0), want)
	}
	plain := filepath.Join(t.TempDir(), "plain.safetensors")
	require.NoError(t, NewForecast().Save(plain))
	assert.ErrorContains(t, run(&bytes.Buffer{}, plain, "load.csv", 0), "not written by nnc train")
	assert.ErrorIs(t, run(&bytes.Buffer{}, plain+"x", "load.csv", 0), os.ErrNotExist)
}

// The README shows what the commands say, of the linear model too.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	weights, said := train(t)
	result, _, found := strings.Cut(said, "saved ")
	assert.True(t, found)
	assert.Contains(t, readme, result)
	for flags, compare := range map[string]int{"": 0, " -compare 1000": 1000} {
		var says bytes.Buffer
		require.NoError(t, run(&says, weights, "load.csv", compare))
		assert.Contains(t, readme, "-table examples/forecast/load.csv"+flags+"\n"+says.String())
	}

	spec := regexp.MustCompile(`(?m)^input hours.*flatten.*$`).FindString(readme)
	path := filepath.Join(t.TempDir(), "linear.nn")
	require.NoError(t, os.WriteFile(path, []byte(spec), 0o600))
	linear := append([]string{"train", path}, training[2:]...)
	assert.Contains(t, readme, "\n```\n"+nnctest.Run(t, append(linear, "--save=")...)+"```\n")
}
