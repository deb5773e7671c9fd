package dataset

import (
	"errors"
	"fmt"
	"hash/maphash"
	"io"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/data"
	"github.com/nnc-lang/nnc/runtime/format"
)

// Questions are questions about passages, whose windows are the rows of a Set. A window is made when it is wanted, of the
// tokens of its passage, which all questions about that share.
type Questions struct {
	windows *answer.Windows
	ports   data.QuestionPorts
	list    []Question
	rows    []questionRow // of all questions, in the order of the files
	// articles are the positions in list at which they begin, and behind the last the number of questions.
	articles []int
	unknown  answer.Unknown
}

// Question is one of them.
type Question struct {
	ID, Text string
	Passage  *answer.Passage
	Answers  []string // true ones, the first of which trains; none: the passage has none, or nobody says

	traits questionTraits
}

// questionTraits are what there is to say of a question.
type questionTraits struct {
	cut        bool // it has more tokens than a window takes of a question
	lost       bool // no window has all of its answer
	long       bool // its answer has more tokens than the model gives
	impossible bool // it is marked so
}

// questionRow is a window: which question's, which of its windows, and where it has the answer.
type questionRow struct {
	question    int32
	window      int32
	first, last int32 // positions, 0 and 0 without it
}

// Questions are those that the rows of d ask, of d and of those that share its memory; nil where rows are no windows of questions.
func (d *Set) Questions() *Questions { return d.questions }

// Asks says which question the row at that position asks, and which of its windows it is.
func (d *Set) Asks(row int) (question, window int) {
	r := d.questions.rows[d.rows[row]]
	return int(r.question), int(r.window)
}

// Len is the number of questions.
func (q *Questions) Len() int { return len(q.list) }

// At is the question at a position.
func (q *Questions) At(i int) *Question { return &q.list[i] }

// Windows says how questions become rows.
func (q *Questions) Windows() *answer.Windows { return q.windows }

// Ask makes the windows of the question at a position, which stand one behind the other among the rows.
func (q *Questions) Ask(i int) (*answer.Asked, error) { return q.list[i].Passage.Ask(q.list[i].Text) }

// readQuestions reads the questions of files. With judge each must have an answer, or be marked as having none.
func readQuestions(files []*format.File, windows *answer.Windows, ports data.QuestionPorts, judge bool) (*Questions, error) {
	q := &Questions{windows: windows, ports: ports}
	var before *format.Questions
	for _, f := range files {
		r := f.Questions(judge)
		if before != nil {
			r.Follow(before)
		}
		before = r
		for {
			a, err := r.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err == nil {
				err = q.addArticle(a)
			}
			if err != nil {
				return nil, err
			}
		}
	}
	if len(q.list) == 0 {
		return nil, fmt.Errorf("%s: there is no question in it", files[0].Path)
	}
	q.articles = append(q.articles, len(q.list))
	return q, nil
}

// addArticle adds the questions of an article. One without any is none.
func (q *Questions) addArticle(a *format.Article) error {
	begin := len(q.list)
	for _, p := range a.Passages {
		if len(p.Questions) == 0 {
			continue
		}
		passage, err := q.windows.Read(p.Text)
		if err != nil {
			return fmt.Errorf("%s: %w", p.At, err)
		}
		for i := range p.Questions {
			if err := q.add(&p.Questions[i], passage); err != nil {
				return fmt.Errorf("%s: %w", p.Questions[i].At, err)
			}
		}
	}
	if len(q.list) > begin {
		q.articles = append(q.articles, begin)
	}
	return nil
}

// maxWindows bounds the windows of a training: their numbers are kept in 32 bits.
const maxWindows = 1 << 30

// add adds a question and its windows.
func (q *Questions) add(of *format.Question, passage *answer.Passage) error {
	own := Question{ID: of.ID, Text: of.Text, Passage: passage}
	own.traits.impossible = of.Impossible
	asked, err := passage.Ask(of.Text)
	if err != nil {
		return err
	}
	if len(q.rows)+len(asked.Windows) > maxWindows {
		return fmt.Errorf("these are more than %d windows: take fewer questions", maxWindows)
	}
	q.unknown.Add(q.windows, asked)
	if asked.Windows[0].First-2 == q.windows.Question {
		own.traits.cut = len(q.windows.Tokenizer.Encode(nil, of.Text)) > q.windows.Question
	}
	own.traits.lost = len(of.Answers) > 0
	for i := range asked.Windows {
		row := questionRow{question: int32(len(q.list)), window: int32(i)}
		if len(of.Answers) > 0 {
			row.first, row.last = asked.Target(i, of.Answers[0].Start, of.Answers[0].End())
		}
		if row.has() {
			own.traits.lost = false
			own.traits.long = int(row.last-row.first) >= q.windows.Longest
		}
		q.rows = append(q.rows, row)
	}
	for _, a := range of.Answers {
		own.Answers = append(own.Answers, a.Text)
	}
	q.list = append(q.list, own)
	return nil
}

// has reports whether the answer stands in the window.
func (r *questionRow) has() bool { return r.first > 0 }

// set is all rows.
func (q *Questions) set(inputs, targets []data.Port) *Set {
	return &Set{inputs: fieldsOf(inputs), targets: fieldsOf(targets), questions: q, rows: allRows(len(q.rows))}
}

// fieldsOf are fields of ports, whose values are nowhere.
func fieldsOf(ports []data.Port) []field {
	fields := make([]field, len(ports))
	for i, p := range ports {
		fields[i] = field{port: p, size: p.Size()}
	}
	return fields
}

// gather is Set.Gather of windows.
func (q *Questions) gather(index, rows []int, inputs, targets []data.Block) {
	for i, r := range rows {
		row := &q.rows[index[r]]
		if inputs != nil {
			own := &q.list[row.question]
			window, err := own.Passage.Window(own.Text, int(row.window))
			if err != nil {
				panic(err) // it was made before
			}
			q.ports.Fill(inputs, i, &window)
		}
		if targets != nil {
			targets[0].Int[2*i], targets[0].Int[2*i+1] = row.first, row.last
		}
	}
}

// hash is that of a row's question and passage.
func (q *Questions) hash(seed maphash.Seed, row int) uint64 {
	own := &q.list[q.rows[row].question]
	var h maphash.Hash
	h.SetSeed(seed)
	h.WriteString(own.Text)
	h.WriteByte(0)
	h.WriteString(own.Passage.Text)
	return h.Sum64()
}
