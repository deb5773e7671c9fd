package kernel

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	function    = regexp.MustCompile(`^TEXT ·(\w+)\(SB\)`)
	onlyWithEVX = regexp.MustCompile(`\b([XY](1[6-9]|2\d|3[01])|Z\d+|K[0-7])\b`)
)

// A processor that has AVX2 has 16 registers of vectors; the assembler takes more without a word, and writes instructions
// of AVX-512.
func TestAVX2HasSixteenRegisters(t *testing.T) {
	files, err := filepath.Glob("*_amd64.s")
	require.NoError(t, err)
	found := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		name := ""
		for line := range strings.Lines(string(text)) {
			if m := function.FindStringSubmatch(line); m != nil {
				name = m[1]
				found++
			}
			if !strings.HasSuffix(name, "AVX512") && onlyWithEVX.MatchString(line) {
				assert.Fail(t, name+" in "+file, line)
				name = "AVX512" // once for each function
			}
		}
	}
	assert.Greater(t, found, 50, "the search finds too few")
}
