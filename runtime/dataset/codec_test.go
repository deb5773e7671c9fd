package dataset

import (
	"math"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/weights"
)

const codecTable = "size,colour,price\n1,red,10\n2,blue,20\n6,,60\n"

func fitted(t testing.TB, scale string) *data.Codec {
	t.Helper()
	l, err := Load(Training{
		Data: []string{writeFile(t, "t.csv", codecTable)}, Select: Select{Target: []string{"price"}}, Scale: scale,
		Inputs: features(3), Targets: regression(1),
	})
	require.NoError(t, err)
	return l.Codec
}

func TestCodecText(t *testing.T) {
	text, err := fitted(t, data.ScaleStandard).Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":3,"scale":"standard",`+
		`"columns":[{"name":"size","kind":"number","mean":3,"deviation":2.160246899469287},{"name":"colour","kind":"class","classes":["blue","red"]}],`+
		`"targets":[{"name":"target","loss":"mse","kind":"quantity","link":"identity","columns":[{"name":"price","kind":"number","mean":30,"deviation":21.602468994692867}]}]}`, text)
	c, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, fitted(t, data.ScaleStandard), c)
}

func TestLoadCodec(t *testing.T) {
	c := fitted(t, data.ScaleStandard)
	text, err := c.Text()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Meta: map[string]string{data.CodecKey: text}}))
	loaded, err := data.LoadCodec(path)
	require.NoError(t, err)
	assert.Equal(t, c, loaded)

	require.NoError(t, weights.Write(path, &weights.File{}))
	_, err = data.LoadCodec(path)
	assert.ErrorIs(t, err, data.ErrNoCodec)
	_, err = data.LoadCodec(filepath.Join(t.TempDir(), "nowhere"))
	assert.Error(t, err)
}

func TestEncode(t *testing.T) {
	c := fitted(t, data.ScaleNone)
	dst := make([]float32, 3)
	for _, tt := range []struct {
		cells []string
		want  []float32
	}{
		{[]string{"4.5", "red"}, []float32{4.5, 0, 1}},
		{[]string{" 4.5 ", " blue"}, []float32{4.5, 1, 0}},
		{[]string{"", ""}, []float32{3, 0, 0}},
		{[]string{"-0.25", "green"}, []float32{-0.25, 0, 0}},
	} {
		require.NoError(t, c.Encode(dst, tt.cells))
		assert.Equal(t, tt.want, dst, "%q", tt.cells)
		require.NoError(t, c.EncodeMap(dst, map[string]string{"size": tt.cells[0], "colour": tt.cells[1]}))
		assert.Equal(t, tt.want, dst, "%q", tt.cells)
	}
	for want, cells := range map[string][]string{
		"1 cell for 2 columns":                                 {"1"},
		`column "size": "big" is not a number`:                 {"big", "red"},
		`column "size": "inf" is not a finite number`:          {"inf", "red"},
		`column "size": 1e+300 is too large for a model value`: {"1e300", "red"},
	} {
		assert.ErrorContains(t, c.Encode(dst, cells), want)
	}
	assert.ErrorContains(t, c.Encode(dst[:2], []string{"1", "red"}), "dst has 2 values, the columns make 3")
	for want, row := range map[string]map[string]string{
		`the row has no "colour", did you mean "color"?`:        {"size": "1", "color": "red"},
		`the model has no column "sizes", did you mean "size"?`: {"size": "1", "colour": "red", "sizes": "2"},
		`the row has no "size"`:                                 {},
		`column "size": "x" is not a number`:                    {"size": "x", "colour": "red"},
		`the model has no column "anything else"`:               {"size": "1", "colour": "red", "anything else": ""},
	} {
		assert.ErrorContains(t, c.EncodeMap(dst, row), want)
	}
}

// Who forgets one of two columns of similar names is not told that he meant the one that is there.
func TestSuggestionsAreOfNamesThatAreLeft(t *testing.T) {
	c, err := data.ParseCodec([]byte(`{"version":3,"scale":"standard","columns":[{"name":"bedrooms","kind":"number","mean":3,"deviation":1},` +
		`{"name":"bathrooms","kind":"number","mean":2,"deviation":1}],"targets":[{"name":"target","loss":"mse","kind":"quantity","link":"identity",` +
		`"columns":[{"name":"price","kind":"number","mean":30,"deviation":20}]}]}`))
	require.NoError(t, err)
	dst := make([]float32, 2)
	assert.EqualError(t, c.EncodeMap(dst, map[string]string{"bedrooms": "4"}), `encode: the row has no "bathrooms"`)
	assert.EqualError(t, c.EncodeMap(dst, map[string]string{"bedrooms": "4", "bathroom": "2"}), `encode: the row has no "bathrooms", did you mean "bathroom"?`)
}

