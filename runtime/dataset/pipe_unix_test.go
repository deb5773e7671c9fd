//go:build unix

package dataset

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nnc-lang/nnc/runtime/data"
)

// pipe is a named pipe that gives text once.
func pipe(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip("no named pipes here")
	}
	go func() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0) // opens when the reader does
		if err != nil {
			return
		}
		_, _ = f.WriteString(text) // a reader that refuses the bytes closes the pipe
		_ = f.Close()
	}()
	return path
}

// A pipe gives its bytes once: none may be lost to finding out the format.
func TestPipes(t *testing.T) {
	const text = "size,price\n1,10\n3,30\n"
	for name, content := range map[string]string{"plain": text, "gzip": gzippedFile(t, text)} {
		t.Run(name, func(t *testing.T) {
			l, err := Load(Training{
				Data: []string{pipe(t, content)}, Select: Select{Target: []string{"price"}}, Scale: data.ScaleNone,
				Inputs: features(1), Targets: regression(1),
			})
			require.NoError(t, err)
			assert.Equal(t, []string{"size"}, l.Codec.Columns())
			in, out := gather(l.Train)
			assert.Equal(t, []float32{1, 3}, in[0].Float)
			assert.Equal(t, []float32{10, 30}, out[0].Float)

			r, err := OpenRows(Rows{Data: []string{pipe(t, content)}, Inputs: features(1), Targets: regression(1), Judge: true}, l.Codec)
			require.NoError(t, err)
			defer r.Close()
			again, err := r.ReadAll(features(1), regression(1))
			require.NoError(t, err)
			sameIn, sameOut := gather(again)
			assert.Equal(t, in, sameIn)
			assert.Equal(t, out, sameOut)
		})
	}
	l, err := Load(Training{
		Data:   []string{pipe(t, string(npyText(t, facets))), "kind=" + pipe(t, string(npyText(t, labels)))},
		Inputs: []data.Port{facts}, Targets: []data.Port{kind},
	})
	require.NoError(t, err)
	in, _ := gather(l.Train)
	assert.Equal(t, []float32{1, 2, 3}, in[0].Float)

	_, err = Load(Training{Data: []string{pipe(t, "PK\x03\x04 and more")}, Inputs: []data.Port{facts}, Targets: []data.Port{kind}})
	assert.ErrorContains(t, err, "it must be a file, not a pipe")
}
