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
	arg, phrase = adam.ArgumentElsewhere("colour")
	assert.Nil(t, arg)
	assert.Empty(t, phrase)
}
