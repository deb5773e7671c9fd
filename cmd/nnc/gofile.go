package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// punctuation is what a file of a Go module may have in its name besides letters and digits. The go command refuses
// to pack or fetch a module with others.
const punctuation = "!#$%&()+,-.=@[]^_{}~ "

// devices are names that Windows keeps for itself, whatever follows behind a dot.
var devices = []string{
	"con", "prn", "aux", "nul",
	"com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
	"lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
}

// refusedByGo says why the go command takes no Go file of that name, nothing if it does.
func refusedByGo(base string) string {
	first, _ := utf8.DecodeRuneInString(base)
	why := refusedInModule(base)
	switch {
	case why != "":
		return why
	case strings.HasPrefix(base, "_cgo_"):
		return "Go keeps names that begin with _cgo_ for itself"
	case first < utf8.RuneSelf && !letterOrDigit(first) && first != '.' && first != '_':
		return fmt.Sprintf("Go refuses files whose names begin with %c", first)
	}
	return ""
}

// refusedInModule says why the go command takes no file or folder of that name for a part of a module, nothing if it
// does.
//
// Source: CheckFilePath of golang.org/x/mod/module.
func refusedInModule(base string) string {
	short, _, _ := strings.Cut(base, ".")
	bad := strings.IndexFunc(base, func(r rune) bool {
		return r == utf8.RuneError || r < utf8.RuneSelf && !letterOrDigit(r) && !strings.ContainsRune(punctuation, r) ||
			r >= utf8.RuneSelf && !unicode.IsLetter(r)
	})
	switch {
	case bad >= 0:
		r, _ := utf8.DecodeRuneInString(base[bad:])
		return fmt.Sprintf("the name has characters that a Go file's may not have, such as %q", r)
	case strings.HasSuffix(base, "."):
		return "Go refuses names that end with a dot"
	case slices.ContainsFunc(devices, func(d string) bool { return strings.EqualFold(d, short) }):
		return fmt.Sprintf("Go refuses the name %s, which Windows keeps for itself", short)
	}
	return ""
}

func letterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}

// checkCase finds two Go files of one folder whose names differ in the case of their letters only, which the go
// command refuses: among the paths, and between these and what is there.
func checkCase(paths []string) error {
	for i, path := range paths {
		for _, other := range paths[:i] {
			if other != path && filepath.Dir(other) == filepath.Dir(path) && strings.EqualFold(other, path) {
				return collision(other, path)
			}
		}
		entries, err := os.ReadDir(filepath.Dir(path))
		if err != nil {
			return plain(err)
		}
		for _, e := range entries {
			there := filepath.Join(filepath.Dir(path), e.Name())
			// Where the case of letters does not count, both are one file.
			if there != path && strings.EqualFold(there, path) && !sameFile(there, path) {
				return collision(there, path)
			}
		}
	}
	return nil
}

func collision(a, b string) error {
	return fmt.Errorf("%s and %s: Go refuses files whose names differ in the case of letters only; say with -o where the code shall go", a, b)
}
