package weights

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// foreign says what a file looks like that does not begin as a safetensors file does; "" where nothing can be said. The
// first bytes of it have been read, and some more are.
func foreign(prefix []byte, r io.Reader) string {
	const enough = 512
	more, err := io.ReadAll(io.LimitReader(r, enough))
	if err != nil {
		return ""
	}
	head := append(prefix, more...)
	for _, f := range []struct{ magic, what string }{
		{"PK\x03\x04", "a ZIP archive, as PyTorch's .pt and NumPy's .npz are: `nnc weights model.nn weights.pt --save weights.safetensors` takes the tensors of the former"},
		{"\x80\x02", "a pickle of Python, as PyTorch wrote before release 1.6: load it there and save it again"},
		{"\x89HDF", "an HDF5 file, as Keras writes: save the tensors with safetensors"},
		{"{", "JSON"},
		{"[", "JSON"},
	} {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return f.what
		}
	}
	if len(head) == enough+len(prefix) { // its end may be within a character
		head = head[:bytes.LastIndexByte(head, '\n')+1]
	}
	control := func(c rune) bool { return c < ' ' && c != '\n' && c != '\r' && c != '\t' }
	switch lines := bytes.Split(head, []byte("\n")); {
	case len(head) == 0 || !utf8.Valid(head) || bytes.ContainsFunc(head, control):
		return ""
	case len(lines) > 1 && separators(lines[0]) > 0 && separators(lines[0]) == separators(lines[1]):
		return "a table"
	}
	return "text"
}

// separators counts what separates the cells of a table.
func separators(line []byte) (n int) {
	for _, c := range line {
		if c == ',' || c == ';' || c == '\t' {
			n++
		}
	}
	return n
}
