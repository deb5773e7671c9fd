package train

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/nnc-lang/nnc/runtime/numeral"
)

// refresh is the least time between two states of the living line.
const refresh = 100 * time.Millisecond

// progress shows how far a training is: a line per epoch and, on a terminal, one living line between them.
type progress struct {
	w      io.Writer
	living bool
	quiet  bool // says nothing
	color  bool
	width  int // where the terminal does not say how wide it is
	now    func() time.Time

	start, last time.Time
	shown       bool
}

func newProgress(w io.Writer, job Job) *progress {
	p := &progress{w: w, living: job.Progress == "line" && !job.Sweep, quiet: job.Sweep, color: job.Color, width: job.Width, now: time.Now}
	if p.width <= 0 {
		p.width = 80
	}
	p.start = p.now()
	return p
}

// moment is where a training stands.
type moment struct {
	epoch, epochs int // of how many
	step, steps   int // of the epoch
	loss          float64
	rows, ofRows  int // over the whole training
}

// step redraws the living line, unless it is young.
func (p *progress) step(at moment) {
	if !p.living {
		return
	}
	now := p.now()
	if p.shown && now.Sub(p.last) < refresh {
		return
	}
	p.last, p.shown = now, true
	parts := []string{fmt.Sprintf("epoch %d/%d", at.epoch, at.epochs), fmt.Sprintf("step %d/%d", at.step, at.steps), "loss " + number(at.loss)}
	if rate := float64(at.rows) / now.Sub(p.start).Seconds(); rate > 0 && !math.IsInf(rate, 0) {
		left := time.Duration(float64(at.ofRows-at.rows) / rate * float64(time.Second))
		parts = append(parts, fmt.Sprintf("%.0f rows/s", rate), left.Round(time.Second).String()+" left")
	}
	width := p.width
	if now := terminalWidth(p.w); now > 0 {
		width = now // people change it meanwhile
	}
	// The last column stays free: some terminals wrap as soon as it is written.
	line := fitted(parts, width-1)
	if p.color {
		line = "\x1b[2m" + line + "\x1b[0m"
	}
	fmt.Fprint(p.w, "\r\x1b[K", line)
}

// clear takes the living line away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// epoch writes an epoch's own line.
func (p *progress) epoch(line string) {
	p.clear()
	if !p.quiet {
		fmt.Fprintln(p.w, line)
	}
}

// number is a loss or a metric for people: four digits, or one decimal from a thousand up. What is not a number is undefined.
func number(v float64) string {
	if math.IsNaN(v) {
		return undefined
	}
	return numeral.Short(v)
}

// whole is a loss with the losses that it is made of: "0.62 (price.mse 0.41, kind.cross_entropy 0.42)".
func whole(loss float64, parts []measure) string {
	if len(parts) == 0 {
		return number(loss)
	}
	return fmt.Sprintf("%s (%s)", number(loss), joined(parts, ", "))
}

// spelled is "loss 0.31  mae 12.5".
func spelled(ms []measure) string { return joined(ms, "  ") }

func joined(ms []measure, between string) string {
	texts := make([]string, len(ms))
	for i, m := range ms {
		texts[i] = m.name + " " + number(m.value)
	}
	return strings.Join(texts, between)
}
