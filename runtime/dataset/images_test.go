package dataset

import (
	"bytes"
	"errors"
	stdimage "image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/picture"
)

// plain is a PNG image of one colour.
func plain(t testing.TB, width, height int, c color.NRGBA) string {
	t.Helper()
	m := stdimage.NewNRGBA(stdimage.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = []uint8{c.R, c.G, c.B, c.A}[i%4]
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, m))
	return b.String()
}

func grey(v uint8) color.NRGBA { return color.NRGBA{v, v, v, 255} }

// folderOf is a folder with these files.
func folderOf(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return dir
}

var (
	photo = data.Port{Name: "photo", Shape: []int{1, 2, 2}}
	pet   = data.Port{Name: "pet", Int: true, Limit: 2, Judged: byCrossEntropy}
	ill   = data.Port{Name: "ill", Shape: []int{1}, Judged: byBCELogits}
)

// pets are five images of two classes, in the order of their rows 10 to 50.
func pets(t testing.TB) string {
	t.Helper()
	return folderOf(t, map[string]string{
		"cat/a.png": plain(t, 2, 2, grey(10)), "cat/b.PNG": plain(t, 7, 5, grey(20)), "cat/old/a.jpeg": photoOf(t, 30),
		"dog/10.png": plain(t, 4, 4, grey(40)), "dog/2.jpg": photoOf(t, 50),
		"dog/.hidden.png": "not looked at", "dog/notes.TXT": "no image", "readme": "no image", "empty/x.webp": "no image",
	})
}

func photoOf(t testing.TB, v uint8) string {
	t.Helper()
	m := stdimage.NewGray(stdimage.Rect(0, 0, 8, 8))
	for i := range m.Pix {
		m.Pix[i] = v
	}
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}))
	return b.String()
}

// firsts are the first values of the rows of an input, as bytes.
func firsts(b data.Block, size int) []int {
	var list []int
	for i := 0; i < len(b.Float); i += size {
		list = append(list, int(b.Float[i]*255+0.5))
	}
	return list
}

func TestFolderPerClass(t *testing.T) {
	dir := pets(t)
	q := Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}, Valid: "0"}
	l, err := Load(q)
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []int{10, 20, 30, 40, 50}, firsts(in[0], 4))
	assert.Equal(t, []float32{10. / 255, 10. / 255, 10. / 255, 10. / 255}, in[0].Float[:4])
	assert.Equal(t, []int32{0, 0, 0, 1, 1}, out[0].Int)
	assert.Equal(t, []string{
		dir + ": 3 files are no PNG and no JPEG by their endings (.txt, .webp, none) and are left out",
		dir + ": no image in empty, which is no class",
		dir + ": 5 images: cat 3, dog 2",
	}, l.Notes)
	assert.Equal(t, []string{"photo: bytes divided by 255", "target pet: classes cat, dog"}, l.Codec.Describe())

	text, err := l.Codec.Text()
	require.NoError(t, err)
	codec, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, []string{"cat", "dog"}, codec.Targets()[0].Classes())

	values := make([]float32, 2)
	require.NoError(t, codec.EncodeBytes(values, "photo", []uint8{0, 51}))
	assert.Equal(t, []float32{0, 0.2}, values)
	assert.EqualError(t, codec.EncodeBytes(values, "phot", []uint8{0, 51}), `encode: the model has no input "phot", did you mean "photo"? (it has photo)`)
	assert.EqualError(t, codec.EncodeBytes(values, "photo", []uint8{0}), "encode: dst has 2 values, there are 1 byte")
	assert.EqualError(t, fitted(t, data.ScaleNone).EncodeBytes(values, "photo", nil), "encode: the model takes the columns of a table (size, colour), not bytes")

	// To predict, folders say nothing; each row has its file, and rows come in pieces.
	r, err := OpenRows(Rows{Data: []string{filepath.Join(dir, "dog"), filepath.Join(dir, "cat", "a.png")}, Inputs: q.Inputs, Targets: q.Targets}, codec)
	require.NoError(t, err)
	defer r.Close()
	assert.Equal(t, []string{"file"}, r.KeptNames())
	block := []data.Block{data.NewBlock(photo, 2)}
	n, err := r.Read(block, nil, 2)
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	assert.Equal(t, []int{40, 50}, firsts(block[0], 4))
	assert.Equal(t, [][]string{{filepath.Join(dir, "dog", "10.png")}, {filepath.Join(dir, "dog", "2.jpg")}}, r.Kept())
	n, err = r.Read(block, nil, 2)
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, [][]string{{filepath.Join(dir, "cat", "a.png")}}, r.Kept())
	_, err = r.Read(block, nil, 2)
	assert.ErrorIs(t, err, io.EOF)

	// To judge, folders are the classes that training knew, by name.
	dogs := folderOf(t, map[string]string{"dog/x.png": plain(t, 2, 2, grey(60))})
	r, err = OpenRows(Rows{Data: []string{dogs}, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, codec)
	require.NoError(t, err)
	labels := []data.Block{data.NewBlock(pet, 2)}
	n, err = r.Read(block, labels, 2)
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, int32(1), labels[0].Int[0])
	r, err = OpenRows(Rows{Data: []string{dogs}, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, codec)
	require.NoError(t, err)
	set, err := r.ReadAll(q.Inputs, q.Targets)
	require.NoError(t, err)
	in, out = gather(set)
	assert.Equal(t, []int{60}, firsts(in[0], 4))
	assert.Equal(t, []int32{1}, out[0].Int)
	eels := folderOf(t, map[string]string{"eel/x.png": plain(t, 2, 2, grey(60))})
	_, err = OpenRows(Rows{Data: []string{eels}, Inputs: q.Inputs, Targets: q.Targets, Judge: true}, codec)
	assert.EqualError(t, err, eels+": the weights know no class eel (they know cat, dog)")

	// Held-out rows from a folder of their own, and a training that starts from these weights.
	q.Valid, q.ValidData, q.From = "", []string{dogs}, &Start{Codec: codec, File: "w"}
	l, err = Load(q)
	require.NoError(t, err)
	_, out = gather(l.Valid)
	assert.Equal(t, []int32{1}, out[0].Int)
	q.ValidData, q.Data = nil, []string{dogs}
	l, err = Load(q)
	require.NoError(t, err)
	_, out = gather(l.Train)
	assert.Equal(t, []int32{1}, out[0].Int, "a class that is missing now keeps its index")
	assert.Contains(t, l.Notes, "statistics are those of w; --rescale takes new ones of these rows")
	q.Data = []string{eels}
	_, err = Load(q)
	assert.ErrorContains(t, err, "the weights know no class eel")
}

