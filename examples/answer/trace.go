package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/runtime/answer"
	"github.com/nnc-lang/nnc/runtime/wordpiece"
)

// trace writes the way from a question to its answers: the tokens of the window in which the best was found, with the
// scores that the model gave to each as the start and as the end of the answer, and which pairs of them are best.
func trace(w io.Writer, windows *answer.Windows, r *reading) error {
	best := r.answers[0]
	window, scores := &r.asked.Windows[best.Window], r.scores[best.Window]
	fmt.Fprintf(w, "%d tokens of the passage in %d windows; the best answer is in window %d, from token %d of the passage on:\n\n",
		len(r.asked.Tokens), len(r.asked.Windows), best.Window+1, window.Offset+1)
	fmt.Fprintf(w, "%8s  %-9s  %-10s %10s  %8s  %8s\n", "position", "token", "text", "characters", "start", "end")
	texts := texts(windows, r.asked, window)
	for i, id := range window.IDs {
		if window.Mask[i] == 0 {
			break
		}
		line := fmt.Sprintf("%8d  %-9s  %-10s %10s  %8.2f  %8.2f", i, windows.Tokenizer.Token(id), texts[i].text, texts[i].place, scores[2*i], scores[2*i+1])
		if i == best.First {
			line += "  ← starts"
		}
		if i == best.Last {
			line += "  ← ends"
		}
		fmt.Fprintln(w, line)
	}
	fmt.Fprintf(w, "\n%6s  %6s  %6s\n", "start", "+ end", "score")
	for _, a := range r.answers {
		scores := r.scores[a.Window]
		fmt.Fprintf(w, "%6.2f  %6.2f  %6.2f  %s\n", scores[2*a.First], scores[2*a.Last+1], a.Score, inLine(a.Text))
	}
	_, err := fmt.Fprintf(w, "\n%s\n", marked(r.asked.Passage, best))
	return err
}

// origin is what a token stands for: nothing, a part of the question, or a part of the passage with its place in it.
type origin struct{ text, place string }

// texts are those that the positions of a window stand for.
func texts(windows *answer.Windows, asked *answer.Asked, window *answer.Window) []origin {
	list := make([]origin, len(window.IDs))
	put := func(at int, tokens []wordpiece.Token, text string, placed bool) {
		for i, t := range tokens {
			o := origin{text: strings.TrimSpace(inLine(text[t.Start:t.End]))}
			if placed {
				o.place = strconv.Itoa(t.RuneStart) + "–" + strconv.Itoa(t.RuneEnd)
			}
			list[at+i] = o
		}
	}
	question := windows.Tokenizer.Encode(nil, asked.Question)
	put(1, question[:window.First-2], asked.Question, false) // between [CLS] and [SEP]
	put(window.First, window.Tokens, asked.Passage, true)
	return list
}
