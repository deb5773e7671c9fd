package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/answer"
)

const passage = "Sólum lives in Migårholm. Kanor has a house in Bétonford. Kanor plays the flute. Sólum was born in 1804."

// post asks the service and returns what it says.
func post(h http.Handler, body string) (status int, said string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/answer", strings.NewReader(body)))
	return w.Code, w.Body.String()
}

// body is a request.
func body(t testing.TB, question, passage string, n int) string {
	text, err := json.Marshal(request{question, passage, n})
	require.NoError(t, err)
	return string(text)
}

func TestServiceAnswers(t *testing.T) {
	status, said := post(handler(small(t)), body(t, "Where does Kanor live?", passage, 3))
	require.Equal(t, http.StatusOK, status, said)
	var got reply
	require.NoError(t, json.Unmarshal([]byte(said), &got))
	require.Len(t, got.Answers, 3)
	a := got.Answers[0]
	assert.Equal(t, "Bétonford", a.Text)
	assert.Equal(t, "Bétonford", passage[a.StartByte:a.EndByte])
	assert.Equal(t, "Bétonford", string([]rune(passage)[a.Start:a.End]))
	assert.Equal(t, "Sólum lives in Migårholm. Kanor has a house in [Bétonford]. Kanor plays the flute. Sólum was born in 1804.", a.Marked)
	assert.GreaterOrEqual(t, a.Score, got.Answers[1].Score)
	assert.GreaterOrEqual(t, got.Answers[1].Score, got.Answers[2].Score)
}

func TestServiceRefuses(t *testing.T) {
	h := handler(small(t))
	for _, test := range []struct {
		name, body string
		status     int
		says       string
	}{
		{"no JSON", `Where?`, 400, "JSON object"},
		{"nothing", ``, 400, "it is empty"},
		{"a number", `{"question": 1, "passage": "x"}`, 400, "question must be a string, not number"},
		{"a text for n", `{"question": "Where?", "n": "3"}`, 400, "n must be a whole number, not string"},
		{"half an answer", `{"question": "Where?", "n": 1.5}`, 400, "n must be a whole number, not number 1.5"},
		{"a list", `[1]`, 400, "it is of the type array"},
		{"cut off", `{"question": "Where`, 400, "it ends too early"},
		{"an unknown field", `{"question": "Where?", "text": "x"}`, 400, `}: unknown field \"text\"`},
		{"two objects", body(t, "Where?", passage, 1) + "{}", 400, "more in the body"},
		{"no question", body(t, "", passage, 1), 400, "the question is empty"},
		{"a question of spaces", body(t, " \n", passage, 1), 400, "the question is empty"},
		{"no passage", body(t, "Where?", "", 1), 400, "the passage is empty"},
		{"no answers", body(t, "Where?", passage, 0), 400, "n is 0"},
		{"fewer than none", body(t, "Where?", passage, -1), 400, "n is -1"},
		{"too many answers", body(t, "Where?", passage, maxAnswers+1), 400, "n is 21"},
		{"no UTF-8", strings.Replace(body(t, "Where?", passage, 1), "é", "\xe9", 1), 400, "not UTF-8"},
		{"too large", body(t, "Where?", strings.Repeat("x", maxRequest), 1), 413, "more than 65536 bytes"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, said := post(h, test.body)
			assert.Equal(t, test.status, status, said)
			var why map[string]string
			require.NoError(t, json.Unmarshal([]byte(said), &why))
			assert.Contains(t, said, test.says)
		})
	}
}

