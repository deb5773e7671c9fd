package dataset

import (
	"errors"
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// opener opens the files of a model's data as what the model reads: with asText a text that it continues; questions, if it
// answers some and there is a vocabulary for them; else what they look like. known is the codec of its weights, nil without.
func (s Select) opener(asText bool, inputs, targets []data.Port, known *data.Codec) func(path string) (*format.File, error) {
	if asText {
		return format.OpenText
	}
	if _, err := data.FindQuestionPorts(inputs, targets); err == nil && (s.Tokenizer != "" || known != nil && known.Windows() != nil) {
		return format.OpenQuestions
	}
	return format.Open
}

// noQuestions is an error about data of a model that answers questions, if they give none of its ports: columns for the
// target are not chosen, and no array is bound to one.
func (s *source) noQuestions(q Training) error {
	if _, err := data.FindQuestionPorts(q.Inputs, q.Targets); err != nil || s.table == nil || len(q.Target) > 0 {
		return nil
	}
	for _, p := range q.Targets {
		if slices.Contains(s.table.Header, p.Name) {
			return nil
		}
	}
	return usageError("%s: this model answers questions about passages, and this is a table: give a JSON file of questions as SQuAD has them, with --tokenizer wordpiece:vocab.txt; of a table whose columns give where answers start and end, say which with --target", s.table.Name)
}

// besideQuestions returns an error if something is said of the columns of a table though the file holds questions.
func (s Select) besideQuestions(file string) error {
	if s.Group != "" {
		return usageError("--group %s is a column of a table, and %s holds questions: those about one article are held out together without it", s.Group, file)
	}
	for _, f := range s.chosen() {
		if len(f.columns) > 0 {
			return usageError("%s %s chooses columns of a table, and %s holds questions about passages: leave the flag out", f.flag, phrase.Listed(f.columns), file)
		}
	}
	s.Tokenizer = ""
	return s.withoutTexts(file, "is divided by --tokenizer")
}

// questionPorts are the ports of a model that is to answer the source's questions. Nothing may be said of a table.
func (s *source) questionPorts(sel Select, how Reading, inputs, targets []data.Port) (data.QuestionPorts, error) {
	file := s.questions[0].Path
	ports, err := data.FindQuestionPorts(inputs, targets)
	if err != nil {
		return ports, fmt.Errorf("%s holds questions about passages, which this model does not answer: %w", file, err)
	}
	return ports, errors.Join(sel.besideQuestions(file), how.withoutTable(file))
}

// questionsOf reads the questions of a source for a model, by the vocabulary of known, the weights' codec, or of --tokenizer.
func (s *source) questionsOf(sel Select, ports data.QuestionPorts, known *data.Codec, judge bool) (*Questions, error) {
	windows, err := sel.QuestionWindows(s.questions[0].Path, ports, known)
	if err != nil {
		return nil, err
	}
	return readQuestions(s.questions, windows, ports, judge)
}

// QuestionWindows says how the questions of a file become rows of a model: by the windows of known, the codec of its weights, else
// by the vocabulary of --tokenizer.
func (s Select) QuestionWindows(file string, ports data.QuestionPorts, known *data.Codec) (*answer.Windows, error) {
	var w *answer.Windows
	if known != nil {
		w = known.Windows()
	}
	if w == nil && s.Tokenizer == "" {
		return nil, usageError("%s holds questions about passages: which integer is which part of a word? Name the model's vocabulary, as --tokenizer wordpiece:vocab.txt", file)
	}
	if s.Tokenizer != "" {
		t, err := s.tokenizer()
		if err != nil {
			return nil, err
		}
		if w != nil && !slices.Equal(t.Tokens(), w.Tokenizer.Tokens()) {
			return nil, usageError("--tokenizer %s: the weights were trained with another vocabulary, and have weights of its tokens: leave the flag out", s.Tokenizer)
		}
		if w == nil {
			if w, err = answer.New(t, ports.Length, ports.Longest); err != nil {
				return nil, err
			}
		}
	}
	own := *w
	own.Longest = ports.Longest
	if err := ports.CheckWindows(&own); err != nil {
		return nil, fmt.Errorf("%s is read in %w", file, err)
	}
	return &own, nil
}

// readQuestions reads the questions of a training.
func (w *whole) readQuestions(src *source) error {
	q, file := w.q, src.questions[0].Path
	ports, err := src.questionPorts(q.Select, q.Reading, q.Inputs, q.Targets)
	if err != nil {
		return err
	}
	switch {
	case q.Window > 0:
		return usageError("--window makes windows of the rows of a table, and %s holds questions about passages, whose windows are as long as the model's input", file)
	case q.SkipUnreadable:
		return src.loadImages(nil, nil, nil, true)
	case q.Scale == data.ScaleNone:
		return usageError("--scale none is for numbers, and questions have none")
	}
	known, err := w.knownQuestions(file)
	if err != nil {
		return err
	}
	if w.questions, err = src.questionsOf(q.Select, ports, known, true); err != nil {
		return err
	}
	w.name, w.rows = file, len(w.questions.rows)
	if q.Tokenizer != "" {
		if note := q.NoteCased(w.questions.windows.Tokenizer); note != "" {
			w.notes = append(w.notes, note)
		}
	}
	w.codec = data.NewAnswerCodec(w.questions.windows, data.TargetsOf(q.Inputs, q.Targets))
	w.set = w.questions.set(q.Inputs, q.Targets)
	w.by.group = w.questions.articleOfRows()
	w.notes = append(w.notes, fmt.Sprintf("%s: %s in %s", file, phrase.Counted(w.questions.Len(), "question"), phrase.Counted(w.questions.articleCount(), "article")))
	for _, note := range []string{q.NoteSmaller(w.questions.windows, ports, known), w.questions.unknown.Said()} {
		if note != "" {
			w.notes = append(w.notes, note)
		}
	}
	return nil
}

// knownQuestions is the codec of the weights that the training starts from, if its vocabulary is taken over.
func (w *whole) knownQuestions(file string) (*data.Codec, error) {
	from := w.q.From
	switch {
	case from == nil, from.mayBeAnew() && from.Codec.FitsInputs(w.q.Inputs) != nil:
		return nil, nil
	case from.Codec.Windows() == nil && (from.Codec.IsTable() || from.Codec.Vocabulary() != nil):
		if from.mayBeAnew() {
			return nil, nil
		}
		return nil, fmt.Errorf("%s: it was not trained on questions about passages, as those of %s: give data such as it was trained on", from.File, file)
	case from.Codec.Windows() == nil:
		return nil, nil // of arrays, which are what a tokenizer made
	case from.Rescale && !from.NewTargets:
		return nil, usageError("--rescale takes new statistics, and those of questions are none: leave it out")
	}
	w.notes = append(w.notes, fmt.Sprintf("the vocabulary is that of %s", from.File))
	return from.Codec, nil
}

// openQuestionRows begins to read questions as rows.
func openQuestionRows(src *source, q Rows, codec *data.Codec) (*RowReader, error) {
	defer src.Close()
	file := src.questions[0].Path
	if len(q.Keep) > 0 {
		return nil, usageError("--keep %s chooses columns of a table, and %s holds questions about passages", phrase.Listed(q.Keep), file)
	}
	ports, err := src.questionPorts(q.Select, q.Reading, q.Inputs, q.Targets)
	if err != nil {
		return nil, err
	}
	if codec != nil && codec.Windows() == nil && (codec.IsTable() || codec.Vocabulary() != nil) {
		return nil, fmt.Errorf("%s holds questions about passages, but the weights were trained on others: give data such as they were trained on", file)
	}
	questions, err := src.questionsOf(q.Select, ports, codec, q.Judge)
	if err != nil {
		return nil, err
	}
	r := &RowReader{codec: codec, notes: questions.notes(file, allRows(len(questions.rows)), q.Judge)}
	if codec == nil || codec.Windows() == nil {
		r.codec = data.NewAnswerCodec(questions.windows, data.TargetsOf(q.Inputs, q.Targets))
	}
	r.from = &setRows{set: questions.set(q.judged())}
	return r, nil
}
