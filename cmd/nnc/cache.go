package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// cache is the folder of programs that were built before: one folder per program, named by a hash of all that it
// was made of. A program is built in a folder of another name and renamed when it is whole, so that two runs
// need no lock: both may build, and the second finds the first one's.
type cache struct {
	dir       string
	temporary bool // to be removed at the end
}

const (
	unfinished = "build-"            // begins the name of a folder that is being filled
	maxUnused  = 30 * 24 * time.Hour // a program that nobody ran for so long is removed
	maxBuild   = 24 * time.Hour      // no build takes that long: it was killed
)

// openCache finds the user's cache, or makes a temporary one where there is none that can be written.
func openCache() (cache, error) {
	if base, err := os.UserCacheDir(); err == nil {
		dir := filepath.Join(base, "nnc")
		if os.MkdirAll(dir, 0o700) == nil {
			if probe, err := os.MkdirTemp(dir, unfinished); err == nil {
				os.Remove(probe)
				return cache{dir: dir}, nil
			}
		}
	}
	dir, err := os.MkdirTemp("", "nnc-")
	return cache{dir, true}, err
}

// close removes a temporary cache.
func (c cache) close() {
	if c.temporary {
		os.RemoveAll(c.dir)
	}
}

// find returns the program of that key, empty if it is not there. Finding it counts as use.
func (c cache) find(key string) string {
	path := filepath.Join(c.dir, key, programName())
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return ""
	}
	now := time.Now()
	os.Chtimes(filepath.Join(c.dir, key), now, now) // at worst it is built again next month
	return path
}

// keep makes the filled folder the program of that key and returns the program.
func (c cache) keep(built, key string) (string, error) {
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

// sweep removes what nobody has used for long. What cannot be removed stays.
func (c cache) sweep() {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		age := time.Since(info.ModTime())
		if age > maxUnused || strings.HasPrefix(e.Name(), unfinished) && age > maxBuild {
			os.RemoveAll(filepath.Join(c.dir, e.Name()))
		}
	}
}