func TestRoutes(t *testing.T) {
	h := handler(small(t))
	for _, test := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/", 200, "<form>"},
		{"GET", "/answer", 405, "/answer does not take GET, but POST"},
		{"DELETE", "/answer", 405, "but POST"},
		{"POST", "/", 405, "/ does not take POST, but GET, HEAD"},
		{"POST", "/answers", 404, "there is nothing at /answers"},
		{"GET", "/favicon.ico", 404, "posted to /answer"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		assert.Equal(t, test.status, w.Code, "%s %s", test.method, test.path)
		assert.Contains(t, w.Body.String(), test.says)
		if test.status != http.StatusOK {
			assert.Equal(t, "application/json", w.Header().Get("Content-Type"))
			var why map[string]string
			assert.NoError(t, json.Unmarshal(w.Body.Bytes(), &why))
		}
		if test.status == http.StatusMethodNotAllowed {
			assert.NotEmpty(t, w.Header().Get("Allow"))
		}
	}
}

// faulty is a model with nothing to say.
type faulty struct {
	score float32
	err   error
}

func (f faulty) Predict(_, _ []int32, _, scores []float32) error {
	for i := range scores {
		scores[i] = f.score
	}
	return f.err
}

// What the model is to blame for, the request is not: the log has the reason.
func TestServiceHidesTheModelsFaults(t *testing.T) {
	var logged strings.Builder
	log.SetOutput(&logged)
	defer log.SetOutput(os.Stderr)
	for _, f := range []faulty{{score: float32(math.NaN())}, {err: errors.New("row 3 of tensor encoder1")}} {
		logged.Reset()
		r := &reader{windows: small(t).windows, turns: make(chan struct{}, 1)}
		r.predictors.New = func() any { return f }
		for range 2 { // the first has given its turn back
			status, said := post(handler(r), body(t, "Where?", passage, 1))
			assert.Equal(t, http.StatusInternalServerError, status)
			assert.JSONEq(t, `{"error": "the model has no answer; the service's log says why"}`, said)
		}
		why := f.err
		if why == nil {
			why = answer.ErrScores
		}
		assert.Equal(t, 2, strings.Count(logged.String(), why.Error()), logged.String())
	}
}

// Who does not say how many answers it wants gets one.
func TestServiceGivesOneAnswer(t *testing.T) {
	status, said := post(handler(small(t)), `{"question": "Where does Kanor live?", "passage": "Kanor lives in Bétonford."}`)
	require.Equal(t, http.StatusOK, status, said)
	var got reply
	require.NoError(t, json.Unmarshal([]byte(said), &got))
	assert.Len(t, got.Answers, 1)
}

// Whoever else asks at the same time makes no difference.
func TestServiceAnswersManyAtOnce(t *testing.T) {
	r := small(t)
	h := handler(r)
	list := questions(t, "unseen.json", 10)[:20]
	want := make([]string, len(list))
	for i, q := range list {
		_, want[i] = post(h, body(t, q.question, q.passage, 1))
	}
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			for i, q := range list {
				status, said := post(h, body(t, q.question, q.passage, 1))
				assert.Equal(t, http.StatusOK, status)
				assert.Equal(t, want[i], said)
			}
		}()
	}
	group.Wait()
	assert.Empty(t, r.turns)
}

// A question that nobody waits for any more is given up, and its predictor is free again.
func TestServiceGivesUp(t *testing.T) {
	r := small(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	w := httptest.NewRecorder()
	q := httptest.NewRequestWithContext(ctx, http.MethodPost, "/answer", strings.NewReader(body(t, "Where?", passage, 1)))
	handler(r).ServeHTTP(w, q)
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Contains(t, w.Body.String(), "no time")
	assert.Empty(t, r.turns)
}

func TestServesUntilTheEnd(t *testing.T) {
	listener, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- serve(ctx, listener, handler(small(t))) }()
	url := "http://" + listener.Addr().String()
	response, err := http.Post(url+"/answer", "application/json", strings.NewReader(body(t, "Where does Kanor live?", passage, 1)))
	require.NoError(t, err)
	defer response.Body.Close()
	var got reply
	require.NoError(t, json.NewDecoder(response.Body).Decode(&got))
	require.Len(t, got.Answers, 1)
	assert.True(t, answer.ExactMatch("Bétonford", got.Answers[0].Text))
	cancel()
	assert.NoError(t, <-ended)
	_, err = http.Get(url)
	assert.Error(t, err)
}
