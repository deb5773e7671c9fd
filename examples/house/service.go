package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"sync"

	"github.com/nnc-lang/nnc/runtime/data"
)

// service prices houses for any number of requests at a time.
type service struct {
	codec      *data.Codec // between cells and model values
	predictors sync.Pool   // of *HousePredictor, which one request at a time may use
}

// newService loads what nnc train saved. It fails where the file was trained with another spec.
func newService(path string) (*service, error) {
	first, err := LoadHousePredictor(path)
	if err != nil {
		return nil, err
	}
	codec, err := data.CodecOf(first.Metadata())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	s := &service{codec: codec}
	s.predictors.New = func() any { return first.Predictor() } // shares the weights
	if _, err := s.price(make([]float32, codec.Width())); err != nil {
		return nil, fmt.Errorf("%s does not fit the model: %w", path, err)
	}
	return s, nil
}

func (s *service) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /price", s.answer)
	return mux
}

// maxRequest bounds a request's body, in bytes.
const maxRequest = 64 << 10

// answer prices the house of a request: a JSON object of columns and their cells.
func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	row, err := readRow(http.MaxBytesReader(w, r.Body, maxRequest))
	if err != nil {
		refuse(w, err)
		return
	}
	features := make([]float32, s.codec.Width())
	if err := s.codec.EncodeMap(features, row); err != nil {
		refuse(w, err)
		return
	}
	price, err := s.price(features)
	if err != nil {
		refuse(w, err)
		return
	}
	reply(w, http.StatusOK, map[string]float64{"price": price})
}

// price predicts from the features [1, 13] of one house, in the price's own unit.
func (s *service) price(features []float32) (float64, error) {
	predictor := s.predictors.Get().(*HousePredictor)
	defer s.predictors.Put(predictor)
	var out [1]float32
	if err := predictor.Predict(features, out[:]); err != nil {
		return 0, err
	}
	var price [1]float64
	if err := s.codec.Decode64(price[:], out[:]); err != nil {
		return 0, err
	}
	if math.IsNaN(price[0]) || math.IsInf(price[0], 0) {
		return 0, errors.New("these values are too far from those that the model has seen")
	}
	return price[0], nil
}

// readRow reads a JSON object as the cells of a table: a text or a number as it is written, null as an empty cell.
func readRow(body io.Reader) (map[string]string, error) {
	decoder := json.NewDecoder(body)
	decoder.UseNumber()
	var object map[string]any
	if err := decoder.Decode(&object); err != nil {
		return nil, fmt.Errorf(`the body must be a JSON object such as {"area": 120, …}: %w`, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more in the body than one JSON object")
	}
	row := make(map[string]string, len(object))
	for name, value := range object {
		switch value := value.(type) {
		case string:
			row[name] = value
		case json.Number:
			row[name] = value.String()
		case nil:
			row[name] = ""
		default:
			return nil, fmt.Errorf("%q must be a text, a number or null", name)
		}
	}
	return row, nil
}

// refuse answers that the request is at fault.
func refuse(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		status = http.StatusRequestEntityTooLarge
	}
	reply(w, status, map[string]string{"error": err.Error()})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // an error means that the client is gone
}
