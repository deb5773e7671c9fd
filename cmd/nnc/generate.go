package main

import (
	"errors"
)

type generateCommand struct {
	Model   string `arg:"" name:"model.nn" help:"The spec that the weights were trained with."`
	Weights string `required:"" placeholder:"FILE" help:"The weights that nnc train saved after training on a text."`
	mapFlag
	constFlags
	generationFlags
	Seed  *uint64 `help:"Of the choice of what follows, instead of the spec's: another text for another number."`
	JSON  bool    `name:"json" help:"Write one JSON object with prompt, text, tokens and end, in the end, instead of the text, of which it keeps 16 MiB at most."`
	Quiet bool    `help:"Show the text and what is wrong, and nothing else."`
}

// generationFlags are what package train calls a Generation.
type generationFlags struct {
	Prompt      string   `json:"prompt,omitempty" placeholder:"TEXT" help:"The text to continue; without one, text begins as after a line break."`
	PromptFile  string   `json:"prompt_file,omitempty" placeholder:"FILE" help:"A file that holds the text to continue, without the line break at its end; - is standard input."`
	Length      int      `json:"length,omitempty" default:"500" placeholder:"N" help:"How many characters, or bytes, to write at most; ${default} where nothing is said, 0: until something else ends it."`
	Temperature float64  `json:"temperature,omitempty" default:"0.8" placeholder:"T" help:"What scores are divided by: below 1 the probable becomes more probable, and 0 takes the most probable always; ${default} where nothing is said."`
	TopK        int      `json:"top_k,omitempty" least:"0" placeholder:"K" help:"Choose among the K most probable only; 0: among all."`
	TopP        float64  `json:"top_p,omitempty" default:"1" placeholder:"P" help:"Choose among the fewest most probable only that are, together, as probable as P, such as 0.9; ${default} where nothing is said: among all."`
	Stop        []string `json:"stop,omitempty" sep:"none" placeholder:"TEXT" help:"End before this text; may be given several times."`
	NoEcho      bool     `json:"no_echo,omitempty" help:"Leave the prompt out of what is written."`
}

func (generateCommand) Help() string {
	return "Writes the prompt and, as it comes, what the model takes for its continuation, until --length or --stop, or an interrupt. " +
		"What has been read is kept, so that a character costs one position of the model; where the text is longer than the model's context, it begins anew with the later half of that. " +
		"One seed makes the same text every time, on every machine.\n\n" +
		"    nnc generate gpt.nn --weights gpt.safetensors --prompt 'ROMEO:'\n" +
		"    nnc generate gpt.nn --weights gpt.safetensors --length 0 --stop 'JULIET:'\n" +
		"    nnc generate gpt.nn --weights gpt.safetensors --prompt-file - < letter.txt"
}

func (c *generateCommand) Run(s *session) error {
	s.quiet = c.Quiet
	if err := c.check(); err != nil {
		return err
	}
	sp, out, err := s.openTrained(c.Model, c.constFlags, false)
	if err != nil {
		return err
	}
	if out.Obstacle != nil {
		return problem("%v", out.Obstacle)
	}
	prompt := c.PromptFile
	if prompt == standardInput {
		prompt = ""
	}
	if err := errors.Join(readable(c.Weights, isWeightsName), c.readableMap(), readable(prompt, isDataName)); err != nil {
		return err
	}
	core := 1 // a position is too little to share
	return s.launch(sp, out, job{Command: "generate", Weights: c.Weights, Map: c.Map, generationFlags: c.generationFlags, Seed: c.Seed,
		JSON: c.JSON, Quiet: c.Quiet, Terminal: takesCharacters(s.stdout), workersFlag: workersFlag{Workers: &core}})
}

// check says what is wrong with flags.
func (c *generateCommand) check() error {
	switch {
	case c.Prompt != "" && c.PromptFile != "":
		return errors.New("--prompt and --prompt-file both say what to continue: give one of them")
	case c.TopP == 0 || c.TopP > 1:
		return wordedError{"--top-p is a share of the probability: above 0, and at most 1"}
	}
	for _, stop := range c.Stop {
		if stop == "" {
			return errors.New("--stop: an empty text would end everything at once")
		}
	}
	return nil
}
