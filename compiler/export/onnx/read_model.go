package onnx

import (
	"errors"
	"fmt"
)

func (r *reader) model(b []byte) (*Model, error) {
	m := &Model{Opsets: map[string]int64{}}
	graph := false
	keys := map[string]bool{}
	err := r.fields(b, func(f field) error {
		switch f.number {
		case 1:
			return f.int(&m.IR)
		case 2:
			return f.text(&m.Producer)
		case 3:
			return f.text(&m.Version)
		case 7:
			if graph {
				return errTruncated
			}
			graph = true
			return r.message(f, func(f field) error { return r.graph(m, f) })
		case 8:
			var domain string
			var version int64
			err := r.message(f, func(f field) error {
				switch f.number {
				case 1:
					return f.text(&domain)
				case 2:
					return f.int(&version)
				}
				return nil
			})
			m.Opsets[domain] = version
			return err
		case 14:
			var pair [2]string
			err := r.message(f, func(f field) error {
				if f.number == 1 || f.number == 2 {
					return f.text(&pair[f.number-1])
				}
				return nil
			})
			if err == nil && keys[pair[0]] {
				err = fmt.Errorf("two texts of its metadata are called %q", cut(pair[0]))
			}
			keys[pair[0]] = true
			m.Meta = append(m.Meta, pair)
			return err
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case m.IR == 0 && !graph:
		return nil, errors.New("this is not an ONNX file")
	case !graph:
		return nil, errTruncated
	}
	return m, nil
}

func (r *reader) graph(m *Model, f field) error {
	switch f.number {
	case 1:
		n, err := r.node(f)
		m.Nodes = append(m.Nodes, n)
		return err
	case 2:
		return f.text(&m.Name)
	case 5:
		t, err := r.tensor(f)
		m.Weights = append(m.Weights, t)
		return err
	case 10:
		return f.text(&m.Doc)
	case 11, 12, 13:
		p, err := r.port(f)
		list := map[int]*[]Port{11: &m.Inputs, 12: &m.Outputs, 13: &m.Values}[f.number]
		*list = append(*list, p)
		return err
	case 15:
		return errors.New("it has sparse tensors, which nnc does not read")
	}
	return nil
}

func (r *reader) node(f field) (n Node, err error) {
	err = r.message(f, func(f field) error {
		switch f.number {
		case 1:
			return f.texts(&n.In)
		case 2:
			return f.texts(&n.Out)
		case 3:
			return f.text(&n.Name)
		case 4:
			return f.text(&n.Op)
		case 5:
			a, err := r.attr(f)
			n.Attrs = append(n.Attrs, a)
			return err
		case 6:
			return f.text(&n.Doc)
		case 7:
			return f.text(&n.Domain)
		}
		return nil
	})
	if err != nil {
		return n, within("node", n.Name, err)
	}
	return n, nil
}

// attr reads an attribute. Files of before 2017 do not say of which type it is; those are none of today's.
func (r *reader) attr(f field) (Attr, error) {
	var a Attr
	var kind, i int64
	var x float32
	var text string
	var tensor Tensor
	var ints []int64
	var floats []float32
	var texts []string
	err := r.message(f, func(f field) (err error) {
		switch f.number {
		case 1:
			return f.text(&a.Name)
		case 2:
			var one []float32
			if f.wire != four {
				return errTruncated
			}
			err = r.floats(f, &one)
			x = one[0]
		case 3:
			return f.int(&i)
		case 4:
			return f.text(&text)
		case 5:
			tensor, err = r.tensor(f)
		case 7:
			return r.floats(f, &floats)
		case 8:
			return r.ints(f, &ints)
		case 9:
			return f.texts(&texts)
		case 20:
			return f.int(&kind)
		}
		return err
	})
	switch kind {
	case attrFloat:
		a.Value = x
	case attrInt:
		a.Value = i
	case attrString:
		a.Value = text
	case attrTensor:
		a.Value = tensor
	case attrFloats:
		a.Value = floats
	case attrInts:
		a.Value = ints
	case attrStrings:
		a.Value = texts
	}
	return a, err
}

func (r *reader) port(f field) (p Port, err error) {
	var kind int64
	err = r.message(f, func(f field) error {
		switch f.number {
		case 1:
			return f.text(&p.Name)
		case 2:
			return r.message(f, func(f field) error { // TypeProto
				if f.number != 1 { // no tensor
					return nil
				}
				return r.message(f, func(f field) error {
					switch f.number {
					case 1:
						return f.int(&kind)
					case 2:
						return r.message(f, func(f field) error { return r.axis(f, &p.Shape) })
					}
					return nil
				})
			})
		case 3:
			return f.text(&p.Doc)
		}
		return nil
	})
	p.Type = Type(kind)
	return p, err
}

// axis reads the size of an axis. One that has no number may have any.
func (r *reader) axis(f field, shape *[]int64) error {
	size := int64(Rows)
	if f.number != 1 {
		return nil
	}
	err := r.message(f, func(f field) error {
		if f.number == 1 {
			return f.int(&size)
		}
		return nil
	})
	*shape = append(*shape, size)
	return err
}

// within says of which part of a file an error is.
func within(what, name string, err error) error { return fmt.Errorf("%s %q: %w", what, cut(name), err) }

// cut makes a name of a file fit for a message.
func cut(name string) string {
	const longest = 120
	if len(name) > longest {
		return name[:longest] + "…"
	}
	return name
}
