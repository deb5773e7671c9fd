package weights

import (
	"io"
	"io/fs"
	"os"
)

// FS is what crash-safe writing needs of a file system. Disk is the real one;
// tests use others that fail or stop at any operation.
type FS interface {
	Stat(path string) (fs.FileInfo, error)
	Create(path string, mode fs.FileMode) (WriteFile, error) // fails with fs.ErrExist if path exists
	Rename(from, to string) error                            // replaces to in one step
	Remove(path string) error
	SyncDir(path string) error // makes renames in the folder last through a loss of power
}

// WriteFile is a file that has just been created.
type WriteFile interface {
	io.WriteCloser
	Chmod(mode fs.FileMode) error
	Sync() error
}

// Disk is the operating system's file system.
var Disk FS = disk{}

type disk struct{}

func (disk) Stat(path string) (fs.FileInfo, error) { return os.Stat(path) }

func (disk) Create(path string, mode fs.FileMode) (WriteFile, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return nil, err // not f, which would be a nil pointer in a non-nil interface
	}
	return f, nil
}

func (disk) Rename(from, to string) error { return os.Rename(from, to) }
func (disk) Remove(path string) error     { return os.Remove(path) }
func (disk) SyncDir(path string) error    { return syncDir(path) }
