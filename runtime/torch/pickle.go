package torch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
)

// The objects that a pickle makes here, besides nil, bool, int64, float64 and string.
type (
	list   struct{ items []any }
	tuple  []any
	dict   struct{ keys, values []any }
	global struct{ module, name string }
)

func (g global) String() string { return g.module + "." + g.name }

// mark is what a MARK leaves on the stack.
type mark struct{}

// machine runs a pickle: a stack of objects, and a memo of those that are used again.
type machine struct {
	code  []byte
	at    int
	stack []any
	memo  map[int64]any
	steps int
}

// mostInstructions bounds what a pickle makes, as each makes one object at most: a tensor takes about 40 of them.
const mostInstructions = 1 << 24

// run returns the object that the pickle makes.
func (m *machine) run() (any, error) {
	m.memo = map[int64]any{}
	for {
		begin := m.at
		code, err := m.byte()
		if err != nil {
			return nil, err
		}
		if m.steps++; m.steps > mostInstructions {
			return nil, fmt.Errorf("has more than %d instructions", mostInstructions)
		}
		if code == '.' {
			return m.pop()
		}
		if err := m.step(code); err != nil {
			return nil, fmt.Errorf("at byte %d %w", begin, err)
		}
	}
}

// step does one instruction. They are named as in pickletools.
func (m *machine) step(code byte) error {
	switch code {
	case 0x80: // PROTO
		version, err := m.byte()
		if err == nil && version > 5 {
			err = fmt.Errorf("is of protocol %d, and 5 is the last one known", version)
		}
		return err
	case 0x95: // FRAME: a length, which nothing depends on
		_, err := m.take(8)
		return err
	case 'N': // NONE
		m.push(nil)
	case 0x88: // NEWTRUE
		m.push(true)
	case 0x89: // NEWFALSE
		m.push(false)
	case ')': // EMPTY_TUPLE
		m.push(tuple{})
	case ']': // EMPTY_LIST
		m.push(&list{})
	case '}': // EMPTY_DICT
		m.push(&dict{})
	case '(': // MARK
		m.push(mark{})
	case 'J', 'K', 'M', 0x8a, 'G': // BININT, BININT1, BININT2, LONG1, BINFLOAT
		return m.number(code)
	case 'X', 0x8c, 0x8d, 'T', 'U', 'B', 'C': // BINUNICODE and its kin; bytes are texts to what is read here
		return m.text(code)
	case 'q', 'r', 0x94, 'h', 'j': // BINPUT, LONG_BINPUT, MEMOIZE, BINGET, LONG_BINGET
		return m.remember(code)
	case 't', 0x85, 0x86, 0x87: // TUPLE, TUPLE1, TUPLE2, TUPLE3
		return m.tuple(code)
	case 'a', 'e', 's', 'u': // APPEND, APPENDS, SETITEM, SETITEMS
		return m.fill(code)
	case 'c', 0x93, 'Q', 'R', 'b': // GLOBAL, STACK_GLOBAL, BINPERSID, REDUCE, BUILD
		return m.object(code)
	case 0x81, 0x92, 'o', 'i': // NEWOBJ, NEWOBJ_EX, OBJ, INST
		return fmt.Errorf("makes an object of a class: %s", stateOnly)
	default:
		return fmt.Errorf("has the instruction %#02x, which files of tensors do not have", code)
	}
	return nil
}

// stateOnly says what to do with what is more than tensors.
const stateOnly = "only dicts of tensors are read; save the weights alone, torch.save(model.state_dict(), \"weights.pt\")"

func (m *machine) push(v any) { m.stack = append(m.stack, v) }

func (m *machine) pop() (any, error) {
	if len(m.stack) == 0 {
		return nil, errors.New("takes an object from an empty stack")
	}
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v, nil
}

// popLast takes the last n objects.
func (m *machine) popLast(n int) ([]any, error) {
	if len(m.stack) < n {
		return nil, errors.New("takes an object from an empty stack")
	}
	items := append([]any(nil), m.stack[len(m.stack)-n:]...)
	m.stack = m.stack[:len(m.stack)-n]
	return items, nil
}

// popMarked takes what lies above the last mark, and the mark.
func (m *machine) popMarked() ([]any, error) {
	for i := len(m.stack) - 1; i >= 0; i-- {
		if _, ok := m.stack[i].(mark); ok {
			items := append([]any(nil), m.stack[i+1:]...)
			m.stack = m.stack[:i]
			return items, nil
		}
	}
	return nil, errors.New("misses a mark on the stack")
}

