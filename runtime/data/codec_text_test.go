package data

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// next are the ports of a model that predicts the next of three characters at each of four positions.
func next(size int) (inputs, targets []Port) {
	judged := &Judged{Loss: "cross_entropy", Kind: Class, Link: Softmax}
	return []Port{{Name: "tokens", Shape: []int{4}, Int: true, Limit: size}},
		[]Port{{Name: "target", Shape: []int{4}, Int: true, Limit: size, Judged: judged}}
}

func TestCodecOfAText(t *testing.T) {
	v, err := NewVocabulary(Chars, false, []string{"\n", "a", "b"})
	require.NoError(t, err)
	inputs, targets := next(3)
	c := NewTextCodec(v, TargetsOf(inputs, targets))
	text, err := c.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":3,"scale":"standard","text":{"kind":"char","symbols":["\n","a","b"]},`+
		`"targets":[{"name":"target","loss":"cross_entropy","kind":"class","link":"softmax","count":3}]}`, text)

	back, err := ParseCodec([]byte(text))
	require.NoError(t, err)
	assert.Equal(t, v, back.Vocabulary())
	assert.NoError(t, back.Fits(inputs, targets))
	assert.Equal(t, []string{`vocabulary: 3 characters: \nab`}, back.Describe())
	assert.Equal(t, "These weights continue a text of 3 characters.", Whose(map[string]string{CodecKey: text}))

	inputs, targets = next(4)
	assert.EqualError(t, back.Fits(inputs, targets),
		"the stored vocabulary has 3 characters, which is not what the model takes (tokens[4] of 4): were the weights trained with another spec?")
	assert.Error(t, back.Fits(append(inputs, inputs[0]), targets))
}

func TestStoredTextIsAlone(t *testing.T) {
	for _, text := range []string{
		`{"version":3,"scale":"none","text":{"kind":"word","open":true,"symbols":["a"]}}`,
		`{"version":3,"scale":"none","text":{"kind":"byte"},"arrays":[{"name":"x"}]}`,
		`{"version":3,"scale":"none","text":{"kind":"byte"},"columns":[{"name":"a","kind":"number","deviation":1}]}`,
	} {
		_, err := ParseCodec([]byte(text))
		assert.EqualError(t, err, "codec: a text has a closed vocabulary, and neither columns nor arrays beside it")
	}
	_, err := ParseCodec([]byte(`{"version":3,"scale":"none","text":{"kind":"char","symbols":["b","a"]}}`))
	assert.ErrorContains(t, err, "order of code points")
}
