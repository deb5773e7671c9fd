package dataset

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/nnc-lang/nnc/runtime/picture"
)

// decode reads the images of list into dst, one after the other, on all cores. Of those that cannot be read it returns
// an error that names them, or leaves them out if skip says so. Returned are the images in dst and the names of those
// left out.
func (f *imageFiles) decode(dst []uint8, list []imageFile, skip bool) (kept []imageFile, left []string, err error) {
	size := f.size.Bytes()
	errs := make([]error, len(list))
	var next atomic.Int64
	var wait sync.WaitGroup
	memory := newPixelRoom()
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				errs[i] = readImage(dst[i*size:(i+1)*size], list[i].path, f.size, memory)
			}
		}()
	}
	wait.Wait()
	var bad problems
	for i, m := range list {
		switch {
		case errs[i] == nil:
			if len(kept) < i {
				copy(dst[len(kept)*size:(len(kept)+1)*size], dst[i*size:(i+1)*size])
			}
			kept = append(kept, m)
		case skip:
			left = append(left, m.path)
		default:
			bad.add(errs[i])
		}
	}
	if err := bad.err(); err != nil {
		return nil, nil, fmt.Errorf("%w\nleave images that cannot be read out with --skip-unreadable", err)
	}
	return kept, left, nil
}

// readImage reads one image.
func readImage(dst []uint8, path string, size picture.Size, memory *pixelRoom) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	m, err := picture.Open(file)
	if err == nil {
		memory.take(m.Width * m.Height)
		err = m.Fit(dst, size)
		memory.give(m.Width * m.Height)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// pixelRoom bounds the pixels of the images that are decoded at once to those of the largest one that may be.
type pixelRoom struct {
	mu   sync.Mutex
	more *sync.Cond
	free int
}

func newPixelRoom() *pixelRoom {
	r := &pixelRoom{free: picture.MaxPixels}
	r.more = sync.NewCond(&r.mu)
	return r
}

// take waits for room for that many pixels.
func (r *pixelRoom) take(pixels int) {
	r.mu.Lock()
	for r.free < pixels {
		r.more.Wait()
	}
	r.free -= pixels
	r.mu.Unlock()
}

// give gives the room back.
func (r *pixelRoom) give(pixels int) {
	r.mu.Lock()
	r.free += pixels
	r.mu.Unlock()
	r.more.Broadcast()
}
