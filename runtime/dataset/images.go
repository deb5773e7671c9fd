package dataset

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/picture"
)

// imageFile is a file that holds an image.
type imageFile struct {
	path string
	// class is the name of the folder, in the one that --data names, that the file lies in, or in a folder of it; "" where
	// it lies in that folder itself.
	class string
}

// imageFiles are the images of a port, in the order of their rows.
type imageFiles struct {
	port data.Port
	path string // the first that --data names, for messages
	size picture.Size
	list []imageFile
}

// addImages adds the images of a folder, or one image, to those of the port that they are for: the one that is named,
// else the only input that takes images.
func (s *source) addImages(port, path string, how format.Layout, inputs, ports []data.Port) error {
	if path == format.Stdin {
		return fmt.Errorf("stdin holds an image: name its file, since predictions begin with the names of the images")
	}
	what := path + " is an image"
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		what = path + " is a folder, which is read for its images"
	}
	if how != (format.Layout{}) {
		return usageError("--sep and --no-header are for CSV, but %s", what)
	}
	if port == "" {
		var err error
		if port, err = imageInput(what, path, inputs, ports); err != nil {
			return err
		}
	}
	i := slices.IndexFunc(inputs, func(p data.Port) bool { return p.Name == port })
	if i < 0 {
		return fmt.Errorf("%s, but %q is no input: targets come as arrays, or as the names of folders", what, port)
	}
	p := inputs[i]
	size, err := picture.SizeOf(p.Shape)
	switch {
	case p.Int:
		return fmt.Errorf("%s, but the input %q takes integers", what, port)
	case err != nil:
		return fmt.Errorf("%s, but the input %q takes %s: %w", what, port, phrase.Shape(p.Shape), err)
	}
	found, err := findImages(path)
	if err != nil {
		return err
	}
	s.remarks = append(s.remarks, found.remarks()...)
	if array, ok := s.arrays[port]; ok {
		return fmt.Errorf("%s and %s both give %q", array.path, path, port)
	}
	if s.images[port] == nil {
		s.images[port] = &imageFiles{port: p, path: path, size: size}
	}
	s.images[port].list = append(s.images[port].list, found.list...)
	return nil
}

// imageInput is the only input that takes images, or the only input.
func imageInput(what, path string, inputs, ports []data.Port) (string, error) {
	var takes []string
	for _, p := range inputs {
		if _, err := picture.SizeOf(p.Shape); err == nil && !p.Int {
			takes = append(takes, p.Name)
		}
	}
	switch {
	case len(takes) == 1:
		return takes[0], nil
	case len(inputs) == 1:
		return inputs[0].Name, nil
	case len(takes) == 0:
		return "", fmt.Errorf("%s, but no input of the model takes any (it has %s): an image is [channels, height, width], as [3, 32, 32]", what, data.PortList(inputs))
	}
	return "", fmt.Errorf("%s: which input is this? Write --data name=%s; the model has %s", path, path, phrase.Listed(portNames(ports)))
}

// maxImageBytes bounds the images of a training, a byte for each value of the input. They are decoded once.
var maxImageBytes int64 = min(4<<30, math.MaxInt)

// loadImages decodes all images, so that they are arrays, and makes the target of their folders' names. known is the
// codec whose classes they must be; nil: they make the classes.
func (s *source) loadImages(inputs, targets []data.Port, known *data.Codec, skip bool) error {
	if len(s.images) == 0 {
		if skip {
			return usageError("--skip-unreadable is for images, and there are none")
		}
		return nil
	}
	if alone := len(s.images) == 1 && len(s.arrays) == 0; skip && !alone {
		return usageError("--skip-unreadable leaves rows out, which would part the images from the other files of --data: take the images and their rows there out yourself")
	}
	for _, p := range inputs {
		if f := s.images[p.Name]; f != nil {
			left, err := s.loadPort(f, skip)
			if err != nil {
				return err
			}
			s.remarks = append(s.remarks, unreadable(left)...)
		}
	}
	return s.loadLabels(targets, known)
}

