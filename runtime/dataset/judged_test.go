package dataset

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/weights"
)

// itself is the port of an input that a loss compares with.
func itself(p data.Port, by *data.Judged) []data.Port {
	p.Judged = by
	return []data.Port{p}
}

// An input that is its own target goes back to the units and the names of its columns, from the stored codec too.
func TestTableIsItsOwnTarget(t *testing.T) {
	inputs := itself(features(4)[0], byMSE)
	l, err := Load(Training{Data: []string{writeFile(t, "t.csv", "size,colour,floor\n1,red,10\n3,blue,30\n")}, Inputs: inputs})
	require.NoError(t, err)
	assert.Contains(t, l.Codec.Describe(), "target: the input features itself")
	text, err := l.Codec.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":3,"scale":"standard","columns":[{"name":"size","kind":"number","mean":2,"deviation":1},`+
		`{"name":"colour","kind":"class","classes":["blue","red"]},{"name":"floor","kind":"number","mean":20,"deviation":10}],`+
		`"targets":[{"name":"features","loss":"mse","kind":"quantity","link":"identity","input":true}]}`, text)

	path := filepath.Join(t.TempDir(), "w.safetensors")
	require.NoError(t, weights.Write(path, &weights.File{Meta: map[string]string{data.CodecKey: text}}))
	c, err := data.LoadCodec(path)
	require.NoError(t, err)
	assert.Equal(t, l.Codec, c)
	require.NoError(t, c.Fits(inputs, nil))
	assert.ErrorContains(t, c.Fits(features(4), nil), "the stored codec has 1 target, the model 0")
	assert.ErrorContains(t, c.Fits(features(4), itself(features(4)[0], byMSE)), "is not the model's")
	require.NoError(t, c.Fits(itself(features(4)[0], byMAE), nil), "another loss of quantities takes the same numbers")
	assert.ErrorContains(t, c.Fits(itself(features(4)[0], byBCELogits), nil), `the stored target "features" (mse) is not the model's "features" (bce_logits)`)

	targets := c.Targets()
	require.Len(t, targets, 1)
	assert.True(t, targets[0].Input)
	assert.Equal(t, []string{"size", "colour.blue", "colour.red", "floor"}, targets[0].Names())
	dst := make([]float32, 4)
	require.NoError(t, c.Encode(dst, []string{"3", "red", ""}))
	require.NoError(t, c.Decode(dst, dst))
	assert.Equal(t, []float32{3, 0, 1, 20}, dst)
}

// Of several inputs, the one that is judged has its own columns.
func TestOneOfSeveralInputsIsATarget(t *testing.T) {
	inputs := []data.Port{{Name: "facts", Shape: []int{1}}, {Name: "rooms", Shape: []int{2}, Int: true, Limit: 3, Judged: byCrossEntropy}}
	l, err := Load(Training{
		Data:   []string{writeFile(t, "t.csv", "a,p,q,y\n1,0,2,5\n3,1,1,7\n")},
		Select: Select{Target: []string{"y"}, Features: []string{"facts=a"}}, Inputs: inputs, Targets: regression(1),
	})
	require.NoError(t, err)
	targets := l.Codec.Targets()
	require.Len(t, targets, 2)
	assert.Equal(t, []string{"y"}, targets[0].Names())
	assert.Equal(t, []string{"p", "q"}, targets[1].Names())
	assert.Equal(t, []string{"0", "1", "2"}, targets[1].Classes())
	class, probability := targets[1].Class(1, []float32{0, 0, 0, 9, 9, 9})
	assert.Equal(t, "0", class)
	assert.InDelta(t, 1./3, probability, 1e-7)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	again, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, l.Codec, again)
}