// Rows are drawn of each class its share, and twins are found.
func TestImagesAreDivided(t *testing.T) {
	files := map[string]string{}
	for i := range 10 {
		files["cat/"+string(rune('a'+i))+".png"] = plain(t, 2, 2, grey(uint8(i)))
		files["dog/"+string(rune('a'+i))+".png"] = plain(t, 2, 2, grey(100))
	}
	l, err := Load(Training{Data: []string{folderOf(t, files)}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}, Valid: "0.2"})
	require.NoError(t, err)
	_, out := gather(l.Valid)
	assert.Equal(t, []int32{0, 0, 1, 1}, out[0].Int)
	assert.Contains(t, strings.Join(l.Notes, "\n"), "warning: of 4 rows held out, 2 stand among the rows to train on too")
}

// Names that are all integers are indices, in whatever order they stand, and a flag takes two folders.
func TestClassesOfFolders(t *testing.T) {
	one := plain(t, 1, 1, grey(9))
	load := func(p data.Port, names ...string) (*Loaded, string, error) {
		files := map[string]string{}
		for _, name := range names {
			files[name+"/x.png"] = one
		}
		dir := folderOf(t, files)
		l, err := Load(Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{p}})
		return l, dir, err
	}
	digits := data.Port{Name: "digit", Int: true, Limit: 11, Judged: byCrossEntropy}
	l, _, err := load(digits, "10", "2", "007")
	require.NoError(t, err)
	_, out := gather(l.Train)
	assert.Equal(t, []int32{7, 10, 2}, out[0].Int)
	assert.Equal(t, "target digit: 11 classes by index", l.Codec.Describe()[1])

	l, _, err = load(ill, "healthy", "ill")
	require.NoError(t, err)
	_, out = gather(l.Train)
	assert.Equal(t, []float32{0, 1}, out[0].Float)
	assert.Equal(t, "target ill: classes healthy, ill", l.Codec.Describe()[1])
	again, err := data.ParseCodec([]byte(must(l.Codec.Text())))
	require.NoError(t, err)
	require.NoError(t, again.Fits([]data.Port{photo}, []data.Port{ill}))

	for _, c := range []struct {
		port  data.Port
		names []string
		want  string
	}{
		{pet, []string{"a", "b", "c"}, ": 3 folders of images (a, b, c), each a class, but the model gives 2 outputs: write `linear 3`"},
		{pet, []string{"0", "2"}, "the model gives 2 outputs"}, // two, but 2 is no index: they would be names
		{ill, []string{"a", "b", "c"}, "but bce_logits judges two: the loss of 3 classes is `cross_entropy`, after `linear 3`"},
		{ill, []string{"a"}, ": 1 folder of images (a), each a class, but bce_logits judges two"},
		{pet, []string{"train", "val", "test"}, "if these are parts of the data, name each by itself"},
	} {
		_, dir, err := load(c.port, c.names...)
		if c.names[0] == "0" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, c.want)
		assert.ErrorContains(t, err, dir)
	}
}

