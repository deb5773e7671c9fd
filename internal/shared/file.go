// Package shared finds for tests the files that are not the project's own: public data sets, weights, and what other
// programs made of them. They lie in the folder that NNC_SHARED names, else in the one named shared beside the project's.
package shared

import (
	"os"
	"path/filepath"
	"testing"
)

// File is the path of one of these files, of which name says where it lies in their folder. The test is skipped, saying
// which file is missing, where there is none.
func File(t testing.TB, name string) string {
	t.Helper()
	file := filepath.Join(folder(t), filepath.FromSlash(name))
	if _, err := os.Stat(file); err != nil {
		t.Skipf("needs %s, which is not here: NNC_SHARED names the folder", file)
	}
	return file
}

// folder is where these files lie.
func folder(t testing.TB) string {
	t.Helper()
	if named := os.Getenv("NNC_SHARED"); named != "" {
		return named
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(at, "go.mod")); err == nil {
			return filepath.Join(filepath.Dir(at), "shared")
		}
		above := filepath.Dir(at)
		if above == at {
			t.Fatal("the tests run outside of the project")
		}
		at = above
	}
}
