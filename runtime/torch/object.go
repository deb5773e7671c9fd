package torch

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// storage is an entry of the archive with the elements of one or more tensors.
type storage struct {
	key   string // its name below data/
	dtype weights.DType
	bytes int64
}

// tensor is a view of a storage: element i, j, … is at offset + i·strides[0] + j·strides[1] + …
type tensor struct {
	of             *storage
	dtype          weights.DType
	offset         int
	shape, strides []int
	elements       int
}

// The functions that a pickle of tensors calls, with what stands for them here.
var functions = map[global]func(args tuple) (any, error){
	{"collections", "OrderedDict"}:             newDict,
	{"torch._utils", "_rebuild_tensor_v2"}:     func(args tuple) (any, error) { return newTensor(args, "") },
	{"torch._utils", "_rebuild_tensor_v3"}:     newTyped,
	{"torch._utils", "_rebuild_parameter"}:     first,
	{"torch", "Size"}:                          first,
	{"torch.serialization", "_get_layout"}:     sparse,
	{"torch._utils", "_rebuild_sparse_tensor"}: sparse,
}

// storageTypes are the classes of storages, and dtypes the types of elements, by their names in PyTorch.
var (
	storageTypes = map[global]weights.DType{
		{"torch", "DoubleStorage"}: weights.F64, {"torch", "FloatStorage"}: weights.F32,
		{"torch", "HalfStorage"}: weights.F16, {"torch", "BFloat16Storage"}: weights.BF16,
		{"torch", "LongStorage"}: weights.I64, {"torch", "IntStorage"}: weights.I32, {"torch", "ShortStorage"}: weights.I16,
		{"torch", "CharStorage"}: weights.I8, {"torch", "ByteStorage"}: weights.U8, {"torch", "BoolStorage"}: weights.Bool,
		{"torch.storage", "UntypedStorage"}: weights.U8,
	}
	dtypes = map[global]weights.DType{
		{"torch", "float64"}: weights.F64, {"torch", "float32"}: weights.F32, {"torch", "float16"}: weights.F16, {"torch", "bfloat16"}: weights.BF16,
		{"torch", "int64"}: weights.I64, {"torch", "int32"}: weights.I32, {"torch", "int16"}: weights.I16, {"torch", "int8"}: weights.I8,
		{"torch", "uint64"}: weights.U64, {"torch", "uint32"}: weights.U32, {"torch", "uint16"}: weights.U16, {"torch", "uint8"}: weights.U8,
		{"torch", "bool"}: weights.Bool,
	}
)

// object does the instructions that name, call and complete objects.
func (m *machine) object(code byte) error {
	switch code {
	case 'c':
		module, err := m.line()
		if err != nil {
			return err
		}
		name, err := m.line()
		if err != nil {
			return err
		}
		return m.global(global{module, name})
	case 0x93:
		name, err := m.pop()
		if err != nil {
			return err
		}
		module, err := m.pop()
		if err != nil {
			return err
		}
		n, isText := name.(string)
		mod, both := module.(string)
		if !isText || !both {
			return errors.New("names a class by what is no text")
		}
		return m.global(global{mod, n})
	case 'Q':
		id, err := m.pop()
		if err != nil {
			return err
		}
		s, err := newStorage(id)
		if err == nil {
			m.push(s)
		}
		return err
	}
	last, err := m.pop()
	if err != nil {
		return err
	}
	if code == 'b' { // BUILD: attributes of an object, such as the versions of a state_dict's modules; none of them is a tensor here
		if len(m.stack) == 0 {
			return errors.New("completes an object that is not there")
		}
		return nil
	}
	called, err := m.pop()
	if err != nil {
		return err
	}
	g, isGlobal := called.(global)
	args, isTuple := last.(tuple)
	call := functions[g]
	if !isGlobal || !isTuple || call == nil {
		return errors.New("calls what is no function")
	}
	v, err := call(args)
	if err == nil {
		m.push(v)
	}
	return err
}

// global pushes a class or a function that is known.
func (m *machine) global(g global) error {
	_, isStorage := storageTypes[g]
	_, isType := dtypes[g]
	switch {
	case functions[g] != nil || isStorage || isType:
		m.push(g)
		return nil
	case g.module == "torch" && otherType.MatchString(g.name):
		return fmt.Errorf("has elements of %s, which are not read: save them as float32, tensor.float()", quote(g.String()))
	}
	return fmt.Errorf("names %s: %s", quote(g.String()), stateOnly)
}

