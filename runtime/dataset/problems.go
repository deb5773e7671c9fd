package dataset

import (
	"errors"
	"fmt"
)

// problems are mistakes that are told together, so that one run shows all that there is to mend.
type problems struct {
	list []error
	more int
}

// maxProblems bounds the mistakes that are told.
const maxProblems = 20

func (p *problems) add(err error) {
	switch {
	case err == nil:
	case len(p.list) < maxProblems:
		p.list = append(p.list, err)
	default:
		p.more++
	}
}

// err is all of them as one, nil if there are none.
func (p *problems) err() error {
	list := p.list
	if p.more > 0 {
		list = append(list, fmt.Errorf("… and %d more", p.more))
	}
	if len(list) == 1 {
		return list[0]
	}
	return errors.Join(list...)
}
