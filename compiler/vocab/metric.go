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

// numbers are the kinds of targets that are numbers in units of their own.
var numbers = []ir.TargetKind{ir.Quantity, ir.Counted, ir.Vector, ir.Distribution}

// measure declares a metric without arguments of its own.
func measure(name, doc string, suits ...ir.TargetKind) *Word {
	return &Word{Name: name, Kind: Metric, Usage: "metric " + name + " [output]", Doc: doc, Args: []Arg{outputArg}, Suits: suits}
}
