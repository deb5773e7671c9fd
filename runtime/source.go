// Package source holds the source of the packages that generated code links against, so that the command can
// build a model where only the command and a Go toolchain are installed.
//
// What goes out is a read-only file system: the folders beside this file with their Go and assembly files and what these include, without
// tests and test data. The package knows nothing of what the files say.
package source

import "embed"

// Files are kernel/*.go, data/*.go, internal/phrase/*.go and so on. A pattern cannot leave files out, so these describe the names that
// do not end in _test.go, by the first letter from the right that differs; a pattern that matches no file would
// not compile, and the test names the one that a new file calls for.
//
//go:embed */*[^t].go */*[^s]t.go */*[^e]st.go */*.h */*.s internal/*/*[^t].go
var Files embed.FS
