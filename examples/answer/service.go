package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxRequest = 64 << 10         // of a request's body, in bytes
	patience   = 30 * time.Second // until a question is given up
)

// request is a question about a passage.
type request struct {
	Question string `json:"question"`
	Passage  string `json:"passage"`
	N        int    `json:"n"` // how many answers; 1 where it is not said
}

// reply is what the service found, the best first.
type reply struct {
	Answers []found `json:"answers"`
}

// found is a piece of the passage. Programs differ in how they count: from Start up to End are code points, as in SQuAD's
// files, from StartByte up to EndByte bytes.
type found struct {
	Text      string  `json:"text"`
	Start     int     `json:"start"`
	End       int     `json:"end"`
	StartByte int     `json:"start_byte"`
	EndByte   int     `json:"end_byte"`
	Score     float32 `json:"score"`
	Marked    string  `json:"marked"` // in brackets, with what stands around it
}

//go:embed page.html
var page []byte

// handler answers questions at /answer, and shows a page to ask them at /.
func handler(r *reader) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page) // an error means that the client is gone
	})
	mux.HandleFunc("POST /answer", func(w http.ResponseWriter, q *http.Request) {
		ctx, cancel := context.WithTimeout(q.Context(), patience)
		defer cancel()
		said, err := readRequest(http.MaxBytesReader(w, q.Body, maxRequest))
		if err != nil {
			refuse(w, err)
			return
		}
		asked, err := r.windows.Encode(said.Question, said.Passage)
		if err != nil {
			refuse(w, err)
			return
		}
		reading, err := r.read(ctx, asked, said.N)
		if err != nil {
			fail(w, err)
			return
		}
		var out reply
		for _, a := range reading.answers {
			out.Answers = append(out.Answers, found{a.Text, a.RuneStart, a.RuneEnd, a.Start, a.End, float32(a.Score), marked(said.Passage, a)})
		}
		write(w, http.StatusOK, out)
	})
	mux.HandleFunc("/{$}", allow("GET, HEAD"))
	mux.HandleFunc("/answer", allow("POST"))
	mux.HandleFunc("/", func(w http.ResponseWriter, q *http.Request) {
		write(w, http.StatusNotFound, map[string]string{"error": fmt.Sprintf("there is nothing at %s: questions are posted to /answer", q.URL.Path)})
	})
	return mux
}

// allow refuses a request, since what it asks for is there for these methods alone.
func allow(methods string) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		w.Header().Set("Allow", methods)
		write(w, http.StatusMethodNotAllowed, map[string]string{"error": fmt.Sprintf("%s does not take %s, but %s", q.URL.Path, q.Method, methods)})
	}
}

// readRequest reads the one JSON object of a body.
func readRequest(body io.Reader) (request, error) {
	r := request{N: 1}
	text, err := io.ReadAll(body)
	if err != nil {
		return r, err
	}
	if !utf8.Valid(text) {
		return r, errors.New("the body is not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil {
		return r, fmt.Errorf(`the body must be a JSON object such as {"question": "…", "passage": "…"}: %s`, fault(err))
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return r, errors.New("there is more in the body than one JSON object")
	}
	return r, checkCount(r.N)
}

// fault is what is wrong with a body that the decoder does not take.
func fault(err error) string {
	var kind *json.UnmarshalTypeError
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	case errors.As(err, &kind) && kind.Field == "n":
		return "n must be a whole number, not " + kind.Value
	case errors.As(err, &kind) && kind.Field != "":
		return kind.Field + " must be a string, not " + kind.Value
	case errors.As(err, &kind):
		return "it is of the type " + kind.Value
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// refuse says what is wrong with a request.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
		err = fmt.Errorf("the body has more than %d bytes: ask about a part of the passage", tooLarge.Limit)
	}
	write(w, status, map[string]string{"error": err.Error()})
}

// fail says that there is no answer to a request that is in order: there was no time, or the model is at fault, which the log
// tells more about.
func fail(w http.ResponseWriter, err error) {
	status, why := http.StatusServiceUnavailable, "there was no time to read all of the passage: ask again, or about less"
	if !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		log.Print(err)
		status, why = http.StatusInternalServerError, "the model has no answer; the service's log says why"
	}
	write(w, status, map[string]string{"error": why})
}

func write(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(body) // an error means that the client is gone
}

// serve answers until the context ends, and then what has been asked before.
func serve(ctx context.Context, listener net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second,
		WriteTimeout: patience + 10*time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return server.Shutdown(last)
}
