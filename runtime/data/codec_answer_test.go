package data

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// reader is a model that answers questions: its inputs, and what it is judged by.
func reader(length, vocabulary int) (inputs, targets []Port) {
	span := &Judged{Loss: "span", Kind: Span, Longest: 5, Mask: "mask"}
	return []Port{
			{Name: "mask", Shape: []int{length}},
			{Name: "tokens", Shape: []int{length}, Int: true, Limit: vocabulary},
			{Name: "part", Shape: []int{length}, Int: true, Limit: 2},
		},
		[]Port{{Name: "target", Shape: []int{2}, Int: true, Limit: length, Judged: span}}
}

func answerCodec(t *testing.T) *Codec {
	tokenizer, err := wordpiece.New([]string{"[PAD]", "[UNK]", "[CLS]", "[SEP]", "<é>", "who", "##se", `"`})
	require.NoError(t, err)
	windows, err := answer.New(tokenizer, 16, 5)
	require.NoError(t, err)
	return NewAnswerCodec(windows, TargetsOf(reader(16, 8)))
}

func TestAnswerCodec(t *testing.T) {
	c := answerCodec(t)
	text, err := c.Text()
	require.NoError(t, err)
	assert.Equal(t, `{"version":4,"scale":"standard","targets":[{"name":"target","loss":"span","kind":"span","link":"identity","longest":5}],`+
		`"questions":{"length":16,"step":8,"question":4,"longest":5,"tokens":["[PAD]","[UNK]","[CLS]","[SEP]","\u003cé\u003e","who","##se","\""]}}`, text)
	read, err := ParseCodec([]byte(text))
	require.NoError(t, err)
	again, err := read.Text()
	require.NoError(t, err)
	assert.Equal(t, text, again)
	assert.Equal(t, c.Windows().Tokenizer.Tokens(), read.Windows().Tokenizer.Tokens())
	assert.Equal(t, 8, read.Windows().Step)
	assert.False(t, read.IsTable())
	assert.Nil(t, read.Vocabulary())
	assert.Equal(t, "These weights answer questions about passages.", Whose(map[string]string{CodecKey: text}))
	assert.Equal(t, []string{
		"questions and passages as tokens, of a vocabulary of 8: in windows of 16, with up to 4 of the question, and a new piece of the passage every 8",
		"target: where the answer starts and ends, up to 5 tokens; [CLS] in a window without it",
	}, read.Describe())
	assert.Error(t, read.EncodeInputs(nil, []string{"who"}))
	assert.ErrorContains(t, read.EncodeBytes(nil, "tokens", nil), `the model has no input "tokens"`)
	_, err = read.NewHistory()
	assert.Error(t, err)
	assert.Nil(t, NewCodec(ScaleStandard, Writing{}, nil, nil, nil, nil).Windows())
}

func TestAnswerCodecFits(t *testing.T) {
	c := answerCodec(t)
	assert.NoError(t, c.Fits(reader(16, 8)))
	assert.NoError(t, c.Fits(reader(16, 30)), "a model may know more tokens")
	inputs, targets := reader(16, 8)
	assert.NoError(t, c.Fits(inputs[:2], targets), "without segments")
	assert.NoError(t, c.FitsInputs(inputs))

	assert.ErrorContains(t, c.Fits(reader(16, 7)), "the stored vocabulary has 8 tokens, in windows of 16, which is not what the model takes (mask[16], tokens[16] of 7, part[16] of 2)")
	assert.ErrorContains(t, c.Fits(reader(32, 8)), "which is not what the model takes")
	assert.ErrorContains(t, c.FitsInputs(inputs[:1]), "which is not what the model takes")
	inputs, targets = reader(16, 8)
	inputs = append(inputs, Port{Name: "age", Shape: []int{1}})
	assert.ErrorContains(t, c.Fits(inputs, targets), "the stored codec is of questions about passages, and this model is for others: the input age")
	inputs, targets = reader(16, 8)
	targets[0].Judged = &Judged{Loss: "cross_entropy", Kind: Class, Link: Softmax}
	assert.ErrorContains(t, c.Fits(inputs, targets), "the stored codec is of questions about passages")
	// And the other way round.
	table := NewCodec(ScaleStandard, Writing{}, []Column{{Name: "a", Kind: KindNumber}}, nil, nil, nil)
	assert.ErrorContains(t, table.Fits(reader(16, 8)), "the stored columns make 1 feature")
}

// Nothing is read that a training could not have stored.
func TestBadAnswerCodec(t *testing.T) {
	good, err := answerCodec(t).Text()
	require.NoError(t, err)
	for _, change := range [][2]string{
		{`"length":16`, `"length":3`},
		{`"length":16`, `"length":1000000000000`},
		{`"length":16`, `"length":-1`},
		{`"step":8`, `"step":0`},
		{`"step":8`, `"step":15`},
		{`"question":4`, `"question":14`},
		{`"question":4`, `"question":"4"`},
		{`"longest":5,"tokens"`, `"longest":0,"tokens"`},
		{`"who"`, `"##se"`},
		{`"who"`, `5`},
		{`"[SEP]",`, ``},
		{`"tokens":[`, `"tokens":null,"x":[`},
		{`"questions":{`, `"questions":{"more":1,`},
		{`"questions":{`, `"questions":{"tokens":["[PAD]"],"x":{`},
		{`"questions":{`, `"arrays":[{"name":"x"}],"questions":{`},
		{`"questions":{`, `"columns":[{"name":"a","kind":"number","deviation":1}],"questions":{`},
		{`"questions":{`, `"text":{"kind":"byte"},"questions":{`},
		{`"questions":{`, `"series":{"window":3},"questions":{`},
		{`"kind":"span"`, `"kind":"quantity"`},
		{`,"longest":5}],`, `,"longest":5,"columns":[{"name":"a","kind":"number","deviation":1},{"name":"b","kind":"number","deviation":1}]}],`},
		{`"targets":[`, `"targets":[{"name":"other","loss":"mse","kind":"quantity","link":"identity"},`},
		{`"targets":`, `"x":`},
	} {
		bad := strings.Replace(good, change[0], change[1], 1)
		require.NotEqual(t, good, bad, "%s", change[0])
		_, err := ParseCodec([]byte(bad))
		assert.ErrorContains(t, err, "codec", "%s", change[1])
	}
}
