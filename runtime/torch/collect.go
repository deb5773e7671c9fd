package torch

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// named is a tensor by its name in the file.
type named struct {
	name   string
	tensor *tensor
}

// stateNames are what programs call the state_dict in a checkpoint that holds more.
var stateNames = []string{"state_dict", "model_state_dict", "model"}

// collect lists the tensors of an object in their order.
func collect(root any) ([]named, error) {
	d, ok := root.(*dict)
	if !ok {
		return nil, errors.New("it holds no dict of tensors: " + stateOnly)
	}
	c := collector{seen: map[string]bool{}}
	if state := d.state(); state != nil {
		d = state
	}
	if err := c.walk(d, "", 0); err != nil {
		return nil, err
	}
	if len(c.found) == 0 {
		return nil, errors.New("it holds no tensor: " + stateOnly)
	}
	return c.found, nil
}

// state is the state_dict of a checkpoint; nil where tensors stand beside it, or there is none or more than one.
func (d *dict) state() (state *dict) {
	for i, v := range d.values {
		if _, ok := v.(*tensor); ok {
			return nil
		}
		inner, ok := v.(*dict)
		if key, _ := d.keys[i].(string); !ok || !slices.Contains(stateNames, key) {
			continue
		}
		if state != nil {
			return nil
		}
		state = inner
	}
	return state
}

// collector gathers tensors.
type collector struct {
	found []named
	seen  map[string]bool
	steps int
	bytes int // of the names
}

// The bounds of what is walked through: an object may contain itself, or be contained any number of times.
const (
	deepest     = 100
	mostSteps   = 1 << 23
	longestName = 4096
	mostBytes   = 64 << 20 // of names
)

func (c *collector) walk(v any, name string, depth int) error {
	if c.steps++; c.steps > mostSteps || depth > deepest {
		return errors.New("its dicts and lists have no end, or too many levels")
	}
	if len(name) > longestName {
		return fmt.Errorf("the name %s has more than %d bytes", quote(name), longestName)
	}
	switch v := v.(type) {
	case *tensor:
		if c.seen[name] {
			return fmt.Errorf("it has two tensors of the name %s", quote(name))
		}
		if c.bytes += len(name); c.bytes > mostBytes {
			return fmt.Errorf("the names of its tensors have more than %d bytes", mostBytes)
		}
		c.seen[name] = true
		c.found = append(c.found, named{name, v})
	case *dict:
		for i, key := range v.keys {
			text, ok := key.(string)
			if n, isNumber := key.(int64); isNumber {
				text, ok = strconv.FormatInt(n, 10), true
			}
			if !ok {
				continue
			}
			if err := c.walk(v.values[i], joined(name, text), depth+1); err != nil {
				return err
			}
		}
	case *list:
		return c.items(v.items, name, depth)
	case tuple:
		return c.items(v, name, depth)
	}
	return nil
}

func (c *collector) items(items []any, name string, depth int) error {
	for i, item := range items {
		if err := c.walk(item, joined(name, strconv.Itoa(i)), depth+1); err != nil {
			return err
		}
	}
	return nil
}

func joined(name, part string) string {
	if name == "" {
		return part
	}
	return name + "." + part
}
