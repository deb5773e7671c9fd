package grammar

// trainingWords are the words that usually stand one below the other at a spec's end. This is all that the
// package knows of words, it is for the layout only: a statement whose word is missing here is formatted like
// any other. A list behind a name is no shape in these.
var trainingWords = map[string]bool{
	"loss": true, "metric": true,
	"sgd": true, "adam": true, "adamw": true, "nadam": true, "radam": true, "adamax": true,
	"rmsprop": true, "adagrad": true, "adadelta": true, "lion": true,
	"schedule": true, "clip": true, "accumulate": true, "average": true, "stop": true,
	"batch": true, "epochs": true, "steps": true, "seed": true, "init": true, "freeze": true,
}

// isTraining reports whether a statement's first argument may have to be aligned with its neighbours'.
func isTraining(s *Stmt) bool {
	return trainingWords[s.Word.Name] && s.Label == nil && len(s.Args) > 0 && s.Body == nil
}

// alignTraining aligns the first arguments of neighbouring training statements
// as if the source had done it, unless half of them or more are in line with one
// next to them: then somebody has chosen another layout.
func alignTraining(p []*row) {
	for len(p) > 0 {
		n := 0
		for n < len(p) && p[n].training {
			n++
		}
		if n > 1 && 2*inLine(p[:n]) < n {
			alignFirst(p[:n])
		}
		p = p[max(n, 1):]
	}
}

// inLine counts the rows whose first argument starts at the same column of the source as that of the row above or below.
func inLine(run []*row) int {
	count := 0
	for i, r := range run {
		column := r.cells[1].source
		if i > 0 && run[i-1].cells[1].source == column || i+1 < len(run) && run[i+1].cells[1].source == column {
			count++
		}
	}
	return count
}

// alignFirst moves the first arguments to the leftmost column that has room for all of them, and those behind only
// as far as they have to make way.
func alignFirst(run []*row) {
	widest := 0
	for _, r := range run {
		widest = max(widest, r.cells[0].width)
	}
	for _, r := range run {
		first := &r.cells[1]
		first.source = r.indent + widest + 1
		first.gap = r.cells[0].width < widest
		for i := 2; i < len(r.cells); i++ {
			r.cells[i].source = max(r.cells[i].source, r.cells[i-1].source+r.cells[i-1].width+1)
		}
	}
}