// otherType tells the names of the types that are left.
var otherType = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*Storage$|^(float|complex|q?u?int)[0-9]`)

// newDict is an empty one: pickles fill it by instructions. Were one made of a list, a short pickle could make many long ones.
func newDict(args tuple) (any, error) {
	if len(args) > 0 {
		return nil, errors.New("makes a dict that is not empty")
	}
	return &dict{}, nil
}

func sparse(tuple) (any, error) {
	return nil, errors.New("holds a sparse tensor: save it as a dense one, tensor.to_dense()")
}

// first is a parameter of its tensor, and a size of its tuple.
func first(args tuple) (any, error) {
	if len(args) == 0 {
		return nil, errors.New("calls a function without arguments")
	}
	return args[0], nil
}

// newStorage reads what stands for a storage: ('storage', class, key, device, number of elements).
func newStorage(id any) (*storage, error) {
	parts, ok := id.(tuple)
	if !ok || len(parts) < 5 || parts[0] != "storage" {
		return nil, errors.New("refers to what is no storage")
	}
	class, isClass := parts[1].(global)
	key, isText := parts[2].(string)
	n, isNumber := parts[4].(int64)
	dtype, known := storageTypes[class]
	if !isClass || !known || !isText || !isNumber || n < 0 || n > math.MaxInt64/8 {
		return nil, errors.New("refers to a storage that is not described as PyTorch does")
	}
	return &storage{key: key, dtype: dtype, bytes: n * int64(dtype.Size())}, nil
}

// newTyped is newTensor with the type of the elements as the last argument but the metadata.
func newTyped(args tuple) (any, error) {
	if len(args) < 7 {
		return nil, errors.New("makes a tensor of too few arguments")
	}
	name, ok := args[6].(global)
	dtype, known := dtypes[name]
	if !ok || !known {
		return nil, errors.New("makes a tensor of elements of no type")
	}
	return newTensor(args, dtype)
}

// newTensor makes a tensor of storage, offset, size, strides. Its elements must lie in the storage.
func newTensor(args tuple, dtype weights.DType) (any, error) {
	if len(args) < 4 {
		return nil, errors.New("makes a tensor of too few arguments")
	}
	of, isStorage := args[0].(*storage)
	offset, isNumber := args[1].(int64)
	shape, ok := sizes(args[2])
	strides, also := sizes(args[3])
	if !isStorage || !isNumber || !ok || !also || len(shape) != len(strides) || offset < 0 {
		return nil, errors.New("makes a tensor of what is none")
	}
	if dtype == "" {
		dtype = of.dtype
	}
	t := &tensor{of: of, dtype: dtype, shape: shape, strides: strides, elements: 1}
	if slices.Contains(shape, 0) {
		t.elements = 0
		return t, nil
	}
	room := of.bytes / int64(dtype.Size())
	last := offset // the place of the last element
	if last >= room {
		return nil, errOutside
	}
	for i, d := range shape {
		if int64(d) > room/int64(t.elements) || d > 1 && int64(strides[i]) > (room-1-last)/int64(d-1) {
			return nil, errOutside
		}
		t.elements *= d
		last += int64(d-1) * int64(strides[i])
	}
	t.offset = int(offset)
	return t, nil
}

// errOutside also tells of expanded tensors, whose elements share places: a state_dict has none, and a small file could
// promise any number of them.
var errOutside = errors.New("has a tensor with more elements than its storage: save a copy of it, tensor.contiguous().clone()")

// maxRank is how many axes a tensor may have: PyTorch's limit.
const maxRank = 64

// sizes reads a tuple of numbers that are not negative.
func sizes(v any) ([]int, bool) {
	items, ok := v.(tuple)
	if !ok || len(items) > maxRank {
		return nil, false
	}
	list := make([]int, 0, len(items))
	for _, item := range items {
		n, ok := item.(int64)
		if !ok || n < 0 || n > math.MaxInt/8 {
			return nil, false
		}
		list = append(list, int(n))
	}
	return slices.Clip(list), true
}