func TestDecode(t *testing.T) {
	c := fitted(t, data.ScaleStandard)
	y := []float32{0}
	require.NoError(t, c.Decode(y, y))
	assert.Equal(t, []float32{30}, y)
	assert.Nil(t, c.Classes())
	assert.Error(t, c.Decode(y, []float32{1, 2}))
	assert.Error(t, c.Decode(make([]float32, 2), make([]float32, 2)))

	// softmax and the logistic function, from torch.softmax and torch.sigmoid in float64
	three := data.Target{Name: "t", Judged: *byCrossEntropy, Count: 3, Columns: []data.Column{{Kind: data.KindClass, Classes: []string{"a", "b", "c"}}}}
	p := make([]float32, 3)
	require.NoError(t, three.Decode(p, []float32{1, 2, 3}))
	assert.InDeltaSlice(t, []float32{0.09003057, 0.24472847, 0.66524096}, p, 1e-7)
	name, q := three.Class(0, []float32{1, 2, 3})
	assert.Equal(t, "c", name)
	assert.Equal(t, p[2], q)
	name, q = three.Class(0, []float32{1e30, -1e30, 0})
	assert.Equal(t, "a", name)
	assert.EqualValues(t, 1, q)
	assert.Error(t, three.Decode(p[:2], p[:2]))

	two := data.Target{Name: "t", Judged: *byBCELogits, Count: 2}
	require.NoError(t, two.Decode(p, []float32{0, 2, -200}))
	assert.InDeltaSlice(t, []float32{0.5, 0.88079708, 0}, p, 1e-7)
	name, q = two.Class(1, []float32{0, -2, 2})
	assert.Equal(t, "0", name)
	assert.InDelta(t, 0.88079708, q, 1e-7)
	assert.Equal(t, []string{"0", "1"}, two.Classes())
}

func TestCodecAllocatesNothing(t *testing.T) {
	c := fitted(t, data.ScaleStandard)
	dst, out := make([]float32, 3), make([]float32, 1)
	cells, row := []string{"4.5", "red"}, map[string]string{"size": "4.5", "colour": "red"}
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		if c.Encode(dst, cells) != nil || c.EncodeMap(dst, row) != nil || c.Decode(out, out) != nil {
			t.Fatal("an error")
		}
	}))
}

func TestCodecServesManyGoroutines(t *testing.T) {
	c := fitted(t, data.ScaleStandard)
	var wg sync.WaitGroup
	for range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			dst := make([]float32, 3)
			for range 200 {
				assert.NoError(t, c.Encode(dst, []string{"3", "blue"}))
				assert.Equal(t, []float32{0, 1, 0}, dst)
			}
		}()
	}
	wg.Wait()
}

func TestHostileCodecs(t *testing.T) {
	good, err := fitted(t, data.ScaleStandard).Text()
	require.NoError(t, err)
	for from, to := range map[string]string{
		`"scale":"standard"`:              `"scale":"log"`,
		`"deviation":2.16024`:             `"deviation":-2.16024`,
		`"deviation":2.160246899469287`:   `"deviation":0`,
		`"mean":3,`:                       `"mean":1e999,`,
		`"kind":"number","mean":3`:        `"kind":"index","mean":3`,
		`"kind":"class"`:                  `"kind":"number"`,
		`["blue","red"]`:                  `["red","blue"]`,
		`"blue","red"`:                    `"red","red"`,
		`,"classes":["blue","red"]`:       ``,
		`"name":"colour"`:                 `"name":"size"`,
		`"name":"size"`:                   `"name":""`,
		`"loss":"mse"`:                    `"loss":""`,
		`"kind":"quantity"`:               `"kind":"class"`,
		`"kind":"quantity",`:              `"kind":"class","count":99999999999,`,
		`"quantity"`:                      `"joy"`,
		`:"quantity"`:                     `:"span"`,
		`"identity"`:                      `"joy"`,
		`"link":"identity"`:               `"link":"softmax"`,
		`"targets":`:                      `"arrays":[{"name":"a"}],"targets":`,
		`"name":"target"`:                 `"name":""`,
		`{"version"`:                      `{"extra":1,"version"`,
		`{"name":"price","kind":"number"`: `{"name":"price","kind":"class"`,
	} {
		bad := strings.Replace(good, from, to, 1)
		require.NotEqual(t, good, bad, from)
		_, err := data.ParseCodec([]byte(bad))
		assert.ErrorContains(t, err, "codec:", "%s", to)
	}
	for _, bad := range []string{"", "null", "[]", "{}", good + "x", strings.Repeat("[", 1e5)} {
		_, err := data.ParseCodec([]byte(bad))
		assert.Error(t, err, "%.40s", bad)
	}
}

