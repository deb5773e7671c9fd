package main

import (
	"os"
	"path/filepath"
	"runtime"
)

// cache is the folder of programs that were built before: one folder per program, named by a hash of all that it
// was made of. A program is built in a folder of another name and renamed when it is whole, so that two runs
// need no lock: both may build, and the second finds the first one's.
type cache struct {
	dir       string
	temporary bool // to be removed at the end
}

// unfinished begins the names of what does not stay: a folder that is being filled, the file of a job.
const unfinished = "build-"

// openCache finds the user's cache, or makes a temporary one where there is none that can be written.
func openCache() (cache, error) {
	if base, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(base, "nnc")
		if writableFolder(dir) {
			return cache{dir: dir}, nil
		}
	}
	dir, err := os.MkdirTemp("", "nnc-")
	return cache{dir, true}, err
}

// writableFolder says whether folders can be made in dir, which is made if it is missing.
func writableFolder(dir string) bool {
	if os.MkdirAll(dir, 0o700) != nil {
		return false
	}
	probe, err := os.MkdirTemp(dir, unfinished)
	if err != nil {
		return false
	}
	os.Remove(probe)
	return true
}

// close removes a temporary cache.
func (c cache) close() {
	if c.temporary {
		os.RemoveAll(c.dir)
	}
}

// find returns the program of that key, empty if it is not there or damaged. Finding it counts as use.
func (c cache) find(key string) string {
	dir := filepath.Join(c.dir, key)
	if !intact(dir) {
		return ""
	}
	used(dir) // at worst it is built again next month
	return filepath.Join(dir, programName())
}

// keep makes the folder of a program the one of that key and returns the program.
func (c cache) keep(built, key string) (string, error) {
	if err := seal(built); err != nil {
		return "", err
	}
	dir := filepath.Join(c.dir, key)
	err := os.Rename(built, dir)
	if err != nil && c.find(key) == "" {
		os.RemoveAll(dir) // what is there is no program: a crash left it
		err = os.Rename(built, dir)
	}
	if path := c.find(key); path != "" {
		return path, nil // its own, or that of another run that was faster
	}
	return "", err
}

// programName is the program's file in its folder of the cache.
func programName() string {
	if runtime.GOOS == "windows" {
		return "program.exe"
	}
	return "program"
}
