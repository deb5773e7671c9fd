package worker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
)

// Serve answers requests from r on w until r ends. A task that fails is told in the reply; the error is one of
// reading or writing.
func Serve(p Peer, r io.Reader, w io.Writer) error {
	in, out := json.NewDecoder(r), json.NewEncoder(w)
	var job *Job
	for {
		var request Request
		switch err := in.Decode(&request); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("reading a request: %w", err)
		}
		reply, err := answer(p, &job, request)
		if err != nil {
			reply = Reply{Error: err.Error()}
		}
		err = out.Encode(reply)
		if unsupported := (*json.UnsupportedValueError)(nil); errors.As(err, &unsupported) {
			err = out.Encode(Reply{Error: "the values are not all finite"})
		}
		if err != nil {
			return fmt.Errorf("writing a reply: %w", err)
		}
	}
}

func answer(p Peer, job **Job, request Request) (Reply, error) {
	if request.Do == "open" {
		*job = nil // models are large: no two at once
		debug.FreeOSMemory()
		opened, err := p.Open(request.Task)
		if err != nil {
			return Reply{}, err
		}
		*job = opened
		return Reply{Version: p.Version}, nil
	}
	if *job == nil {
		return Reply{}, fmt.Errorf("%q came before a task was opened", request.Do)
	}
	switch request.Do {
	case "values":
		values, err := (*job).values(request.Steps)
		return Reply{Values: values}, err
	case "time":
		return (*job).time(request.Seconds)
	}
	return Reply{}, fmt.Errorf("%q is no request: open, values and time are", request.Do)
}

// values returns what the agreement of two peers is judged by.
func (j *Job) values(steps int) ([]float32, error) {
	if err := j.Restart(); err != nil {
		return nil, err
	}
	if j.Output != nil {
		if _, err := j.Step(); err != nil {
			return nil, err
		}
		return j.Output(), nil
	}
	losses := make([]float32, steps)
	for i := range losses {
		loss, err := j.Step()
		if err != nil {
			return nil, err
		}
		losses[i] = loss
	}
	return losses, nil
}
