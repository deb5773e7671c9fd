package answer

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"
	"testing"

	"github.com/nnc-lang/nnc/internal/shared"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// xquad is a file of questions.
type xquad struct {
	Data []struct {
		Paragraphs []struct {
			Context string
			QAs     []struct {
				ID, Question string
				Answers      []struct {
					Text  string
					Start int `json:"answer_start"`
				}
			}
		}
	}
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, v))
}

// All windows of 1190 questions are those of the reference in Python, and so is what it measures.
func TestXQuAD(t *testing.T) {
	vocabulary := shared.File(t, "data/minilm/vocab.txt")
	var expected map[string]json.RawMessage
	readJSON(t, shared.File(t, "qa/fixture/windows.json"), &expected)
	var questions xquad
	readJSON(t, shared.File(t, "data/xquad.en.json"), &questions)
	text, err := os.ReadFile(vocabulary)
	require.NoError(t, err)
	tokenizer, err := wordpiece.Parse(vocabulary, text)
	require.NoError(t, err)
	w, err := New(tokenizer, 256, 30)
	require.NoError(t, err)
	for part, articles := range map[string][2]int{"train": {0, 40}, "held out": {40, 48}} {
		t.Run(part, func(t *testing.T) {
			type figures struct {
				Questions, Windows int
				With               int                      `json:"with answer"`
				Several            int                      `json:"questions with several windows"`
				Longest            int                      `json:"longest question"`
				Real               int                      `json:"real tokens"`
				Hash               string                   `json:"sha256"`
				FirstTen           []string                 `json:"first ten"`
				Bound              struct{ EM, F1 float64 } `json:"upper bound"`
			}
			var want, got figures
			require.NoError(t, json.Unmarshal(expected[part], &want))
			all := sha256.New()
			exact, f1 := 0, 0.
			for _, article := range questions.Data[articles[0]:articles[1]] {
				for _, paragraph := range article.Paragraphs {
					passage, err := w.Read(paragraph.Context)
					require.NoError(t, err)
					for _, qa := range paragraph.QAs {
						asked, err := passage.Ask(qa.Question)
						require.NoError(t, err)
						got.Questions++
						if len(asked.Windows) > 1 {
							got.Several++
						}
						answer := qa.Answers[0]
						scores := make([][]float32, len(asked.Windows))
						for i, x := range asked.Windows {
							first, last := asked.Target(i, answer.Start, answer.Start+len([]rune(answer.Text)))
							var row []byte
							for _, numbers := range [][]int32{x.IDs, x.Segment, x.Mask, {first, last}} {
								row, err = binary.Append(row, binary.LittleEndian, numbers)
								require.NoError(t, err)
							}
							all.Write(row)
							if hash := sha256.Sum256(row); got.Windows < 10 {
								got.FirstTen = append(got.FirstTen, hex.EncodeToString(hash[:8]))
							}
							got.Windows++
							for _, real := range x.Mask {
								got.Real += int(real)
							}
							got.Longest = max(got.Longest, x.First-2)
							scores[i] = make([]float32, 512)
							if first > 0 {
								got.With++
								scores[i][2*first], scores[i][2*last+1] = 1, 1
							}
						}
						best, err := w.Best(asked, scores, 1)
						require.NoError(t, err)
						e, f := Judge(best[0].Text, []string{answer.Text})
						if f1 += f; e {
							exact++
						}
					}
				}
			}
			got.Hash = hex.EncodeToString(all.Sum(nil))
			got.Bound.EM, got.Bound.F1 = 100*float64(exact)/float64(got.Questions), 100*f1/float64(got.Questions)
			assert.InDelta(t, want.Bound.EM, got.Bound.EM, 1e-9)
			assert.InDelta(t, want.Bound.F1, got.Bound.F1, 1e-9)
			got.Bound = want.Bound
			assert.Equal(t, want, got)
		})
	}
	var cases []struct {
		Prediction, Answer string
		EM, F1             float64
	}
	require.NoError(t, json.Unmarshal(expected["metric cases"], &cases))
	require.Len(t, cases, 14)
	for _, c := range cases {
		assert.Equal(t, c.EM == 1, ExactMatch(c.Prediction, c.Answer), "%+v", c)
		assert.InDelta(t, c.F1, F1(c.Prediction, c.Answer), 1e-15, "%+v", c)
	}
}
