package dataset

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// articles are so many, each of two questions about a passage of its own, which tells its number.
func articles(n int) string {
	var list []string
	for i := range n {
		first, second := string(rune('a'+i/10)), string(rune('a'+i%10))
		list = append(list, article(first+" "+second+" z", asked{"x", first}, asked{"y", second}))
	}
	return squad(list...)
}

// heldArticles are the articles that the rows of a set of articles are about; both questions must be there.
func heldArticles(t *testing.T, d *Set) []int {
	t.Helper()
	if d == nil {
		return nil
	}
	inputs, targets := askedBy(16)
	in, _ := gathered(d, inputs, targets)
	require.Zero(t, d.Rows()%2)
	var list []int
	for r := 0; r < d.Rows(); r += 2 {
		number := func(r int) int { return int(in[2].Int[16*r+3]-4)*10 + int(in[2].Int[16*r+4]-4) }
		require.Equal(t, number(r), number(r+1))
		list = append(list, number(r))
	}
	return list
}

func TestArticlesAreHeldOut(t *testing.T) {
	split := func(n int, change func(*Training)) (train, valid, test []int, l *Loaded) {
		t.Helper()
		l, err := loadQuestions(t, articles(n), change)
		require.NoError(t, err)
		return heldArticles(t, l.Train), heldArticles(t, l.Valid), heldArticles(t, l.Test), l
	}
	train, valid, _, l := split(30, func(q *Training) { q.Valid = "last:8" })
	assert.Equal(t, allRows(30)[:22], train)
	assert.Equal(t, allRows(30)[22:], valid)
	assert.Contains(t, l.Notes, "22 articles to train on: 44 questions in 44 windows of 16 tokens")
	assert.Contains(t, l.Notes, "8 articles held out: 16 questions in 16 windows of 16 tokens")

	train, valid, test, _ := split(30, func(q *Training) { q.Valid, q.Test = "0.2", []string{"last:2"} })
	assert.Equal(t, []int{28, 29}, test)
	assert.Len(t, valid, 6)
	assert.Len(t, train, 22)
	assert.IsIncreasing(t, valid)
	assert.NotEqual(t, []int{22, 23, 24, 25, 26, 27}, valid, "drawn")
	_, again, _, _ := split(30, func(q *Training) { q.Valid, q.Test = "0.2", []string{"last:2"} })
	assert.Equal(t, valid, again)
	_, other, _, _ := split(30, func(q *Training) { q.Valid, q.Test, q.Seed, q.Seeded = "0.2", []string{"last:2"}, 7, true })
	assert.NotEqual(t, valid, other, "another draw")

	_, valid, _, _ = split(30, func(*Training) {})
	assert.Len(t, valid, 3, "a tenth, where there are 50 windows")
	_, valid, _, _ = split(24, func(*Training) {})
	assert.Empty(t, valid, "there are 48 windows")
	_, valid, _, _ = split(30, func(q *Training) { q.Valid = "0" })
	assert.Empty(t, valid)

	for text, want := range map[string]string{
		"last:3": "--valid last:3 holds 3 articles out, and there are 3: one at least must train; hold out fewer, or give questions of their own with --valid-data file.json",
		"last:4": "--valid last:4 holds 4 articles out, and there are 3",
	} {
		_, err := loadQuestions(t, articles(3), func(q *Training) { q.Valid = text })
		assert.ErrorContains(t, err, want)
	}
	_, err := loadQuestions(t, articles(1), func(q *Training) { q.Test = []string{"0.1"} })
	assert.ErrorContains(t, err, "--test 0.1 holds 1 article out, and there are 1: one at least must train; hold out fewer, or give questions of their own with --test file.json")

	// Of one article with many windows none is held out unless somebody says so.
	many := make([]asked, 60)
	for i := range many {
		many[i] = asked{strings.Repeat("x", i+1), "a"}
	}
	l, err = loadQuestions(t, squad(article("a", many...)))
	require.NoError(t, err)
	assert.Nil(t, l.Valid)
	assert.Contains(t, l.Notes, "no article is held out, for there is one alone: questions about others may come with --valid-data")
}

func TestQuestionsHeldOutInFiles(t *testing.T) {
	valid := writeFile(t, "valid.json", squad(article("q z", asked{"x", "q"})))
	test := writeFile(t, "test.json", squad(article("r z", asked{"x", "r"}), article("a b z", asked{"x", "a"})))
	l, err := loadQuestions(t, articles(3), func(q *Training) { q.ValidData, q.Test = []string{valid}, []string{test} })
	require.NoError(t, err)
	assert.Equal(t, 6, l.Train.Rows())
	assert.Equal(t, 1, l.Valid.Rows())
	assert.Equal(t, []string{"q"}, l.Valid.Questions().At(0).Answers)
	assert.Equal(t, 2, l.Test.Rows())
	assert.Contains(t, l.Notes, valid+": 1 question in 1 window of 16 tokens")
	assert.Contains(t, l.Notes, "warning: of 2 windows to test on, 1 asks what windows to train on ask, of the same passage, so that their figures flatter: take these questions out of one of the two")
}

func TestFoldsOfArticles(t *testing.T) {
	q := Training{Data: []string{writeFile(t, "q.json", articles(7))}, Select: Select{Tokenizer: "wordpiece:" + letters(t)}, Test: []string{"last:1"}}
	q.Inputs, q.Targets = askedBy(16)
	f, err := LoadFolds(q, 3)
	require.NoError(t, err)
	seen := map[int]int{}
	for i := range 3 {
		l, err := f.Fold(i)
		require.NoError(t, err)
		held := heldArticles(t, l.Valid)
		assert.Len(t, held, 2)
		assert.Len(t, heldArticles(t, l.Train), 4)
		for _, a := range held {
			seen[a]++
		}
	}
	assert.Equal(t, map[int]int{0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1}, seen)
	_, err = LoadFolds(q, 7)
	assert.EqualError(t, err, "--folds 7: there are 6 articles")
}