// Bytes that were divided by 255 are bytes again.
func TestArrayIsItsOwnTarget(t *testing.T) {
	list := []string{arrayFile(t, "x.npy", pixels)}
	for by, want := range map[*data.Judged][]float32{byMSE: {51, 0, 255, 102}, byMAE: {51, 0, 255, 102}, byBCELogits: {127.5, 255, 0, 127.5}} {
		out := []float32{0.2, 0, 1, 0.4}
		if by == byBCELogits {
			out = []float32{0, 200, -200, 0} // σ(0) = 1/2
		}
		l, err := Load(Training{Data: list, Inputs: itself(image, by)})
		require.NoError(t, err)
		require.NoError(t, l.Codec.Decode(out, out))
		assert.Equal(t, want, out, by.Loss)
	}
	// Unscaled bytes and other numbers are in their own units already.
	l, err := Load(Training{Data: list, Inputs: itself(image, byMSE), Scale: data.ScaleNone})
	require.NoError(t, err)
	out := []float32{200, 0, 1, 3}
	require.NoError(t, l.Codec.Decode(out, out))
	assert.Equal(t, []float32{200, 0, 1, 3}, out)
	l, err = Load(Training{Data: []string{arrayFile(t, "f.npy", facets)}, Inputs: itself(facts, byMSE)})
	require.NoError(t, err)
	require.NoError(t, l.Codec.Decode(out[:1], out[:1]))
	assert.Equal(t, float32(200), out[0])
}

// What is compared with must suit the loss; what is only predicted from need not.
func TestBadInputsToCompareWith(t *testing.T) {
	tokens := data.Port{Name: "tokens", Shape: []int{2}, Int: true, Limit: 10}
	ignored := arrayFile(t, "i.npy", &format.Array{Shape: []int{2, 2}, Int: []int32{0, 1, -100, 3}})
	numbers := writeFile(t, "n.csv", "a,k\n0.5,x\n1.5,y\n")
	for name, tt := range map[string]struct {
		data, scale string
		sel         Select
		inputs      []data.Port
		want        string
	}{
		"no target":        {writeFile(t, "t.csv", "a,b\n1,2\n"), "", Select{Target: []string{"b"}}, itself(features(1)[0], byMSE), "--target names 1 column, but the model has no target: what it makes is compared with its own input (features[1]), so leave --target out"},
		"target of arrays": {arrayFile(t, "x.npy", pixels), "", Select{Target: []string{"b"}}, itself(image, byMSE), "--target b chooses columns of a table"},
		"unscaled bytes":   {arrayFile(t, "x.npy", pixels), data.ScaleNone, Select{}, itself(image, byBCELogits), `x.npy: row 1 of "image": 255 is not between 0 and 1, as bce_logits wants (the element [0, 0, 1], counted from 0)`},
		"float array":      {arrayFile(t, "f.npy", facets), "", Select{}, itself(facts, byBCELogits), `f.npy: row 2 of "facts": 2 is not between 0 and 1`},
		"standardised":     {numbers, "", Select{}, itself(features(3)[0], byBCELogits), "n.csv: bce_logits compares with the input features, whose values must lie between 0 and 1, but standardised numbers (a) do not: use --scale none"},
		"table":            {numbers, data.ScaleNone, Select{}, itself(features(3)[0], byBCELogits), `n.csv: row 2: column "a": 1.5 is not between 0 and 1`},
		"nothing ignored":  {ignored, "", Select{}, itself(tokens, byCrossEntropy), `i.npy: row 2 of "tokens": value -100 out of range [0, 10) (the element [1, 0], counted from 0)`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(Training{Data: []string{tt.data}, Scale: tt.scale, Select: tt.sel, Inputs: tt.inputs})
			assert.ErrorContains(t, err, tt.want)
		})
	}

	flags := itself(features(1)[0], byBCELogits)
	l, err := Load(Training{Data: []string{writeFile(t, "t.csv", "a\n0\n1\n")}, Scale: data.ScaleNone, Inputs: flags})
	require.NoError(t, err)
	beyond := writeFile(t, "rows.csv", "a,b\n0.5,1\n1.5,1\n")
	read := func(q Rows, codec *data.Codec) error {
		r, err := OpenRows(q, codec)
		if err != nil {
			return err
		}
		defer r.Close()
		_, err = r.ReadAll(q.Inputs, q.Targets)
		return err
	}
	assert.NoError(t, read(Rows{Data: []string{beyond}, Inputs: flags}, l.Codec), "to predict")
	assert.ErrorContains(t, read(Rows{Data: []string{beyond}, Inputs: flags, Judge: true}, l.Codec), `rows.csv:3:1: column "a": 1.5 is not between 0 and 1`)
	assert.ErrorContains(t, read(Rows{Data: []string{beyond}, Select: Select{Target: []string{"b"}}, Inputs: flags, Judge: true}, l.Codec), "the model has no target")

	array := []string{arrayFile(t, "f.npy", facets)}
	assert.NoError(t, read(Rows{Data: array, Inputs: itself(facts, byBCELogits)}, nil))
	assert.ErrorContains(t, read(Rows{Data: array, Inputs: itself(facts, byBCELogits), Judge: true}, nil), "2 is not between 0 and 1")
}

