//go:build unix

package weights

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// syncDir flushes a folder. Folders that may be written but not read cannot be
// opened, and some network file systems cannot flush folders: there the rename
// is as durable as it gets.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer dir.Close()
	err = dir.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
