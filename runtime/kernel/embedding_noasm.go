//go:build !amd64 || purego

package kernel

// scatterAll is there only with assembly.
func (l *lookup) scatterAll(from, columns int) bool { return false }
