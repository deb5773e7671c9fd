package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/examples/internal/nnctest"
)

func TestMain(m *testing.M) { os.Exit(nnctest.Main(m)) }

// trained returns the weights of a model that nnc train made of houses.csv.
func trained(t *testing.T) string {
	weights := filepath.Join(t.TempDir(), "house.safetensors")
	nnctest.Run(t, "train", "house.nn", "--data", "houses.csv", "--target", "price", "--save", weights)
	return weights
}

// ask posts a body to the service and returns what it answers.
func ask(s http.Handler, body string) (status int, answer string) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/price", strings.NewReader(body)))
	return w.Code, strings.TrimSpace(w.Body.String())
}

// requests are the rows of houses.csv, without their prices, as requests.
func requests(t *testing.T) []string {
	file, err := os.Open("houses.csv")
	require.NoError(t, err)
	defer file.Close()
	table, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var bodies []string
	for _, row := range table[1:] {
		var fields []string
		for i, cell := range row[:len(row)-1] {
			fields = append(fields, fmt.Sprintf("%q: %q", table[0][i], cell))
		}
		bodies = append(bodies, "{"+strings.Join(fields, ", ")+"}")
	}
	return bodies
}

// The service's prices are those of nnc predict, byte for byte, whoever else asks at the same time.
func TestPricesAreThoseOfPredict(t *testing.T) {
	weights := trained(t)
	lines := strings.Split(strings.TrimSpace(nnctest.Run(t, "predict", "house.nn", "--weights", weights, "--data", "houses.csv")), "\n")
	require.Equal(t, "price", lines[0])
	prices, bodies := lines[1:], requests(t)
	require.Len(t, prices, len(bodies))

	s, err := newService(weights)
	require.NoError(t, err)
	handler := s.handler()
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i, body := range bodies {
				status, answer := ask(handler, body)
				if !assert.Equal(t, http.StatusOK, status) || !assert.Equal(t, `{"price":`+prices[i]+`}`, answer, "row %d", i) {
					return
				}
			}
		}()
	}
	group.Wait()
}

func TestAnswers(t *testing.T) {
	s, err := newService(trained(t))
	require.NoError(t, err)
	const rest = `"bathrooms": 2, "age": 15, "distance_to_centre": 4.5, "garden": null, "heating": "gas", "condition": "good"}`
	for _, test := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"numbers and texts", `{"area": 120, "bedrooms": "3", ` + rest, 200, `{"price":`},
		{"nothing is known", `{"area": "", "bedrooms": null, ` + rest, 200, `{"price":`},
		{"a column is missing", `{"area": 120, ` + rest, 400, `no \"bedrooms\"`},
		{"a column is unknown", `{"area": 120, "bedrooms": 3, "pool": 1, ` + rest, 400, `no column \"pool\"`},
		{"a text for a number", `{"area": "big", "bedrooms": 3, ` + rest, 400, `column \"area\": \"big\" is not a number`},
		{"too large for a float32", `{"area": 1e99, "bedrooms": 3, ` + rest, 400, `column \"area\"`},
		{"too large for a price", `{"area": 9.2e39, "bedrooms": 4, "bathrooms": -1.7e38, "age": -7.1e39, "distance_to_centre": -1.6e39, "garden": -4.2e40, "heating": "gas", "condition": "good"}`, 400, "too far"},
		{"a list for a number", `{"area": [1], "bedrooms": 3, ` + rest, 400, `\"area\" must be`},
		{"no object", `12`, 400, "JSON object"},
		{"nothing", ``, 400, "JSON object"},
		{"cut off", `{"area": 1`, 400, "JSON object"},
		{"two objects", `{"area": 120, "bedrooms": 3, ` + rest + `{}`, 400, "more"},
		{"too long", `{"area": "` + strings.Repeat("1", maxRequest) + `"}`, 413, "too large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, answer := ask(s.handler(), test.body)
			assert.Equal(t, test.status, status, answer)
			assert.Contains(t, answer, test.says)
		})
	}
}

func TestRefusesOtherWeights(t *testing.T) {
	dir := t.TempDir()
	_, err := newService(filepath.Join(dir, "none.safetensors"))
	assert.ErrorIs(t, err, os.ErrNotExist)

	plain := filepath.Join(dir, "plain.safetensors")
	require.NoError(t, NewHouse().Save(plain))
	_, err = newService(plain)
	assert.ErrorContains(t, err, "not written by nnc train")

	other, spec := filepath.Join(dir, "other.safetensors"), filepath.Join(dir, "other.nn")
	require.NoError(t, os.WriteFile(spec, []byte("linear 13->1; loss mse; sgd 0.01"), 0o600))
	nnctest.Run(t, "train", spec, "--data", "houses.csv", "--target", "price", "--epochs", "1", "--save", other)
	_, err = newService(other)
	assert.ErrorContains(t, err, "linear1.weight")
}

// The README shows what nnc train and the service say.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	readme := string(text)
	weights := filepath.Join(t.TempDir(), "house.safetensors")
	said := nnctest.Run(t, "train", "house.nn", "--data", "houses.csv", "--target", "price", "--save", weights)
	result, _, found := strings.Cut(said, "saved ")
	assert.True(t, found)
	assert.Contains(t, readme, result)

	s, err := newService(weights)
	require.NoError(t, err)
	requests := regexp.MustCompile(`(?m)^\$ curl localhost:8080/price -d '(.*)'\n(.*)$`).FindAllStringSubmatch(readme, -1)
	require.Len(t, requests, 3)
	for _, r := range requests {
		_, answer := ask(s.handler(), r[1])
		assert.Equal(t, r[2], answer)
	}
}

func TestLearnsFromHouses(t *testing.T) {
	for _, seed := range []string{"0", "1", "2"} {
		r2 := nnctest.Metric(t, "r2", "house.nn", "--data", "houses.csv", "--target", "price", "--save=", "--seed", seed)
		t.Logf("seed %s: R² of the held-out rows %.4f", seed, r2)
		assert.GreaterOrEqual(t, r2, 0.85, "seed %s", seed)
	}
}