// Rows are held out for an autoencoder as for a model with a target.
func TestAutoencoderHoldsRowsOut(t *testing.T) {
	path := writeFile(t, "t.csv", "a\n"+strings.Repeat("1\n2\n", 30))
	l, err := Load(Training{Data: []string{path}, Inputs: itself(features(1)[0], byMSE)})
	require.NoError(t, err)
	assert.Equal(t, 6, l.Valid.Rows())
	l, err = Load(Training{Data: []string{path}, Inputs: features(1)})
	require.NoError(t, err)
	assert.Nil(t, l.Valid)
}

func TestHostileOwnTargets(t *testing.T) {
	const numbers = `{"version":3,"scale":"none","columns":[{"name":"a","kind":"number","deviation":1}],"targets":[`
	const integers = `{"version":3,"scale":"none","columns":[{"name":"a","kind":"index","limit":3}],"targets":[`
	for _, good := range []string{
		numbers + `{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true}]}`,
		numbers + `{"name":"x","loss":"bce_logits","kind":"flag","link":"sigmoid","input":true,"count":2}]}`,
		integers + `{"name":"x","loss":"cross_entropy","kind":"class","link":"softmax","input":true,"count":3}]}`,
	} {
		_, err := data.ParseCodec([]byte(good))
		assert.NoError(t, err)
	}
	for _, bad := range []string{
		numbers + `{"name":"x","loss":"cross_entropy","kind":"class","link":"softmax","input":true,"count":3}]}`,
		numbers + `{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true,"columns":[{"name":"a","kind":"number","deviation":1}]}]}`,
		integers + `{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true}]}`,
		integers + `{"name":"x","loss":"bce_logits","kind":"flag","link":"sigmoid","input":true,"count":2}]}`,
		integers + `{"name":"x","loss":"cross_entropy","kind":"class","link":"softmax","input":true,"count":4}]}`,
		`{"version":3,"scale":"none","targets":[{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true}]}`,
		`{"version":3,"scale":"none","arrays":[{"name":"y"}],"targets":[{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true}]}`,
		`{"version":3,"scale":"none","columns":[{"name":"a","kind":"number","deviation":1},{"name":"b","kind":"number","deviation":1}],` +
			`"inputs":[{"name":"p","columns":1},{"name":"q","columns":1}],"targets":[{"name":"x","loss":"mse","kind":"quantity","link":"identity","input":true}]}`,
	} {
		_, err := data.ParseCodec([]byte(bad))
		assert.ErrorContains(t, err, "codec:", bad)
	}
}

// A link other than the identity fixes the scale of a quantity: counts stay as they are, and exp makes a rate.
func TestQuantityWithALinkIsNotStandardised(t *testing.T) {
	byRate := &data.Judged{Loss: "poisson", Kind: data.Quantity, Link: data.Exp}
	counts := []data.Port{{Name: "target", Shape: []int{1}, Judged: byRate}}
	path := writeFile(t, "t.csv", "a,visits\n1,0\n2,4\n3,8\n")
	l, err := Load(Training{Data: []string{path}, Select: Select{Target: []string{"visits"}}, Inputs: features(1), Targets: counts})
	require.NoError(t, err)
	_, out := gather(l.Train)
	assert.Equal(t, []float32{0, 4, 8}, out[0].Float)
	assert.Equal(t, []string{"numbers standardised: a", "target visits: as it stands"}, l.Codec.Describe())
	y := []float32{0}
	require.NoError(t, l.Codec.Decode(y, y))
	assert.Equal(t, []float32{1}, y)
	text, err := l.Codec.Text()
	require.NoError(t, err)
	again, err := data.ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, l.Codec, again)
	assert.ErrorContains(t, l.Codec.Fits(features(1), regression(1)), `the stored target "target" (poisson) is not the model's "target" (mse)`)

	_, err = Load(Training{Data: []string{writeFile(t, "n.csv", "a\n1\n2\n")}, Inputs: itself(features(1)[0], byRate)})
	assert.ErrorContains(t, err, "n.csv: poisson compares with the input features in its own units, but numbers (a) would be standardised: use --scale none")
}

