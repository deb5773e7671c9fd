package gogen

import (
	"path"
	"strconv"
	"strings"
)

// embed writes the weights that are part of the program, and who makes a predictor of them. The file is named from the
// folder of the code, as the directive that embeds it names it.
func (f *file) embed(name string) {
	f.Anon("embed")
	pattern := name
	if strings.ContainsAny(name, " \t") {
		pattern = strconv.Quote(name)
	}
	f.text(`
// $Content is the content of $Base.
//
//go:embed $Pattern
var $Content string

// NewTrained${Model}Predictor returns a predictor with the parameters of $Base, which is part of the program.
func NewTrained${Model}Predictor() (*${Model}Predictor, error) {
	return Load${Model}PredictorFrom(${Model}TrainedWeights())
}

// ${Model}TrainedWeights returns the content of $Base: the parameters, and what nnc train stored beside them.
func ${Model}TrainedWeights() io.Reader {
	return strings.NewReader($Content)
}
`, args{"Content": f.fresh(f.prefix + "Trained"), "Model": f.model, "Base": oneLine(path.Base(name)), "Pattern": pattern})
}
