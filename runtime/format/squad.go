package format

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/runtime/internal/phrase"
)

// Article is a part of a file of questions: passages that belong together, with the questions about each.
type Article struct {
	Title    string // "" where the file gives none
	Passages []Passage
}

// Passage is a text that answers questions.
type Passage struct {
	Text      string
	Questions []Question
	At        Place
}

// Question is one about a passage.
type Question struct {
	ID, Text   string
	Answers    []Answer // texts of the passage
	Impossible bool     // the file says that the passage does not answer it: there are no Answers
	At         Place
}

// Answer is a text of the passage.
type Answer struct {
	Text  string
	Start int // in code points of the passage
}

// End is where the answer ends, exclusive, in code points of the passage.
func (a *Answer) End() int { return a.Start + utf8.RuneCountInString(a.Text) }

// Questions reads a file of questions in the form of SQuAD, article by article: an object whose "data" are articles of
// "paragraphs", each a "context" and "qas" of "id", "question" and "answers", each with "text" and "answer_start" in code
// points. Other keys are ignored. An answer that does not stand where it says, and an id that was there already, are errors.
type Questions struct {
	json    *jsonText
	answers bool
	state   int // before the articles, among them, behind them
	read    int // articles so far
	seen    map[string]Place
}

const (
	beforeArticles = iota
	amongArticles
	behindArticles
)

// squadForm is the form in a line, for messages.
const squadForm = `{"data": [{"paragraphs": [{"context": "…", "qas": [{"id": "…", "question": "…", "answers": [{"text": "…", "answer_start": 0}]}]}]}]}`

// Questions begins to read the questions of the file. With answers each must have one, unless it is marked as impossible.
func (d *File) Questions(answers bool) *Questions {
	return &Questions{json: newJSONText(d.In, d.Path), answers: answers, seen: map[string]Place{}}
}

// Follow takes ids for taken that q has read, so that none occurs twice in several files.
func (r *Questions) Follow(q *Questions) { r.seen = q.seen }

