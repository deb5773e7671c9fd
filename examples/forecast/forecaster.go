package main

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/data"
)

// forecaster forecasts behind the hours that its history was given.
type forecaster struct {
	predictor *ForecastPredictor
	codec     *data.Codec   // between cells and model values
	history   *data.History // the last hours
}

// newForecaster loads what nnc train saved. It fails where the file was trained with another spec.
func newForecaster(path string) (*forecaster, error) {
	predictor, err := LoadForecastPredictor(path)
	if err != nil {
		return nil, err
	}
	f := &forecaster{predictor: predictor}
	if f.codec, err = data.CodecOf(predictor.Metadata()); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if f.history, err = f.codec.NewHistory(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

// forecast is what the town will take in each of the hours that follow, in MW.
func (f *forecaster) forecast() ([]float64, error) {
	window, err := f.history.Window()
	if err != nil {
		return nil, err
	}
	values := make([]float32, ahead)
	if err := f.predictor.Predict(window[0].Float, values); err != nil {
		return nil, err
	}
	load := make([]float64, ahead)
	return load, f.codec.Decode64(load, values)
}

// ahead is how many hours the model forecasts.
const ahead = 24