func TestTargetsThatDataCannotGive(t *testing.T) {
	path := writeFile(t, "t.csv", "a,b\n1,2\n")
	for want, by := range map[string]*data.Judged{
		"answer: the loss span: a span of up to 0 positions":    {Loss: "span", Kind: data.Span},
		"answer: the loss mse: a quantity of up to 5 positions": {Loss: "mse", Longest: 5},
		"answer: the loss odd: softmax makes no flag":           {Loss: "odd", Kind: data.Flag, Link: data.Softmax},
		"no loss compares with the target answer":               nil,
	} {
		targets := []data.Port{{Name: "answer", Shape: []int{2}, Int: true, Judged: by}}
		_, err := Load(Training{Data: []string{path}, Inputs: features(1), Targets: targets})
		assert.ErrorContains(t, err, want)
		assert.ErrorAs(t, err, new(UsageError))
		_, err = OpenRows(Rows{Data: []string{path}, Inputs: features(1), Targets: targets}, nil)
		assert.ErrorContains(t, err, want)
		assert.ErrorContains(t, fitted(t, data.ScaleNone).Fits(features(3), targets), want)
	}
}

// What counts, flags of a score, and shares of a whole must be, whether they are a target or an input that is its own.
func TestNumbersThatLossesCannotCompareWith(t *testing.T) {
	numbers := func(v ...float32) string {
		return arrayFile(t, "t.npy", &format.Array{Shape: []int{2, 2}, Float: v})
	}
	for name, tt := range map[string]struct {
		by   *data.Judged
		data string
		want string
	}{
		"count":       {byPoisson, numbers(0, 3, 0.5, -1), `t.npy: row 2 of "y": -1 is below 0, but poisson compares with counts`},
		"flag":        {byHinge, numbers(0, 1, 1, 0.5), `t.npy: row 2 of "y": 0.5 is neither 0 nor 1, as hinge wants`},
		"probability": {byKL, numbers(0.5, 0.5, -0.25, 1.25), `t.npy: row 2 of "y": -0.25 is not between 0 and 1, as kl wants`},
		"sum":         {byKL, numbers(0.5, 0.5, 0.25, 0.5), `t.npy: row 2 of "y": the 2 numbers sum to 0.75, but kl compares with probabilities that sum to 1`},
	} {
		t.Run(name, func(t *testing.T) {
			target := []data.Port{{Name: "y", Shape: []int{2}, Judged: tt.by}}
			x := arrayFile(t, "x.npy", &format.Array{Shape: []int{2}, Float: []float32{1, 2}})
			_, err := Load(Training{Data: []string{"facts=" + x, "y=" + tt.data}, Inputs: []data.Port{facts}, Targets: target})
			assert.ErrorContains(t, err, tt.want)
			_, err = Load(Training{Data: []string{tt.data}, Inputs: target})
			assert.ErrorContains(t, err, tt.want)
		})
	}
	near := numbers(0.5, 0.5009, 0.4991, 0.5)
	_, err := Load(Training{Data: []string{near}, Inputs: []data.Port{{Name: "y", Shape: []int{2}, Judged: byKL}}})
	assert.NoError(t, err, "within a thousandth")
	bytes := arrayFile(t, "b.npy", &format.Array{Shape: []int{2, 2}, Uint8: []uint8{255, 0, 254, 0}})
	_, err = Load(Training{Data: []string{bytes}, Inputs: []data.Port{{Name: "y", Shape: []int{2}, Judged: byKL}}})
	assert.ErrorContains(t, err, `b.npy: row 2 of "y": the 2 numbers sum to 0.996078`)
}
