// Package torch reads tensors from the files that PyTorch's torch.save writes: .pt, .pth, .ckpt.
//
// In come bytes that may be damaged or hostile; out go the tensors of a state_dict by their names, as package weights has
// them, or one error that says what stands in the way. Such a file is a ZIP archive of a pickle and of the tensors' storages.
// A pickle is a program for a machine that makes objects; this package runs the part of it that makes dicts, lists, numbers
// and tensors, and calls nothing: any other class or function that a pickle names is refused by its name. Memory is taken
// for what is there, not for what is promised. The package must not know what a model is.
//
// Sources: PyTorch, torch/serialization.py and torch/_utils.py; CPython, Lib/pickletools.py.
package torch

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strings"

	"github.com/nnc-lang/nnc/runtime/weights"
)

// Read reads a weight file of either format, which its first bytes tell: what torch.save wrote, or safetensors. Of a
// checkpoint, a dict that holds more than tensors, the state_dict is taken: the tensors below "state_dict",
// "model_state_dict" or "model". Otherwise all are, those of nested dicts and lists by names such as
// "encoder.0.weight". Elements are rounded to float32, integers and flags are int64.
func Read(file string) (*weights.File, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || !isArchive(f) {
		return weights.Read(file)
	}
	out, err := ReadFrom(f, info.Size())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return out, nil
}

// isArchive reports whether a file begins as a ZIP archive does.
func isArchive(r io.ReaderAt) bool {
	var magic [4]byte
	_, err := r.ReadAt(magic[:], 0)
	return err == nil && string(magic[:]) == "PK\x03\x04"
}

// longestPickle bounds the pickle, in bytes: that of a model of 100,000 tensors takes a tenth.
const longestPickle = 256 << 20

// ReadFrom reads what torch.save wrote: an archive of so many bytes.
func ReadFrom(r io.ReaderAt, size int64) (*weights.File, error) {
	a, err := openArchive(r, size)
	if err != nil {
		return nil, err
	}
	pickle, err := a.bytes("data.pkl", longestPickle)
	if err != nil {
		return nil, err
	}
	root, err := (&machine{code: pickle}).run()
	if err != nil {
		return nil, fmt.Errorf("its pickle %w", err)
	}
	found, err := collect(root)
	if err != nil {
		return nil, err
	}
	out := &weights.File{}
	s := storages{archive: a, floats: map[string][]float32{}, ints: map[string][]int64{}}
	for _, t := range found {
		have, err := s.tensor(t.tensor)
		if err != nil {
			return nil, fmt.Errorf("tensor %s: %w", quote(t.name), err)
		}
		have.Name = t.name
		out.Tensors = append(out.Tensors, have)
	}
	return out, nil
}

// archive is a ZIP archive whose entries lie in one folder, uncompressed.
type archive struct {
	folder string
	size   int64
	read   int64 // bytes of entries so far
	files  map[string]*zip.File
}

// openArchive finds the entries.
func openArchive(r io.ReaderAt, size int64) (*archive, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("this is a damaged or truncated ZIP archive: %w", err)
	}
	a := &archive{size: size, files: map[string]*zip.File{}}
	script := false
	for _, f := range z.File {
		if _, twice := a.files[f.Name]; twice {
			return nil, fmt.Errorf("its archive holds %s twice", quote(f.Name))
		}
		a.files[f.Name] = f
		folder, name := path.Split(f.Name)
		switch {
		case name == "data.pkl" && strings.Count(folder, "/") == 1:
			a.folder = folder
		case name == "constants.pkl":
			script = true
		}
	}
	switch {
	case script:
		return nil, errors.New("this is a TorchScript program: save its weights alone, torch.save(torch.jit.load(file).state_dict(), \"weights.pt\")")
	case a.folder == "":
		return nil, errors.New("this is a ZIP archive, but not one of torch.save: it has no data.pkl")
	}
	if order, ok := a.files[a.folder+"byteorder"]; ok {
		text, err := a.bytes("byteorder", 16)
		if err != nil {
			return nil, err
		}
		if strings.TrimSpace(string(text)) != "little" {
			return nil, fmt.Errorf("%s says %s: only files of little-endian machines are read; save it on one, or as safetensors", order.Name, quote(string(text)))
		}
	}
	return a, nil
}

// open opens an entry for reading, which has so many bytes.
func (a *archive) open(name string) (io.ReadCloser, int64, error) {
	f := a.files[a.folder+name]
	if f == nil {
		return nil, 0, fmt.Errorf("its archive has no %s", quote(a.folder+name))
	}
	if f.Method != zip.Store {
		return nil, 0, fmt.Errorf("%s is compressed, which torch.save never does: load it in PyTorch and save it again", quote(f.Name))
	}
	// Stored entries that do not overlap have no more bytes than the archive.
	if f.UncompressedSize64 > uint64(a.size-a.read) {
		return nil, 0, fmt.Errorf("its archive promises more bytes than the %d that it has: it is damaged", a.size)
	}
	a.read += int64(f.UncompressedSize64)
	r, err := f.Open()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w", quote(f.Name), err)
	}
	return r, int64(f.UncompressedSize64), nil
}

// bytes reads an entry of at most so many bytes.
func (a *archive) bytes(name string, most int64) ([]byte, error) {
	r, size, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if size > most {
		return nil, fmt.Errorf("%s has %d bytes, more than %d", quote(a.folder+name), size, most)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", quote(a.folder+name), err)
	}
	return b, nil
}