// A codec of another version is refused with what to do.
func TestOtherVersions(t *testing.T) {
	_, err := data.ParseCodec([]byte(`{"version":1,"scale":"none","targets":[{"name":"t","loss":"mse"}]}`))
	assert.EqualError(t, err, "codec: version 1 is of an earlier nnc, this program reads version 4: train again, with --init to start from these weights")
	_, err = data.ParseCodec([]byte(`{"version":5,"what":"ever"}`))
	assert.EqualError(t, err, "codec: version 5 is of a later nnc, this program reads version 4: update it")
	_, err = data.ParseCodec([]byte(`{"version":2,"scale":"none","columns":[{"name":"a","kind":"number","deviation":1}]}`))
	assert.NoError(t, err, "version 3 only adds to version 2")
}

func TestFits(t *testing.T) {
	c := fitted(t, data.ScaleStandard)
	assert.NoError(t, c.Fits(features(3), regression(1)))
	assert.ErrorContains(t, c.Fits(features(4), regression(1)), "the stored columns make 3 features, which is not what the model takes (features[4])")
	assert.ErrorContains(t, c.Fits(features(3), yesOrNo), `the stored target "target" (mse) is not the model's "target" (bce_logits)`)
	assert.ErrorContains(t, c.Fits(features(3), regression(2)), "is not the model's")
	assert.ErrorContains(t, c.Fits(features(3), nil), "1 target")
}

func FuzzCodec(f *testing.F) {
	text, err := fitted(f, data.ScaleStandard).Text()
	require.NoError(f, err)
	f.Add([]byte(text))
	f.Add([]byte(`{"version":3,"scale":"none","arrays":[{"name":"image","divisor":255}],"targets":[{"name":"target","loss":"cross_entropy","kind":"class","link":"softmax","count":10}]}`))
	f.Add([]byte(`{"version":3,"scale":"none","targets":[{"name":"t","loss":"bce_logits","kind":"flag","link":"sigmoid","count":2,"columns":[{"name":"y","kind":"class","classes":["a","b"]}]}]}`))
	several, err := loadFlats(f).Codec.Text()
	require.NoError(f, err)
	f.Add([]byte(several))
	f.Add([]byte(`{"version":3,"scale":"standard","text":{"kind":"char","symbols":["\n","a"]},"targets":[{"name":"target","loss":"cross_entropy","kind":"class","link":"softmax","count":2}]}`))
	f.Add([]byte(`{"version":3,"scale":"standard","columns":[{"name":"a","kind":"tokens","limit":9,"tokens":{"vocabulary":{"kind":"word","open":true,"symbols":["x"]},"length":4,"cut_start":true}}],` +
		`"inputs":[{"name":"t","columns":1},{"name":"n","columns":0,"of":"t","measures":"mask"}]}`))
	f.Add([]byte(`{"version":3,"scale":"none","columns":[{"name":"a","kind":"class","classes":["x","y"]}],"targets":[{"name":"t","loss":"mse","kind":"quantity","link":"identity","input":true}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := data.ParseCodec(text)
		if err != nil {
			return
		}
		again, err := c.Text()
		require.NoError(t, err)
		_, err = data.ParseCodec([]byte(again))
		require.NoError(t, err)
		dst := make([]float32, c.Width())
		cells := make([]string, len(c.Columns()))
		_ = c.Encode(dst, cells)
		for i := range cells {
			cells[i] = "1"
		}
		_ = c.Encode(dst, cells)
		for _, v := range dst {
			require.False(t, math.IsNaN(float64(v)))
		}
		var blocks []data.Block
		for _, p := range c.Inputs() {
			blocks = append(blocks, data.NewBlock(p, 1))
		}
		_ = c.EncodeInputs(blocks, cells)
		for _, target := range c.Targets() {
			out := make([]float32, max(1, min(len(target.Columns), 64), min(target.Count, 64)))
			_ = target.Decode(out, out)
		}
		c.Describe()
	})
}
