package modeltest

import (
	"fmt"
	"slices"
	"strings"
)

// element names an element by its indices.
func (c *comparison) element(param, i int) string {
	shape := c.model.Params[param].Shape
	index := make([]string, len(shape))
	for axis := len(shape) - 1; axis >= 0; axis-- {
		index[axis] = fmt.Sprint(i % shape[axis])
		i /= shape[axis]
	}
	return c.model.Params[param].Name + "[" + strings.Join(index, ", ") + "]"
}

// summary tells what was compared, a line for each parameter.
func (c *comparison) summary() (lines []string) {
	for k, param := range c.model.Params {
		if len(c.tolerance[k]) == 0 {
			continue
		}
		small, silent := 0, 0
		for i, judged := range c.judged[k] {
			switch {
			case judged:
			case c.silent[k][i] == places:
				silent++
			default:
				small++
			}
		}
		sorted := slices.Sorted(slices.Values(c.tolerance[k]))
		line := fmt.Sprintf("%s: of %d elements an error above %.2g would show (in half of them above %.2g)",
			param.Name, len(sorted), 2*sorted[len(sorted)-1], 2*sorted[len(sorted)/2])
		if silent > 0 {
			line += fmt.Sprintf("; the loss does not depend on %d", silent)
		}
		if small > 0 {
			line += fmt.Sprintf("; the gradients of %d are too small to be told from 0", small)
		}
		lines = append(lines, line)
	}
	return lines
}
