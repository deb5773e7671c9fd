package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/compiler"
	"github.com/nnc-lang/nnc/grammar"
	"github.com/nnc-lang/nnc/runtime/dataset"
)

// imageDraft is a first model of images.
type imageDraft struct {
	*dataset.ImageSummary
	sizes
}

// newImages writes a first spec of a folder of images, or of an array of images and one of their classes. bare says
// that there is no flag of tables.
func (c *initCommand) newImages(s *session, bare bool) error {
	name := c.Data[0]
	occupied := fmt.Errorf("%s is there already: name a table, or a folder that is not", name)
	switch {
	case !bare && isFolder(name):
		return occupied
	case !bare:
		return fmt.Errorf("%s is no table, which the flags of columns and cells are for", name)
	}
	data := slices.Clone(c.Data)
	var of *dataset.ImageSummary
	var err error
	switch {
	case isFolder(name) && len(data) > 1:
		return fmt.Errorf("%s is a folder: a first spec is of one folder of images", name)
	case isFolder(name):
		of, err = dataset.InspectFolder(name)
	case len(data) == 2:
		of, err = dataset.InspectArrays(data[0], data[1])
		data[1] = "target=" + data[1]
	default:
		return fmt.Errorf("%s is an array: name the one of the images, then that of their classes, as in nnc init images.idx.gz labels.idx.gz", name)
	}
	if errors.Is(err, dataset.ErrNoImage) {
		return occupied
	}
	if err != nil {
		return dataError(err)
	}
	path, err := c.specPath(true)
	if err != nil {
		return err
	}
	d := &imageDraft{of, sizesFor(of.Rows, of.HeldOut, 0)}
	d.epochs = max(d.epochs/5, fewEpochs) // each sees more of an image than of a table's row
	train := trainWith(s, path, trainingFlags{Data: data, Augment: d.augment(), Shuffle: true})
	text, list := grammar.Format("", []byte(d.text(compiler.ModelName(path), train)))
	if list.HasErrors() {
		return fmt.Errorf("the first spec is wrong (%s), which is an internal error: please report it", list[0].Summary)
	}
	return c.write(s, path, text, append(d.reasons(), "next: "+train))
}

// smallSide is the side of an image that is small enough to be looked at as a whole.
const smallSide = 7

// augment is what a first training does to the images: what leaves an image of nearly every kind one of its class.
func (d *imageDraft) augment() string {
	if n := min(d.Size.Height, d.Size.Width) / 16; n > 0 {
		return fmt.Sprintf("shift=%d", n)
	}
	return ""
}

// text is the spec, with the command that trains it.
func (d *imageDraft) text(model, train string) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("// %s tells the images of %s apart. It is a first model: try it, then change it.", model, d.Shown)
	line("// %s", train)
	line("model %s\n", model)
	line("input image[%d, %d, %d] // %s", d.Size.Channels, d.Size.Height, d.Size.Width, d.whySize())
	line("")
	channels := 16
	for side := min(d.Size.Height, d.Size.Width); side >= 2*smallSide; side /= 2 {
		line("conv %d kernel=3 pad=same; relu; maxpool 2", channels)
		channels *= 2
	}
	line("flatten")
	line("dropout 0.2")
	line("linear %d; relu", d.width)
	line("linear %d", len(d.Classes))
	line("")
	line("loss cross_entropy // one of %d: %s", len(d.Classes), d.Listed())
	line("metric accuracy")
	line("adam 0.001")
	line("batch %d", d.batch)
	line("epochs %d", d.epochs)
	return b.String()
}

// whySize says what the input takes.
func (d *imageDraft) whySize() string {
	colours := "colours"
	switch d.Size.Channels {
	case 1:
		colours = "grey"
	case 3:
	default:
		colours = counted(d.Size.Channels, "channel")
	}
	if d.Alike {
		return colours + ", as large as the images are"
	}
	return colours + "; the images have different sizes, and are scaled and cropped to this"
}

// reasons say, a line each, why the model is as it is.
func (d *imageDraft) reasons() []string {
	lines := append([]string{fmt.Sprintf("%s: %s", d.Shown, counted(d.Rows, "image"))}, d.Notes...)
	lines = append(lines, fmt.Sprintf("input [%d, %d, %d]: %s", d.Size.Channels, d.Size.Height, d.Size.Width, d.whySize()))
	most := slices.Max(d.Counts)
	lines = append(lines, fmt.Sprintf("target: %s, so the loss is cross_entropy; always %s would be right in %.4g%% of the images",
		d.counts(), d.ShownClass(slices.Index(d.Counts, most)), 100*float64(most)/float64(d.Rows)))
	return append(lines, fmt.Sprintf("batches of %d, a fiftieth of the images within bounds; %s", d.batch, counted(d.epochs, "epoch")))
}

// counts says which classes there are, and of how many images.
func (d *imageDraft) counts() string {
	const most = 10
	var shown []string
	for i := range min(len(d.Classes), most) {
		shown = append(shown, fmt.Sprintf("%s (%d)", d.ShownClass(i), d.Counts[i]))
	}
	if len(d.Classes) > most {
		shown = append(shown, "…")
	}
	return fmt.Sprintf("%d classes, %s", len(d.Classes), strings.Join(shown, ", "))
}
