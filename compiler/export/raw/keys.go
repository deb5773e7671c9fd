package raw

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
)

// truths are texts that may stand for one another: see data.Column.
var truths = []string{"false", "False", "FALSE", "true", "True", "TRUE"}

// keys are the texts that stand for a class of the column, and its place. Beside the classes themselves these are other ways
// to write them that the Codec takes for them, as far as they are few: truth values, and a whole number with .0 or without.
// It is the Codec that says what each stands for.
func keys(c *data.Column) (texts []string, at []int64) {
	tried := slices.Concat(c.Classes, truths)
	for _, class := range c.Classes {
		tried = append(tried, class+".0", strings.TrimSuffix(class, ".0"))
		if v, err := strconv.ParseFloat(class, 64); err == nil {
			tried = append(tried, strconv.FormatFloat(v, 'f', -1, 64))
		}
	}
	seen := map[string]bool{}
	indicators := make([]float32, len(c.Classes))
	for _, text := range tried {
		if seen[text] {
			continue
		}
		seen[text] = true
		c.EncodeText(indicators, text)
		if i := slices.Index(indicators, 1); i >= 0 {
			texts, at = append(texts, text), append(at, int64(i))
		}
	}
	return texts, at
}
