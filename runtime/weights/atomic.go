package weights

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteAtomic replaces the file at path by what write writes, wholly or not at
// all: a temporary file in the same folder is written, flushed to the disk and
// renamed, and then the folder is flushed. On an error the old file, if any, is
// as it was and the temporary file is gone; only if the very last flush fails is
// the new file in place already. The new file has the old one's permissions. If
// path is a symbolic link, the file that it leads to is replaced. A device or a
// pipe is simply written to. An error that write itself finds is returned as it
// is: it is not about this file.
func WriteAtomic(path string, write func(io.Writer) error) error {
	return WriteAtomicFS(Disk, path, write)
}

// WriteAtomicFS is WriteAtomic on the file system fsys.
func WriteAtomicFS(fsys FS, path string, write func(io.Writer) error) error {
	err := writeFile(fsys, path, write)
	if err == nil {
		return nil
	}
	if content, ok := err.(contentError); ok {
		return content.error
	}
	if errors.As(err, new(contentError)) { // with what became of the temporary file
		return err
	}
	return cannotWrite(path, err)
}

func cannotWrite(path string, err error) error {
	return fmt.Errorf("cannot write %s: %w", path, err)
}

// writeFile does WriteAtomic's work. Its errors do not name the path, and those
// of write are contentErrors.
func writeFile(fsys FS, path string, write func(io.Writer) error) error {
	info, err := fsys.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Readlink(path); err == nil {
			return errors.New("it is a symbolic link that leads nowhere")
		}
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder")
	case !info.Mode().IsRegular():
		return writeThrough(path, write)
	}
	target := path
	if info != nil {
		if link, err := filepath.EvalSymlinks(path); err == nil {
			target = link
		}
	}
	return replace(fsys, target, info, write)
}

// contentError is an error of whoever makes the content, not of the file.
type contentError struct{ error }

func (e contentError) Unwrap() error { return e.error }

// sink remembers that writing failed.
type sink struct {
	w   io.Writer
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// fill writes the content to file through a buffer. It returns a contentError
// where write failed but the file did not.
func fill(file io.Writer, write func(io.Writer) error) error {
	s := &sink{w: file}
	w := bufio.NewWriterSize(s, 1<<16)
	if err := write(w); err != nil {
		if s.err == nil {
			return contentError{err}
		}
		return err
	}
	return w.Flush()
}

// replace replaces the file at path; old describes the file at path, nil if there
// is none.
func replace(fsys FS, path string, old fs.FileInfo, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	file, temp, err := createTemp(fsys, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("the folder %s does not exist", dir)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("no permission to create files in the folder %s", dir)
	case err != nil:
		return err
	}
	open, renamed := true, false
	defer func() { // also when write panics
		if open {
			file.Close()
		}
		if !renamed {
			if e := fsys.Remove(temp); e != nil {
				err = errors.Join(err, fmt.Errorf("and the temporary file stays: %w", e))
			}
		}
	}()
	if old != nil {
		if err := file.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := fill(file, write); err != nil {
		return err
	}
	if err := file.Sync(); err != nil {
		return err
	}
	open = false
	if err := file.Close(); err != nil {
		return err
	}
	if err := fsys.Rename(temp, path); err != nil {
		return err
	}
	renamed = true
	if err := fsys.SyncDir(dir); err != nil {
		return fmt.Errorf("the file is written, but a loss of power could still undo it: %w", err)
	}
	return nil
}

// createTemp creates a file beside path under a name that no other writer has:
// the process's number keeps processes apart, the counter goroutines and what a
// killed process left behind.
func createTemp(fsys FS, path string) (WriteFile, string, error) {
	dir, base := filepath.Split(path)
	for i := 0; ; i++ {
		temp := filepath.Join(dir, fmt.Sprintf(".%s.%d-%d.tmp", base, os.Getpid(), i))
		file, err := fsys.Create(temp, 0o666)
		if errors.Is(err, fs.ErrExist) && i < 10_000 {
			continue
		}
		return file, temp, err
	}
}

// writeThrough writes to what cannot be replaced, such as /dev/stdout.
func writeThrough(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	err = fill(file, write)
	if e := file.Close(); err == nil {
		err = e
	}
	return err
}
