package modeltest

import (
	"fmt"
	"math"
)

// check compares one group and notes what is wrong. Where all is right it returns, in two groups, the elements that
// a sharper difference could still judge.
func (c *comparison) check(p *point, g group, place int) (blunt []group, err error) {
	s, differs, err := c.measure(p, g)
	if err != nil {
		return nil, err
	}
	if differs {
		before := len(c.wrong)
		if err := c.locate(p, g, s); err != nil || len(c.wrong) > before {
			return nil, err
		}
		if len(g.at) > 1 {
			if sure, err := c.confirmed(p, g, s); err != nil {
				return nil, err
			} else if sure {
				c.wrong = append(c.wrong, fmt.Sprintf("%s: along %d elements, %s among them, the gradients add up to %.6g, differences of the loss give %.6g ± %.2g",
					c.model.Params[g.param].Name, len(g.at), c.element(g.param, g.at[0]), p.want(g), s.value, s.tolerance))
				return nil, nil
			}
		}
		s.tolerance = max(s.tolerance, math.Abs(s.value-p.want(g)))
	}
	rest := group{param: g.param}
	for k, i := range g.at {
		grad := math.Abs(float64(p.grad[g.param][i]))
		if t := &c.tolerance[g.param][i]; place == 0 && (*t == 0 || s.tolerance < *t) {
			*t = s.tolerance
		}
		if quiet := &c.silent[g.param][i]; s.constant && grad == 0 && *quiet >= place {
			*quiet = place + 1
		}
		switch {
		case grad >= 2*s.tolerance:
			c.judged[g.param][i] = true
		case grad >= 64*p.noise/widest: // what the widest differences could tell
			rest.at, rest.signs = append(rest.at, i), append(rest.signs, g.signs[k])
		}
	}
	if len(rest.at) == 0 {
		return nil, nil
	}
	for _, half := range rest.halves() {
		if len(half.at) > 0 {
			blunt = append(blunt, half)
		}
	}
	return blunt, nil
}

// measure returns the slope along a group, and whether it differs from what Backward has computed.
func (c *comparison) measure(p *point, g group) (s slope, differs bool, err error) {
	if s, err = p.slope(g, &c.line); err == nil {
		differs, err = p.differs(g, s, &c.line)
	}
	return s, differs, err
}

// locate notes the wrong elements of a group that differs.
func (c *comparison) locate(p *point, g group, s slope) error {
	if c.found[g.param] >= named {
		return nil
	}
	if len(g.at) == 1 {
		sure, err := c.confirmed(p, g, s)
		if sure {
			c.found[g.param]++
			c.wrong = append(c.wrong, fmt.Sprintf("%s: backward computes the gradient %.6g, differences of the loss give %.6g ± %.2g",
				c.element(g.param, g.at[0]), p.grad[g.param][g.at[0]], float64(g.signs[0])*s.value, s.tolerance))
		}
		return err
	}
	for _, half := range g.halves() {
		s, differs, err := c.measure(p, half)
		if err != nil {
			return err
		}
		if differs {
			if err := c.locate(p, half, s); err != nil {
				return err
			}
		}
	}
	return nil
}

// confirmed tells whether a group differs at other points as well. Many kinks can deceive a difference, but they are
// elsewhere then. A point counts against the fault where the gradient is large enough to be judged, and right.
func (c *comparison) confirmed(p *point, g group, s slope) (bool, error) {
	const near, enough = 10, 5
	apart := math.Abs(s.value - p.want(g))
	wrong, right := 0, 0
	for k := 0; k < near && wrong < enough && right < 2; k++ {
		q, err := at(p.model, p.moved(0.5, c.sizes, " near", k))
		if err != nil {
			return false, err
		}
		q.noise = p.noise
		s, differs, err := c.measure(q, g)
		if err != nil {
			return false, err
		}
		switch {
		case differs:
			wrong++
		case s.tolerance < apart/2 && math.Abs(q.want(g)) > 2*s.tolerance:
			right++
		}
	}
	return right < 2 && wrong >= enough-1, p.enter()
}
