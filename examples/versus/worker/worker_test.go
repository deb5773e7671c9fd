package worker

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counting is a training whose losses are 10, 20, … after a restart.
func counting(restarts *int) *Job {
	loss := float32(0)
	return &Job{
		Restart: func() error { loss = 0; *restarts++; return nil },
		Step: func() (float32, error) {
			time.Sleep(time.Millisecond)
			loss += 10
			return loss, nil
		},
	}
}

// talk sends requests and returns the replies.
func talk(t *testing.T, p Peer, requests string) (replies []Reply) {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, Serve(p, strings.NewReader(requests), &out))
	for in := json.NewDecoder(&out); ; {
		var r Reply
		err := in.Decode(&r)
		if errors.Is(err, io.EOF) {
			return replies
		}
		require.NoError(t, err)
		replies = append(replies, r)
	}
}

func TestTraining(t *testing.T) {
	restarts := 0
	p := Peer{Version: "counter 1", Open: func(k Task) (*Job, error) {
		assert.Equal(t, Task{Workload: "w", What: "train", Size: 5, File: "f", Cores: 2}, k)
		return counting(&restarts), nil
	}}
	got := talk(t, p, `{"do":"open","task":{"workload":"w","what":"train","size":5,"file":"f","cores":2}}
		{"do":"values","steps":3} {"do":"values","steps":1} {"do":"time","seconds":0.02}`)
	require.Len(t, got, 4)
	assert.Equal(t, "counter 1", got[0].Version)
	assert.Equal(t, []float32{10, 20, 30}, got[1].Values)
	assert.Equal(t, []float32{10}, got[2].Values)
	require.GreaterOrEqual(t, len(got[3].NS), least)
	for _, ns := range got[3].NS {
		assert.GreaterOrEqual(t, ns, 1e6)
	}
	assert.Equal(t, 3, restarts)
	require.NotNil(t, got[3].Allocations)
}

// Short steps are timed many at once, and what they allocate is counted.
func TestShortSteps(t *testing.T) {
	var keep []byte
	job := &Job{Restart: func() error { return nil }, Step: func() (float32, error) {
		for range 3 {
			keep = make([]byte, 100)
		}
		return 0, nil
	}}
	got, err := job.time(0.005)
	require.NoError(t, err)
	assert.Len(t, keep, 100)
	assert.Equal(t, 3.0, *got.Allocations)
	assert.Less(t, slices.Min(got.NS), float64(stretch)) // others may have the machine for a while
}

func TestGoroutinesAreCounted(t *testing.T) {
	job := &Job{Restart: func() error { return nil }, Step: func() (float32, error) {
		done := make(chan bool)
		for range 2 {
			go func() { done <- true }()
		}
		<-done
		<-done
		return 0, nil
	}}
	got, err := job.time(0.005)
	require.NoError(t, err)
	if got.Goroutines == nil {
		t.Skip("this Go does not count goroutines")
	}
	assert.Equal(t, 2.0, *got.Goroutines)
}

func TestPrediction(t *testing.T) {
	p := Peer{Open: func(Task) (*Job, error) {
		out := []float32{0}
		return &Job{
			Restart: func() error { return nil },
			Step:    func() (float32, error) { out[0]++; return 0, nil },
			Output:  func() []float32 { return out },
		}, nil
	}}
	got := talk(t, p, `{"do":"open"} {"do":"values","steps":10}`)
	assert.Equal(t, []float32{1}, got[1].Values)
}

func TestWhatGoesWrongIsTold(t *testing.T) {
	p := Peer{Open: func(k Task) (*Job, error) {
		if k.What == "" {
			return nil, errors.New("cannot do that")
		}
		fail := errors.New("step " + k.What)
		return &Job{
			Restart: func() error { return nil },
			Step: func() (float32, error) {
				if k.What == "nan" {
					return float32(math.NaN()), nil
				}
				return 0, fail
			},
		}, nil
	}}
	got := talk(t, p, `{"do":"time"} {"do":"open"} {"do":"open","task":{"what":"fails"}} {"do":"values","steps":1} {"do":"time"}
		{"do":"dance"} {"do":"open","task":{"what":"nan"}} {"do":"values","steps":1}`)
	var said []string
	for _, r := range got {
		said = append(said, r.Error)
	}
	assert.Equal(t, []string{
		`"time" came before a task was opened`, "cannot do that", "", "step fails", "step fails",
		`"dance" is no request: open, values and time are`, "", "the values are not all finite",
	}, said)
	assert.ErrorContains(t, Serve(p, strings.NewReader("?"), io.Discard), "reading a request")
}
