package main

import (
	"math/rand/v2"
	"strings"
	"unicode/utf8"
)

// An article as SQuAD has it. Positions count code points.
type (
	article struct {
		Title      string      `json:"title"`
		Paragraphs []paragraph `json:"paragraphs"`
	}
	paragraph struct {
		Context   string     `json:"context"`
		Questions []question `json:"qas"`
	}
	question struct {
		ID       string   `json:"id"`
		Question string   `json:"question"`
		Answers  []answer `json:"answers"`
	}
	answer struct {
		Text  string `json:"text"`
		Start int    `json:"answer_start"`
	}
)

// writer makes up articles of the names that it is given.
type writer struct {
	*rand.Rand
	names [kinds][]string
	used  map[string]bool // how the names and objects of the paragraph begin, so that no question has two answers
}

func articles(r *rand.Rand, names [kinds][]string, n int) []article {
	w := &writer{Rand: r, names: names}
	list := make([]article, n)
	for i := range list {
		subject := subjects[i%len(subjects)]
		list[i].Title = subject.title + w.town()
		list[i].Paragraphs = append(list[i].Paragraphs,
			w.paragraph(subject, 1, 0, 5), w.paragraph(subject, 1, 5, 5), w.paragraph(subject, 2, 0, 2), w.paragraph(subject, 2, 0, 2),
			w.paragraph(subject, 2, 0, 2), w.paragraph(subject, 2, 1, 2), w.paragraph(subject, 3, 0, 3))
	}
	return list
}

// fresh is a text whose first two letters no other name or object of the paragraph has.
func (w *writer) fresh(next func(*writer) string) string {
	for {
		text := next(w)
		if beginning := text[:min(len(text), 2)]; !w.used[beginning] {
			w.used[beginning] = true
			return text
		}
	}
}

// fact is a sentence about a subject, and a question that a piece of it answers.
type fact struct {
	before, answer, behind string // the sentence
	question               string // empty: nobody asks
}

// fact makes one up, of a subject by its name and as the passage spells it, and asks for its object, or now and then for the
// subject. Half of the questions spell what they name as the passage does.
func (w *writer) fact(r *relation, name, shown string) fact {
	object := w.fresh(r.object)
	shownObject := spelled(w.Rand, object)
	fill := strings.NewReplacer("{s}", shown, "{o}", shownObject)
	asks, asked, answer := r.asks, "{o}", shownObject
	if w.IntN(4) == 0 {
		asks, asked, answer = r.whose, "{s}", shown
	}
	before, behind, _ := strings.Cut(pick(w.Rand, r.says), asked)
	question := pick(w.Rand, asks)
	if w.IntN(2) == 0 {
		question = strings.NewReplacer("{s}", name, "{o}", object).Replace(question)
	}
	return fact{fill.Replace(before), answer, fill.Replace(behind), fill.Replace(question)}
}

// paragraph says of so many subjects so many things each, a sentence each, some asides between them, and asks for all but these.
func (w *writer) paragraph(s subject, named, asides, told int) paragraph {
	w.used = map[string]bool{}
	var facts []fact
	relations := w.Perm(len(s.relations))[:told]
	for range named {
		name := w.fresh(func(w *writer) string { return pick(w.Rand, w.names[s.kind]) })
		shown := spelled(w.Rand, name)
		for _, i := range relations {
			facts = append(facts, w.fact(&s.relations[i], name, shown))
		}
	}
	for range asides {
		facts = append(facts, fact{before: w.fresh(func(w *writer) string { return pick(w.Rand, sayings) })})
	}
	w.Shuffle(len(facts), func(i, j int) { facts[i], facts[j] = facts[j], facts[i] })

	var p paragraph
	var text strings.Builder
	for i, f := range facts {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(f.before)
		start := utf8.RuneCountInString(text.String())
		text.WriteString(f.answer + f.behind)
		if f.question != "" {
			p.Questions = append(p.Questions, question{Question: f.question, Answers: []answer{{f.answer, start}}})
		}
	}
	p.Context = text.String()
	return p
}
