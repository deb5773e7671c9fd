package vocab

import (
	"slices"

	"github.com/nnc-lang/nnc/compiler/ir"
)

// MetricsFor lists the metrics that suit losses with targets of that kind.
func MetricsFor(kind ir.TargetKind) []string {
	var names []string
	for _, w := range Words() {
		if w.Kind == Metric && slices.Contains(w.Suits, kind) {
			names = append(names, w.Name)
		}
	}
	return names
}

// inUnits declares a metric of quantities.
func inUnits(name, doc string) *Word {
	return &Word{Name: name, Kind: Metric, Usage: "metric " + name + " [output]", Doc: doc, Args: []Arg{outputArg}, Suits: []ir.TargetKind{ir.Quantity}}
}