// Next returns the next article, or io.EOF after the last.
func (r *Questions) Next() (*Article, error) {
	if r.state == beforeArticles {
		if err := r.begin(); err != nil {
			return nil, err
		}
		r.state = amongArticles
	}
	if r.state == behindArticles {
		return nil, io.EOF
	}
	more, err := r.json.more(']', r.read, "between articles")
	if err != nil {
		return nil, err
	}
	if !more {
		r.state = behindArticles
		if err := r.end(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	r.read++
	return r.article()
}

// begin reads to the first article.
func (r *Questions) begin() error {
	j := r.json
	c, err := j.peek()
	if err != nil {
		return err
	}
	if c != '{' {
		return errorAt(j.place(), "questions come as SQuAD has them, %s, and this file begins with %s", squadForm, r.what(c))
	}
	at := j.place()
	if err := j.open('{', "the file"); err != nil {
		return err
	}
	var other []string
	for n := 0; ; n++ {
		more, err := j.more('}', n, "between the members of an object")
		if err != nil {
			return err
		}
		if !more {
			return errorAt(at, "the object has no \"data\"%s: questions come as SQuAD has them, %s", butKeys(other), squadForm)
		}
		key, _, err := j.key()
		if err != nil {
			return err
		}
		if key == "data" {
			return j.open('[', `"data"`)
		}
		if len(other) < maxKeys {
			other = append(other, key)
		}
		if err := j.skip(); err != nil {
			return err
		}
	}
}

// maxKeys bounds the keys that are kept for a message.
const maxKeys = 20

// what says what a file begins with.
func (r *Questions) what(c byte) string {
	if c == 0 {
		return "nothing: it is empty"
	}
	return r.json.kind(c)
}

// butKeys says which keys an object has instead, and whose they are if they are those of a question.
func butKeys(keys []string) string {
	if slices.Contains(keys, "question") && slices.Contains(keys, "context") {
		return ", but a question's keys: these are JSON lines of questions, as a data set of Hugging Face is exported"
	}
	if len(keys) == 0 {
		return ""
	}
	return ", but " + phrase.Listed(keys)
}

// end reads what stands behind the articles.
func (r *Questions) end() error {
	j := r.json
	for {
		more, err := j.more('}', 1, "between the members of an object")
		if err != nil {
			return err
		}
		if !more {
			break
		}
		key, at, err := j.key()
		if err != nil {
			return err
		}
		if key == "data" {
			return errorAt(at, `the key "data" occurs twice in the file`)
		}
		if err := j.skip(); err != nil {
			return err
		}
	}
	c, err := j.peek()
	if err == nil && c != 0 {
		err = errorAt(j.place(), "%s stands behind the object: a file of questions is one object", visible(c))
	}
	return err
}

func (r *Questions) article() (*Article, error) {
	a := &Article{}
	passages := func() error {
		return r.json.list(`"paragraphs"`, func() error {
			p, err := r.passage()
			a.Passages = append(a.Passages, p)
			return err
		})
	}
	return a, r.json.object("an article",
		member{key: "title", read: r.json.textTo(&a.Title, `a "title"`), optional: true},
		member{key: "paragraphs", read: passages})
}

// given is an answer with its place.
type given struct {
	Answer
	question int
	at       Place
}

func (r *Questions) passage() (Passage, error) {
	var p Passage
	var answers []given
	if _, err := r.json.peek(); err != nil {
		return p, err
	}
	p.At = r.json.place()
	questions := func() error {
		return r.json.list(`"qas"`, func() error {
			q, list, err := r.question()
			for _, g := range list {
				g.question = len(p.Questions)
				answers = append(answers, g)
			}
			p.Questions = append(p.Questions, q)
			return err
		})
	}
	err := r.json.object("a paragraph",
		member{key: "context", read: r.json.textTo(&p.Text, `a "context"`)},
		member{key: "qas", read: questions})
	if err != nil {
		return p, err
	}
	standing := &places{text: p.Text}
	for _, g := range answers {
		if err := standing.check(g); err != nil {
			return p, err
		}
		q := &p.Questions[g.question]
		q.Answers = append(q.Answers, g.Answer)
	}
	return p, nil
}

func (r *Questions) question() (q Question, answers []given, err error) {
	if _, err := r.json.peek(); err != nil {
		return q, nil, err
	}
	q.At = r.json.place()
	list := func() error {
		return r.json.list(`"answers"`, func() error {
			g, err := r.answer()
			answers = append(answers, g)
			return err
		})
	}
	err = r.json.object("a question",
		member{key: "id", read: r.json.textTo(&q.ID, `an "id"`)},
		member{key: "question", read: r.json.textTo(&q.Text, `a "question"`)},
		member{key: "answers", read: list, optional: true},
		member{key: "is_impossible", read: r.json.flagTo(&q.Impossible, `"is_impossible"`), optional: true})
	if err != nil {
		return q, nil, err
	}
	first, again := r.seen[q.ID]
	switch {
	case again:
		return q, nil, errorAt(q.At, "the question's id, %s, is that of the question at %s: each has its own", phrase.Quoted(q.ID), first)
	case q.Impossible && len(answers) > 0:
		return q, nil, errorAt(q.At, "the question %s is marked with is_impossible, and has answers: take one of the two out", phrase.Quoted(q.ID))
	case strings.TrimSpace(q.Text) == "":
		return q, nil, errorAt(q.At, "the question %s has no text", phrase.Quoted(q.ID))
	case r.answers && !q.Impossible && len(answers) == 0:
		return q, nil, errorAt(q.At, `the question %s has no answers: give it some, or take it out; where the passage does not answer it, mark it with "is_impossible": true, as SQuAD 2.0 does`, phrase.Quoted(q.ID))
	}
	r.seen[q.ID] = q.At
	return q, answers, nil
}

func (r *Questions) answer() (g given, err error) {
	if _, err := r.json.peek(); err != nil {
		return g, err
	}
	g.at = r.json.place()
	err = r.json.object("an answer",
		member{key: "text", read: r.json.textTo(&g.Text, `a "text"`)},
		member{key: "answer_start", read: r.json.countTo(&g.Start, `an "answer_start"`)})
	if err == nil && g.Text == "" {
		err = errorAt(g.at, "an answer without a text")
	}
	return g, err
}

// places finds code points in a passage.
type places struct {
	text string
	at   []int32 // by code point, its byte; nil: not looked up yet
}

// offset is the byte at which a code point begins, −1 behind the text's end.
func (p *places) offset(point int) int {
	if p.at == nil {
		p.at = make([]int32, 0, len(p.text)+1)
		for i := range p.text {
			p.at = append(p.at, int32(i))
		}
		p.at = append(p.at, int32(len(p.text)))
	}
	if point >= len(p.at) {
		return -1
	}
	return int(p.at[point])
}

// check returns an error if an answer does not stand where it says.
func (p *places) check(g given) error {
	from := p.offset(g.Start)
	if from >= 0 && strings.HasPrefix(p.text[from:], g.Text) {
		return nil
	}
	stands := "the passage ends before"
	if from >= 0 {
		to := p.offset(g.Start + utf8.RuneCountInString(g.Text))
		if to < 0 {
			to = len(p.text)
		}
		stands = "there stands " + phrase.Quoted(p.text[from:to])
	}
	advice := "it stands nowhere in the passage: an answer is a text of the passage, letter by letter"
	if near, bytes := p.nearest(g); near >= 0 {
		advice = fmt.Sprintf("it stands at %d", near)
		if bytes {
			advice += ": answer_start counts code points, not bytes"
		}
	}
	return errorAt(g.at, "the answer %s is not at its answer_start, code point %d of the passage: %s; %s", phrase.Quoted(g.Text), g.Start, stands, advice)
}

// nearest is the code point nearest to its place at which an answer stands, −1 where it stands nowhere; bytes says that its place counts
// bytes. Its time is linear, whatever the texts: they are compared as Knuth, Morris and Pratt do.
func (p *places) nearest(g given) (point int, bytes bool) {
	point = -1
	again := borders(g.Text)
	long := utf8.RuneCountInString(g.Text)
	points, met := 0, 0 // code points so far; bytes of the answer that the text so far ends in
	for i := range len(p.text) {
		if utf8.RuneStart(p.text[i]) {
			points++
		}
		for met > 0 && (met == len(g.Text) || p.text[i] != g.Text[met]) {
			met = again[met-1]
		}
		if p.text[i] == g.Text[met] {
			met++
		}
		if met < len(g.Text) {
			continue
		}
		at := points - long
		if i+1-len(g.Text) == g.Start {
			return at, true
		}
		if point < 0 || max(at-g.Start, g.Start-at) < max(point-g.Start, g.Start-point) {
			point = at
		}
	}
	return point, false
}

// borders are, for each beginning of a text, the bytes of the longest shorter beginning that it ends in.
func borders(text string) []int {
	longest := make([]int, len(text))
	n := 0
	for i := 1; i < len(text); i++ {
		for n > 0 && text[i] != text[n] {
			n = longest[n-1]
		}
		if text[i] == text[n] {
			n++
		}
		longest[i] = n
	}
	return longest
}
