package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// file is a text to be at a path.
type file struct {
	path string
	text []byte
	own  bool // the text there is the user's own, who wants this one instead
}

// state is how a path stands to the text that is to be there.
type state int

const (
	same    state = iota // it has this text
	missing              // nothing is there
	differs              // another text that may go, or none
	foreign              // a text that nnc did not write
	device               // something that takes a text but does not keep it
)

// maxAbove bounds how much of a file is read before the line that says who wrote it.
const maxAbove = 64 << 10

// look compares the path with the text, and gives the text that is to be written there: what others have put above a
// generated text stays. Line ends that git has changed make no difference.
func (f file) look() (state, []byte, error) {
	info, err := os.Stat(f.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return missing, f.text, nil
	case err != nil:
		return 0, nil, plain(err)
	case info.IsDir():
		return 0, nil, fmt.Errorf("%s: is a directory", f.path)
	case !info.Mode().IsRegular():
		return device, f.text, nil
	case f.own:
		return differs, f.text, nil
	}
	there, err := os.Open(f.path)
	if err != nil {
		return 0, nil, plain(err)
	}
	defer there.Close()
	old, err := io.ReadAll(io.LimitReader(there, int64(2*len(f.text)+maxAbove)))
	if err != nil {
		return 0, nil, plain(err)
	}
	old = unixLines(old)
	above, ours := generated(old)
	text := append(above[:len(above):len(above)], f.text...)
	switch {
	case bytes.Equal(old, text):
		return same, text, nil
	case len(old) > 0 && !ours:
		return foreign, nil, nil
	}
	return differs, text, nil
}

// staged is a text that lies beside its path, ready to be renamed; named is the path where that is a link.
type staged struct{ temporary, path, named string }

// writeAll puts all texts at their paths, or changes nothing if one cannot be written. A path that has its text
// already is not touched. It returns the paths that have another text now.
func writeAll(files []file) (written []string, err error) {
	var ready []staged
	defer func() {
		for _, s := range ready {
			os.Remove(s.temporary) // those that were not renamed
		}
	}()
	for _, f := range files {
		st, text, err := f.look()
		switch {
		case err != nil:
			return nil, err
		case st == same:
			continue
		case st == foreign:
			return nil, fmt.Errorf("%s: not written by nnc, and not overwritten: move it away, or name another file with -o", f.path)
		case st == device:
			if err := os.WriteFile(f.path, text, 0); err != nil {
				return nil, plain(err)
			}
			written = append(written, f.path)
			continue
		}
		s, err := stage(f.path, text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.path, cause(err)) // the temporary file's name would tell nothing
		}
		s.named = f.path
		ready = append(ready, s)
	}
	for _, s := range ready {
		if err := os.Rename(s.temporary, s.path); err != nil {
			return written, err
		}
		written = append(written, s.named)
	}
	return written, nil
}

// stage writes a text into a new file beside its path, with the permissions that the path has or would get.
func stage(path string, text []byte) (s staged, err error) {
	s.path = path
	if link, err := filepath.EvalSymlinks(path); err == nil {
		s.path = link // a link stays a link
	}
	s.temporary = filepath.Join(filepath.Dir(s.path), fmt.Sprintf(".nnc-%016x.tmp", rand.Uint64()))
	t, err := os.OpenFile(s.temporary, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return s, err
	}
	defer func() {
		if err != nil {
			t.Close()
			os.Remove(s.temporary)
		}
	}()
	if info, err := os.Stat(s.path); err == nil {
		if err := t.Chmod(info.Mode().Perm()); err != nil {
			return s, err
		}
	}
	if _, err := t.Write(text); err != nil {
		return s, err
	}
	if err := t.Sync(); err != nil {
		return s, err
	}
	return s, t.Close()
}
