package data

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Whose says in a line what the model predicts whose weights have this metadata, and from what; "" where that is not
// known. It stands in errors, where weights are those of another model.
func Whose(meta map[string]string) string {
	c, err := CodecOf(meta)
	switch {
	case err != nil:
		return ""
	case c.text != nil:
		return fmt.Sprintf("These weights continue a text of %s.", c.text.counted())
	case c.questions != nil:
		return "These weights answer questions about passages."
	case !c.IsTable():
		return ""
	}
	var targets []string
	for _, t := range c.Targets() {
		targets = append(targets, t.Sources()...)
	}
	if len(targets) == 0 {
		return fmt.Sprintf("These weights take the columns %s.", phrase.Listed(c.Columns()))
	}
	return fmt.Sprintf("These weights predict %s from the columns %s.", phrase.Listed(targets), phrase.Listed(c.Columns()))
}
