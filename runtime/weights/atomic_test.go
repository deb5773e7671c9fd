package weights

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// onlyFile checks a file's content, and that nothing stands beside it.
func onlyFile(t *testing.T, path, content string) {
	t.Helper()
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, content, string(got))
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 1, "%v", entries)
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestWriteAtomic(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.csv")
	require.NoError(t, WriteAtomic(path, text("first")))
	onlyFile(t, path, "first")
	require.NoError(t, WriteAtomic(path, text("second")))
	onlyFile(t, path, "second")

	broken := errors.New("row 3 is bad")
	err := WriteAtomic(path, func(w io.Writer) error {
		require.NoError(t, text(strings.Repeat("half", 1<<16))(w))
		return broken
	})
	assert.Equal(t, broken, err, "it is not about the file that is written")
	onlyFile(t, path, "second")

	assert.Panics(t, func() { _ = WriteAtomic(path, func(io.Writer) error { panic("bug") }) })
	onlyFile(t, path, "second")
}

func TestWriteAtomicInWorkingFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	require.NoError(t, WriteAtomic("w", text("new")))
	onlyFile(t, "w", "new")
}

func TestWriteAtomicRefuses(t *testing.T) {
	dir := t.TempDir()
	assert.ErrorContains(t, WriteAtomic(dir, text("x")), "cannot write "+dir+": it is a folder")
	path := filepath.Join(dir, "none", "w")
	assert.EqualError(t, WriteAtomic(path, text("x")),
		fmt.Sprintf("cannot write %s: the folder %s does not exist", path, filepath.Dir(path)))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o666))
	assert.ErrorContains(t, WriteAtomic(filepath.Join(dir, "file", "w"), text("x")), "cannot write "+filepath.Join(dir, "file", "w"))
	onlyFile(t, filepath.Join(dir, "file"), "")
}

func TestWriteAtomicKeepsPermissions(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "js" {
		t.Skip("permissions of Unix")
	}
	path := filepath.Join(t.TempDir(), "w")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o600))
	require.NoError(t, os.Chmod(path, 0o640))
	require.NoError(t, WriteAtomic(path, text("new")))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, fs.FileMode(0o640), info.Mode())

	if os.Getuid() != 0 { // root may write anywhere
		dir := filepath.Dir(path)
		require.NoError(t, os.Chmod(dir, 0o500))
		assert.ErrorContains(t, WriteAtomic(path, text("newer")), "no permission to create files in the folder "+dir)
		require.NoError(t, os.Chmod(dir, 0o700))
		onlyFile(t, path, "new")
	}
}

func TestWriteAtomicFollowsLinks(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need privileges on Windows")
	}
	target := filepath.Join(t.TempDir(), "w")
	link := filepath.Join(t.TempDir(), "link")
	require.NoError(t, os.Symlink(target, link))
	assert.ErrorContains(t, WriteAtomic(link, text("new")), "a symbolic link that leads nowhere")
	require.NoError(t, os.WriteFile(target, []byte("old"), 0o666))
	require.NoError(t, WriteAtomic(link, text("new")))
	onlyFile(t, target, "new")
	onlyFile(t, link, "new")
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.Equal(t, fs.ModeSymlink, info.Mode().Type())
}

func TestWriteAtomicToDevice(t *testing.T) {
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip("there is no /dev/null")
	}
	require.NoError(t, WriteAtomic("/dev/null", text("away")))
	info, err := os.Stat("/dev/null")
	require.NoError(t, err)
	assert.False(t, info.Mode().IsRegular())
	assert.Error(t, WriteAtomic("/dev/null", func(io.Writer) error { return errors.New("bad row") }))
}

func TestWriteAtomicAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w")
	var group sync.WaitGroup
	for range 8 {
		group.Add(1)
		go func() {
			defer group.Done()
			assert.NoError(t, WriteAtomic(path, text(strings.Repeat("same", 1<<15))))
		}()
	}
	group.Wait()
	onlyFile(t, path, strings.Repeat("same", 1<<15))
}

// faultyFS counts the operations of a write and fails those in bad. If it
// stops, nothing that follows has any effect, as after a loss of power.
type faultyFS struct {
	bad   map[int]bool
	stops bool
	count int
	log   []string
	dead  bool
}

var errFault = errors.New("fault")

func (f *faultyFS) do(name string, op func() error) error {
	f.count++
	f.log = append(f.log, name)
	if f.dead || f.bad[f.count] {
		f.dead = f.stops
		return errFault
	}
	return op()
}