// loadPort decodes the images of a port, and returns which were left out.
func (s *source) loadPort(f *imageFiles, skip bool) (left []string, err error) {
	n := len(f.list)
	if need := float64(n) * float64(f.size.Bytes()); need > float64(maxImageBytes) {
		return nil, fmt.Errorf("%s: %s of %s are %.1f GB in memory, more than %.1f GB: make the input smaller, or take fewer images",
			f.path, phrase.Counted(n, "image"), phrase.Shape(f.port.Shape), need/1e9, float64(maxImageBytes)/1e9)
	}
	size := f.size.Bytes()
	bytes := make([]uint8, n*size)
	kept, left, err := f.decode(bytes, f.list, skip)
	if err != nil {
		return nil, err
	}
	if len(kept) == 0 {
		return nil, fmt.Errorf("%s: there is no image that can be read", f.path)
	}
	f.list = kept
	s.arrays[f.port.Name] = boundArray{&format.Array{Shape: []int{len(kept), f.size.Channels, f.size.Height, f.size.Width}, Uint8: bytes[:len(kept)*size]}, f.path}
	return left, nil
}

// unreadable is the remark about images that were left out; none where there are none.
func unreadable(left []string) []string {
	if len(left) == 0 {
		return nil
	}
	const most = 10
	named := make([]string, min(len(left), most))
	for i := range named {
		named[i] = phrase.Tame(left[i])
	}
	text := fmt.Sprintf("%s left out that cannot be read: %s", phrase.Counted(len(left), "image"), strings.Join(named, ", "))
	if more := len(left) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return []string{text}
}

// loadLabels makes the target that is not an array of the names of the images' folders, if it is one class or flag.
func (s *source) loadLabels(targets []data.Port, known *data.Codec) error {
	var open []data.Port
	for _, p := range targets {
		if _, ok := s.arrays[p.Name]; !ok {
			open = append(open, p)
		}
	}
	if len(open) != 1 || !namesClass(open[0]) {
		return nil // what there is no data for is told by the caller
	}
	if len(s.images) > 1 {
		return fmt.Errorf("the target %q: several inputs take images, so that folders do not say which class a row is of: give it as an array with --data %s=file", open[0].Name, open[0].Name)
	}
	for _, f := range s.images {
		column, array, err := f.labels(open[0], targetOf(known, open[0].Name))
		if err != nil {
			return err
		}
		if column != nil {
			s.classes[open[0].Name] = *column
		}
		s.arrays[open[0].Name] = boundArray{array, f.path}
	}
	return nil
}

// namesClass reports whether a target is one class or flag in a row.
func namesClass(p data.Port) bool {
	return p.Judged != nil && p.Size() == 1 && (p.Judged.Kind == data.Class || p.Judged.Kind == data.Flag)
}

// targetOf is the codec's target of that name, nil where there is none.
func targetOf(c *data.Codec, name string) *data.Target {
	if c == nil {
		return nil
	}
	for _, t := range c.Targets() {
		if t.Name == name && !t.Input {
			return &t
		}
	}
	return nil
}

// count says how many images of which classes there are.
func (f *imageFiles) count() string {
	var names []string
	rows := map[string]int{}
	for _, m := range f.list {
		if rows[m.class]++; rows[m.class] == 1 {
			names = append(names, m.class)
		}
	}
	text := fmt.Sprintf("%s: %s", phrase.Tame(f.path), phrase.Counted(len(f.list), "image"))
	if len(names) < 2 || len(names) > 10 {
		return text
	}
	slices.Sort(names)
	for i, name := range names {
		names[i] = fmt.Sprintf("%s %d", phrase.Visible(name), rows[name])
	}
	return text + ": " + strings.Join(names, ", ")
}
