package train

import (
	"fmt"

	"github.com/nnc-lang/nnc/runtime/augment"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// augmentation changes the images of the rows to train on.
type augmentation struct {
	plan   *augment.Plan
	inputs []imageInput
}

// imageInput is an input of images.
type imageInput struct {
	at, size int
	images   *augment.Images
}

// chooseAugmentation plans what the job asks for.
func (t *training) chooseAugmentation() error {
	if t.job.Augment == "" {
		return nil
	}
	plan, err := augment.Parse(t.job.Augment)
	if err != nil {
		return usage{fmt.Errorf("--augment %s: %w", t.job.Augment, err)}
	}
	if t.set.Codec.IsTable() && t.set.Codec.Scale() == data.ScaleStandard {
		return usage{fmt.Errorf("--augment %s is for images, and the columns of a table are standardised, each by its own numbers, so that they cannot change places: take them as they stand with --scale none, or give the images as a folder or an array", t.job.Augment)}
	}
	a := &augmentation{plan: plan}
	for i, p := range t.m.Inputs {
		if !takesImages(p, t.m.Inputs) {
			continue
		}
		channels, height, width := 1, p.Shape[len(p.Shape)-2], p.Shape[len(p.Shape)-1]
		if len(p.Shape) == 3 {
			channels = p.Shape[0]
		}
		if err := plan.Suits(height, width); err != nil {
			return usage{fmt.Errorf("--augment %s: the input %s: %w", t.job.Augment, p.Name, err)}
		}
		a.inputs = append(a.inputs, imageInput{i, p.Size(), augment.New(plan, channels, height, width, t.set.Train.White(i))})
	}
	if len(a.inputs) == 0 {
		return usage{fmt.Errorf("--augment %s is for images, [channels, height, width], and no input of the model takes any (it has %s)", t.job.Augment, data.PortList(t.m.Inputs))}
	}
	for _, p := range t.m.Targets {
		if plan.Moves() && len(p.Shape) >= 2 {
			return usage{fmt.Errorf("--augment %s moves the image, but the target %s%s belongs to its places and would stay: only brightness suits such targets", t.job.Augment, p.Name, phrase.Shape(p.Shape))}
		}
	}
	t.augmentation = a
	return nil
}

// takesImages reports whether p is an input of images: [channels, height, width], or, where no input is that,
// [height, width].
func takesImages(p data.Port, inputs []data.Port) bool {
	rank := 2
	for _, q := range inputs {
		if len(q.Shape) == 3 && !q.Int {
			rank = 3
		}
	}
	return len(p.Shape) == rank && !p.Int
}

// begin begins an epoch, from 0.
func (a *augmentation) begin(seed uint64, epoch int) {
	if a == nil {
		return
	}
	for _, in := range a.inputs {
		in.images.Begin(seed, epoch)
	}
}

// change changes the images of a batch, the first row of which stands at that place in the epoch. Those of several
// inputs change alike.
func (a *augmentation) change(b *Batch, place int) {
	if a == nil {
		return
	}
	for _, in := range a.inputs {
		values := b.Inputs[in.at].Float
		for i := range b.N {
			in.images.Change(values[i*in.size:(i+1)*in.size], place+i)
		}
	}
}

// describe says what is done to which inputs.
func (a *augmentation) describe(m *Model) string {
	var names []string
	for _, in := range a.inputs {
		names = append(names, m.Inputs[in.at].Name)
	}
	return fmt.Sprintf("%s: changed in each epoch of training by %s", phrase.Listed(names), a.plan)
}