func must(text string, err error) string {
	if err != nil {
		panic(err)
	}
	return text
}

func TestImagesThatCannotBeRead(t *testing.T) {
	whole := plain(t, 9, 9, grey(5))
	dir := folderOf(t, map[string]string{"cat/a.png": whole, "cat/b.png": whole[:50], "dog/c.png": "GIF89a…", "dog/d.png": whole})
	q := Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}, Valid: "0"}
	_, err := Load(q)
	require.Error(t, err)
	lines := strings.Split(err.Error(), "\n")
	require.Len(t, lines, 3)
	assert.True(t, strings.HasPrefix(lines[0], filepath.Join(dir, "cat", "b.png")+": the image is "), lines[0])
	assert.True(t, strings.HasPrefix(lines[1], filepath.Join(dir, "dog", "c.png")+": this is no PNG and no JPEG image"), lines[1])
	assert.Equal(t, "leave images that cannot be read out with --skip-unreadable", lines[2])

	q.SkipUnreadable = true
	l, err := Load(q)
	require.NoError(t, err)
	_, out := gather(l.Train)
	assert.Equal(t, []int32{0, 1}, out[0].Int)
	left := "2 images left out that cannot be read: " + filepath.Join(dir, "cat", "b.png") + ", " + filepath.Join(dir, "dog", "c.png")
	assert.Contains(t, l.Notes, left)

	read := Rows{Data: []string{dir}, Inputs: q.Inputs, Targets: q.Targets, Judge: true}
	r, err := OpenRows(read, l.Codec)
	require.NoError(t, err)
	block, labels := []data.Block{data.NewBlock(photo, 4)}, []data.Block{data.NewBlock(pet, 4)}
	_, err = r.Read(block, labels, 4)
	assert.ErrorContains(t, err, "--skip-unreadable")
	read.SkipUnreadable = true
	for _, most := range []int{1, 4} {
		r, err := OpenRows(read, l.Codec)
		require.NoError(t, err)
		var got []int32
		var files []string
		for {
			n, err := r.Read(block, labels, most)
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err)
			got = append(got, labels[0].Int[:n]...)
			for _, k := range r.Kept() {
				files = append(files, filepath.Base(k[0]))
			}
		}
		assert.Equal(t, []int32{0, 1}, got)
		assert.Equal(t, []string{"a.png", "d.png"}, files)
		assert.Equal(t, []string{left}, r.Remarks())
	}
	r, err = OpenRows(read, l.Codec)
	require.NoError(t, err)
	set, err := r.ReadAll(q.Inputs, q.Targets)
	require.NoError(t, err)
	assert.Equal(t, 2, set.Rows())
	assert.Equal(t, []string{left}, r.Remarks())
}