// take returns the next bytes of the code.
func (m *machine) take(n uint64) ([]byte, error) {
	if n > uint64(len(m.code)-m.at) {
		return nil, errors.New("ends too early")
	}
	b := m.code[m.at:][:n]
	m.at += int(n)
	return b, nil
}

func (m *machine) byte() (byte, error) {
	b, err := m.take(1)
	if err != nil {
		return 0, err
	}
	return b[0], nil
}

// unsigned reads a little-endian number of so many bytes.
func (m *machine) unsigned(width uint64) (uint64, error) {
	b, err := m.take(width)
	if err != nil {
		return 0, err
	}
	var whole [8]byte
	copy(whole[:], b)
	return binary.LittleEndian.Uint64(whole[:]), nil
}

// widths are the bytes of the number behind an instruction: the number itself, the length of a text, a place in the memo.
var widths = map[byte]uint64{
	'J': 4, 'K': 1, 'M': 2,
	'X': 4, 0x8c: 1, 0x8d: 8, 'T': 4, 'U': 1, 'B': 4, 'C': 1,
	'q': 1, 'h': 1, 'r': 4, 'j': 4,
}

func (m *machine) number(code byte) error {
	switch code {
	case 'G':
		b, err := m.take(8)
		if err == nil {
			m.push(math.Float64frombits(binary.BigEndian.Uint64(b)))
		}
		return err
	case 0x8a:
		width, err := m.byte()
		if err != nil {
			return err
		}
		b, err := m.take(uint64(width))
		if err != nil {
			return err
		}
		return m.long(b)
	}
	n, err := m.unsigned(widths[code])
	if err != nil {
		return err
	}
	if code == 'J' {
		m.push(int64(int32(n)))
	} else {
		m.push(int64(n))
	}
	return nil
}

// long pushes a number in two's complement, of any width. Those beyond int64 are no sizes, and stand for nothing here.
func (m *machine) long(b []byte) error {
	if len(b) > 8 {
		m.push(nil)
		return nil
	}
	var whole [8]byte
	if len(b) > 0 && b[len(b)-1]&0x80 != 0 {
		whole = [8]byte{255, 255, 255, 255, 255, 255, 255, 255}
	}
	copy(whole[:], b)
	m.push(int64(binary.LittleEndian.Uint64(whole[:])))
	return nil
}

func (m *machine) text(code byte) error {
	n, err := m.unsigned(widths[code])
	if err != nil {
		return err
	}
	b, err := m.take(n)
	if err == nil {
		m.push(string(b))
	}
	return err
}

func (m *machine) remember(code byte) error {
	key := int64(len(m.memo)) // of MEMOIZE
	if code != 0x94 {
		n, err := m.unsigned(widths[code])
		if err != nil {
			return err
		}
		key = int64(n)
	}
	if code == 'h' || code == 'j' {
		v, ok := m.memo[key]
		if !ok {
			return fmt.Errorf("uses object %d before it is made", key)
		}
		m.push(v)
		return nil
	}
	v, err := m.pop()
	if err != nil {
		return err
	}
	m.memo[key] = v
	m.push(v)
	return nil
}

func (m *machine) tuple(code byte) error {
	var items []any
	var err error
	if code == 't' {
		items, err = m.popMarked()
	} else {
		items, err = m.popLast(int(code - 0x84))
	}
	if err == nil {
		m.push(tuple(items))
	}
	return err
}

// fill adds items to a list or a dict.
func (m *machine) fill(code byte) error {
	var items []any
	var err error
	switch code {
	case 'a':
		items, err = m.popLast(1)
	case 's':
		items, err = m.popLast(2)
	default:
		items, err = m.popMarked()
	}
	if err != nil {
		return err
	}
	if len(m.stack) == 0 {
		return errors.New("fills an object that is not there")
	}
	switch into := m.stack[len(m.stack)-1].(type) {
	case *list:
		if code == 'a' || code == 'e' {
			into.items = append(into.items, items...)
			return nil
		}
	case *dict:
		if code != 'a' && code != 'e' && len(items)%2 == 0 {
			for i := 0; i < len(items); i += 2 {
				into.keys, into.values = append(into.keys, items[i]), append(into.values, items[i+1])
			}
			return nil
		}
	}
	return errors.New("fills what is neither a list nor a dict")
}

// line reads up to the end of a line.
func (m *machine) line() (string, error) {
	n := bytes.IndexByte(m.code[m.at:], '\n')
	if n < 0 {
		return "", errors.New("ends too early")
	}
	b, err := m.take(uint64(n) + 1)
	return string(b[:n]), err
}

// quote makes a name of a file fit for a message.
func quote(name string) string {
	const longest = 120
	if len(name) > longest {
		return strconv.Quote(name[:longest]) + "…"
	}
	return strconv.Quote(name)
}
