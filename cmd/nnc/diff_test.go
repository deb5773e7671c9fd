package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func unified(t *testing.T, before, after string) string {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, writeDiff(&out, "a.nn", []byte(before), []byte(after)))
	return out.String()
}

func TestDiff(t *testing.T) {
	assert.Empty(t, unified(t, "a\nb\n", "a\nb\n"))
	assert.Equal(t, "--- a.nn\n+++ a.nn\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n", unified(t, "a\nb\n", "a\nc\n"))
	assert.Equal(t, "--- a.nn\n+++ a.nn\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n", unified(t, "a", "a\n"))
	assert.Equal(t, "--- a.nn\n+++ a.nn\n@@ -0,0 +1 @@\n+a\n", unified(t, "", "a\n"))
	far := "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"
	assert.Equal(t, "--- a.nn\n+++ a.nn\n@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -9,4 +9,3 @@\n 9\n 10\n 11\n-12\n",
		unified(t, far, "one\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n"))
}

// The difference is as short as there is, and makes the one text of the other: patch agrees, where it is installed.
func TestDiffsApply(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	patch, _ := exec.LookPath("patch")
	for i := range 200 {
		var a, b strings.Builder
		for range r.IntN(30) {
			line := fmt.Sprintln(r.IntN(8))
			if r.IntN(4) > 0 {
				a.WriteString(line)
			}
			if r.IntN(4) > 0 {
				b.WriteString(line)
			}
		}
		x, y := lines([]byte(a.String())), lines([]byte(b.String()))
		var before, after []byte
		changed := 0
		for _, e := range difference(x, y) {
			if e.sign != '+' {
				before = append(before, e.line...)
			}
			if e.sign != '-' {
				after = append(after, e.line...)
			}
			if e.sign != ' ' {
				changed++
			}
		}
		assert.Equal(t, a.String(), string(before))
		assert.Equal(t, b.String(), string(after))
		assert.Equal(t, len(x)+len(y)-2*common(x, y), changed)
		if patch != "" && i < 20 && a.String() != b.String() {
			path := filepath.Join(t.TempDir(), "a.nn")
			require.NoError(t, os.WriteFile(path, []byte(a.String()), 0o644))
			cmd := exec.Command(patch, "-s", path)
			cmd.Stdin = strings.NewReader(unified(t, a.String(), b.String()))
			text, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", text)
			got, err := os.ReadFile(path)
			if b.Len() > 0 { // patch removes a file that becomes empty
				require.NoError(t, err)
			}
			assert.Equal(t, b.String(), string(got))
		}
	}
}

// common is the length of the longest common subsequence, by the table that every textbook has.
func common(a, b [][]byte) int {
	table := make([][]int, len(a)+1)
	for i := range table {
		table[i] = make([]int, len(b)+1)
	}
	for i := range a {
		for j := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if bytes.Equal(a[i], b[j]) {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}