// Images beside arrays, by name and in the order of their names.
func TestImagesBesideArrays(t *testing.T) {
	dir := folderOf(t, map[string]string{"1.png": plain(t, 2, 2, grey(10)), "2.png": plain(t, 2, 2, grey(20)), "3.png": plain(t, 2, 2, grey(30))})
	price := data.Port{Name: "price", Shape: []int{1}, Judged: byMSE}
	inputs := []data.Port{photo, facts}
	list := []string{"photo=" + dir, "facts=" + arrayFile(t, "f.npy", facets), "price=" + arrayFile(t, "p.npy", facets)}
	l, err := Load(Training{Data: list, Inputs: inputs, Targets: []data.Port{price}})
	require.NoError(t, err)
	in, out := gather(l.Train)
	assert.Equal(t, []int{10, 20, 30}, firsts(in[0], 4))
	assert.Equal(t, []float32{1, 2, 3}, in[1].Float)
	assert.Equal(t, []float32{1, 2, 3}, out[0].Float)
	r, err := OpenRows(Rows{Data: list[:2], Inputs: inputs, Targets: []data.Port{price}}, l.Codec)
	require.NoError(t, err)
	blocks := []data.Block{data.NewBlock(photo, 2), data.NewBlock(facts, 2)}
	for _, want := range [][]string{{"1.png", "2.png"}, {"3.png"}} {
		n, err := r.Read(blocks, nil, 2)
		require.NoError(t, err)
		require.Equal(t, len(want), n)
		for i, name := range want {
			assert.Equal(t, filepath.Join(dir, name), r.Kept()[i][0])
		}
	}
	assert.Equal(t, []string{"file"}, r.KeptNames())
	_, err = Load(Training{Data: list, Inputs: inputs, Targets: []data.Port{price}, SkipUnreadable: true})
	assert.ErrorContains(t, err, "--skip-unreadable leaves rows out, which would part the images from the other files")
	_, err = Load(Training{Data: list[:2], Inputs: inputs, Targets: []data.Port{price}})
	assert.ErrorContains(t, err, `no data for the target "price": bind a file with --data price=file`)
}

func TestBadFoldersOfImages(t *testing.T) {
	one := plain(t, 1, 1, grey(9))
	dir := pets(t)
	flat := folderOf(t, map[string]string{"x.png": one, "cat/y.png": one})
	none := folderOf(t, map[string]string{"x.webp": one, "y": "text"})
	second := data.Port{Name: "second", Shape: []int{3, 2, 2}}
	tokens := data.Port{Name: "tokens", Shape: []int{2, 2}, Int: true}
	table := writeFile(t, "t.csv", "a,pet\n1,0\n2,1\n")
	for name, tt := range map[string]struct {
		list   []string
		inputs []data.Port
		want   string
	}{
		"flat":         {[]string{flat}, []data.Port{photo}, filepath.Join(flat, "x.png") + ": this image lies in no class's folder: put the images of each class into a folder of its name"},
		"file":         {[]string{filepath.Join(flat, "x.png")}, []data.Port{photo}, "this image lies in no class's folder"},
		"none":         {[]string{none}, []data.Port{photo}, none + ": there is no image in this folder (files whose names end in .png, .jpg or .jpeg): 2 files are no PNG and no JPEG by their endings (.webp, none) and are left out"},
		"facts":        {[]string{dir}, []data.Port{facts}, `is a folder, which is read for its images, but the input "facts" takes [1]: an image is [channels, height, width], as [3, 32, 32]`},
		"which":        {[]string{dir}, []data.Port{photo, second}, "which input is this? Write --data name=" + dir + "; the model has photo, second, pet"},
		"no input":     {[]string{dir}, []data.Port{facts, tokens}, "is a folder, which is read for its images, but no input of the model takes any (it has facts[1], tokens[2, 2])"},
		"integers":     {[]string{dir}, []data.Port{tokens}, `the input "tokens" takes integers`},
		"target":       {[]string{"pet=" + dir}, []data.Port{photo}, `is a folder, which is read for its images, but "pet" is no input`},
		"no folder":    {[]string{filepath.Join(dir, "cats")}, []data.Port{photo}, "no such file"},
		"array too":    {[]string{dir, arrayFile(t, "x.npy", pixels)}, []data.Port{photo}, `both give "photo"`},
		"array before": {[]string{arrayFile(t, "x.npy", pixels), dir}, []data.Port{photo}, `both give "photo"`},
		"table beside": {[]string{dir, table}, []data.Port{photo}, "no array stands beside it"},
		"table before": {[]string{table, dir}, []data.Port{facts}, "is a folder, not a file"},
		"both":         {[]string{"photo=" + dir, "second=" + dir}, []data.Port{photo, second}, "several inputs take images, so that folders do not say which class a row is of"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(Training{Data: tt.list, Select: Select{Target: targetOfTable(tt.list, table)}, Inputs: tt.inputs, Targets: []data.Port{pet}})
			if runtime.GOOS == "windows" && name == "no folder" {
				require.Error(t, err)
				return
			}
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err := Load(Training{Data: []string{dir}, Reading: Reading{Layout: format.Layout{Sep: ';'}}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}})
	assert.ErrorContains(t, err, "--sep and --no-header are for CSV, but "+dir+" is a folder, which is read for its images")
	assert.ErrorAs(t, err, new(UsageError))
	for _, list := range [][]string{{table}, {arrayFile(t, "x.npy", facets), "pet=" + arrayFile(t, "y.npy", labels)}} {
		_, err = Load(Training{Data: list, Select: Select{Target: targetOfTable(list, table)}, Inputs: []data.Port{facts}, Targets: []data.Port{pet}, SkipUnreadable: true})
		assert.ErrorContains(t, err, "--skip-unreadable is for images, and there are none")
		assert.ErrorAs(t, err, new(UsageError))
		_, err = OpenRows(Rows{Data: list, Inputs: []data.Port{facts}, Targets: []data.Port{pet}, SkipUnreadable: true}, nil)
		assert.ErrorContains(t, err, "--skip-unreadable is for images, and there are none")
	}
	defer func(n int64) { maxImageBytes = n }(maxImageBytes)
	maxImageBytes = 19
	_, err = Load(Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}})
	assert.ErrorContains(t, err, dir+": 5 images of [1, 2, 2] are 0.0 GB in memory, more than 0.0 GB: make the input smaller, or take fewer images")
}

