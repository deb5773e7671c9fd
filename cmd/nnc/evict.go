package main

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

const (
	maxCache  = 256 << 20           // bytes of programs that are kept
	maxUnused = 30 * 24 * time.Hour // a program that nobody ran for so long is removed
	maxBuild  = 24 * time.Hour      // no build takes that long: it was killed
)

// used notes that a program of the cache is in use now: its folder's time says when it last was.
func used(dir string) {
	now := time.Now()
	os.Chtimes(dir, now, now) // at worst it is built again next month
}

// evict removes what nobody has used for long, and then the programs that were used least recently until those
// left take up no more than limit bytes. The program of the key in use stays, and what cannot be removed.
func (c cache) evict(limit int64, inUse string) {
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	type program struct {
		dir  string
		used time.Time
	}
	var programs []program
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		path, age := filepath.Join(c.dir, e.Name()), time.Since(info.ModTime())
		switch {
		case strings.HasPrefix(e.Name(), unfinished):
			if age > maxBuild {
				os.RemoveAll(path)
			}
		case e.Name() == inUse:
			limit -= sizeOf(path)
		case age > maxUnused:
			os.RemoveAll(path)
		default:
			programs = append(programs, program{path, info.ModTime()})
		}
	}
	slices.SortFunc(programs, func(a, b program) int { return cmp.Or(b.used.Compare(a.used), cmp.Compare(a.dir, b.dir)) })
	for _, p := range programs {
		if limit -= sizeOf(p.dir); limit < 0 {
			os.RemoveAll(p.dir)
		}
	}
}

// sizeOf is how many bytes the files under a path have. What cannot be read counts nothing.
func sizeOf(path string) (bytes int64) {
	// The walk's own error is always nil: the function returns none.
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if info, err := d.Info(); err == nil {
				bytes += info.Size()
			}
		}
		return nil
	})
	return bytes
}
