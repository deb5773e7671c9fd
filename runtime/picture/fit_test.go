package picture

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The bytes of testdata/make.py, which are Pillow's. Of JPEG the decoders differ by their rounding and, where colours
// have fewer pixels, by how these grow.
func TestFitsAsPillowDoes(t *testing.T) {
	text, err := os.ReadFile("testdata/fit.json")
	require.NoError(t, err)
	var cases []struct {
		File  string
		Size  [3]int
		Bytes []byte
	}
	require.NoError(t, json.Unmarshal(text, &cases))
	require.Greater(t, len(cases), 50)
	for _, c := range cases {
		s, err := SizeOf(c.Size[:])
		require.NoError(t, err)
		f, err := os.Open(filepath.Join("testdata", c.File))
		require.NoError(t, err)
		m, err := Open(f)
		require.NoError(t, err)
		got := make([]uint8, s.Bytes())
		require.NoError(t, m.Fit(got, s))
		require.NoError(t, f.Close())
		worst := 0
		for i, v := range got {
			worst = max(worst, int(v)-int(c.Bytes[i]), int(c.Bytes[i])-int(v))
		}
		most := 0
		if strings.HasSuffix(c.File, ".jpg") {
			most = 3
		}
		assert.LessOrEqual(t, worst, most, "%s as %v", c.File, c.Size)
	}
}