// targetOfTable is --target where the first file is the table.
func targetOfTable(list []string, table string) []string {
	if list[0] == table {
		return []string{"pet"}
	}
	return nil
}

// A link to a folder is followed, but not one that leads back.
func TestLinkedFolders(t *testing.T) {
	dir, other := pets(t), folderOf(t, map[string]string{"x.png": plain(t, 1, 1, grey(9))})
	if err := os.Symlink(other, filepath.Join(dir, "eel")); err != nil {
		t.Skip("no symbolic links here")
	}
	three := pet
	three.Limit = 3
	l, err := Load(Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{three}})
	require.NoError(t, err)
	assert.Equal(t, 6, l.Train.Rows())
	require.NoError(t, os.Symlink(dir, filepath.Join(dir, "cat", "up")))
	_, err = Load(Training{Data: []string{dir}, Inputs: []data.Port{photo}, Targets: []data.Port{three}})
	assert.EqualError(t, err, filepath.Join(dir, "cat", "up")+": this link leads back to a folder above it")
}

// Weights that saw no bytes are warned of.
func TestImagesForWeightsOfNumbers(t *testing.T) {
	floats := &format.Array{Shape: []int{3, 2, 2}, Float: make([]float32, 12)}
	l, err := Load(Training{Data: []string{arrayFile(t, "x.npy", floats), "pet=" + arrayFile(t, "y.npy", &format.Array{Shape: []int{3}, Uint8: []uint8{0, 1, 0}})}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}})
	require.NoError(t, err)
	r, err := OpenRows(Rows{Data: []string{pets(t)}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}}, l.Codec)
	require.NoError(t, err)
	assert.Contains(t, strings.Join(r.Notes(), "\n"), "warning: the weights were trained on numbers of photo as they stood in an array")
	_, err = OpenRows(Rows{Data: []string{pets(t)}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}, Judge: true}, l.Codec)
	assert.ErrorContains(t, err, "the weights know no class cat, dog (they know 0, 1)")
	// Weights alone know no classes: the folders make them.
	r, err = OpenRows(Rows{Data: []string{pets(t)}, Inputs: []data.Port{photo}, Targets: []data.Port{pet}, Judge: true}, nil)
	require.NoError(t, err)
	block, labels := []data.Block{data.NewBlock(photo, 9)}, []data.Block{data.NewBlock(pet, 9)}
	n, err := r.Read(block, labels, 9)
	require.NoError(t, err)
	assert.Equal(t, []int32{0, 0, 0, 1, 1}, labels[0].Int[:n])
}

// Many images at once leave room for each other.
func TestPixelRoom(t *testing.T) {
	r := newPixelRoom()
	done := make(chan bool)
	for range 20 {
		go func() {
			r.take(picture.MaxPixels / 2)
			r.give(picture.MaxPixels / 2)
			done <- true
		}()
	}
	for range 20 {
		<-done
	}
	assert.Equal(t, picture.MaxPixels, r.free)
}

// Channels that come last are told how to come first.
func TestChannelsLast(t *testing.T) {
	colour := data.Port{Name: "photo", Shape: []int{3, 2, 4}}
	_, err := Load(Training{Data: []string{arrayFile(t, "x.npy", &format.Array{Shape: []int{1, 2, 4, 3}, Uint8: make([]uint8, 24)})}, Inputs: []data.Port{colour}})
	assert.ErrorContains(t, err, `has shape [2, 4, 3], but "photo" takes [3, 2, 4]: the channels come first, as array.transpose(0, 3, 1, 2) puts them`)
}
