package data

import (
	"encoding/json"

	"github.com/nnc-lang/nnc/runtime/kernel"
)

// LeftOut is the class of positions that take no part in a loss: kernel.Ignored where it is zero.
type LeftOut struct {
	other bool // it is class
	class int32
}

// LeavingOut leaves that class out.
func LeavingOut(class int32) LeftOut {
	if class == kernel.Ignored {
		return LeftOut{}
	}
	return LeftOut{true, class}
}

// Class is the class.
func (l LeftOut) Class() int32 {
	if l.other {
		return l.class
	}
	return kernel.Ignored
}

// MarshalJSON is the class, as a weight file stores it.
func (l LeftOut) MarshalJSON() ([]byte, error) { return json.Marshal(l.Class()) }

// UnmarshalJSON reads the class.
func (l *LeftOut) UnmarshalJSON(text []byte) error {
	var class int32
	if err := json.Unmarshal(text, &class); err != nil {
		return err
	}
	*l = LeavingOut(class)
	return nil
}
