//go:build !unix

package weights

// syncDir does nothing: Windows, JavaScript and WASI cannot flush a folder.
func syncDir(string) error { return nil }
