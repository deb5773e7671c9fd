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
// pipe is simply written to.
func WriteAtomic(path string, write func(io.Writer) error) error {
	return WriteAtomicFS(Disk, path, write)
}

// WriteAtomicFS is WriteAtomic on the file system fsys.
func WriteAtomicFS(fsys FS, path string, write func(io.Writer) error) error {
	info, err := fsys.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Readlink(path); err == nil {
			return fmt.Errorf("cannot write %s: it is a symbolic link that leads nowhere", path)
		}
	case err != nil:
		return fmt.Errorf("cannot write %s: %w", path, err)
	case info.IsDir():
		return fmt.Errorf("cannot write %s: it is a folder", path)
	case !info.Mode().IsRegular():
		return writeThrough(path, write)
	}
	target := path
	if info != nil {
		if link, err := filepath.EvalSymlinks(path); err == nil {
			target = link
		}
	}
	if err := replace(fsys, target, info, write); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

// replace does WriteAtomic's work; old describes the file at path, nil if there
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
	w := bufio.NewWriterSize(file, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
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
	w := bufio.NewWriterSize(file, 1<<16)
	if err = write(w); err == nil {
		err = w.Flush()
	}
	if e := file.Close(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}
