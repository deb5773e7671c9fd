package vocab

import (
	"github.com/nnc-lang/nnc/compiler/op"
	"github.com/nnc-lang/nnc/grammar/diag"
)

// channels returns how many channels the current value has, if it has channels, and a diagnostic otherwise.
func (c *Call) channels() (channels int, ok bool) {
	if !c.Floats() {
		return 0, false
	}
	if rank := len(c.X.Type.Shape); rank < 1 || rank > 3 {
		c.Report(c.Problem(diag.WrongRank, c.At, "`%s` takes values [C], [T, D] or [C, H, W], but %v flows in here", c.Word.Name, c.X.Type.Shape).
			WithNote(c.Origin(c.X), "`%s` comes from here", c.X.Name).
			WithHelp("put `flatten` before it; or declare the input with one to three axes, as `%s[1]`", c.X.Name))
		return 0, false
	}
	_, channels, _ = op.Channels(c.X.Type)
	return channels, true
}
