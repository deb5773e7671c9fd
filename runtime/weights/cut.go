package weights

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Cut is a tensor of which a Mapping takes the first rows: those of the first axis.
type Cut struct {
	Name     string // here
	Rows, Of int
}

// cut takes the rows that stand behind the text of a side, as in position.weight[:256], and returns the name before them.
// Brackets without a colon are a part of the name.
func (s *side) cut(text string) (name string, err error) {
	name, inside, found := cutLast(text, "[")
	inside, closed := strings.CutSuffix(inside, "]")
	if !found || !closed || !strings.Contains(inside, ":") {
		return text, nil
	}
	rows, fromStart := strings.CutPrefix(strings.TrimSpace(inside), ":")
	rows = strings.TrimSpace(rows)
	switch s.rows, err = strconv.Atoi(rows); {
	case !fromStart || err != nil || strings.HasPrefix(rows, "+"):
		return "", fmt.Errorf("%s: the first rows can be taken, and nothing else: write them as [:256]", quote("["+inside+"]"))
	case s.rows < 1:
		return "", fmt.Errorf("%s: at least one row is taken, or the tensor left out with a - behind the =", quote("["+inside+"]"))
	}
	if name = strings.TrimSpace(name); name == "" {
		return "", errors.New("the name of the tensor is missing before the [")
	}
	return name, nil
}

// cutLast cuts a text around the last separator.
func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// firstRows is the tensor of the first n rows of t, which share its elements; t itself where n is 0.
func (t Tensor) firstRows(n int) (Tensor, error) {
	if n == 0 {
		return t, nil
	}
	if len(t.Shape) == 0 {
		return t, fmt.Errorf("it is a single number and has no rows: take the [:%d] away", n)
	}
	if n > t.Shape[0] {
		return t, fmt.Errorf("its shape is %s: there are no %d rows to take", shapeString(t.Shape), n)
	}
	cut := t
	cut.cutOf = t.Shape[0]
	cut.Shape = append([]int{n}, t.Shape[1:]...)
	size := count(cut.Shape)
	if t.F32 != nil {
		cut.F32 = t.F32[:size:size]
	}
	if t.I64 != nil {
		cut.I64 = t.I64[:size:size]
	}
	return cut, nil
}

// cuts are the tensors of f that are parts of what the file has.
func (f *File) cuts() (list []Cut) {
	for _, t := range f.Tensors {
		if t.cutOf > 0 && t.Shape[0] < t.cutOf {
			list = append(list, Cut{Name: t.Name, Rows: t.Shape[0], Of: t.cutOf})
		}
	}
	return list
}
