package dataset

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// ErrNoImage says that a folder holds none.
var ErrNoImage = errors.New("there is no image in this folder")

// maxImages bounds the images of a folder.
const maxImages = 1 << 24

// imageWalk finds the images in a folder and in the folders in it, in byte order of the names.
type imageWalk struct {
	root  string
	list  []imageFile
	above []fs.FileInfo  // the folders on the way
	other map[string]int // files that are no images, by the ending of their names
	empty []string       // folders in the root without an image
}

// findImages finds the images at a path: those of a folder, else the file itself.
func findImages(path string) (*imageWalk, error) {
	w := &imageWalk{root: path, other: map[string]int{}}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		w.list = []imageFile{{path: path}}
		return w, nil
	}
	if err := w.folder(path, "", info); err != nil {
		return nil, err
	}
	if len(w.list) == 0 {
		return nil, fmt.Errorf("%s: %w (files whose names end in .png, .jpg or .jpeg)%s", path, ErrNoImage, w.others())
	}
	return w, nil
}

// folder adds the images of a folder. Hidden files are none, links are followed.
func (w *imageWalk) folder(path, class string, info fs.FileInfo) error {
	if slices.ContainsFunc(w.above, func(up fs.FileInfo) bool { return os.SameFile(up, info) }) {
		return fmt.Errorf("%s: this link leads back to a folder above it", path)
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	w.above = append(w.above, info)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := w.entry(filepath.Join(path, e.Name()), class); err != nil {
			return err
		}
	}
	w.above = w.above[:len(w.above)-1]
	return nil
}

// entry adds what stands at a path in a folder.
func (w *imageWalk) entry(path, class string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir() && len(w.above) > 1:
		return w.folder(path, class, info)
	case info.IsDir():
		before := len(w.list)
		if err := w.folder(path, filepath.Base(path), info); err != nil {
			return err
		}
		if len(w.list) == before {
			w.empty = append(w.empty, filepath.Base(path))
		}
	case info.Mode().IsRegular() && isImageName(path):
		if len(w.list) == maxImages {
			return fmt.Errorf("%s: there are more than %d images in this folder", w.root, maxImages)
		}
		w.list = append(w.list, imageFile{path, class})
	default:
		w.other[strings.ToLower(filepath.Ext(path))]++
	}
	return nil
}

// isImageName reports whether a file's name says that it holds an image.
func isImageName(path string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg"}, strings.ToLower(filepath.Ext(path)))
}

// remarks are about what lies beside the images.
func (w *imageWalk) remarks() []string {
	var remarks []string
	if others := w.others(); others != "" {
		remarks = append(remarks, phrase.Tame(w.root)+others)
	}
	if len(w.empty) > 0 {
		remarks = append(remarks, fmt.Sprintf("%s: no image in %s, which is no class", phrase.Tame(w.root), phrase.Listed(w.empty)))
	}
	return remarks
}

// others says how many files are no images, and which endings their names have; "" where there are none.
func (w *imageWalk) others() string {
	n := 0
	var endings []string
	for ending, files := range w.other {
		n += files
		if ending == "" {
			ending = "none"
		}
		endings = append(endings, ending)
	}
	switch n {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(": 1 file is no PNG and no JPEG by its ending (%s) and is left out", phrase.Listed(endings))
	}
	return fmt.Sprintf(": %d files are no PNG and no JPEG by their endings (%s) and are left out", n, phrase.Listed(sorted(endings)))
}