func (f *faultyFS) Stat(path string) (info fs.FileInfo, err error) {
	err = f.do("stat", func() error { info, err = Disk.Stat(path); return err })
	return info, err
}

func (f *faultyFS) Create(path string, mode fs.FileMode) (file WriteFile, err error) {
	err = f.do("create", func() error { file, err = Disk.Create(path, mode); return err })
	return &faultyFile{file, f}, err
}

func (f *faultyFS) Rename(from, to string) error {
	return f.do("rename", func() error { return Disk.Rename(from, to) })
}

func (f *faultyFS) Remove(path string) error {
	return f.do("remove", func() error { return Disk.Remove(path) })
}

func (f *faultyFS) SyncDir(path string) error {
	return f.do("sync folder", func() error { return Disk.SyncDir(path) })
}

type faultyFile struct {
	WriteFile
	fs *faultyFS
}

func (f *faultyFile) Write(b []byte) (n int, err error) {
	err = f.fs.do("write", func() error { n, err = f.WriteFile.Write(b); return err })
	if err != nil && n == 0 && !f.fs.dead {
		n, _ = f.WriteFile.Write(b[:len(b)/2]) // a full disk takes what fits
	}
	return n, err
}

func (f *faultyFile) Chmod(mode fs.FileMode) error {
	return f.fs.do("chmod", func() error { return f.WriteFile.Chmod(mode) })
}

func (f *faultyFile) Sync() error {
	return f.fs.do("sync", func() error { return f.WriteFile.Sync() })
}

func (f *faultyFile) Close() error {
	err := f.WriteFile.Close()
	return f.fs.do("close", func() error { return err })
}

// Each operation of a write fails once, or is the last one that ever happens.
func TestWriteAtomicFaults(t *testing.T) {
	next := strings.Repeat("new", 1<<16)
	sound := &faultyFS{}
	path := filepath.Join(t.TempDir(), "w")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
	require.NoError(t, WriteAtomicFS(sound, path, text(next)))
	require.Equal(t, []string{"stat", "create", "chmod", "write", "write", "write", "sync", "close", "rename", "sync folder"}, sound.log)
	onlyFile(t, path, next)

	for bad := 1; bad <= sound.count; bad++ {
		t.Run("fails at "+sound.log[bad-1], func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "w")
			require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
			err := WriteAtomicFS(&faultyFS{bad: map[int]bool{bad: true}}, path, text(next))
			require.ErrorIs(t, err, errFault)
			require.ErrorContains(t, err, path)
			if sound.log[bad-1] == "sync folder" {
				require.ErrorContains(t, err, "the file is written, but")
				onlyFile(t, path, next)
			} else {
				onlyFile(t, path, "old")
			}
		})
		t.Run("stops at "+sound.log[bad-1], func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "w")
			require.NoError(t, os.WriteFile(path, []byte("old"), 0o666))
			require.Error(t, WriteAtomicFS(&faultyFS{bad: map[int]bool{bad: true}, stops: true}, path, text(next)))
			got, err := os.ReadFile(path)
			require.NoError(t, err)
			want := "old"
			if sound.log[bad-1] == "sync folder" {
				want = next
			}
			require.Equal(t, want, string(got))

			// What the dead process left behind does not disturb the next one.
			require.NoError(t, WriteAtomic(path, text("newest")))
			got, err = os.ReadFile(path)
			require.NoError(t, err)
			require.Equal(t, "newest", string(got))
		})
	}
}

// If even the temporary file cannot be removed, the error says so.
func TestWriteAtomicTwoFaults(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w")
	fsys := &faultyFS{bad: map[int]bool{3: true, 5: true}} // without an old file: stat, create, write, close, remove
	err := WriteAtomicFS(fsys, path, text("new"))
	require.Equal(t, []string{"stat", "create", "write", "close", "remove"}, fsys.log)
	assert.ErrorContains(t, err, "and the temporary file stays")
	assert.ErrorContains(t, err, "cannot write "+path)

	path = filepath.Join(t.TempDir(), "w")
	fsys = &faultyFS{bad: map[int]bool{4: true}} // stat, create, close, remove
	err = WriteAtomicFS(fsys, path, func(io.Writer) error { return errors.New("row 3 is bad") })
	require.Equal(t, []string{"stat", "create", "close", "remove"}, fsys.log)
	assert.ErrorContains(t, err, "row 3 is bad\nand the temporary file stays")
}
