package train

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hearing is a writer that keeps what is written to it by the call, and may do something at one of the calls.
type hearing struct {
	writes []string
	at     func(call int) error
}

func (h *hearing) Write(p []byte) (int, error) {
	if err := h.at(len(h.writes)); err != nil {
		return 0, err
	}
	h.writes = append(h.writes, string(p))
	return len(p), nil
}

func TestWholeLines(t *testing.T) {
	h := &hearing{at: func(int) error { return nil }}
	l := &wholeLines{w: h}
	require.NoError(t, l.flush())
	line, want := strings.Repeat("x", 999)+"\n", ""
	for range 10 {
		for _, part := range []string{line[:500], line[500:]} {
			_, err := l.Write([]byte(part))
			require.NoError(t, err)
		}
		require.NoError(t, l.end())
		want += line
	}
	_, err := l.Write([]byte("half a li"))
	require.NoError(t, err)
	require.NoError(t, l.flush())
	assert.Equal(t, want, strings.Join(h.writes, ""), "without the half")
	assert.Equal(t, []int{4000, 4000, 2000}, []int{len(h.writes[0]), len(h.writes[1]), len(h.writes[2])})

	// A line that is too long for one write is written whole, by itself.
	_, err = l.Write([]byte(strings.Repeat("y", 3*atOnce) + "\n"))
	require.NoError(t, err)
	require.NoError(t, l.end())
	require.NoError(t, l.flush())
	assert.Equal(t, "half a li"+strings.Repeat("y", 3*atOnce)+"\n", h.writes[3])
}

// However a prediction ends, what came out of it are whole lines: at an interrupt, at a bad row, and where the reader
// goes away.
func TestPredictionsEndWithALine(t *testing.T) {
	m := newLinear(4, 1, byMSE)
	saved := t.TempDir() + "/w.safetensors"
	mustRun(t, m.model(16, 1), Job{Command: "train", Data: []string{write(t, "plane.csv", plane(60))}, Tables: Tables{Target: []string{"y"}}, Save: saved})
	const rows = 5000
	table := plane(rows)
	whole, _ := mustRun(t, m.model(16, 1), Job{Command: "predict", Data: []string{write(t, "rows.csv", table)}, Weights: saved})
	require.Equal(t, rows+1, strings.Count(whole, "\n"))

	ctx, interrupt := context.WithCancelCause(context.Background())
	away := errors.New("nobody reads this")
	for name, c := range map[string]struct {
		ctx  context.Context
		data string
		at   func(int) error
		code int
	}{
		"interrupted": {ctx, table, func(call int) error {
			if call == 3 {
				interrupt(Interrupted{hangUp})
			}
			return nil
		}, 129},
		"bad row": {context.Background(), table + "1,x,red,3\n", func(int) error { return nil }, 1},
		"reader gone": {context.Background(), table, func(call int) error {
			if call == 3 {
				return away
			}
			return nil
		}, 1},
	} {
		h := &hearing{at: c.at}
		var stderr bytes.Buffer
		code := Run(c.ctx, evaluating(m.model(16, 1)), Job{Command: "predict", Data: []string{write(t, "rows.csv", c.data)}, Weights: saved}, h, &stderr)
		assert.Equal(t, c.code, code, "%s: %s", name, stderr.String())
		out := strings.Join(h.writes, "")
		assert.True(t, strings.HasPrefix(whole, out), name)
		assert.NotEmpty(t, out, name)
		for _, w := range h.writes {
			assert.True(t, strings.HasSuffix(w, "\n") && len(w) <= atOnce, name)
		}
		if name == "bad row" {
			assert.Greater(t, strings.Count(out, "\n"), rows-1000, "the rows before it have come out")
		}
	}
}

// A closed terminal takes no more output, which is no fault of the run; a full disk is one.
func TestClosedTerminal(t *testing.T) {
	ctx, end := context.WithCancelCause(context.Background())
	gone := errors.New("input/output error")
	out := unheard{ctx, &hearing{at: func(int) error { return gone }}}
	_, err := out.Write([]byte("saved"))
	assert.ErrorIs(t, err, gone)
	end(Interrupted{hangUp})
	n, err := out.Write([]byte("saved"))
	assert.NoError(t, err)
	assert.Equal(t, 5, n)

	other, end := context.WithCancelCause(context.Background())
	end(Interrupted{syscall.SIGTERM})
	_, err = unheard{other, out.w}.Write([]byte("saved"))
	assert.ErrorIs(t, err, gone)
}
