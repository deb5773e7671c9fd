package augment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// The terms, in the order in which they act. The numbers are those of their draws.
const (
	flip = iota
	vflip
	rotate
	shift
	brightness
	cutout
	termCount
)

// term is something that may be asked for.
type term struct {
	name     string
	value    string // what stands behind the equals sign, for messages; "": nothing
	whole    bool   // the value is a whole number
	most     float64
	geometry bool // pixels move, or go
}

var terms = [termCount]term{
	flip:       {name: "flip", geometry: true},
	vflip:      {name: "vflip", geometry: true},
	rotate:     {name: "rotate", value: "DEGREES", most: 180, geometry: true},
	shift:      {name: "shift", value: "PIXELS", whole: true, most: 1 << 20, geometry: true},
	brightness: {name: "brightness", value: "PART", most: 1},
	cutout:     {name: "cutout", value: "PIXELS", whole: true, most: 1 << 20, geometry: true},
}

// Plan is what is done to images.
type Plan struct {
	on    [termCount]bool
	value [termCount]float64
}

// Parse reads terms separated by commas, as "shift=2,flip", in any order.
func Parse(text string) (*Plan, error) {
	p := &Plan{}
	for _, item := range strings.Split(text, ",") {
		name, value, given := strings.Cut(strings.TrimSpace(item), "=")
		k := slices.IndexFunc(terms[:], func(t term) bool { return t.name == name })
		switch {
		case k < 0:
			return nil, fmt.Errorf("%q is none of %s", name, known())
		case p.on[k]:
			return nil, fmt.Errorf("%s stands twice", name)
		case given != (terms[k].value != ""):
			return nil, fmt.Errorf("write %s", terms[k])
		}
		p.on[k] = true
		if !given {
			continue
		}
		v, err := strconv.ParseFloat(value, 64)
		if err != nil || !(v > 0 && v <= terms[k].most) || terms[k].whole && v != math.Floor(v) {
			what := "a number"
			if terms[k].whole {
				what = "a whole number"
			}
			return nil, fmt.Errorf("%s=%s: %s above 0 and up to %g is wanted", name, value, what, terms[k].most)
		}
		p.value[k] = v
	}
	return p, nil
}

// String is the term as it is written.
func (t term) String() string {
	if t.value == "" {
		return t.name
	}
	return t.name + "=" + t.value
}

// known lists the terms.
func known() string {
	list := make([]string, termCount)
	for i, t := range terms {
		list[i] = t.String()
	}
	return strings.Join(list, ", ")
}

// String is the plan as Parse reads it, in the order in which its terms act.
func (p *Plan) String() string {
	var list []string
	for k, t := range terms {
		switch {
		case !p.on[k]:
		case t.value == "":
			list = append(list, t.name)
		default:
			list = append(list, t.name+"="+strconv.FormatFloat(p.value[k], 'g', -1, 64))
		}
	}
	return strings.Join(list, ",")
}

// Moves reports whether pixels change their places or go, so that what belongs to places in the image does not fit any
// more.
func (p *Plan) Moves() bool {
	for k, t := range terms {
		if p.on[k] && t.geometry {
			return true
		}
	}
	return false
}

// Suits returns an error if the plan leaves nothing of an image of that size.
func (p *Plan) Suits(height, width int) error {
	for _, k := range []int{shift, cutout} {
		if most := min(height, width) - 1; p.on[k] && int(p.value[k]) > most {
			return fmt.Errorf("%s=%g: images of %d × %d pixels allow %d at most", terms[k].name, p.value[k], height, width, most)
		}
	}
	return nil
}
