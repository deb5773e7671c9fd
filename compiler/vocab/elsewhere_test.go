package vocab

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What a name elsewhere leads to is a word, or one to come; and no word of the language leads away from itself.
func TestNamesElsewhereLeadSomewhere(t *testing.T) {
	for other, words := range wordsElsewhere {
		for _, word := range words {
			assert.True(t, has(word, Kinds), "%s leads to %s", other, word)
		}
	}
	for _, w := range Words() {
		here, _ := Elsewhere(w.Name, w.Kind)
		assert.Equal(t, w.Name, here)
	}
	for name, want := range map[string]string{"Conv2d": "conv", "LeakyReLU": "leaky_relu", "BatchNormalization": "batchnorm", "GRU": "gru", "AdamW": "adamw", "banana": ""} {
		here, _ := Elsewhere(name, Layer, Optimiser)
		assert.Equal(t, want, here, name)
	}
	for name, want := range map[string]string{"multihead": "attention", "MultiHead_Attention": "attention", "meanpool": "mean", "GlobalMaxPool1d": "maxpool1d", "positional_embedding": "position", "Embed": "embedding"} {
		here, _ := Elsewhere(name, Layer)
		assert.Equal(t, want, here, name)
	}
	for name, want := range map[string]string{"BiLSTM": "`lstm 8 bidirectional`", "bigru": "`gru 8 bidirectional`", "TransformerEncoderLayer": "`residual { layernorm; attention 4 }`", "mask": "`attention 4 mask=m`", "ffn": "gelu"} {
		here, phrase := Elsewhere(name, Layer)
		assert.Empty(t, here, name)
		assert.Contains(t, phrase, want, name)
	}
	here, phrase := Elsewhere("learning_rate", Layer, Optimiser, Setting)
	assert.Empty(t, here)
	assert.Contains(t, phrase, "adam 0.001")
}

// Arguments elsewhere lead to ones that some word has now; those of words to come may stand there already.
func TestArgumentsElsewhere(t *testing.T) {
	adam := Find("adam", Optimiser)
	arg, _ := adam.ArgumentElsewhere("weight_decay")
	assert.Equal(t, "decay", arg.Name)
	arg, _ = adam.ArgumentElsewhere("beta_1")
	assert.Equal(t, "beta1", arg.Name)
	arg, phrase := adam.ArgumentElsewhere("betas")
	assert.Nil(t, arg)
	assert.Contains(t, phrase, "beta1=0.9")
	for _, c := range [][3]string{
		{"lstm", "num_layers", "layers"}, {"gru", "hidden_dim", "size"}, {"attention", "n_heads", "heads"}, {"attention", "key_padding_mask", "mask"},
		{"attention", "is_causal", "causal"}, {"embedding", "embed_dim", "dim"}, {"cross_entropy", "ignore_index", "ignore"},
	} {
		arg, _ := Find(c[0], Layer, Loss).ArgumentElsewhere(c[1])
		if assert.NotNil(t, arg, c) {
			assert.Equal(t, c[2], arg.Name)
		}
	}
	for _, c := range [][3]string{
		{"lstm", "batch_first", "leave it out"}, {"lstm", "return_sequences", "`lstm 16 last`"}, {"attention", "embed_dim", "what flows in says it"},
		{"cross_entropy", "mask", "the class that `ignore` names"},
	} {
		arg, phrase := Find(c[0], Layer, Loss).ArgumentElsewhere(c[1])
		assert.Nil(t, arg, c)
		assert.Contains(t, phrase, c[2])
	}
	_, phrase = Find("linear", Layer).ArgumentElsewhere("mask")
	assert.Empty(t, phrase)
	arg, phrase = adam.ArgumentElsewhere("colour")
	assert.Nil(t, arg)
	assert.Empty(t, phrase)
}
