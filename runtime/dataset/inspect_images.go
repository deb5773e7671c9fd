package dataset

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/picture"
)

// ImageSummary is what images and their classes hold for a model that is yet to be written.
type ImageSummary struct {
	Shown   string // the name of the data as it may go to a terminal
	Rows    int
	Size    picture.Size // of the input
	Alike   bool         // all images are of that size
	Classes []string     // in their order; of indices 0, 1, …
	Counts  []int        // rows of each class
	Notes   []string     // remarks for the user
	HeldOut int          // rows that training holds out where nothing is said
}

// Listed are the classes for a message.
func (s *ImageSummary) Listed() string { return phrase.Listed(s.Classes) }

// ShownClass is the name of a class as it may go to a terminal.
func (s *ImageSummary) ShownClass(i int) string { return phrase.Visible(s.Classes[i]) }

// usualSides are the sides of the input for images of different sizes: the largest that half of the images reach.
var usualSides = []int{64, 32, 16}

// largestSide bounds the side of an input that is as large as all images are.
const largestSide = 128

// InspectFolder looks at a folder of images with a folder for each class. Of images only the sizes are read.
func InspectFolder(path string) (*ImageSummary, error) {
	found, err := findImages(path)
	if err != nil {
		return nil, err
	}
	f := &imageFiles{path: path, list: found.list}
	names, err := f.folders(data.Port{Name: "target"})
	if err != nil {
		return nil, err
	}
	if p := parts(names); p != "" || len(names) < 2 {
		return nil, fmt.Errorf("%s: %s of images (%s), each a class, of which there must be two%s", path, phrase.Counted(len(names), "folder"), phrase.Listed(names), p)
	}
	s := &ImageSummary{Shown: phrase.Tame(path), Notes: found.remarks()}
	index := map[string]int32{}
	if known := f.indices(names, largestIndex); len(known) == len(names) {
		index = known
	} else {
		for i, name := range names {
			index[name] = int32(i)
		}
		s.Classes = names
	}
	class := make([]int32, len(f.list))
	for i, m := range f.list {
		class[i] = index[m.class]
	}
	s.count(class)
	s.Size, s.Alike, err = sizesOf(f.list)
	return s, err
}

// largestIndex bounds the classes by index.
const largestIndex = 10000

// count counts the rows of the classes, and names those that have no name.
func (s *ImageSummary) count(class []int32) {
	s.Rows = len(class)
	n := max(len(s.Classes), int(slices.Max(class))+1)
	for k := len(s.Classes); k < n; k++ {
		s.Classes = append(s.Classes, strconv.Itoa(k))
	}
	s.Counts = make([]int, n)
	for _, k := range class {
		s.Counts[k]++
	}
	s.HeldOut = DefaultSplit(s.Rows, true).size(s.Rows)
}

// sizesOf is the size of an input that suits the images, and whether they all have it.
func sizesOf(list []imageFile) (picture.Size, bool, error) {
	size := picture.Size{Channels: 1}
	var bad problems
	var sides []int
	alike := true
	for _, file := range list {
		m, err := headerOf(file.path)
		if err != nil {
			bad.add(err)
			continue
		}
		if !m.Grey() {
			size.Channels = 3
		}
		if len(sides) == 0 {
			size.Height, size.Width = m.Height, m.Width
		}
		alike = alike && size.Height == m.Height && size.Width == m.Width
		sides = append(sides, min(m.Height, m.Width))
	}
	if err := bad.err(); err != nil {
		return size, false, err
	}
	if alike && max(size.Height, size.Width) <= largestSide {
		return size, true, nil
	}
	slices.Sort(sides)
	side := usualSides[len(usualSides)-1]
	for _, s := range slices.Backward(usualSides) {
		if sides[len(sides)/2] >= s {
			side = s
		}
	}
	size.Height, size.Width = side, side
	return size, false, nil
}

// headerOf reads the size of an image.
func headerOf(path string) (*picture.Image, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	m, err := picture.Open(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// InspectArrays looks at an array of images, [rows, height, width] or [rows, channels, height, width], and at one of
// their classes by index.
func InspectArrays(images, labels string) (*ImageSummary, error) {
	a, err := arrayAt(images)
	if err != nil {
		return nil, err
	}
	size := picture.Size{Channels: 1}
	switch row := a.Shape[1:]; {
	case len(row) == 3 && row[0] > 4 && row[2] <= 4:
		return nil, fmt.Errorf("%s: the array is %s: if its last axis is that of channels, put it first, as array.transpose(0, 3, 1, 2) does", images, a)
	case len(row) == 3:
		size = picture.Size{Channels: row[0], Height: row[1], Width: row[2]}
	case len(row) == 2:
		size.Height, size.Width = row[0], row[1]
	default:
		return nil, fmt.Errorf("%s: the array is %s, and images are [rows, height, width] or [rows, channels, height, width]", images, a)
	}
	b, err := arrayAt(labels)
	if err != nil {
		return nil, err
	}
	if b.Float != nil || b.RowLen() != 1 || b.Rows() != a.Rows() || b.Rows() == 0 {
		return nil, fmt.Errorf("%s: the array is %s, and the classes of %s are a whole number from 0 for each of its %d rows", labels, b, images, a.Rows())
	}
	class := b.Int
	for _, v := range b.Uint8 {
		class = append(class, int32(v))
	}
	for i, k := range class {
		if k < 0 || k >= largestIndex {
			return nil, fmt.Errorf("%s: row %d: %d is no class by index, from 0 to %d", labels, i+1, k, largestIndex-1)
		}
	}
	s := &ImageSummary{Shown: phrase.Tame(images), Size: size, Alike: true}
	s.count(class)
	return s, nil
}

// arrayAt reads the array of an NPY or IDX file.
func arrayAt(path string) (*format.Array, error) {
	f, err := format.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Kind != format.KindNPY && f.Kind != format.KindIDX {
		return nil, fmt.Errorf("%s holds no array (NPY or IDX)", path)
	}
	return f.Array()
}

// IsArray reports whether a file holds an array, as far as can be told without taking anything from a pipe.
func IsArray(path string) bool {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := format.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return f.Kind == format.KindNPY || f.Kind == format.KindIDX
}
