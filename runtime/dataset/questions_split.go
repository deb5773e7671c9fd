package dataset

import (
	"fmt"
	"slices"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
	"github.com/nnc-lang/nnc/runtime/rng"
)

// articleCount is the number of articles that there are questions about.
func (q *Questions) articleCount() int { return len(q.articles) - 1 }

// articleOfRows are the articles that the rows are about, by their positions.
func (q *Questions) articleOfRows() []int32 {
	of := make([]int32, len(q.rows))
	article := 0
	for i := range q.rows {
		for int(q.rows[i].question) >= q.articles[article+1] {
			article++
		}
		of[i] = int32(article)
	}
	return of
}

// divideQuestions holds out whole articles: those that are tested on, then those that the training is judged by.
func (w *whole) divideQuestions() (train, valid, test []int, err error) {
	n := w.questions.articleCount()
	left := allRows(n)
	left, tested, err := w.holdArticles("--test", slices.Concat(w.q.Test, []string{""})[0], w.test, left, "split.test")
	if err != nil {
		return nil, nil, nil, err
	}
	s := w.valid
	if w.q.Valid == "" && len(left) < 2 && s.size(n) > 0 {
		s = Split{}
		w.notes = append(w.notes, "no article is held out, for there is one alone: questions about others may come with --valid-data")
	}
	left, held, err := w.holdArticles("--valid", w.q.Valid, s, left, "split")
	if err != nil {
		return nil, nil, nil, err
	}
	train, valid, test = w.rowsAbout(left), w.rowsAbout(held), w.rowsAbout(tested)
	w.notes = append(w.notes, w.questions.notes(phrase.Counted(len(left), "article")+" to train on", train, true)...)
	for _, part := range []struct {
		what     string
		articles []int
		rows     []int
	}{{"held out", held, valid}, {"to test on", tested, test}} {
		if len(part.rows) > 0 {
			w.notes = append(w.notes, w.questions.notes(phrase.Counted(len(part.articles), "article")+" "+part.what, part.rows, true)[0])
		}
	}
	return train, valid, test, nil
}

// holdArticles divides the articles that are left into those that stay and those held out, as the flag says.
func (w *whole) holdArticles(flag, text string, s Split, left []int, stream string) (stay, held []int, err error) {
	n := w.questions.articleCount()
	if size := s.size(n); size >= len(left) {
		file := map[string]string{"--valid": "--valid-data", "--test": "--test"}[flag]
		return nil, nil, fmt.Errorf("%s: %s %s holds %s out, and there are %d: one at least must train; hold out fewer, or give questions of their own with %s file.json",
			w.name, flag, text, phrase.Counted(size, "article"), len(left), file)
	}
	return s.draw(left, n, traits{}, rng.New(w.q.Seed, stream))
}

// rowsAbout are the rows about articles, in order.
func (w *whole) rowsAbout(articles []int) []int {
	var rows []int
	for r, article := range w.by.group {
		if _, in := slices.BinarySearch(articles, int(article)); in {
			rows = append(rows, r)
		}
	}
	return rows
}

// notes say what the questions of rows are, and which of them a model cannot get right; answers: they are wanted.
func (q *Questions) notes(what string, rows []int, answers bool) []string {
	asked, without := 0, 0
	var cut, lost, long, impossible int
	last := int32(-1)
	for _, r := range rows {
		row := &q.rows[r]
		if !row.has() {
			without++
		}
		if row.question == last {
			continue
		}
		last = row.question
		asked++
		t := &q.list[row.question].traits
		for _, c := range []struct {
			count *int
			is    bool
		}{{&cut, t.cut}, {&lost, t.lost}, {&long, t.long}, {&impossible, t.impossible}} {
			if c.is {
				*c.count++
			}
		}
	}
	text := fmt.Sprintf("%s: %s in %s of %d tokens", what, phrase.Counted(asked, "question"), phrase.Counted(len(rows), "window"), q.windows.Length)
	if answers && without > 0 {
		text += fmt.Sprintf(", %d of them without the answer", without)
	}
	list := []string{text}
	add := func(n int, format string, args ...any) {
		if n > 0 {
			list = append(list, phrase.Counted(n, "question")+" "+fmt.Sprintf(format, args...))
		}
	}
	add(cut, "cut after %s", phrase.Counted(q.windows.Question, "token"))
	if answers {
		add(impossible, "marked as without an answer: right is [CLS] in all their windows")
		add(lost, "whose answer is whole in no window")
		add(long, "whose answer has more than %d tokens, the most that a prediction has", q.windows.Longest)
	}
	return list
}
